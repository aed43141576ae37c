"""Every figure shows what its caption says, and can be read by eye, by ear, in the dark and on paper."""

import re

import pytest
from bs4 import BeautifulSoup

import draw
from pages import ROOT, Page

SIZE = 6000
"""Bytes that a drawing may have."""
PHONE = 358 / draw.WIDE
"""Pixels to a unit of the drawing, on a phone 390 px wide."""
PAPER = 98 / 25.4 * 72 / draw.WIDE
"""Points to a unit on paper, where print.css makes a figure 98 mm wide."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DAYS = {"hour": 1 / 24, "day": 1, "week": 7}


def numbers(words: str) -> set[str]:
    return set(_NUMBER.findall(words))


def marks(part, kind: str) -> int:
    """Marks of a kind in one part of a drawing."""
    return sum(path["d"].count("h.01") for path in part.select(f"g.{kind} > path"))


def count_faults(where: str, drawing: BeautifulSoup) -> list[str]:
    """Marks, days, bars and triangles that are not as many or as long as the words beside them."""
    faults = []
    for panel in drawing.select("g.panel"):
        stated, out_of = (int(number) for number in _NUMBER.findall(panel.select_one("text.n").get_text()))
        drawn = {kind: marks(panel, kind) for kind in draw.MARK_STYLE}
        shown = drawn["filled"] + drawn["harmed"]
        if shown != stated:
            faults.append(f"{where}: {shown} marks under {panel.get_text(' ')!r}; expected {stated}")
        if sum(drawn.values()) != out_of:
            faults.append(f"{where}: {sum(drawn.values())} people under {panel.get_text(' ')!r}; expected {out_of}")
    for row in drawing.select("g.days"):
        lengths = re.findall(r"(\d+)\s+(hour|day|week)", " ".join(text.get_text() for text in row.select("text")))
        stated = round(float(lengths[-1][0]) * _DAYS[lengths[-1][1]]) if lengths else 0
        if marks(row, "filled") != stated:
            faults.append(f"{where}: {marks(row, 'filled')} days beside {row.get_text(' ')!r}; expected {stated}")
    longest = [(float(bar.rect["width"]), float(bar.select("text")[-1].get_text())) for bar in drawing.select("g.bars")]
    for wide, stated in longest:
        expected = stated * longest[0][0] / longest[0][1]
        if abs(wide - expected) > 1:
            faults.append(f"{where}: a bar of {wide} for {stated}; expected {expected:.1f}, as the first bar has it")
    triangles = len(drawing.select('use[href="#w"]'))
    named = re.search(r"(\d+) triangles", drawing.get_text())
    if triangles and (not named or int(named[1]) != triangles):
        faults.append(f"{where}: {triangles} triangles; the drawing's words must say how many")
    return faults


def step_faults(where: str, drawing: BeautifulSoup, caption: str) -> list[str]:
    """Drawn steps that are not 1, 2, 3 or not told in that order, and waits that the caption does not tell."""
    drawn = [int(svg.select_one("text.n").get_text()) for svg in drawing.select("svg > svg")]
    told = [int(number) for number in re.findall(r"\bStep (\d+):", caption)] if drawn else []
    faults = []
    if not drawn == told == list(range(1, len(drawn) + 1)):
        faults.append(f"{where}: steps {drawn} drawn, steps {told} in the caption; expected the same, from 1 up")
    for wait in re.findall(r"\d+ to \d+\sminutes", " ".join(text.get_text() for text in drawing.select("text"))):
        if " ".join(wait.split()) not in " ".join(caption.split()):
            faults.append(f"{where}: drawn, but not in the caption: {wait!r}")
    return faults


def light(colour: str) -> float:
    """Relative luminance of #rrggbb or #rgb, by WCAG 2.2."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def look_faults(where: str, drawing: BeautifulSoup) -> list[str]:
    """Text too small or running off, colours too close, in light and in dark."""
    faults = []
    style = drawing.style.get_text() if drawing.style else ""
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;}]*?([\d.]+)px", style)]
    if not sizes or min(sizes) * PHONE < 11 or min(sizes) * PAPER < 12:
        faults.append(f"{where}: text of {min(sizes, default=0)} units; expected {12 / PAPER:.1f}, to be 11 px on a phone and 12 pt on paper")
    for text in drawing.select("text"):
        kind = text.get("class", ["plain"])[0]
        wide = len(text.get_text()) * {"h": 18 * 0.62, "n": 22 * 0.62, "b": 15 * 0.62}.get(kind, 15 * 0.5)
        room = float(text["x"]) - 8 if kind == "end" else draw.WIDE - 8 - float(text["x"])
        if wide > room:
            faults.append(f"{where}: {text.get_text()!r} may run off the drawing; make it shorter")
    schemes = re.findall(r"svg\{(--[^}]*)\}", style)
    if len(schemes) != 2 or "prefers-color-scheme:dark" not in style:
        faults.append(f"{where}: expected colours for light and for dark")
    for name, scheme in zip(("light", "dark"), schemes):
        colour = dict(pair.split(":") for pair in scheme.split(";") if pair)
        for ink, least in (("--ink", 4.5), ("--on", 3), ("--harm", 3), ("--rim", 3)):
            for behind in ("--bg", "--soft") if ink == "--ink" else ("--bg",):
                one, other = sorted((light(colour[ink]), light(colour[behind])))
                if (other + 0.05) / (one + 0.05) < least:
                    faults.append(f"{where}: {ink} on {behind} in {name}: contrast {(other + 0.05) / (one + 0.05):.1f}; expected {least}")
    return faults


