"""A print-out read as paper: what stands inside the margins of each side, and what does not."""

import functools
import re
from dataclasses import dataclass

import pypdfium2
from bs4 import BeautifulSoup, NavigableString

from pages import ROOT, Page

MM = 72 / 25.4
"""Points in a millimetre."""
MARGIN = 15 * MM
FOOT = 16 * MM
"""The margin below the text, where the running foot stands."""
LAST_SIDE = 4
"""Fewest lines on the last side: fewer would be a sheet of paper for nothing."""

# In the article, but not on paper: fields and cards that are not chosen, and the addresses of a sheet's sources.
_NOT_PRINTED = "form, search, [role='search'], .card-choice, .card:not(.card--first), .sheet .footnote a[href^='http']"
_BLOCKS = "h1, h2, h3, h4, p, li, td, figcaption, label, legend"


@dataclass
class Side:
    """One printed side: text inside the margins, text in the foot, lines of text, and faults of place."""

    text: str
    foot: str
    lines: int
    outside: list[str]
    """Pieces of text that reach over a margin."""


@functools.cache
def sides(pdf: bytes) -> list[Side]:
    """Every side of a PDF. Lengths are in points, from the lower left corner."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        width, height = page.get_size()
        text = page.get_textpage()
        baselines, outside = set(), []
        for index in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(index)
            if top <= FOOT:
                continue
            baselines.add(round(bottom / 6))
            if left < MARGIN - 1 or right > width - MARGIN + 1 or bottom < FOOT - 1 or top > height - MARGIN + 1:
                outside.append(text.get_text_bounded(left, bottom, right, top).strip()[:60])
        found.append(
            Side(
                text=text.get_text_bounded(bottom=FOOT),
                foot=" ".join(text.get_text_bounded(top=FOOT).split()),
                lines=len(baselines),
                outside=[piece for piece in outside if piece],
            )
        )
    document.close()
    return found


def side_faults(name: str, paper: str, pdf: bytes) -> list[str]:
    """Blank sides, a last side with next to nothing on it, text over a margin, a foot that is not there."""
    where = f"{name} on {paper}"
    found = sides(pdf)
    faults = []
    for number, side in enumerate(found, 1):
        at = f"{where}, side {number} of {len(found)}"
        if len(side.text.split()) < 3:
            faults.append(f"{at}: blank")
        elif number == len(found) > 1 and side.lines < LAST_SIDE:
            faults.append(f"{at}: {side.lines} lines; expected {LAST_SIDE} or more")
        faults += [f"{at}: over the margin: {piece!r}" for piece in side.outside]
        if f"Page {number} of {len(found)}" not in side.foot or "Understanding naltrexone" not in side.foot:
            faults.append(f"{at}: expected the site's name and the page number at the foot; found {side.foot!r}")
    return faults


def _run(text: str) -> str:
    """Letters and digits alone: a PDF reader drops spaces, and hyphens at the end of a line."""
    return re.sub(r"[\W_]+", "", text.lower())


@functools.cache
def pieces(page: Page) -> dict[str, int]:
    """Runs of words that a page's article prints, squashed, with how often each stands there."""
    article = BeautifulSoup(str(page.article), "html.parser")
    for part in article.select(_NOT_PRINTED):
        part.replace_with("\x00")
    counts: dict[str, int] = {}
    for block in article.select(_BLOCKS):
        text = ""
        for child in block.descendants:
            if isinstance(child, NavigableString):
                owner = child.find_parent(_BLOCKS.split(", ") + ["sup"])
                # A link's address follows it on paper.
                parted = child.find_parent("a", href=re.compile("^http")) is not None
                text += f"\x00{child}\x00" if parted else str(child) if owner is block else "\x00"
            elif child.name in ("br", "img", "input", "textarea") or child.get("class") == ["fill"]:
                text += "\x00"
        # A sentence may be parted by a side's end; a run within it is not.
        for run in re.split(r"[\x00.:;]", text):
            run = _run(run)
            if len(run) >= 12:
                counts[run] = counts.get(run, 0) + 1
    return counts


def lost_faults(page: Page, paper: str, pdf: bytes) -> list[str]:
    """Words of the article that the sheets lack, or hold more often than the page does."""
    printed = _run("".join(side.text for side in sides(pdf)))
    article = BeautifulSoup(str(page.article), "html.parser")
    for part in article.select("sup, " + _NOT_PRINTED):
        part.decompose()
    # The help line stands above the article and is printed too.
    above = page.soup.select_one("header .help-line p")
    whole = _run(f"{above.get_text(' ') if above else ''} {article.get_text(' ')}")
    # A figure's own words are on paper too.
    for image in article.select('img[src$=".svg"]'):
        drawing = BeautifulSoup((ROOT / "docs" / "assets" / "figures" / image["src"].split("/")[-1]).read_text(encoding="utf-8"), "html.parser")
        whole += _run(" ".join(words.get_text(" ") for words in drawing.select("text")))
    faults = []
    for run, count in pieces(page).items():
        found = printed.count(run)
        if not found:
            faults.append(f"{page.name} on {paper}: not on paper: {run!r}")
        # A run may stand inside a longer one, too.
        elif len(run) > 30 and found > max(count, whole.count(run)):
            faults.append(f"{page.name} on {paper}: {found} times on paper, {count} on the page: {run!r}")
    return faults


def parted_faults(page: Page, paper: str, pdf: bytes) -> list[str]:
    """Cards, rows and figures that are on no one side whole, and headings whose first words are on another side."""
    printed = [_run(side.text) for side in sides(pdf)]
    faults = []

    def on(run: str) -> set[int]:
        return {number for number, text in enumerate(printed, 1) if run in text}

    article = BeautifulSoup(str(page.article), "html.parser")
    for part in article.select(_NOT_PRINTED):
        part.decompose()
    for whole in article.select(".care, tbody tr, figure, [data-safety]"):
        runs = [run for run in pieces(Page(page.name, page.url, f"<article>{whole}</article>"))]
        places = [on(run) for run in runs]
        if places and not set.intersection(*places):
            faults.append(f"{page.name} on {paper}: parted between two sides: {whole.get_text(' ', strip=True)[:60]!r}")
    for heading in article.select("h2, h3"):
        following = heading.find_next(["p", "li", "td", "h3", "figcaption"])
        if following is None:
            continue
        first = next(iter(pieces(Page(page.name, page.url, f"<article>{following}</article>"))), None)
        title = _run(heading.get_text())
        if first and on(title) and on(first) and not on(title) & on(first):
            faults.append(f"{page.name} on {paper}: the heading {heading.get_text()!r} is left at a foot")
    return faults
