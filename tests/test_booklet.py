"""The whole guide as one booklet: what is on its cover, in its contents, and in a reader's hand."""

import re

import pypdfium2
import pytest
import yaml

import booklet
from pages import ROOT, plain

NAV = [{"Start here": ["index.md"]}, {"Understand it": ["alcohol.md", {"Opioids": "opioids.md"}]}, {"Stay safe": ["warnings.md", "search.md"]}]


@pytest.fixture(scope="module")
def settings():
    """The project's settings with a short menu: the chapters are printed alike, however many."""
    return {**yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), booklet._AnyTag), "nav": NAV}


@pytest.fixture(scope="module")
def printed(site, browser, settings, tmp_path_factory):
    pdf = booklet.print_booklet(browser, site.folder, settings, tmp_path_factory.mktemp("booklet"), "A4")
    document = pypdfium2.PdfDocument(pdf)
    yield pdf, [page.get_textpage().get_text_bounded() for page in document], [(mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc()]
    document.close()


def test_the_cover_says_how_far_it_can_be_trusted_and_whom_to_call(printed):
    cover = plain(printed[1][0])
    for words in ("understanding naltrexone", "edition of", "no clinician has reviewed this edition", "it does not replace your prescriber", "911", "988"):
        assert words in cover, words


def test_the_contents_give_the_page_that_each_chapter_is_on(printed):
    _, sides, _ = printed
    rows = re.findall(r"^(.*\S)\s+(\d+)\s*$", sides[1], re.M)
    chapters = [(title, int(number)) for title, number in rows if not title.startswith("Understanding naltrexone. ") and not re.search(r"Page \d+ of$", title)]
    assert len(chapters) == 4, sides[1]
    for title, number in chapters:
        # Above the text stands what print puts on each side.
        head = re.sub(r"^understanding naltrexone page \d+ of \d+ ", "", plain(sides[number - 1]))
        assert head.startswith(plain(title)), f"{title}: not at the head of page {number}"


def test_chapters_stand_in_the_order_of_the_menu_with_their_bookmarks(printed, site):
    tops = [re.sub(r"\W", "", title) for level, title, _ in printed[2] if level == 0]
    titles = [re.sub(r"\W", "", site.pages[name].soup.select_one("h1").get_text()) for name in ("index", "alcohol", "opioids", "warnings")]
    assert [title for title in tops if title in titles][-4:] == titles
    assert any(level == 1 for level, _, _ in printed[2]), "no bookmark below a chapter's"


def test_it_is_tagged_and_every_side_says_that_nobody_reviewed_it(printed):
    pdf, sides, _ = printed
    assert b"/StructTreeRoot" in pdf and b"/Lang" in pdf
    for number, side in enumerate(sides, 1):
        assert "no clinician has reviewed this edition" in plain(side), f"page {number}"
        assert len(side.split()) > 12, f"page {number} is empty"


def test_links_between_pages_lead_to_places_in_the_booklet(site, settings):
    text = booklet.booklet(site.folder, settings)
    ids = set(re.findall(r'\sid="([^"]+)"', text))
    lost = sorted({link for link in re.findall(r'href="#([^"]+)"', text) if link not in ids} - {"get-help"})
    assert not lost, lost
    assert len(ids) == len(re.findall(r'\sid="', text)), "one id twice"
    assert 'href="../' not in text and 'href="#opioids' in text


def test_the_whole_menu_is_in_it_but_search_and_the_sheets():
    whole = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), booklet._AnyTag)
    names = [name for _, group in booklet.chapters(whole) for name in group]
    pages = {file.relative_to(ROOT / "docs").with_suffix("").as_posix() for file in (ROOT / "docs").rglob("*.md")}
    assert set(names) == {name for name in pages if name.split("/")[0] not in ("includes", *booklet.LEFT_OUT)}


def test_a_chapter_without_a_bookmark_is_noticed(printed):
    with pytest.raises(ValueError, match="no bookmark for lost"):
        booklet.first_sides(printed[0], {"lost": "A chapter that is not there"})
