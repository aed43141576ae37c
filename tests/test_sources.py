"""Every fact has a source, and every source is whole."""

import html

import pytest

from pages import markdown_pages, source_files
from sources import MEASURED_FILES, MEASURED_ON, citation_faults, measured_faults, number_faults, source_faults


def report(faults):
    return f"{len(faults)} faults:\n" + "\n".join(faults)


def test_every_source_file_has_all_its_parts_and_may_be_cited():
    faults = source_faults(source_files())
    assert not faults, report(faults)


GOOD = "[^who-2020]:\n**A title.** Publisher, 2020. <https://example.org/a> Checked 2026-01-02. A note.\n"


@pytest.mark.parametrize(
    "lost", ["[^who-2020]:\n", "**A title.** ", "2020. ", "<https://example.org/a> ", " Checked 2026-01-02.", "https://"]
)
def test_a_source_that_lacks_a_part_is_noticed(lost):
    assert not source_faults({"who-2020": GOOD})
    assert source_faults({"who-2020": GOOD.replace(lost, "", 1)})


def test_a_source_that_may_not_be_cited_is_noticed():
    assert source_faults({"who-2020": GOOD.replace("example.org", "www.scribd.com")})
    assert source_faults({"other": GOOD})
    assert source_faults({"who-2020": GOOD, "who-2021": GOOD.replace("^who-2020", "^who-2021")})


def test_every_citation_has_its_source_and_every_listed_source_is_cited(site):
    faults = [fault for page in site.pages.values() for fault in citation_faults(page)]
    assert not faults, report(faults)


def test_a_lost_or_idle_source_is_noticed(site):
    page = site.pages["alcohol"]
    assert citation_faults(page.broken("</article>", "<p>Text[^lost]</p></article>"))
    assert citation_faults(page.broken('<li id="fn:', '<li id="fn:idle"></li><li id="fn:'))
    first = page.soup.select_one("a.footnote-ref")["href"]
    assert citation_faults(page.broken(f'id="{first[1:]}"', 'id="fn:other"'))


def test_every_number_has_a_source(site):
    faults = [fault for page in site.pages.values() for fault in number_faults(page)]
    assert not faults, report(faults)


@pytest.mark.parametrize(
    "bare",
    [
        "<p>It blocks opioids for 24 hours.</p>",
        "<ul><li>nausea in 10 out of 100</li></ul>",
        "<table><tr><td>Nausea</td><td>10</td></tr></table>",
        "<p>Wait two weeks.</p>",
        "<figure><figcaption>9 fewer</figcaption></figure>",
    ],
)
def test_a_number_without_a_source_is_noticed(site, bare):
    page = site.pages["alcohol"]
    before = number_faults(page)
    assert len(number_faults(page.broken("</article>", f"{bare}</article>"))) == len(before) + 1


def test_only_measured_files_go_without_a_source(site):
    faults = [fault for name, file in markdown_pages().items() for fault in measured_faults(name, file.read_text(encoding="utf-8"))]
    assert not faults, report(faults)
    assert [name for name, page in site.pages.items() if page.soup.select(".measured")] == [MEASURED_ON]
    assert len(site.pages[MEASURED_ON].article.select(".measured")) == len(MEASURED_FILES)


def test_a_number_that_hides_as_measured_is_noticed(site):
    hidden = '<div class="measured"><p>It blocks opioids for 24 hours.</p></div>'
    for name in ("alcohol", MEASURED_ON):
        assert measured_faults(name, hidden)
        assert measured_faults(name, hidden.replace("<div", "<section").replace("/div", "/section"))
    assert measured_faults("alcohol", '<div class="measured" markdown>\n\n--8<-- "bench.md"\n\n</div>')
    page = site.pages["alcohol"]
    assert len(number_faults(page.broken("</article>", f"{hidden}</article>"))) == len(number_faults(page)) + 1


def test_the_lists_of_sources_have_every_source_once(site):
    shown = [entry for page in site.pages.values() for entry in page.article.select(".sources p")]
    text = [" ".join(entry.get_text().split()) for entry in shown]
    faults = []
    for name, file in source_files().items():
        title = " ".join(html.unescape(file.split("**")[1]).split())
        link = file.split("<")[1].split(">")[0]
        found = sum(entry.startswith(title) and link in entry for entry in text)
        if found != 1:
            faults.append(f"docs/sources*.md: expected {name} ({title}) once in all; found {found} times")
    assert not faults, report(faults)
    assert len(text) == len(source_files())


def idle_sources(pages, sources: set[str]) -> set[str]:
    """Sources that no built page cites."""
    cited = {link["href"].removeprefix("#fn:") for page in pages for link in page.article.select("a.footnote-ref")}
    return sources - cited


def test_every_source_is_cited_on_some_page(site):
    idle = idle_sources(site.pages.values(), set(source_files()))
    assert not idle, f"delete these from docs/includes/sources and docs/sources*.md, no page cites them: {', '.join(sorted(idle))}"


def test_a_source_that_nothing_cites_is_noticed(site):
    assert idle_sources(site.pages.values(), {"us-tablet-label", "not-cited"}) == {"not-cited"}
