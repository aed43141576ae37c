"""A clinic's own edition: its details and its country's numbers first; what may not be taken away."""

import collections
import copy
import re
import shutil

import pytest

from clinic import clinic_faults
from conftest import build_with_mkdocs, with_clinic
from contract import statement_faults
from pages import ROOT, built_site
from test_safety import CONTRACT
from visits import PHONE, Statement, statements

DETAILS = """
    name: "Riverside Clinic & Pharmacy"
    phone: "03 9555 0101"
    after_hours: "03 9555 0102"
    prescriber: "Dr. Okafor"
    hours: "Monday to Friday, 9 to 5"
    address: "1 River Street, Melbourne"
    logo: "assets/icon.svg"
    country: AU
    note: "Bring your card to each visit."
"""


def edition(folder, details: str = DETAILS, pages: tuple[str, ...] = ()):
    """A clinic's copy of the project, with `extra.clinic` set; with `pages`, of these alone, whose links may lead nowhere. Returns its folder."""
    clone = folder / "edition"
    for part in ("docs", "overrides"):
        shutil.copytree(ROOT / part, clone / part)
    settings = with_clinic((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), details)
    if pages:
        settings = settings.replace("strict: true", "strict: false")
        settings = re.sub(r"^nav:\n(?:[ #].*\n|\n)*", "nav:\n" + "".join(f"  - {name}.md\n" for name in pages if name != "404"), settings, flags=re.M)
        settings = settings.replace("exclude_docs: |\n", "exclude_docs: |\n  *.md\n" + "".join(f"  !/{name}.md\n" for name in pages))
    (clone / "mkdocs.yml").write_text(settings, encoding="utf-8")
    return clone


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """The site of a clinic in Australia."""
    folder = tmp_path_factory.mktemp("clinic")
    build_with_mkdocs(folder / "site", edition(folder))
    return built_site(folder / "site")


def test_a_clinics_details_stand_on_every_page_of_its_edition_and_on_none_of_ours(clinics, ours):
    for name in ("index", "warnings", "get-help", "404"):
        text = " ".join(clinics.pages[name].article.get_text(" ").split())
        for detail in re.findall(r'"(.*)"', DETAILS):
            if detail != "assets/icon.svg":
                assert detail in text, f"{name}: {detail}"
        assert clinics.pages[name].article.select('a[href="tel:0395550101"]'), name
        assert "Riverside" not in ours.pages[name].html and "clinic-details" not in ours.pages[name].html.split("</style>")[-1]


# Country to its emergency number, crisis line and poison line, as dialled, and its section of Get help. The EU has one line for all.
FIRST = {
    "US": ("911", "988", "18002221222", "united-states"),
    "CA": ("911", "988", "18447647669", "canada"),
    "UK": ("999", "116123", "111", "united-kingdom"),
    "IE": ("999", "116123", "018092166", "ireland"),
    "AU": ("000", "131114", "131126", "australia"),
    "NZ": ("111", "1737", "0800764766", "new-zealand"),
    "EU": ("112", None, None, "european-union"),
}
_EMERGENCY, _CRISIS, _POISON, _SECTIONS = (list(dict.fromkeys(row[column] for row in FIRST.values() if row[column])) for column in range(4))
_NUMBERS = re.compile(rf"(?<![\d,.-])(?:{'|'.join(_EMERGENCY)})(?![\d-]|[,.]\d)")


def order_faults(page, country: str) -> list[str]:
    """Rows and lists of the lines of several countries in which another country's stands first. A row is what names three or more."""
    emergency, crisis, poison, section = FIRST[country]
    faults = []
    for block in page.soup.select("p, li, td, ul"):
        links = [link["href"] for link in block.select("a[href^='tel:'], a[href^='#']")] if not block.find_parent("nav") else []
        called = [href.removeprefix("tel:") for href in links if href.startswith("tel:")]
        single = block.name != "ul" and not block.ul
        for kind, found, known, own in (
            ("emergency numbers", _NUMBERS.findall(block.get_text()) if single else [], _EMERGENCY, emergency),
            ("crisis lines", called, _CRISIS, crisis),
            ("poison lines", called if single else [], _POISON, poison),
            ("countries", [href[1:] for href in links] if single else [], _SECTIONS, section),
        ):
            found = [each for each in found if each in known]
            if own and len(set(found)) >= 3 and found[0] != own:
                faults.append(f"{page.name}: {kind}: {found[0]} stands first; expected {own}, the clinic's: {' '.join(block.get_text(' ').split())[:120]!r}")
    headings = [heading["id"] for heading in page.soup.select("h2[id]") if heading["id"] in _SECTIONS]
    if page.name == "get-help" and (headings[:1] != [section] or sorted(headings) != sorted(_SECTIONS)):
        faults.append(f"{page.name}: its sections are {headings}; expected each once, {section} first")
    return faults


