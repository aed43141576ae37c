"""The way out of the theme: the same project, built by Zensical, keeps the same promises."""

import re
import shutil
import subprocess
import sys

import pytest

from conftest import Server
from contract import statement_faults
from pages import ROOT, Site, built_site, markdown_pages
from sources import citation_faults
from test_clinic import ROWS, edition, kept_faults, order_faults
from test_pages import link_faults
from test_safety import CONTRACT, report
from visits import PHONE, statements


@pytest.fixture(scope="module")
def zensical_site(tmp_path_factory) -> Site:
    """A copy of the project, built by Zensical in strict mode."""
    copy = tmp_path_factory.mktemp("zensical")
    for part in ("docs", "overrides"):
        shutil.copytree(ROOT / part, copy / part)
    shutil.copy(ROOT / "mkdocs.yml", copy)
    built = subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=copy, capture_output=True, text=True)
    assert built.returncode == 0, f"Zensical does not build the site:\n{built.stdout}{built.stderr}"
    return built_site(copy / "site")


def test_zensical_builds_every_page(zensical_site, site):
    assert set(site.pages) == set(zensical_site.pages), f"only in one build: {set(site.pages) ^ set(zensical_site.pages)}"


def test_zensical_keeps_the_safety_contract(zensical_site, browser):
    server = Server(zensical_site.folder)
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    tab = context.new_page()
    faults = []
    for page in zensical_site.pages.values():
        tab.goto(f"{server.address}/{page.url}")
        faults += statement_faults(CONTRACT, page.name, statements(tab), "Zensical")
    context.close()
    server.close()
    assert not faults, report(faults)


def test_zensical_keeps_every_word_of_the_articles(zensical_site, site):
    """No word of an article comes from a hook or plugin that another builder would leave out."""
    def words(page):
        return re.findall(r"\w+", page.article.get_text(" "))

    for name, page in site.pages.items():
        assert words(page) == words(zensical_site.pages[name]), f"{name}: the two builds do not say the same"


def test_zensical_puts_a_clinics_country_first(tmp_path, ours):
    copy = edition(tmp_path, "\n    name: R\n    country: NZ\n")
    built = subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=copy, capture_output=True, text=True)
    assert built.returncode == 0, built.stdout + built.stderr
    pages = built_site(copy / "site").pages
    faults = [fault for name in ROWS for fault in order_faults(pages[name], "NZ") + kept_faults(pages[name], ours.pages[name])]
    assert not faults, report(faults)


def test_zensical_keeps_sources_links_and_menu(zensical_site):
    pages = {name: page for name, page in zensical_site.pages.items() if name != "404"}
    faults = link_faults(pages) + [fault for page in pages.values() for fault in citation_faults(page)]
    menu = {link["href"] for link in pages["index"].soup.select("nav.menu a[href]")}
    for name in markdown_pages():
        place = name.removesuffix("index")
        if name.startswith("handouts/") and name != "handouts/index":
            continue  # A sheet is found on the list of sheets, not in the menu.
        if name != "index" and not any(href.rstrip("/").endswith(place.rstrip("/")) for href in menu):
            faults.append(f"{name}: not in Zensical's menu")
    assert not faults, report(faults)
