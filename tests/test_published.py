"""The site where it is published: at a root or in a sub-folder, found at any wrong address, the same from any build."""

import hashlib
import http.server
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml
from bs4 import BeautifulSoup

from address import address_fault
from conftest import build_with_mkdocs
from pages import ROOT, Page, Site, built_site

HOST = "https://example.org"
SCHEMA = json.loads((ROOT / "tests" / "structured-data.schema.json").read_text(encoding="utf-8"))
PLACES = {"at a root": "/", "in a sub-folder": "/naltrexone/"}
REVIEWER = "Dr A. Example, physician"


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> dict[str, Site]:
    """The site built for a root, and for a sub-folder by people whose edition a clinician has reviewed."""
    sites = {}
    before = os.environ.get("SITE_URL")
    for place, folder in PLACES.items():
        copy = tmp_path_factory.mktemp("published")
        for part in ("docs", "overrides"):
            shutil.copytree(ROOT / part, copy / part)
        config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
        if folder != "/":
            config = config.replace('clinical_reviewer: ""', f'clinical_reviewer: "{REVIEWER}"')
        (copy / "mkdocs.yml").write_text(config, encoding="utf-8")
        os.environ["SITE_URL"] = HOST + folder
        try:
            build_with_mkdocs(copy / "site", copy)
        finally:
            os.environ.pop("SITE_URL")
            if before is not None:
                os.environ["SITE_URL"] = before
        sites[place] = built_site(copy / "site")
    return sites


def walk_faults(site: Site, root: str, lost_at: str, only: str | None = None) -> list[str]:
    """Every address on every page (or on `only` one) that leads to no file, with the site at `root`.

    The 404 page is read at `lost_at`, a wrong address: its links must work from there.
    """
    files = {file.relative_to(site.folder).as_posix() for file in site.folder.rglob("*") if file.is_file()}
    ids = {page.url: {element["id"] for element in page.soup.find_all(id=True)} for page in site.pages.values()}
    faults = []
    for page in site.pages.values():
        if only not in (None, page.name):
            continue
        here = HOST + root + (lost_at if page.name == "404" else page.url)
        for element in page.soup.find_all(True):
            for name in ("href", "src", "content", "poster"):
                address = element.get(name)
                if not address or (name == "content" and not address.startswith(HOST)) or re.match(r"(tel|mailto|data):", address):
                    continue
                whole, anchor = urldefrag(urljoin(here, address))
                if urlsplit(whole).netloc != urlsplit(HOST).netloc:
                    continue
                path = unquote(urlsplit(whole).path)
                file = path.removeprefix(root)
                file += "index.html" if file.endswith("/") or not file else ""
                if page.name == "404" and whole == here and anchor:
                    file = "404.html"
                if not path.startswith(root) or file not in files:
                    faults.append(f"{page.name}: <{element.name} {name}={address}> leads to no file")
                elif anchor and file.endswith(".html") and unquote(anchor) not in ids[file.removesuffix("index.html")]:
                    faults.append(f"{page.name}: {address} leads to no place on that page")
    return faults


@pytest.mark.parametrize("place", PLACES)
def test_every_address_leads_somewhere_wherever_the_site_is(published, place):
    for lost_at, only in (("a/b/c/", None), ("wrong", "404"), ("wrong/", "404")):
        faults = walk_faults(published[place], PLACES[place], lost_at, only)
        assert not faults, f"{place}, lost at {lost_at}: {len(faults)} faults:\n" + "\n".join(faults[:40])


def test_without_an_address_every_link_works_and_no_page_names_one(site):
    assert not walk_faults(site, "/", "a/b/c/")
    for page in site.pages.values():
        assert not page.soup.select('link[rel="canonical"], meta[property="og:url"], meta[property="og:image"]'), page.name
        assert '"url": "http' not in re.sub(r'"citation".*', "", page.html, flags=re.S), page.name


def test_an_address_that_leads_nowhere_is_noticed(published):
    whole = published["in a sub-folder"]
    for bad in ('<a href="/warnings/">x</a>', '<img src="nowhere.png">', '<a href="../warnings/#nowhere">x</a>'):
        broken = Site(whole.folder, {**whole.pages, "alcohol": whole.pages["alcohol"].broken("</article>", f"{bad}</article>")})
        assert len(walk_faults(broken, "/naltrexone/", "a/", "alcohol")) == 1, bad
    relative = whole.pages["404"].broken('href="/naltrexone/warnings/index.html"', 'href="warnings/index.html"')
    assert walk_faults(Site(whole.folder, {**whole.pages, "404": relative}), "/naltrexone/", "a/b/", "404")


