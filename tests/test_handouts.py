"""The sheets that a clinic hands out: their length, what is typed on them, the card, the kit of PDFs."""

import re
import shutil
import struct
import sys

import pypdfium2
import pytest

from conftest import build_with_mkdocs, with_clinic
from pages import ROOT, built_site, markdown_pages, plain
from paper import MM, lost_faults, parted_faults, side_faults, sides
from visits import STORAGE, print_out

sys.path.insert(0, str(ROOT / "tools"))
import kit  # noqa: E402

HANDOUTS = sorted(name for name in markdown_pages() if name.startswith("handouts/") and name != "handouts/index")
PROMISES = {"One sheet, one side": 1, "One sheet, both sides": 2}
CARD = (85.6, 54.0)
"""Width and height of one face of the card, in millimetres (ISO/IEC 7810 ID-1, as bank cards)."""
LARGE = 18.0


def promised(index) -> dict[str, int]:
    """Handout name to the number of sides that the list of sheets promises."""
    found = {}
    for row in index.article.select("tbody tr"):
        link, length = row.select_one("a[href]"), row.select("td")[-1].get_text(" ", strip=True)
        found["handouts/" + link["href"].strip("./")] = PROMISES.get(length, 0)
    return found


def length_faults(name: str, paper: str, pdf: bytes, expected: int) -> list[str]:
    """A sheet with more or fewer sides than promised."""
    found = len(sides(pdf))
    return [] if found == expected else [f"docs/{name}.md:1: {found} sides on {paper}; docs/handouts/index.md promises {expected}: shorten the sheet"]


def card_faults(faces: list[dict], kinds: list[str]) -> list[str]:
    """Faces of the wrong size or pairs that are not side by side. Takes boxes in CSS pixels, in the order of the page."""
    faults = []
    if len(faces) != 8:
        faults.append(f"{len(faces)} faces; expected 4 cards of 2")
    for face in faces:
        size = face["width"] / 96 * 25.4, face["height"] / 96 * 25.4
        if any(abs(found - expected) > 0.3 for found, expected in zip(size, CARD)):
            faults.append(f"a face of {size[0]:.1f} x {size[1]:.1f} mm; expected {CARD[0]} x {CARD[1]}")
        if face["full"] > face["height"] + 1:
            faults.append("a face cuts off its words")
    for front, back in zip(faces[::2], faces[1::2]):
        if abs(front["y"] - back["y"]) > 1 or abs(front["x"] + front["width"] - back["x"]) > 1:
            faults.append("front and back do not meet at the fold")
    if not kinds:
        faults.append("no cards")
    return faults


FACES = """() => [...document.querySelectorAll('.card__face')].filter(face => face.checkVisibility()).map(face => {
  const box = face.getBoundingClientRect();
  return { x: box.x, y: box.y, width: box.width, height: box.height, full: face.scrollHeight };
})"""
KINDS = "() => [...document.querySelectorAll('.card')].filter(card => card.checkVisibility()).map(card => card.className.match(/card--(tablet|injection|low-dose)/)[1])"


def test_each_sheet_is_as_long_as_the_list_of_sheets_says(site, visits):
    sheets = promised(site.pages["handouts"])
    assert sorted(sheets) == HANDOUTS, f"docs/handouts/index.md lists {sorted(sheets)}; the sheets are {HANDOUTS}"
    faults = [fault for name in HANDOUTS for paper, out in visits[name].paper.items() for fault in length_faults(name, paper, out.pdf, sheets[name])]
    assert not faults, "\n".join(faults)


def test_a_sheet_has_room_left_for_another_printers_type(visits):
    """Two lines of free paper at least, so that a slightly wider type does not start a third side."""
    faults = []
    for name in HANDOUTS:
        for paper, out in visits[name].paper.items():
            document = pypdfium2.PdfDocument(out.pdf)
            text = document[len(document) - 1].get_textpage()
            lowest = min(bottom for _, bottom, _, top in (text.get_rect(i) for i in range(text.count_rects())) if top > 16 * MM)
            document.close()
            if lowest - 16 * MM < 24:
                faults.append(f"{name} on {paper}: {lowest - 16 * MM:.0f} pt are left on the last side; expected 24 or more: shorten the sheet")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("said", ["docs/handouts/low-dose.md:1: 3 sides on A4; docs/handouts/index.md promises 2: shorten", "not on paper", "over the margin"])
