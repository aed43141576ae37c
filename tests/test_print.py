"""What comes out of the printer, with JavaScript off."""

import re

import pytest

from pages import plain
from paper import lost_faults, parted_faults, side_faults, sides

TEXT = 12.0
"""Smallest type of anything to read, in points."""
SOURCES = 9.0
MARKS = 8.4
"""Citation numbers beside a sentence."""


def size_faults(name: str, paper: str, sizes: dict[float, int]) -> list[str]:
    """Type that is too small to read: only source lists and citation numbers may be under 12 points."""
    faults = []
    for size, count in sorted(sizes.items()):
        if size < MARKS or SOURCES < size < TEXT:
            faults.append(f"{name} on {paper}: {count} characters of {size} pt; text has {TEXT}, sources {SOURCES}")
    return faults


def test_the_warnings_print_on_two_sheets_of_paper(visits):
    """Two sheets, both sides: at most four printed sides."""
    for paper, out in visits["warnings"].paper.items():
        assert len(out.sheets) <= 4, f"warnings on {paper}: {len(out.sheets)} sides; two sheets have four"


def test_every_side_is_worth_its_paper_and_says_whose_it_is(visits):
    """No blank side, no last side with a line or two, nothing over a margin, a foot on each."""
    faults = [fault for name, visit in visits.items() for paper, out in visit.paper.items() for fault in side_faults(name, paper, out.pdf)]
    assert not faults, "\n".join(faults)


def test_every_word_of_a_page_is_on_paper(site, visits):
    faults = [fault for name, visit in visits.items() for paper, out in visit.paper.items() for fault in lost_faults(site.pages[name], paper, out.pdf)]
    assert not faults, "\n".join(faults)


def test_no_card_row_or_figure_is_parted_and_no_heading_is_left_at_a_foot(site, visits):
    faults = [fault for name, visit in visits.items() for paper, out in visit.paper.items() for fault in parted_faults(site.pages[name], paper, out.pdf)]
    assert not faults, "\n".join(faults)


BREAKS = {
    "parted between": "p => { const card = document.querySelector('.care p'); card.style.cssText = 'break-before: page'; card.closest('.care').style.breakInside = 'auto'; }",
    "left at a foot": "p => { const h = document.querySelector('h2'); h.style.breakAfter = 'auto'; h.nextElementSibling.style.breakBefore = 'page'; }",
    "blank": "p => { p.insertAdjacentHTML('beforebegin', '<div style=\"break-before: page; break-after: page; height: 1px\"></div>'); }",
    "lines; expected": "p => { p.closest('article').insertAdjacentHTML('beforeend', '<p style=\"break-before: page\">One line alone.</p>'); }",
    "over the margin": "p => { p.style.cssText = 'position: relative; left: -9mm'; }",
    "not on paper": "p => { p.style.cssText = 'height: 1px; overflow: hidden'; }",
    "times on paper": "p => { p.after(p.cloneNode(true)); p.after(p.cloneNode(true)); }",
    "at the foot": "p => { document.head.insertAdjacentHTML('beforeend', '<style>@page { @bottom-right { content: none } }</style>'); }",
}


@pytest.mark.parametrize("said", BREAKS)
def test_a_page_that_prints_badly_is_noticed(site, server, browser, said):
    # The page's own policy would refuse the breakage.
    context = browser.new_context(bypass_csp=True)
    tab = context.new_page()
    tab.goto(f"{server.address}/{site.pages['overdose-risk'].url}")
    tab.evaluate(f"() => ({BREAKS[said]})(document.querySelector('article h1 + p'))")
    pdf = tab.pdf(format="Letter")
    context.close()
    faults = side_faults("overdose-risk", "Letter", pdf) + lost_faults(site.pages["overdose-risk"], "Letter", pdf) + parted_faults(site.pages["overdose-risk"], "Letter", pdf)
    assert any(said in fault for fault in faults), f"expected a fault with {said!r}; found {faults}"


def test_the_print_button_prints_and_is_there_only_where_it_can_work(site, server, browser):
    faults = []
    for script in (True, False):
        context = browser.new_context(java_script_enabled=script)
        tab = context.new_page()
        if script:
            tab.add_init_script("window.print = () => { window.printed = true; }")
        for name in ("index", "warnings", "handouts/low-dose", "404"):
            tab.goto(f"{server.address}/{site.pages[name].url}")
            button = tab.locator("button.print-button")
            if button.count() != int(script):
                faults.append(f"{name}: {button.count()} buttons to print with JavaScript {'on' if script else 'off'}")
            elif script:
                button.click()
                if not tab.evaluate("() => window.printed"):
                    faults.append(f"{name}: the button does not print")
        context.close()
    assert not faults, "\n".join(faults)


def test_the_foot_of_each_side_names_the_page(site, visits):
    for name in ("warnings", "handouts/low-dose"):
        for out in visits[name].paper.values():
            for side in sides(out.pdf):
                assert site.pages[name].soup.title.get_text().split(" - ")[0] in side.foot, side.foot
                assert f"/{name}/" in side.foot and re.search(r"Checked \d+ \w+ 20\d\d", side.foot), side.foot


def test_words_on_paper_are_at_least_12_point(visits):
    faults = [fault for name, visit in visits.items() for paper, out in visit.paper.items() for fault in size_faults(name, paper, out.sizes)]
    assert not faults, "\n".join(faults)
    assert all(max(out.sizes) >= TEXT for visit in visits.values() for out in visit.paper.values())


def test_small_type_is_noticed():
    assert size_faults("a", "A4", {10.2: 300, 12.5: 9})
    assert size_faults("a", "A4", {6.0: 3})
    assert not size_faults("a", "A4", {8.5: 3, 9.0: 100, 12.0: 20, 22.0: 9})


def test_every_sheet_set_says_whose_it_is_and_how_far_it_can_be_trusted(visits):
    faults = []
    for name, visit in visits.items():
        for paper, out in visit.paper.items():
            text = plain(out.text)
            expected = ["understanding naltrexone", "no clinician has reviewed this edition", "it does not replace your prescriber"]
            if name != "404":
                expected += ["last checked against its sources", "next check due"]
            faults += [f"{name} on {paper}: expected {words!r}" for words in expected if words not in text]
    assert not faults, "\n".join(faults)


def test_paper_has_no_menu_or_search_box(visits):
    for name, visit in visits.items():
        for out in visit.paper.values():
            assert not re.search(r"Skip to the main text|Close menu|Leave this page quickly|Words to look for", out.text), name