def figure_faults(page: Page, drawings: dict[str, str]) -> list[str]:
    """What is wrong with the figures of one built page. `drawings`: SVG file name to its text."""
    faults = []
    for figure in page.article.select("figure"):
        image, caption = figure.select_one("img"), figure.select_one("figcaption")
        name = image["src"].split("/")[-1] if image else ""
        where = f"{page.name}: {name or 'a figure'}"
        if name not in drawings:
            faults.append(f"{where}: no such drawing in docs/assets/figures")
            continue
        drawing = BeautifulSoup(drawings[name], "html.parser")
        if len(drawings[name].encode()) > SIZE:
            faults.append(f"{where}: {len(drawings[name].encode())} bytes; at most {SIZE}")
        words = {
            "title": drawing.title.get_text() if drawing.title else "",
            "description": drawing.desc.get_text() if drawing.desc else "",
            "alt text": image.get("alt", ""),
            "caption": "",
        }
        if caption:
            if not caption.select_one("a.footnote-ref"):
                faults.append(f"{where}: the caption cites no source")
            spoken = BeautifulSoup(str(caption), "html.parser")
            for mark in spoken.select("sup"):
                mark.decompose()
            words["caption"] = " ".join(spoken.get_text(" ").split())
        faults += [f"{where}: no {part}" for part, text in words.items() if not text.strip()]
        drawn = numbers(" ".join(text.get_text(" ") for text in drawing.select("text")))
        drawn |= {str(marks(panel, "spared")) for panel in drawing.select("g.panel") if marks(panel, "spared")}
        for part in ("description", "alt text", "caption"):
            lost = sorted(drawn - numbers(words[part]), key=float)
            if lost:
                faults.append(f"{where}: drawn, but not in the {part}: {', '.join(lost)}")
        if numbers(words["alt text"]) - numbers(words["caption"]):
            faults.append(f"{where}: in the alt text, but not in the caption: {numbers(words['alt text']) - numbers(words['caption'])}")
        faults += count_faults(where, drawing) + step_faults(where, drawing, words["caption"]) + look_faults(where, drawing)
    return faults


def report(faults):
    return f"{len(faults)} faults:\n" + "\n".join(faults)


@pytest.fixture(scope="module")
def drawings(site) -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in (site.folder / "assets" / "figures").glob("*.svg")}


def test_every_figure_is_as_its_numbers_say_now():
    stale = [path for path, text in draw.written().items() if not (ROOT / path).is_file() or (ROOT / path).read_text(encoding="utf-8") != text]
    kept = {f"{folder}/{file.name}" for folder in (draw.DRAWINGS, draw.BLOCKS) for file in (ROOT / folder).iterdir()}
    assert not stale, f"figures/figures.toml has changed since these were drawn; run  make figures  : {stale}"
    assert kept == set(draw.written()), f"not drawn by figures/draw.py: {sorted(kept - set(draw.written()))}"