def test_a_sheet_that_is_too_long_clipped_or_too_wide_is_noticed(site, server, browser, said):
    page = site.pages["handouts/low-dose"]
    context = browser.new_context(bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{server.address}/{page.url}")
    tab.evaluate(
        """said => {
          const card = document.querySelector('.care');
          if (said.includes('3 sides')) { for (let i = 0; i < 6; i++) { card.after(card.cloneNode(true)); } }
          if (said === 'not on paper') { card.style.cssText = 'height: 3em; overflow: hidden'; }
          if (said === 'over the margin') { card.style.cssText = 'margin-left: -12mm'; }
        }""",
        said,
    )
    pdf = tab.pdf(format="A4")
    context.close()
    faults = length_faults(page.name, "A4", pdf, 2) + side_faults(page.name, "A4", pdf) + lost_faults(page, "A4", pdf)
    assert any(said in fault for fault in faults), faults
    if "3 sides" in said:
        assert [fault for fault in kit.length_faults("low-dose", dict.fromkeys(("low-dose-a4.pdf", "low-dose-letter.pdf"), pdf)) if "Shorten the sheet, or the clinic's details" in fault]


def sheet_faults(page) -> list[str]:
    """Parts that every sheet has and this one lacks."""
    parts = {
        "the clinic box": ".clinic textarea",
        "a card that says whom to call": ".care--ask, .care--urgent, .care--emergency",
        "questions to ask": "h2[id^='questions']",
        "prompts for staff": ".teach-back li",
        "the date of its check": ".review-line time",
        "its address": ".address-line",
        "the emergency line": "[data-safety='emergency-line']",
        "the switch to large print": "#large-print",
    }
    faults = [f"{page.name}: expected {what}" for what, selector in parts.items() if not page.soup.select_one(selector)]
    if "no clinician has reviewed this edition" not in plain(page.article.get_text()):
        faults.append(f"{page.name}: expected who reviewed it")
    if page.soup.select("form, iframe, [style], style, script:not([src], [type='application/ld+json']), [onclick]"):
        faults.append(f"{page.name}: a form, an inline style or an inline script")
    named = [field for field in page.soup.select("textarea[name], input[name]:not([type=radio])")]
    faults += [f"{page.name}: a field with a name, which a browser may keep: {field}" for field in named]
    return faults


def test_every_sheet_has_all_its_parts(site):
    faults = [fault for name in HANDOUTS for fault in sheet_faults(site.pages[name])]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("old", ['class="clinic"', 'class="teach-back"', 'id="questions-', 'class="address-line"', 'class="review-line"', "No clinician has"])
def test_a_sheet_that_lacks_a_part_is_noticed(site, old):
    page = site.pages["handouts/low-dose"]
    assert sheet_faults(page.broken(old, old.replace("class=", "x=").replace("id=", "x=").replace("No", "A")))


@pytest.mark.parametrize("script", [True, False])
def test_what_is_typed_in_the_clinic_box_prints_whole_and_is_gone_after_a_reload(server, browser, script):
    context = browser.new_context(java_script_enabled=script)
    tab = context.new_page()
    tab.goto(f"{server.address}/handouts/low-dose/")
    typed = ["Riverside Clinic for Alcohol and Opioid Care, Second Building", "(555) 010-1234", "Nurse Adaeze Okonkwo-Smith", "(555) 010-9999", "Monday 7 December"]
    fields = tab.locator(".clinic textarea")
    assert fields.count() == len(typed)
    requests = []
    tab.on("request", lambda request: requests.append(request.url))
    for index, words in enumerate(typed):
        fields.nth(index).fill(words)
    on_paper = re.sub(r"\W", "", print_out(tab.pdf(format="Letter")).text)
    assert not requests, f"typing asked for {requests}"
    assert [words for words in typed if re.sub(r"\W", "", words) not in on_paper] == []
    tab.reload()
    assert [fields.nth(index).input_value() for index in range(len(typed))] == [""] * len(typed)
    if script:
        assert not any(tab.evaluate(STORAGE).values()) and not context.cookies()
    context.close()


def test_large_print_is_18_point(site, server, browser):
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    name = "handouts/low-dose"
    tab.goto(f"{server.address}/{name}/")
    tab.locator("#large-print").check()
    pdf = tab.pdf(format="Letter")
    context.close()
    out = print_out(pdf)
    small = {size: count for size, count in out.sizes.items() if size < LARGE and size not in (9.0, 12.0)}
    assert not small, f"characters under {LARGE} pt that are neither a source nor its number nor the foot: {small}"
    assert sum(count for size, count in out.sizes.items() if size >= LARGE) > 1500
    assert side_faults(name, "Letter", pdf) + lost_faults(site.pages[name], "Letter", pdf) + parted_faults(site.pages[name], "Letter", pdf) == []


@pytest.mark.parametrize("paper", ["Letter", "A4"])
def test_the_card_is_of_wallet_size_and_four_stand_on_a_sheet(server, browser, paper):
    context = browser.new_context(bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{server.address}/handouts/medical-card/")
    for choice, kinds in {
        None: ["tablet", "injection", "low-dose", "tablet"],
        "#cards-tablet": ["tablet"] * 4,
        "#cards-injection": ["injection"] * 4,
        "#cards-low-dose": ["low-dose"] * 4,
    }.items():
        tab.emulate_media(media="screen")
        if choice:
            tab.locator(choice).check()
        tab.emulate_media(media="print")
        assert tab.evaluate(KINDS) == kinds
        assert card_faults(tab.evaluate(FACES), kinds) == []
        found = sides(tab.pdf(format=paper))
        assert len(found) == 2 and found[0].text.count("I take naltrexone") == 4
        assert not found[0].outside
    tab.add_style_tag(content=".card__face { width: 80mm !important }")
    assert any("expected 85.6" in fault for fault in card_faults(tab.evaluate(FACES), kinds))
    context.close()


def test_each_sheet_has_a_small_picture(site):
    faults = []
    for name in HANDOUTS:
        file = ROOT / "docs" / "assets" / f"{name}.png"
        if not file.exists():
            faults.append(f"docs/assets/{name}.png is not there; run `make kit`")
            continue
        data = file.read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        if len(data) > 10_000 or not 1.25 < height / width < 1.35:
            faults.append(f"docs/assets/{name}.png: {len(data)} bytes, {width} x {height}; expected at most 10,000 and the shape of Letter paper")
        if not site.pages["handouts"].article.select(f'img[src$="{name}.png"][alt]'):
            faults.append(f"docs/handouts/index.md does not show {name}.png")
    idle = {file.stem for file in (ROOT / "docs" / "assets" / "handouts").glob("*")} - {name.removeprefix("handouts/") for name in HANDOUTS}
    faults += [f"docs/assets/handouts/{name}.png is the picture of no sheet; delete it" for name in idle]
    assert not faults, "\n".join(faults)


def pdf_faults(file: str, pdf: bytes) -> list[str]:
    """What a PDF of the kit lacks: tags, title, language, embedded fonts, a small size."""
    faults = []
    document = pypdfium2.PdfDocument(pdf)
    if not document.is_tagged():
        faults.append(f"{file}: not tagged")
    if "Understanding naltrexone" not in document.get_metadata_dict().get("Title", ""):
        faults.append(f"{file}: no title")
    if b"/Lang (en" not in pdf:
        faults.append(f"{file}: no language")
    if not pdf.count(b"/Type /FontDescriptor") or pdf.count(b"/FontFile2") + pdf.count(b"/FontFile3") < pdf.count(b"/Type /FontDescriptor"):
        faults.append(f"{file}: a font that is not embedded")
    if len(pdf) > 300_000 * len(document):
        faults.append(f"{file}: {len(pdf) // 1000} kB for {len(document)} sides; expected at most 300 each")
    document.close()
    return faults


def test_the_kits_pdfs_are_tagged_titled_whole_and_small(browser, server):
    made = {}
    for name in ("medical-card", "starting-after-opioids"):
        made |= kit.print_pdfs(browser, server.address, name)
    assert sorted(made) == sorted(kit.file_name(name, paper, large) for name in ("medical-card", "starting-after-opioids") for paper in kit.PAPERS for large in (False, True))
    faults = [fault for file, pdf in made.items() for fault in pdf_faults(file, pdf)]
    assert not faults, "\n".join(faults)
    assert kit.picture(made["medical-card-letter.pdf"]).startswith(b"\x89PNG")


def test_a_poor_pdf_is_noticed(visits):
    pdf = visits["handouts/low-dose"].paper["A4"].pdf
    broken = pdf.replace(b"/Lang (en", b"/Lung (en").replace(b"/FontFile2", b"/FontFile9")
    faults = " ".join(pdf_faults("a", broken))
    assert "no language" in faults and "not embedded" in faults


@pytest.fixture(scope="module")
def clinics_site(tmp_path_factory):
    """The site as a clinic would build its own copy: its details set, and published with the kit."""
    copy = tmp_path_factory.mktemp("clinic")
    for part in ("docs", "overrides"):
        shutil.copytree(ROOT / part, copy / part)
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = with_clinic(settings, ' {name: "Riverside Clinic", phone: "555-0101", after_hours: "555-0102", prescriber: "Dr. Okafor"}')
    settings = re.sub(r"  (kit|booklet): .*\n", r"  \1: true\n", settings)
    (copy / "mkdocs.yml").write_text(settings, encoding="utf-8")
    build_with_mkdocs(copy / "site", copy)
    return built_site(copy / "site")


def test_a_clinic_sets_its_details_once_and_gets_them_on_every_sheet(clinics_site, ours):
    for name in HANDOUTS:
        box = {field["data-clinic"]: field.get_text() for field in clinics_site.pages[name].soup.select(".clinic textarea")}
        assert box == {"name": "Riverside Clinic", "phone": "555-0101", "prescriber": "Dr. Okafor", "after_hours": "555-0102", "next_date": ""}, name
        assert not any(field.get_text() for field in ours.pages[name].soup.select(".clinic textarea")), name
    assert "555-0101" in clinics_site.pages["handouts/medical-card"].soup.select_one(".card").get_text()


def test_the_list_links_to_the_pdfs_only_where_they_are_published(clinics_site, ours):
    def links(built):
        return {link["href"].split("kit/")[1] for link in built.pages["handouts"].soup.select('a[href*="kit/"]')}

    expected = {kit.file_name(name, paper, large) for name in kit.handouts() for paper in kit.PAPERS for large in (False, True)} | {kit.ZIP}
    expected |= {f"naltrexone-guide-{paper.lower()}.pdf" for paper in kit.PAPERS}
    assert links(clinics_site) == expected
    assert links(ours) == set()
