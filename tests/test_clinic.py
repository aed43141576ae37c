"""A clinic's own edition: its details and its country's numbers first; what may not be taken away."""

import re
import shutil

import pytest

from clinic import clinic_faults
from conftest import build_with_mkdocs
from contract import statement_faults
from pages import ROOT, built_site
from test_safety import CONTRACT
from visits import PHONE, statements

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


def edition(folder, details: str = DETAILS):
    """A clinic's copy of the project, with `extra.clinic` set. Returns its folder."""
    copy = folder / "edition"
    for part in ("docs", "overrides"):
        shutil.copytree(ROOT / part, copy / part)
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    assert "  clinic: {}\n" in settings, "mkdocs.yml: the clinic's details stay empty here; they are for copies"
    (copy / "mkdocs.yml").write_text(settings.replace("  clinic: {}\n", f"  clinic:{details}"), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """The site of a clinic in Australia."""
    folder = tmp_path_factory.mktemp("clinic")
    build_with_mkdocs(folder / "site", edition(folder))
    return built_site(folder / "site")


def test_a_clinics_details_stand_on_every_page_of_its_edition_and_on_none_of_ours(clinics, site):
    for name in ("index", "warnings", "get-help", "404"):
        text = " ".join(clinics.pages[name].article.get_text(" ").split())
        for detail in re.findall(r'"(.*)"', DETAILS):
            if detail != "assets/icon.svg":
                assert detail in text, f"{name}: {detail}"
        assert clinics.pages[name].article.select('a[href="tel:0395550101"]'), name
        assert "Riverside" not in site.pages[name].html and "clinic-details" not in site.pages[name].html.split("</style>")[-1]


def test_its_countrys_numbers_come_first_everywhere(clinics, site):
    for name in ("index", "warnings", "404"):
        for edition_of, first in ((clinics, ("000", "131114", "131126")), (site, ("911", "988", "18002221222"))):
            page = edition_of.pages[name].soup
            assert page.select_one(".help-line a[href^='tel:']")["href"] == f"tel:{first[0]}", name
            found = [line.select_one("a")["href"] for line in page.select(".emergency-line p") if line.select('a[href^="tel:"]')]
            assert found == [f"tel:{number}" for number in first], name


def test_no_number_is_lost_for_another_country(clinics, site):
    """The same numbers in another order: nobody's is dropped."""
    ours, theirs = (sorted(link["href"] for link in of.pages["index"].soup.select(".emergency-line a")) for of in (site, clinics))
    assert ours == theirs


def test_an_edition_that_drops_a_required_statement_fails_with_the_reason(tmp_path, browser):
    copy = edition(tmp_path)
    page = copy / "docs/alcohol.md"
    text = page.read_text(encoding="utf-8")
    # One without a heading: a link to a lost heading would stop the build before any test.
    dropped = re.search(r'^--8<-- "safety/(not-a-cure)\.md"$', text, re.M)
    # Its sources stay cited, else the build itself stops at a source that nothing cites.
    cited = "".join(dict.fromkeys(re.findall(r"\[\^[^\]]+\]", (copy / f"docs/includes/safety/{dropped[1]}.md").read_text(encoding="utf-8"))))
    page.write_text(text.replace(dropped[0], f"Our own words in its place, and more of them below.{cited}"), encoding="utf-8")
    build_with_mkdocs(tmp_path / "site", copy)
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
