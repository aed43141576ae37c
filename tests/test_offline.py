"""The copy on a USB stick: opened from a folder, with no network, it is the whole guide, search too."""

import re
import shutil
import zipfile

import pytest

import offline
from pages import ROOT
from visits import PHONE


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return offline.make(tmp_path_factory.mktemp("stick with a space"))


@pytest.fixture
def tab(browser):
    """A tab with the network cut off that notes every address it is asked for."""
    context = browser.new_context(viewport=PHONE, offline=True)
    tab = context.new_page()
    tab.asked, tab.said = [], []
    tab.on("request", lambda request: tab.asked.append(request.url))
    tab.on("console", lambda message: tab.said.append(message.text))
    yield tab
    context.close()


def test_every_page_opens_from_the_folder_and_asks_no_host(copy, tab):
    for page in sorted(copy.rglob("*.html")):
        tab.goto(page.as_uri())
        assert tab.locator("h1").count() == 1, page.name
        assert tab.evaluate("document.fonts.size === 0 && getComputedStyle(document.querySelector('h1')).fontSize") != "32px", f"{page.name}: no style"
        broken = tab.evaluate("[...document.images].filter(i => i.loading !== 'lazy' && i.complete && !i.naturalWidth).map(i => i.src)")
        assert not broken, f"{page.name}: {broken}"
    strangers = sorted({url for url in tab.asked if not url.startswith(("file:", "data:", "blob:"))})
    assert not strangers and not tab.said, f"{strangers} {tab.said}"


def test_search_works_from_the_folder_and_leads_to_a_page(copy, tab):
    tab.goto((copy / "index.html").as_uri())
    tab.get_by_role("link", name="Search").first.click()
    tab.get_by_role("searchbox").fill("surgery")
    tab.locator("#search-found a").first.click()
    assert tab.url.startswith(copy.as_uri()) and "html" in tab.url
    assert tab.locator("h1").count() == 1
    assert not tab.said, tab.said


def test_a_page_prints_from_the_folder(copy, tab):
    tab.goto((copy / "warnings.html").as_uri())
    assert len(tab.pdf(format="A4")) > 20_000


def test_a_link_that_leads_to_no_file_is_noticed(tmp_path):
    page = tmp_path / "a.html"
    page.write_text('<a href="b.html">x</a> <a href="c/index.html#d">x</a> <a href="https://example.org/">x</a>', encoding="utf-8")
    (tmp_path / "c.html").write_text("", encoding="utf-8")
    assert offline.settle_links(tmp_path, page) == ["a.html: b.html leads to no file of the offline copy"]
    assert 'href="c.html#d"' in page.read_text(encoding="utf-8")


def test_it_is_small_and_its_zip_holds_it_whole(copy):
    assert offline.size(copy) <= offline.MOST_KB * 1000
    with zipfile.ZipFile(copy.parent / f"{offline.NAME}.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    files = {f"{offline.NAME}/{file.relative_to(copy).as_posix()}": file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    assert packed == files


def test_the_copy_links_to_the_kit_that_goes_along(tmp_path, monkeypatch):
    for name in ("KIT", "BOOKLET"):
        monkeypatch.setenv(name, "true")
    assert offline.kit_made(tmp_path) == {"KIT": "false", "BOOKLET": "false"}
    for part in ("docs", "overrides"):
        shutil.copytree(ROOT / part, tmp_path / part)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "kit").mkdir()
    for paper in ("letter", "a4"):
        (tmp_path / "kit" / f"naltrexone-guide-{paper}.pdf").write_bytes(b"%PDF")
    folder = offline.make(tmp_path / "offline", tmp_path)
    found = re.findall(r'href="([^"]*kit/[^"]*)"', (folder / "handouts.html" if (folder / "handouts.html").is_file() else folder / "handouts/index.html").read_text(encoding="utf-8"))
    assert sorted(found) == ["../kit/naltrexone-guide-a4.pdf", "../kit/naltrexone-guide-letter.pdf"]


def test_the_kit_goes_along_when_it_was_made(copy):
    assert (copy / "kit").is_dir() == (ROOT / "kit").is_dir()
