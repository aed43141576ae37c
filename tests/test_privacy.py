"""Nothing leaves the reader's device: what the browser itself saw, from a server and from a disk."""

import re
from urllib.parse import urlsplit

import pytest

from pages import Page
from test_safety import report
from visits import PHONE, STORAGE, Visit, watch

NOTHING = {"cookie": "", "local": [], "session": [], "databases": [], "caches": [], "workers": []}


# What `about` says of privacy, and the tests that prove it. A claim without its test here does not stand there.
CLAIMS = {
    "The pages set no cookies and keep nothing on your device.": ["test_a_visit_stores_nothing", "test_what_a_reader_types_searches_and_prints_stays_on_the_page"],
    "They ask no other site for anything: no ads, no counters, no fonts from elsewhere.": ["test_a_page_asks_no_other_host_for_anything", "test_the_same_from_a_disk"],
    "Search runs on your own device, so your words are not sent anywhere.": ["test_what_a_reader_types_searches_and_prints_stays_on_the_page"],
    "We do not ask for your name, and we count no visits.": ["test_a_page_asks_no_other_host_for_anything", "test_every_page_has_a_policy_that_allows_nothing_from_elsewhere"],
}


def strangers(seen: Visit, ours: str) -> list[str]:
    """Requests to any other host."""
    return [url for _, url in seen.requests if urlsplit(url).netloc != ours]


def policy_faults(page: Page) -> list[str]:
    """What a page's Content-Security-Policy leaves open, and inline scripts, handlers and styles that it has or would refuse."""
    meta = page.soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    if not meta:
        return [f"{page.name}: no Content-Security-Policy"]
    policy = {part.split()[0]: part.split()[1:] for part in meta["content"].split(";") if part.strip()}
    faults = [f"{page.name}: {name} should be 'none'; it is {policy.get(name)}" for name in ("default-src", "base-uri", "form-action") if policy.get(name) != ["'none'"]]
    if policy.get("script-src") != ["'self'"]:
        faults.append(f"{page.name}: script-src should be 'self'; it is {policy.get('script-src')}")
    for name, values in policy.items():
        faults += [f"{page.name}: {name} allows {value}" for value in values if value.startswith(("'unsafe", "http", "*"))]
    for script in page.soup.select("script:not([src])"):
        if script.get("type") != "application/ld+json":
            faults.append(f"{page.name}: an inline script: {script.get_text()[:60]!r}")
    for part in page.soup.find_all(True):
        faults += [f"{page.name}: {name}= on <{part.name}>" for name in part.attrs if name == "style" or name.startswith("on")]
    return faults


def link_out_faults(page: Page) -> list[str]:
    """Links to other sites that would tell them where the reader was, or whose words are nothing."""
    faults = []
    for link in page.soup.select('a[href^="http"]'):
        if "noreferrer" not in link.get("rel", []):
            faults.append(f'{page.name}: {link["href"]}: no rel="noreferrer"')
        if not link.get_text().strip() or link.get_text().strip().lower() in ("here", "link", "click here", "this page", "more"):
            faults.append(f"{page.name}: {link['href']}: the words of the link do not say where it goes: {link.get_text()!r}")
    return faults


def test_a_page_asks_no_other_host_for_anything(visits, server):
    ours = urlsplit(server.address).netloc
    faults = [f"{name}: {url}" for name, visit in visits.items() for url in strangers(visit, ours)]
    assert not faults, report(faults)


def test_every_page_was_asked_for(visits, server):
    """The check above would pass on a browser that loads nothing."""
    for name, visit in visits.items():
        assert ("document", f"{server.address}/") in [(kind, url[: len(server.address) + 1]) for kind, url in visit.requests], name


def test_a_visit_stores_nothing(visits):
    faults = [f"{name}: {visit.stored}" for name, visit in visits.items() if visit.stored != NOTHING | {"cookies": []}]
    assert not faults, report(faults)


def test_no_page_writes_to_the_console_or_breaks_its_own_policy(visits):
    faults = [f"{name}: {message}" for name, visit in visits.items() for message in visit.console]
    assert not faults, report(faults)


def test_every_page_has_a_policy_that_allows_nothing_from_elsewhere(site):
    faults = [fault for page in site.pages.values() for fault in policy_faults(page)]
    assert not faults, report(faults)


def test_no_page_tells_another_site_where_the_reader_was(site):
    faults = [fault for page in site.pages.values() for fault in link_out_faults(page)]
    faults += [f"{name}: no referrer policy" for name, page in site.pages.items() if not page.soup.select_one('meta[name="referrer"][content="no-referrer"]')]
    assert not faults, report(faults)


def test_about_claims_what_is_proven_and_no_more(site):
    heading = site.pages["about"].article.find("h2", id="your-privacy")
    said = [" ".join(item.get_text().split()) for item in heading.find_next("ul").select("li")]
    assert said == list(CLAIMS), "docs/about.md and CLAIMS say different things: each claim needs its test"
    unproven = [name for names in CLAIMS.values() for name in names if name not in globals()]
    assert not unproven, f"no such test: {unproven}"


def test_the_title_in_a_shared_history_says_the_subject_plainly(site):
    titles = {name: page.soup.title.get_text().strip() for name, page in site.pages.items()}
    faults = [f"{name}: {title!r}" for name, title in titles.items() if "naltrexone" not in title.lower()]
    assert not faults, report(faults)