def words(page) -> collections.Counter:
    """The words of a page's article, those apart that are there for a clinic's details."""
    article = copy.copy(page.article)
    for part in article.select(".clinic-details, .clinic, .card__line, .emergency-line"):
        part.decompose()
    return collections.Counter(re.findall(r"\w+", article.get_text(" ")))


def kept_faults(page, ours) -> list[str]:
    """Words and numbers that a clinic's copy of one of our pages lost or won, and statements that it no longer makes."""
    lost, won = words(ours) - words(page), words(page) - words(ours)
    faults = [f"{page.name}: lost {sorted(lost)}, won {sorted(won)}"] if lost or won else []
    dialled = {link["href"] for link in page.soup.select("a[href^='tel:']")}
    faults += [f"{page.name}: lost {link['href']}" for link in ours.soup.select("a[href^='tel:']") if link["href"] not in dialled]
    said = copy.copy(page.article)
    for mark in said.select("sup"):
        mark.decompose()
    seen = [Statement(part["data-safety"], [part.get_text(" ")]) for part in said.select("[data-safety]")]
    return faults + statement_faults(CONTRACT, page.name, seen, "a clinic's copy")


def test_its_countrys_lines_come_first_on_every_page_and_no_word_is_lost(clinics, ours):
    assert set(clinics.pages) == set(ours.pages)
    faults = [fault for name, page in clinics.pages.items() for fault in order_faults(page, "AU") + kept_faults(page, ours.pages[name])]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


# One page of each kind of row. A row that is not written as these are is found on every page by the test above.
ROWS = ("index", "warnings", "get-help", "surgery-and-pain", "404", "handouts/surgery-and-emergencies")


@pytest.mark.parametrize("country", sorted(FIRST))
def test_each_countrys_lines_come_first(country, ours, tmp_path):
    build_with_mkdocs(tmp_path / "site", edition(tmp_path, f"\n    name: R\n    country: {country}\n", ROWS))
    built = built_site(tmp_path / "site")
    faults = [fault for name in ROWS for fault in order_faults(built.pages[name], country) + kept_faults(built.pages[name], ours.pages[name])]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)
    for name in ("warnings", "404", "handouts/surgery-and-emergencies"):
        found = [line.a["href"].removeprefix("tel:") for line in built.pages[name].soup.select(".emergency-line p") if line.select('a[href^="tel:"]')]
        expected = [own or first for own, first in zip(FIRST[country][:3], ("911", "988", "18002221222"), strict=True)]
        assert found == expected, f"{name}: the foot has {found}; expected {expected}"


def test_without_a_clinic_the_order_is_ours(ours):
    rows = [_NUMBERS.findall(block.get_text()) for page in ours.pages.values() for block in page.soup.select("p")]
    rows = [row for row in rows if len(set(row)) > 2]
    assert len(rows) > 50 and all(row == ["911", "999", "112", "000", "111"] for row in rows), rows


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("warnings", '<a href="tel:000">000</a>, <a href="tel:911">911</a>', '<a href="tel:911">911</a>, <a href="tel:000">000</a>', "emergency numbers: 911"),
        ("alcohol", "</article>", "<p>Call 911, 999, 112, 000 or 111.</p></article>", "emergency numbers: 911"),
        ("handouts/low-dose", "</article>", "<ul><li>Call <b>999</b> (UK), 911 or 000.</li></ul></article>", "emergency numbers: 999"),
        ("index", '<a href="tel:000">000</a><span>&nbsp;(Australia),', '<a href="tel:112">112</a><span>&nbsp;(Europe),', "emergency numbers: 112"),
        ("warnings", "<li>Australia: ", '<li>US: <a href="tel:988">988</a></li><li>Australia: ', "crisis lines: 988"),
        ("warnings", '<a href="tel:131126">', '<a href="tel:111">111</a> <a href="tel:131126">', "poison lines: 111"),
        ("get-help", '<h2 id="australia"', '<h2 id="canada">Canada</h2><h2 id="australia"', "its sections are ['canada', 'australia'"),
        ("get-help", '<h2 id="new-zealand"', '<h2 id="lost"', "expected each once"),
        ("get-help", '<a href="#australia">Australia</a>, ', "", "countries: united-states stands first; expected australia"),
    ],
)
def test_another_countrys_line_that_stands_first_is_noticed(clinics, name, old, new, said):
    page = clinics.pages[name]
    assert not order_faults(page, "AU")
    faults = order_faults(page.broken(old, new), "AU")
    assert any(said in fault for fault in faults), faults


