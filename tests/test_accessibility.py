"""What axe-core and a narrow window find."""

from visits import DESKTOP, NARROW, PHONE, axe_faults


def test_axe_finds_nothing_on_any_page(visits):
    faults = [f"{name} ({view}): {fault}" for name, visit in visits.items() for view, found in visit.axe.items() for fault in found]
    assert not faults, "\n".join(faults)


def test_axe_is_at_work(browser, server):
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    tab.goto(f"{server.address}/warnings/")
    tab.evaluate("() => { document.querySelector('h1').outerHTML = '<img src=x><p style=\"color:#999;background:#aaa\">pale words</p>'; }")
    faults = axe_faults(tab)
    context.close()
    assert any(fault.startswith("image-alt") for fault in faults)
    assert any(fault.startswith("color-contrast") for fault in faults)


def test_no_page_scrolls_sideways(visits):
    faults = [
        f"{name}: {page_width} px wide in a window of {window} px"
        for name, visit in visits.items()
        for window, page_width in visit.overflow.items()
        if page_width > window
    ]
    assert not faults, "\n".join(faults)
    assert all(set(visit.overflow) == {NARROW["width"], PHONE["width"], DESKTOP["width"]} for visit in visits.values())


def test_first_screen_of_the_home_page_says_what_matters(visits):
    """On a 390 × 844 phone, before any scrolling."""
    first = " ".join(visits["index"].first_screen.lower().split())
    for expected in ("naltrexone is a medicine", "do not take naltrexone if you use opioids", "get help"):
        assert expected in first, f"expected {expected!r} on the first screen; found: {first}"