class _SubFolder(http.server.SimpleHTTPRequestHandler):
    """GitHub Pages in small: a site below /naltrexone/, its 404.html for any other address there."""

    folder: Path

    def translate_path(self, path):
        return str(self.folder / unquote(urlsplit(path).path).removeprefix("/naltrexone/"))

    def send_error(self, code, message=None, explain=None):
        body = (self.folder / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_the_404_page_helps_at_any_depth(published, browser):
    handler = type("Handler", (_SubFolder,), {"folder": published["in a sub-folder"].folder})
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{running.server_address[1]}"
    context = browser.new_context()
    tab = context.new_page()
    failed = []
    tab.on("response", lambda got: failed.append(got.url) if got.status >= 400 and not got.url.endswith("/a/b/c/") else None)
    assert tab.goto(f"{address}/naltrexone/a/b/c/").status == 404
    article = tab.locator("article")
    assert "Overdose, or cannot breathe?" in tab.locator("body").inner_text()
    doors = ["You are thinking about it", "You are about to start", "You are taking it", "You are helping someone"]
    for link in ("Get help now", "Read the warnings", *doors):
        tab.goto(f"{address}/naltrexone/a/b/c/")
        article.get_by_role("link", name=link).first.click()
        assert tab.url.startswith(f"{address}/naltrexone/"), link
        assert tab.locator("h1").first.inner_text() != "This page is not here", link
    context.close()
    running.shutdown()
    running.server_close()
    assert not failed, failed
    assert published["in a sub-folder"].pages["404"].soup.select('meta[name="robots"][content="noindex"]')


@pytest.mark.parametrize("place", PLACES)
def test_sitemap_and_robots_name_each_page_once_and_whole(published, place):
    site, root = published[place], HOST + PLACES[place]
    sitemap = ElementTree.parse(site.folder / "sitemap.xml")
    assert sorted(loc.text for loc in sitemap.iterfind(".//{*}loc")) == sorted(root + page.url for page in site.pages.values() if page.name != "404")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", day.text) for day in sitemap.iterfind(".//{*}lastmod"))
    assert f"Sitemap: {root}sitemap.xml" in (site.folder / "robots.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("place", PLACES)
def test_each_page_has_its_own_address_description_and_card(published, place):
    site, root = published[place], HOST + PLACES[place]
    descriptions = set()
    for page in site.pages.values():
        if page.name == "404":
            continue
        said = {tag.get("property") or tag.get("name"): tag["content"] for tag in page.soup.select("meta[content]")}
        assert [link["href"] for link in page.soup.select('link[rel="canonical"]')] == [root + page.url], page.name
        assert said["og:url"] == root + page.url
        assert said["og:image"] == f"{root}assets/card.png"
        assert said["og:description"] == said["description"]
        assert len(page.soup.select('meta[name="description"]')) == 1, page.name
        descriptions.add(said["description"])
    assert len(descriptions) == len(site.pages) - 1


def test_the_card_is_a_drawing_with_the_words_that_stand_for_it(published):
    picture = (ROOT / "docs" / "assets" / "card.png").read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n" and len(picture) < 100_000
    assert struct.unpack(">II", picture[16:24]) == (1200, 630)
    drawing = BeautifulSoup((ROOT / "figures" / "card.svg").read_text(encoding="utf-8"), "html.parser")
    words = " ".join(text.get_text() for text in drawing.find_all("text"))
    alt = published["at a root"].pages["index"].soup.select_one('meta[property="og:image:alt"]')["content"]
    assert re.findall(r"\w+", words) == re.findall(r"\w+", alt) == re.findall(r"\w+", drawing.svg["aria-label"])


def structured_data_faults(page: Page, menu: dict[str, list[str]], site_name: str, reviewer: str) -> list[str]:
    """Where a page's JSON-LD is not valid, or says other than the page says.

    `menu` is page name to the titles of the sections above it; `reviewer` is empty while nobody reviewed.
    """
    blocks = page.soup.select('script[type="application/ld+json"]')
    if len(blocks) != 1:
        return [f"{page.name}: {len(blocks)} blocks of structured data; expected 1"]
    try:
        data = json.loads(blocks[0].string)
    except json.JSONDecodeError as fault:
        return [f"{page.name}: structured data is not JSON: {fault}"]
    faults = [f"{page.name}: {'/'.join(map(str, fault.path))}: {fault.message[:200]}" for fault in jsonschema.Draft202012Validator(SCHEMA).iter_errors(data)]
    title = page.soup.title.get_text().removesuffix(f" - {site_name}")
    checked = page.article.select_one(".review-line time")
    expected = {
        "name": title,
        "description": page.soup.select_one('meta[name="description"]')["content"],
        "lastReviewed": checked["datetime"] if checked else None,
        "citation": [note.find("a", href=re.compile("^http"))["href"] for note in page.article.select(".footnote li")],
        "breadcrumb": [site_name] + ([*menu[page.name], title] if page.name != "index" else []),
        "reviewedBy": reviewer or None,
        "audience": "Clinician" if page.name == "for-clinicians" else "Patient",
    }
    found = {
        "name": data.get("name"),
        "description": data.get("description"),
        "lastReviewed": data.get("lastReviewed"),
        "citation": data.get("citation", []),
        "breadcrumb": [step.get("name") for step in data.get("breadcrumb", {}).get("itemListElement", [])],
        "reviewedBy": data.get("reviewedBy", {}).get("name"),
        "audience": data.get("audience", {}).get("audienceType"),
    }
    faults += [f"{page.name}: {key} says {found[key]!r}; the page says {expected[key]!r}" for key in expected if found[key] != expected[key]]
    return faults


def menu_sections() -> tuple[dict[str, list[str]], str]:
    """Page name to the titles above it in `nav`, and the site's name."""
    loader = type("Loader", (yaml.SafeLoader,), {})
    loader.add_multi_constructor("", lambda *_: None)
    config = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), loader)
    found: dict[str, list[str]] = {}

    def walk(part, above):
        if isinstance(part, str):
            found[part.removesuffix(".md").removesuffix("/index")] = above
        elif isinstance(part, list):
            for each in part:
                walk(each, above)
        else:
            for title, below in part.items():
                walk(below, above if isinstance(below, str) else [*above, title])

    walk(config["nav"], [])
    return found, config["site_name"]