def test_every_figure_says_the_same_to_eye_and_ear(site, drawings):
    faults = [fault for page in site.pages.values() for fault in figure_faults(page, drawings)]
    assert not faults, report(faults)


def test_figures_are_as_wide_on_paper_as_these_checks_take_them_to_be():
    wide = re.search(r"figure \{ display: grid; grid-template-columns: (\d+)mm ", (ROOT / "docs" / "assets" / "print.css").read_text(encoding="utf-8"))
    assert wide and int(wide[1]) / 25.4 * 72 / draw.WIDE == PAPER, "docs/assets/print.css: figures have another width than PAPER of tests/test_figures.py"


def test_every_drawing_is_on_a_page(site, drawings):
    shown = {image["src"].split("/")[-1] for page in site.pages.values() for image in page.article.select("figure img")}
    assert shown == set(drawings), f"on no page: {sorted(set(drawings) - shown)}"


@pytest.mark.parametrize(
    ("page", "name", "old", "new"),
    [
        ("alcohol", "heavy-drinking", "0h.01m", "0m"),  # one person fewer
        ("alcohol", "heavy-drinking", ">48\u00a0of", ">47\u00a0of"),
        ("alcohol", "good-and-harm", '<g class="harmed">', '<g class="empty">'),
        ("how-it-works", "block-length", "about 28\u00a0days, then", "about 27\u00a0days, then"),
        ("before-you-start", "opioid-wait", "at least 7 to 10\u00a0days,", "at least 7\u00a0days,"),
        ("low-dose-evidence", "ldn-fibromyalgia", ">0.64<", ">0.46<"),
        ("low-dose-evidence", "ldn-fibromyalgia", 'width="84.5" height="26"', 'width="43.6" height="26"'),
        ("overdose-risk", "dangerous-days", '<use href="#w"', '<use href="#v"'),
        ("overdose-risk", "naloxone-steps", ">2 to 3\u00a0minutes.<", ">2 to 5\u00a0minutes.<"),
        ("overdose-risk", "naloxone-steps", ">4</text></svg>", ">5</text></svg>"),
        ("get-help", "on-their-side", ">1</text></svg>", ">2</text></svg>"),
        ("opioids", "opioid-start", "<title", "<nothing"),
        ("opioids", "opioid-start", "<desc", "<nothing"),
        ("opioids", "opioid-start", "font:15px", "font:9px"),
        ("opioids", "opioid-start", "--ink:#1b2a30", "--ink:#9ab"),
        ("opioids", "opioid-start", "--rim:#93a7ad", "--rim:#35484e"),
        ("opioids", "opioid-start", "prefers-color-scheme:dark", "width:0"),
        ("opioids", "opioid-start", "Could start the treatment</text>", "Could start the treatment that was given</text>"),
        ("opioids", "opioid-start", "</svg>", " " * SIZE + "</svg>"),
    ],
)
def test_a_broken_drawing_is_noticed(site, drawings, page, name, old, new):
    assert old in drawings[f"{name}.svg"], f"nothing to break: {old!r}"
    broken = {**drawings, f"{name}.svg": drawings[f"{name}.svg"].replace(old, new, 1)}
    assert not figure_faults(site.pages[page], drawings)
    assert figure_faults(site.pages[page], broken)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("figures/opioid-start.svg", "figures/none.svg"),
        ("72 could start it.", "73 could start it."),
        ("72 could start it.", ""),
    ],
)
def test_a_figure_that_does_not_fit_its_words_is_noticed(site, drawings, old, new):
    page = site.pages["opioids"]
    assert not figure_faults(page, drawings)
    assert figure_faults(page.broken(old, new), drawings)


def test_a_changed_or_lost_caption_is_noticed(site, drawings):
    page = site.pages["opioids"]
    caption = page.article.select_one("figure figcaption")
    before = str(caption)
    for change in (
        lambda part: part.clear(),
        lambda part: part.decompose(),
        lambda part: [link.decompose() for link in part.select("a.footnote-ref")],
        lambda part: part.find(string=re.compile(r"\b72\b")).replace_with("In a US trial, 27 out of 100 people could start."),
    ):
        soup = BeautifulSoup(page.html, "html.parser")
        change(soup.select_one("article figure figcaption"))
        assert figure_faults(Page(page.name, page.url, str(soup)), drawings)
    assert before == str(caption) and not figure_faults(page, drawings)
