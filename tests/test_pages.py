"""Each page is whole: front matter, headings, units, links, a place in the menu."""

import re
from urllib.parse import unquote, urldefrag, urljoin

import pytest
import yaml
from bs4 import BeautifulSoup

from pages import ROOT, Page, markdown_pages

_LOOSE_UNIT = re.compile(r"\d (?:mg|ml|mcg|g|kg|minutes?|hours?|days?|weeks?|months?|years?|points?)\b")


def heading_faults(page: Page) -> list[str]:
    """One h1, no skipped level, no empty heading, and no question outside the question finder."""
    faults = []
    headings = page.article.find_all(re.compile(r"^h[1-6]$"))
    levels = [int(heading.name[1]) for heading in headings]
    if levels.count(1) != 1:
        faults.append(f"{page.name}: {levels.count(1)} h1; expected 1")
    if levels and levels[0] != 1:
        faults.append(f"{page.name}: the first heading is h{levels[0]}; expected h1")
    for before, after, heading in zip(levels, levels[1:], headings[1:]):
        if after > before + 1:
            faults.append(f"{page.name}: h{before} is followed by h{after}: {heading.get_text()!r}")
    for heading in headings:
        text = heading.get_text().strip()
        if not text:
            faults.append(f"{page.name}: an empty {heading.name}")
        if text.endswith("?") and page.name != "questions":
            faults.append(f"{page.name}: a heading that asks; say what to do: {text!r}")
    return faults


def unit_faults(page: Page) -> list[str]:
    """Numbers that a line end could part from their unit."""
    text = page.soup.__copy__()
    for part in text.select(".footnote, .sources, script, style"):
        part.decompose()
    faults = []
    for found in _LOOSE_UNIT.finditer(text.get_text()):
        faults.append(f"{page.name}: {found.group(0)!r}: write &nbsp; between number and unit")
    return faults


def link_faults(pages: dict[str, Page]) -> list[str]:
    """Links inside the site that lead to no page or no place on it."""
    by_url = {f"/{page.url}": page for page in pages.values()}
    anchors = {url: {element["id"] for element in page.soup.find_all(id=True)} for url, page in by_url.items()}
    faults = []
    for url, page in by_url.items():
        for link in page.article.select("a[href]"):
            href = link["href"]
            if re.match(r"(https?|tel|mailto):", href):
                continue
            target, anchor = urldefrag(urljoin(url, href))
            target = target.removesuffix("index.html")
            if target not in by_url:
                faults.append(f"{page.name}: {href} leads to no page")
            elif anchor and unquote(anchor) not in anchors[target]:
                faults.append(f"{page.name}: {href} leads to no place on that page")
    return faults


def closed_faults(page: Page) -> list[str]:
    """Words inside <details>: closed text does not print without JavaScript."""
    return [f"{page.name}: <details> hides {part.get_text()[:60]!r}" for part in page.article.select("details")]


def report(faults):
    return f"{len(faults)} faults:\n" + "\n".join(faults)


def test_headings_are_in_order(site):
    faults = [fault for page in site.pages.values() for fault in heading_faults(page)]
    assert not faults, report(faults)


@pytest.mark.parametrize("bad", ["<h1>Two</h1>", "<h4>Deep</h4>", "<h2></h2>", "<h2>Is it safe?</h2>"])
def test_a_bad_heading_is_noticed(site, bad):
    page = site.pages["warnings"]
    assert heading_faults(page.broken("</article>", f"{bad}</article>"))


def test_no_number_can_be_parted_from_its_unit(site):
    faults = [fault for page in site.pages.values() for fault in unit_faults(page)]
    assert not faults, report(faults)


@pytest.mark.parametrize("loose", ["50 mg", "24 hours", "10 days", "1 year"])
def test_a_loose_unit_is_noticed(site, loose):
    page = site.pages["warnings"]
    assert unit_faults(page.broken("</article>", f"<p>{loose}</p></article>"))
    assert not unit_faults(page.broken("</article>", f"<p>{loose.replace(' ', chr(0xA0))}</p></article>"))


def test_every_link_inside_the_site_leads_somewhere(site):
    faults = link_faults({name: page for name, page in site.pages.items() if name != "404"})
    assert not faults, report(faults)


def test_a_dead_link_is_noticed(site):
    pages = dict(site.pages)
    del pages["404"]
    pages["alcohol"] = pages["alcohol"].broken("</article>", '<a href="../nowhere/">x</a><a href="../warnings/#nothing">y</a></article>')
    assert len(link_faults(pages)) == len(link_faults({**site.pages, "404": site.pages["index"]})) + 2


def test_no_page_hides_words_in_details(site):
    faults = [fault for page in site.pages.values() for fault in closed_faults(page)]
    assert not faults, report(faults)
    assert closed_faults(site.pages["index"].broken("</article>", "<details><summary>a</summary>b</details></article>"))


def test_every_page_is_in_the_menu_and_the_menu_has_only_pages(site):
    def places(part):
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            for each in part:
                yield from places(each)
        else:
            for each in part.values():
                yield from places(each)

    # A tag that PyYAML does not know (`!ENV`) is not part of the menu.
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("", lambda *_: None)
    in_menu = list(places(yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), loader)["nav"]))
    pages = {f"{name}.md" for name in markdown_pages()}
    assert sorted(in_menu) == sorted(set(in_menu)), "mkdocs.yml: a page stands twice in nav"
    assert set(in_menu) == pages, f"mkdocs.yml: nav lacks {sorted(pages - set(in_menu))}, and has no page for {sorted(set(in_menu) - pages)}"
    built = {page.name for page in site.pages.values()} - {"404"}
    assert built == {name.removesuffix("/index") if name != "index" else name for name in markdown_pages()}


def test_pages_are_found_at_all(site):
    assert len(site.pages) > 10
    assert BeautifulSoup(site.pages["index"].html, "html.parser").select_one("article h1")
