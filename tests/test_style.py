"""The style in every page is the one that the two sheets say."""

import sys

import pytest

from pages import ROOT

sys.path.insert(0, str(ROOT / "overrides"))
import make_style  # noqa: E402


def test_style_and_hash_are_fresh():
    css, mark = make_style.style()
    stale = [file.name for file, text in ((make_style.STYLE, css), (make_style.HASH, mark)) if file.read_text(encoding="utf-8") != text]
    assert not stale, f"Older than docs/assets/site.css or print.css: {', '.join(stale)}. Run: make style"


def test_small_css_says_the_same():
    assert make_style.small('/* a */ .b  > c,\n d { margin: 0 auto ;  content: "x  /* y */ : z"; }\n') == '.b>c,d{margin:0 auto;content:"x  /* y */ : z"}'
    assert make_style.small("@media screen and (min-width: 64em) { .a:hover { width: calc(1rem + 2px); } }") == "@media screen and (min-width: 64em){.a:hover{width:calc(1rem + 2px)}}"


@pytest.mark.parametrize("rule", ["@media print { #menu { top: 0 } }", ".a::after { content: '<' }"])
def test_css_that_a_template_would_misread_is_refused(tmp_path, rule):
    (tmp_path / "docs/assets").mkdir(parents=True)
    (tmp_path / "docs/assets/site.css").write_text(rule)
    (tmp_path / "docs/assets/print.css").write_text("")
    with pytest.raises(ValueError, match="cannot stand in a template"):
        make_style.style(tmp_path)


def looks(tab) -> list[list[str]]:
    """Every computed property of every element."""
    return tab.evaluate("""() => [...document.querySelectorAll('body, body *')].map(e => [...getComputedStyle(e)].map(p => getComputedStyle(e).getPropertyValue(p)).join(';'))""")


def test_small_css_looks_the_same_as_the_sheets(browser, server):
    """The sheets as written, in place of the small style: no element of the warnings computes any differently."""
    sheets = "".join((ROOT / sheet).read_text(encoding="utf-8") for sheet in make_style.SHEETS)
    for size in ({"width": 390, "height": 844}, {"width": 1280, "height": 900}):
        context = browser.new_context(viewport=size, reduced_motion="reduce")
        tab = context.new_page()
        tab.goto(f"{server.address}/warnings/")
        small = looks(tab)
        tab.evaluate("css => { document.querySelector('style').remove(); const s = new CSSStyleSheet(); s.replaceSync(css); document.adoptedStyleSheets = [s]; }", sheets)
        assert looks(tab) == small
        tab.evaluate("() => document.adoptedStyleSheets[0].replaceSync('')")
        assert looks(tab) != small, "the comparison notices nothing"
        context.close()


def landing_faults(tab, address: str, parts: list[str]) -> list[str]:
    """Links to parts of a page that lead to another place, once what is above has been laid out, or to words that are not shown."""
    faults = []
    for part in parts:
        tab.goto("about:blank")
        tab.goto(f"{address}#{part}")
        tab.wait_for_timeout(250)
        top, at_the_end, hidden = tab.evaluate("""id => [
          document.getElementById(id).getBoundingClientRect().top, scrollY + innerHeight > document.documentElement.scrollHeight - 2,
          [...document.querySelectorAll('article *')].filter(e => !e.matches('script, hr') && !e.checkVisibility({ contentVisibilityAuto: true })).length]""", part)
        if not -2 <= top <= 60 and not at_the_end:
            faults.append(f"{address}#{part}: stands {top:.0f} px from the top of the screen; expected 0 to 60")
        if hidden:
            faults.append(f"{address}#{part}: {hidden} elements are still not shown")
    return faults


def test_a_link_to_a_part_lands_on_it_though_the_first_screen_comes_first(browser, server, site):
    """For one frame site.css guesses heights: the guess may not lead a reader to the wrong card, nor leave a card empty."""
    parts = {name: [part["id"] for part in site.pages[name].article.select("h2[id], h3[id]")][::5] for name in ("warnings", "compare-treatments")}
    context = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True)
    tab = context.new_page()
    faults = [fault for name, some in parts.items() for fault in landing_faults(tab, f"{server.address}/{name}/", some)]
    broken = site.pages["warnings"].html.replace("</style>", "html{scroll-padding-top:300px}.warnings>*{content-visibility:hidden}</style>", 1)
    tab.route("**/warnings/", lambda route: route.fulfill(body=broken, content_type="text/html"))
    noticed = landing_faults(tab, f"{server.address}/warnings/", parts["warnings"][2:3])
    context.close()
    assert all(len(some) > 4 for some in parts.values())
    assert not faults, "\n".join(faults)
    assert "px from the top of the screen" in noticed[0] and "are still not shown" in noticed[1], noticed