@pytest.mark.parametrize(("old", "new"), [("Give naloxone, the rescue medicine, if you have it.", ""), (" or <a href=\"tel:111\">111</a>", ""), ("</article>", "<p>More</p></article>")])
def test_a_word_or_number_that_the_order_loses_is_noticed(ours, old, new):
    page = ours.pages["overdose-risk"]
    assert not kept_faults(page, page) and kept_faults(page.broken(old, new), page)


def test_an_edition_that_drops_a_required_statement_fails_with_the_reason(tmp_path, browser):
    clone = edition(tmp_path)
    page = clone / "docs/alcohol.md"
    text = page.read_text(encoding="utf-8")
    # One without a heading: a link to a lost heading would stop the build before any test.
    dropped = re.search(r'^--8<-- "safety/(not-a-cure)\.md"$', text, re.M)
    # Its sources stay cited, else the build itself stops at a source that nothing cites.
    cited = "".join(dict.fromkeys(re.findall(r"\[\^[^\]]+\]", (clone / f"docs/includes/safety/{dropped[1]}.md").read_text(encoding="utf-8"))))
    page.write_text(text.replace(dropped[0], f"Our own words in its place, and more of them below.{cited}"), encoding="utf-8")
    build_with_mkdocs(tmp_path / "site", clone)
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.goto((tmp_path / "site/alcohol/index.html").as_uri())
    faults = statement_faults(CONTRACT, "alcohol", statements(tab), "phone")
    context.close()
    assert [fault for fault in faults if fault.startswith(f"alcohol (phone): {dropped[1]}: expected the statement")], faults
    assert len(faults) == 1, faults


def settings(clinic: str) -> str:
    return f"site_name: x\nsite_url: !ENV [SITE_URL, '']\nextra:\n  clinic:{clinic}\n"


@pytest.mark.parametrize(
    "clinic",
    [
        " {}",
        "",
        ' {name: "Riverside", phone: "+1 (555) 010-0101 ext. 12"}',
        '\n    name: Riverside\n    phone: "03 9555 0101"\n    country: AU\n    logo: assets/icon.svg\n    hours: 9 to 5',
    ],
)
def test_a_clinics_right_details_pass(clinic):
    assert not clinic_faults(settings(clinic), ROOT / "docs")


@pytest.mark.parametrize(
    ("clinic", "said"),
    [
        ("\n    name: R\n    fone: '1'", "mkdocs.yml:6: 'fone' means nothing here; expected one of name, phone"),
        ("\n    phone: '555 0101'", "mkdocs.yml:5: the clinic has no name. Write its name: name:"),
        ("\n    name: R\n    phone: call us", "mkdocs.yml:6: phone: 'call us' is no phone number"),
        ("\n    name: R\n    phone: '12'", "mkdocs.yml:6: phone: '12' is no phone number"),
        ("\n    name: R\n    after_hours: 5550101", "mkdocs.yml:6: after_hours reads as a number, which loses a 0"),
        ("\n    name: R\n    phone: ''", "mkdocs.yml:6: phone is not one line of text"),
        ("\n    name: R\n    country: Atlantis", "mkdocs.yml:6: country is 'Atlantis'. Write one of US, CA"),
        ("\n    name: R\n    logo: assets/lost.png", "mkdocs.yml:6: logo: there is no file docs/assets/lost.png"),
        ("\n    name: R\n    logo: ../../secret.png", "mkdocs.yml:6: logo is '../../secret.png'"),
        ("\n    name: <b>R</b>", "mkdocs.yml:5: name holds '<'"),
        (f"\n    name: R\n    note: {'word ' * 60}", "mkdocs.yml:6: note has 299 characters; at most 200"),
        (" Riverside", "mkdocs.yml:4: clinic is 'Riverside'; expected lines below it"),
        ("\n    name: R: S", "mkdocs.yml:5: this cannot be read"),
    ],
)
def test_a_clinics_wrong_detail_is_told_with_its_line(clinic, said):
    faults = clinic_faults(settings(clinic), ROOT / "docs")
    assert len(faults) == 1 and faults[0].startswith(said), faults
