"""The review sheet leaves out no word of a page, and no source, statement or change."""

import re
import subprocess

import pytest
from bs4 import BeautifulSoup

from review import changes_since, lines_of, sheet, sources_of


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_every_word_of_every_page_is_on_its_sheet_in_order(site):
    faults = []
    for page in site.pages.values():
        if page.name == "404" or page.name.startswith("sources"):
            continue
        article = BeautifulSoup(str(page.article), "html.parser")
        for part in article.select(".footnote, .sources, sup, script, style, legend, #sources"):
            part.decompose()
        expected = words(article.get_text(" "))
        lines = lines_of(page.article)
        found = words(" ".join(line.text for line in lines if line.kind != "figure"))
        if sorted(found) != sorted(expected):
            faults.append(f"{page.name}: {sorted(set(expected) - set(found)) or len(expected) - len(found)}")
        assert [line.text for line in lines if line.kind == "figure"] == [f"Figure, read aloud as: {image['alt']}" for image in page.article.select("img[alt]")]
    assert not faults, "Words that a clinician would not see:\n" + "\n".join(faults)


def test_each_sentence_has_its_own_sources_and_its_statement(site):
    article = site.pages["warnings"].article
    lines = lines_of(article)
    sources = sources_of(article)
    assert {name for line in lines for name in line.cites} == set(sources)
    assert all(address.startswith("https://") and title for title, address, _ in sources.values())
    assert {line.statement for line in lines} - {""} == {part["data-safety"] for part in article.select("[data-safety]")}
    two = BeautifulSoup(
        '<article><p>One fact.<sup><a class="footnote-ref" href="#fn:a">1</a></sup><sup><a class="footnote-ref" href="#fn:b">2</a></sup>\n'
        'Another, 50&nbsp;mg.<sup><a class="footnote-ref" href="#fn:c">3</a></sup></p></article>', "html.parser"
    )
    assert [(line.text, line.cites) for line in lines_of(two.article)] == [("One fact.", ["a", "b"]), ("Another, 50 mg.", ["c"])]


def test_the_sheet_prints_whole_with_boxes_and_a_line_to_sign(site, browser):
    from visits import print_out, squashed

    written = sheet("warnings", site.pages["warnings"].html)
    lines = [line for line in lines_of(site.pages["warnings"].article) if line.kind != "heading"]
    assert written.count("&#9744; right") == written.count("&#9744; change") == written.count("&#9744; remove") == len(lines)
    assert "<script" not in written and " src=" not in written
    context = browser.new_context()
    tab = context.new_page()
    tab.set_content(written)
    paper = squashed(print_out(tab.pdf(format="A4", prefer_css_page_size=True)).text)
    context.close()
    for line in lines:
        assert squashed(line.text)[:60] in paper, line.text
    for _, address, _ in sources_of(site.pages["warnings"].article).values():
        # A hyphen where a line ends is read back from a PDF as none.
        assert squashed(address).replace("-", "") in paper.replace("-", ""), address
    assert "signatureanddate" in paper and "safetystatementno-opioids" in paper


@pytest.fixture
def project(tmp_path):
    """A page and the wording that it includes, both changed after the page was reviewed, and another page's wording too."""
    def commit(day, subject):
        env = {"GIT_COMMITTER_DATE": f"{day}T12:00:00", "GIT_AUTHOR_DATE": f"{day}T12:00:00", "HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
        for command in (["add", "-A"], ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false", "commit", "-q", "-m", subject]):
            subprocess.run(["git", *command], cwd=tmp_path, check=True, env=env)

    safety = tmp_path / "docs" / "includes" / "safety"
    safety.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "docs" / "a.md").write_text('# A\n\nOld words.\n--8<-- "safety/one.md"\n', encoding="utf-8")
    (safety / "one.md").write_text("Old statement.\n", encoding="utf-8")
    (safety / "other.md").write_text("Of another page.\n", encoding="utf-8")
    commit("2026-01-01", "First")
    (tmp_path / "docs" / "a.md").write_text('# A\n\nNew words.\n--8<-- "safety/one.md"\n', encoding="utf-8")
    (safety / "one.md").write_text("New statement.\n", encoding="utf-8")
    (safety / "other.md").write_text("Changed.\n", encoding="utf-8")
    commit("2026-03-01", "Second")
    return tmp_path


def test_the_sheet_shows_what_changed_on_the_page_and_in_what_it_includes(project):
    said, lines = changes_since("a", "2026-02-01", project)
    assert "2026-02-01" in said
    assert lines == ["++ b/docs/a.md", "-Old words.", "+New words.", "++ b/docs/includes/safety/one.md", "-Old statement.", "+New statement."]
    assert changes_since("a", "2026-03-01", project) == ("Nothing on the page changed since 2026-03-01.", [])
    assert "does not reach back" in changes_since("a", "2025-01-01", project)[0]
