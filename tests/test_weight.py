"""What a first visit weighs on the wire, with gzip, against a bare page with the same words."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from pages import Page, Site
from test_safety import report

MORE_THAN_BARE = 10_000
WHOLE = 24_000
INDEX = 80_000
FIGURE = 6_000
FIRST_FLIGHT = 14_000
"""What a server sends before it waits for an answer, in bytes."""
REQUESTS = 3


def on_the_wire(text: str) -> int:
    return len(gzip.compress(text.encode(), 6, mtime=0))


def bare(page: Page) -> str:
    """The words of a page and nothing else: no style, script, menu or class. Links, lists, tables and pictures stay."""
    article = BeautifulSoup(str(page.article), "html.parser")
    for part in article.select("style, script, svg"):
        part.decompose()
    for part in article.find_all(True):
        part.attrs = {name: value for name, value in part.attrs.items() if name in ("href", "src", "alt", "id")}
    return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{page.soup.title.get_text()}</title>{article}'


def fetched(page: Page, site: Site) -> dict[str, str]:
    """Address in the page to text, for each sheet and script that a first visit fetches."""
    files = {}
    for part in page.soup.select('link[rel~="stylesheet"][href], script[src]'):
        place = part.get("href") or part["src"]
        base = (site.folder / page.url).parent if page.url.endswith(".html") else site.folder / page.url
        files[place] = (base / place.split("?")[0]).resolve().read_text(encoding="utf-8") if not place.startswith("/") else (site.folder / place[1:]).read_text(encoding="utf-8")
    return files


def is_print_out(page: Page) -> bool:
    """A sheet made for paper, with a template and a sheet of style of its own."""
    return page.soup.select_one("article.sheet") is not None


def weight_faults(page: Page, site: Site) -> list[str]:
    """Bytes over budget, and whatever a browser must fetch before it can show the page."""
    faults = []
    files = fetched(page, site)
    whole = on_the_wire(page.html) + sum(map(on_the_wire, files.values()))
    more = whole - on_the_wire(bare(page))
    if more > MORE_THAN_BARE:
        faults.append(f"{page.name}: {more} bytes more than the bare words; at most {MORE_THAN_BARE}")
    if whole > WHOLE:
        faults.append(f"{page.name}: {whole} bytes in all; at most {WHOLE}. Shorten the page, or part it in two.")
    if not is_print_out(page):
        faults += [f"{page.name}: nothing shows before {part} has come" for part in page.soup.select('head link[rel~="stylesheet"]:not([media="print"]), head script[src]:not([defer], [async])')]
    # The page and what it fetches. Its icon and the pictures in the text come later and hold nothing up.
    if 1 + len(files) > REQUESTS:
        faults.append(f"{page.name}: {1 + len(files)} requests; at most {REQUESTS}")
    return faults


def first_flight_faults(page: Page) -> list[str]:
    """Title, main message and first care card have to come with the first bytes."""
    card = page.soup.select_one("article .care")
    ends = re.search(r'<section class="care.*?</section>', page.html, re.S) if card else re.search(r"</h1>.*?</p>", page.html, re.S)
    size = on_the_wire(page.html[: ends.end()])
    return [] if size <= FIRST_FLIGHT else [f"{page.name}: its first card ends after {size} bytes; at most {FIRST_FLIGHT}"]


def test_no_page_weighs_more_than_its_budget(site):
    faults = [fault for page in site.pages.values() for fault in weight_faults(page, site)]
    assert not faults, report(faults)


def test_title_message_and_first_card_come_with_the_first_bytes(site):
    faults = [fault for page in site.pages.values() for fault in first_flight_faults(page)]
    assert not faults, report(faults)


def noise(size: int) -> str:
    """Text that does not get smaller."""
    return "".join(f"{(n * 2654435761) % 2**32:08x}" for n in range(size // 4))


@pytest.mark.parametrize(
    "change, expected",
    [
        (("</head>", f"<!--{noise(9000)}--></head>"), "more than the bare words"),
        (("</article>", f"<p>{noise(20000)}</p></article>"), "bytes in all"),
        (("</head>", '<link rel="stylesheet" href="../assets/icon.svg"></head>'), "nothing shows before"),
        (("</head>", '<script src="../assets/icon.svg"></script></head>'), "nothing shows before"),
        (("</body>", '<script src="../assets/icon.svg"></script><script src="../assets/search.js"></script></body>'), "4 requests"),
    ],
)
def test_a_page_that_grew_too_heavy_is_noticed(site, change, expected):
    faults = weight_faults(site.pages["stopping"].broken(*change), site)
    assert any(expected in fault for fault in faults), faults


def test_a_late_first_card_is_noticed(site):
    assert first_flight_faults(site.pages["warnings"].broken("<h1", f"<p>{noise(15000)}</p><h1"))


def test_a_figure_is_light(site):
    files = {file.name: len(gzip.compress(file.read_bytes(), 6)) for file in (site.folder / "assets" / "figures").glob("*.svg")}
    heavy = [f"{name}: {size} bytes; at most {FIGURE}" for name, size in files.items() if size > FIGURE]
    assert files and not heavy, "\n".join(heavy)


def test_the_index_of_search_is_light_and_comes_only_when_reached_for(site, server, browser, visits):
    size = on_the_wire((site.folder / "search-index.js").read_text(encoding="utf-8"))
    assert size <= INDEX, f"{size} bytes; at most {INDEX}"
    for name, visit in visits.items():
        asked = [urlsplit(url).path for _, url in visit.requests]
        # A visit puts the focus on each control, and on the search page that is to reach for it.
        assert name == "search" or not any("search-index" in path for path in asked), name
        scripts = [path for kind, path in ((kind, urlsplit(url).path) for kind, url in visit.requests) if kind == "script"]
        assert name == "search" or not any("search" in path for path in scripts), f"{name} loads {scripts}"
    context = browser.new_context()
    tab = context.new_page()
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.goto(f"{server.address}/search/")
    assert not any("search-index" in url for url in asked)
    tab.focus("#search-words")
    tab.wait_for_function("() => typeof searchIndex !== 'undefined'")
    context.close()


def test_what_the_browser_asked_for_is_what_was_counted(visits):
    """No more than three requests, pictures in the text apart, on a real visit."""
    faults = []
    for name, visit in visits.items():
        # Opened twice, once to print: what it asks for then is no more.
        asked = {url for kind, url in visit.requests if kind not in ("image", "other") and "search-index" not in url}
        if len(asked) > REQUESTS:
            faults.append(f"{name}: {asked}")
    assert not faults, report(faults)