@pytest.mark.parametrize(
    "old, new, expected",
    [
        ("script-src 'self'", "script-src 'self' 'unsafe-inline'", "'unsafe-inline'"),
        ("form-action 'none'", "form-action 'self'", "form-action should be"),
        ("Content-Security-Policy", "X-Nothing", "no Content-Security-Policy"),
        ("</article>", "<script>1</script></article>", "an inline script"),
        ("</article>", "<p style='color:red'>x</p></article>", "style= on <p>"),
        ("</article>", "<p onclick='1'>x</p></article>", "onclick= on <p>"),
    ],
)
def test_a_looser_policy_is_noticed(site, old, new, expected):
    assert any(expected in fault for fault in policy_faults(site.pages["warnings"].broken(old, new)))


def test_a_link_that_tells_is_noticed(site):
    page = site.pages["warnings"].broken("</article>", '<a href="https://example.org">here</a></article>')
    assert len(link_out_faults(page)) == len(link_out_faults(site.pages["warnings"])) + 2


def test_what_a_page_stores_says_or_asks_for_would_be_noticed(browser, server):
    """A page that does all that is forbidden, served as ours are."""
    context = browser.new_context()
    tab = context.new_page()
    seen = Visit()
    watch(seen, tab)
    tab.goto(f"{server.address}/warnings/")
    tab.evaluate("""async () => {
      localStorage.a = 1; sessionStorage.b = 2; document.cookie = 'c=3';
      await new Promise(done => { indexedDB.open('d').onsuccess = done; });
      await caches.open('e');
      document.body.insertAdjacentHTML('beforeend', '<img src="http://127.0.0.2:9/x.png" alt=""><p style="color: red">x</p>');
    }""")
    tab.wait_for_timeout(300)
    stored = tab.evaluate(STORAGE)
    context.close()
    assert stored == {"cookie": "c=3", "local": ["a"], "session": ["b"], "databases": ["d"], "caches": ["e"], "workers": []}
    assert sum("Content Security Policy" in message for message in seen.console) >= 2, seen.console
    stray = Visit(requests=[("image", "http://127.0.0.2:9/x.png")])
    assert strangers(stray, urlsplit(server.address).netloc)


def test_what_a_reader_types_searches_and_prints_stays_on_the_page(site, server, browser):
    """Search, and every box and switch of every page that has one: nothing sent, nothing kept, nothing in the address."""
    ours = urlsplit(server.address).netloc
    with_boxes = [page for page in site.pages.values() if page.soup.select_one("input:not(.md-toggle), textarea, [contenteditable]")]
    assert "search" in [page.name for page in with_boxes]
    for page in with_boxes:
        context = browser.new_context(viewport=PHONE)
        tab = context.new_page()
        seen = Visit()
        watch(seen, tab)
        tab.goto(f"{server.address}/{page.url}")
        address = tab.url
        for box in tab.query_selector_all("input:visible, textarea:visible, [contenteditable]:visible"):
            box.focus()
            if box.get_attribute("type") == "checkbox":
                tab.keyboard.press("Space")
                assert box.is_checked(), f"{page.name}: a box that cannot be ticked: {box.get_attribute('id')}"
            else:
                tab.keyboard.type("Anna")
                tab.keyboard.press("Enter")
        if page.name == "search":
            tab.locator("#search-words").fill("overdose")
            tab.locator("#search-found a").first.wait_for()
        tab.pdf(page_ranges="1")
        stored = tab.evaluate(STORAGE) | {"cookies": context.cookies()}
        sent = [url for _, url in seen.requests if "Anna" in url or "overdose" in urlsplit(url).query]
        assert stored == NOTHING | {"cookies": []}, f"{page.name}: {stored}"
        assert not strangers(seen, ours) and not sent and not seen.console, f"{page.name}: {seen.requests} {seen.console}"
        assert tab.url == address, f"{page.name}: what was typed stands in the address: {tab.url}"
        context.close()


def test_the_same_from_a_disk(site, browser):
    """Every page opened as a file: no host asked, nothing said, and search works."""
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    seen = Visit()
    watch(seen, tab)
    for page in site.pages.values():
        # The 404 page is a server's: it names everything from the server's root.
        if page.name != "404":
            tab.goto((site.folder / page.url / ("" if page.url.endswith(".html") else "index.html")).as_uri())
    tab.goto((site.folder / "search" / "index.html").as_uri())
    tab.locator("#search-words").fill("naloxone")
    tab.locator("#search-found a").first.click()
    assert tab.url.startswith("file://") and re.search(r"index\.html(#|$)", tab.url), tab.url
    assert tab.locator("h1").count() == 1
    context.close()
    faults = [url for _, url in seen.requests if not url.startswith("file://")] + seen.console
    assert not faults, report(faults)


def test_hosts_that_read_a_headers_file_get_the_same_promises(site):
    headers = (site.folder / "_headers").read_text(encoding="utf-8")
    for expected in ("frame-ancestors 'none'", "default-src 'self'", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff", "Permissions-Policy:"):
        assert expected in headers, f"docs/_headers: expected {expected!r}"
    assert "http" not in headers.lower().replace("http-equiv", "")
