"""Nothing leaves the reader's device: what the browser itself saw."""

from urllib.parse import urlsplit


def test_a_page_asks_no_other_host_for_anything(visits, server):
    ours = urlsplit(server.address).netloc
    strangers = sorted({f"{name}: {url}" for name, visit in visits.items() for url in visit.requests if urlsplit(url).netloc != ours})
    assert not strangers, "Requests to other hosts:\n" + "\n".join(strangers)


def test_every_page_was_asked_for(visits, server):
    """The check above would pass on a browser that loads nothing."""
    for name, visit in visits.items():
        assert any(url.endswith(("site.css", "handout.css")) for url in visit.requests), name


def test_a_visit_stores_nothing(visits):
    kept = {name: visit.stored for name, visit in visits.items() if any(visit.stored.values())}
    assert not kept, f"Stored on the reader's device: {kept}"


def test_what_a_page_stores_would_be_noticed(browser, server, site):
    from visits import STORAGE

    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{server.address}/")
    tab.evaluate("() => { localStorage.a = 1; sessionStorage.b = 2; document.cookie = 'c=3'; }")
    stored = tab.evaluate(STORAGE)
    context.close()
    assert stored == {"cookie": "c=3", "local": ["a"], "session": ["b"]}


def test_no_page_writes_to_the_console(visits):
    spoken = {name: visit.console for name, visit in visits.items() if visit.console}
    assert not spoken, f"Console messages: {spoken}"