def test_structured_data_is_valid_and_says_what_the_page_says(published, site):
    menu, name = menu_sections()
    faults = []
    for built, reviewer in ((published["at a root"], ""), (published["in a sub-folder"], REVIEWER), (site, "")):
        faults += [fault for page in built.pages.values() if page.name != "404" for fault in structured_data_faults(page, menu, name, reviewer)]
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:40])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"@type": "MedicalWebPage"', '"@type": "MedicalWebsite"'),
        ('"lastReviewed": "20', '"lastReviewed": "19'),
        ('"lastReviewed": "', '"lastReviewed": "on '),
        ('"name": "', '"name": "Best '),
        ('"citation": [', '"citation": ["https://example.org/",'),
        ('"audienceType": "Patient"', '"audienceType": "Everyone"'),
        ('"position": 1', '"position": "first"'),
        ('"inLanguage"', '"reviewedBy": {"@type": "Person", "name": "Dr No"}, "inLanguage"'),
        ('"inLanguage"', '"rating": 5, "inLanguage"'),
        ('"@context"', "'@context'"),
    ],
)
def test_wrong_structured_data_is_noticed(published, old, new):
    menu, name = menu_sections()
    page = published["at a root"].pages["warnings"]
    assert structured_data_faults(page.broken(old, new), menu, name, "")


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org/", "https://", "https://example.org/a b/", "https://example.org/?a", "/naltrexone/"])
def test_an_address_that_is_none_is_noticed(address):
    assert address in address_fault(address) and "SITE_URL=https://" in address_fault(address)


@pytest.mark.parametrize("address", ["", "https://example.org", "https://example.org/naltrexone/", "http://127.0.0.1:8000/a/b"])
def test_an_address_may_be_left_out_or_be_whole(address):
    assert address_fault(address) is None


# Python reads this file when it starts: three days pass, and files lie in another order on the disk.
LATER = """
import datetime, os, time
class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None): return super().now(tz) + datetime.timedelta(days=3)
    @classmethod
    def utcnow(cls): return super().utcnow() + datetime.timedelta(days=3)
datetime.datetime = Later
_time, _listdir = time.time, os.listdir
time.time = lambda: _time() + 3 * 86400
os.listdir = lambda *given: sorted(_listdir(*given), reverse=True)
"""


def digests(folder: Path) -> dict[str, str]:
    return {file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_two_builds_of_one_commit_in_two_folders_on_two_days_are_the_same(tmp_path):
    first, second, later = tmp_path / "first", tmp_path / "much" / "deeper" / "second", tmp_path / "later"
    first.mkdir()
    for part in ("docs", "overrides", "tools"):
        shutil.copytree(ROOT / part, first / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("mkdocs.yml", "Makefile", "requirements.txt"):
        shutil.copy(ROOT / part, first)
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "--date=2026-01-02T03:04:05Z", "-m", "Try"]):
        subprocess.run([*git, *command], cwd=first, check=True, capture_output=True)
    subprocess.run(["git", "clone", "-q", str(first), str(second)], check=True, capture_output=True)
    later.mkdir()
    (later / "sitecustomize.py").write_text(LATER, encoding="utf-8")
    for folder, more in ((first, {}), (second, {"PYTHONPATH": str(later), "TZ": "Pacific/Auckland", "LC_ALL": "C"})):
        env = {key: value for key, value in os.environ.items() if key not in ("SOURCE_DATE_EPOCH", "MAKEFLAGS", "MAKELEVEL")}
        done = subprocess.run(
            ["make", "-o", ".venv/serve.stamp", "PY=" + sys.executable.replace(" ", "\\ "), "build"],
            cwd=folder, env={**env, "SITE_URL": "https://example.org/naltrexone", **more}, capture_output=True, text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    one, other = digests(first / "site"), digests(second / "site")
    differing = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    assert not differing, f"{len(differing)} of {len(one)} files differ: {differing[:20]}"
    assert len(one) > 40 and "sitemap.xml.gz" in one
