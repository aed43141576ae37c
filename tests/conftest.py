"""One build of the real site, one browser, one visit to each page: every test reads what these hold."""

import concurrent.futures
import contextlib
import functools
import http.server
import logging
import logging.handlers
import os
import queue
import re
import shutil
import threading
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort
from playwright.sync_api import sync_playwright

from clinic import clinic_faults
from faults import all_faults, explained
from pages import Site, built_site
from visits import Visit, print_out, visit

ROOT = Path(__file__).parent.parent
CHROMIUM_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def build_with_mkdocs(target: Path, project: Path = ROOT) -> None:
    """Build a project into `target` as `mkdocs build` does. Raises mkdocs.exceptions.Abort on any warning: it is strict."""
    logging.getLogger("mkdocs").setLevel(logging.WARNING)
    # Snippets look in folders named from where the command is run.
    before = os.getcwd()
    os.chdir(project)
    try:
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(target))
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    finally:
        os.chdir(before)


def with_clinic(settings: str, details: str) -> str:
    """The text of mkdocs.yml with other details of a clinic: what stands behind `clinic:`. A clinic's own are taken out."""
    found = re.search(r"^  clinic:.*\n(?: {3,}\S.*\n)*", settings, re.M)
    assert found, "mkdocs.yml: expected a line `  clinic: {}` under `extra:`"
    return settings.replace(found[0], f"  clinic:{details.rstrip()}\n")


class Server:
    """Serves a folder at a free port of this machine only."""

    def __init__(self, folder: Path):
        handler = functools.partial(_QuietHandler, directory=str(folder))
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    """The site as built by MkDocs."""
    if faults := all_faults() + clinic_faults((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), ROOT / "docs"):
        pytest.exit(f"{len(faults)} faults, so there is nothing to test:\n" + "\n".join(faults), returncode=1)
    target = tmp_path_factory.mktemp("site")
    said = logging.handlers.BufferingHandler(10_000)
    said.setLevel(logging.WARNING)
    logging.getLogger("mkdocs").addHandler(said)
    try:
        build_with_mkdocs(target)
    except (Abort, Exception) as stop:
        reasons = "\n".join(explained(record.getMessage()) for record in said.buffer)
        pytest.exit(f"The site does not build, so there is nothing to test:\n{reasons or stop}", returncode=1)
    finally:
        logging.getLogger("mkdocs").removeHandler(said)
    return built_site(target)


@pytest.fixture(scope="session")
def ours(site, tmp_path_factory) -> Site:
    """The site without a clinic's details. In a clinic's copy that is another than the one to test, and is built here."""
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    if with_clinic(settings, " {}") == settings:
        return site
    copy = tmp_path_factory.mktemp("ours")
    for part in ("docs", "overrides"):
        shutil.copytree(ROOT / part, copy / part)
    (copy / "mkdocs.yml").write_text(with_clinic(settings, " {}"), encoding="utf-8")
    build_with_mkdocs(copy / "site", copy)
    return built_site(copy / "site")


@pytest.fixture(scope="session")
def server(site):
    running = Server(site.folder)
    yield running
    running.close()


@contextlib.contextmanager
def chromium():
    """The system's Chromium. Never skipped: without it no test can say what a patient sees."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        pytest.exit("No Chromium found. `make test` installs it; by hand:  sudo apt install chromium", returncode=2)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def browser():
    with chromium() as running:
        yield running


def pytest_collection_modifyitems(items):
    """Tests that read the visits come last: while the visits are made, the others run."""
    items.sort(key=lambda item: "visits" in item.fixturenames)


@pytest.fixture(scope="session", autouse=True)
def visits_under_way(request):
    """The visits, begun before the first test in a browser of their own, and a function that lends another browser a hand.

    One core is for them and one for the tests. None where no test reads them.
    """
    if not any("visits" in item.fixturenames for item in request.session.items):
        yield None
        return
    site, server = request.getfixturevalue("site"), request.getfixturevalue("server")
    pages, stopped = queue.SimpleQueue(), threading.Event()
    for page in site.pages.values():
        pages.put(page)

    def some(running) -> dict[str, Visit]:
        found = {}
        with contextlib.suppress(queue.Empty):
            while not stopped.is_set():
                page = pages.get_nowait()
                found[page.name] = visit(running, server.address, page)
        return found

    def beside() -> dict[str, Visit]:
        with chromium() as running:
            return some(running)

    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        yield thread.submit(beside), some
        stopped.set()


@pytest.fixture(scope="session")
def visits(site, browser, visits_under_way) -> dict[str, Visit]:
    """Page name to what a patient gets there, in every view."""
    begun, some = visits_under_way
    found = some(browser) | begun.result()
    # Read here and not during the visits: the reader of PDFs bears one thread only.
    for seen in found.values():
        seen.paper = {paper: print_out(pdf) for paper, pdf in seen.pdfs.items()}
    return {name: found[name] for name in site.pages}
