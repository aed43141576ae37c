"""The site's own search finds the page that answers, for words that people really type."""

import tomllib

import pytest

from pages import ROOT
from visits import DESKTOP

SEARCHES = tomllib.loads((ROOT / "tests" / "searches.toml").read_text(encoding="utf-8"))["pages"]
FIRST = 3
"""How many results a reader can be trusted to look at."""


@pytest.fixture(scope="module")
def search(browser, server):
    """A function from words typed into the real search box to the addresses of the pages found, best first."""
    context = browser.new_context(viewport=DESKTOP, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{server.address}/search/")
    box = tab.get_by_label("Words to look for")
    box.click()
    tab.wait_for_function("() => typeof searchIndex !== 'undefined' && parts")

    def found(words: str) -> list[str]:
        box.fill(words)
        links = tab.locator("#search-found > li > a").evaluate_all("links => links.map(link => link.pathname)")
        return [link.strip("/") or "index" for link in links]

    yield found
    context.close()


def search_faults(page: str, words: str, found: list[str]) -> list[str]:
    """A search that does not show its page among the first results."""
    if page in found[:FIRST]:
        return []
    place = f"it is number {found.index(page) + 1}" if page in found else "it is not found at all"
    return [f"{words!r}: expected {page} among the first {FIRST} results; {place}; found {', '.join(found[:FIRST]) or 'nothing'}"]


def test_what_people_type_finds_the_page_that_answers(search):
    faults = [fault for page, typed in SEARCHES.items() for words in typed for fault in search_faults(page, words, search(words))]
    assert not faults, f"{len(faults)} searches fail:\n" + "\n".join(faults)


def test_a_search_that_fails_is_noticed(search):
    assert search_faults("index", "zebra crossing", search("qqzzxy"))
    assert search_faults("about", "overdose", ["overdose-risk", "warnings", "get-help", "about"])
    assert not search_faults("overdose-risk", "overdose", search("overdose"))


def test_enough_searches_are_tried_and_every_page_has_one(site):
    assert sum(len(typed) for typed in SEARCHES.values()) >= 80
    missing = set(SEARCHES) - set(site.pages)
    assert not missing, f"tests/searches.toml: no such page: {', '.join(sorted(missing))}"
