"""How fast the site is, as ratios to bare pages with the same words, measured in one run. See `make bench`.

Writes docs/includes/bench.md, which the quality page shows. Times depend on the machine, ratios hardly: read those.
"""

import datetime
import gzip
import http.server
import logging
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from conftest import CHROMIUM_FLAGS, build_with_mkdocs
from pages import ROOT, Site, built_site
from test_weight import bare, fetched, on_the_wire
from visits import PHONE

RUNS = 31
"""Visits to each page: the middle of 5 still moved by a fifth from one run to the next, that of 15 by a twentieth."""
# A slow phone: Lighthouse's mobile profile. Bytes a second, and milliseconds there and back.
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
SLOWER_PROCESSOR = 4
TABLE = ROOT / "docs" / "includes" / "bench.md"

MEASURES = [
    "What", "kB sent", "kB more than the bare page", "First paint, against the bare page", "Largest paint, against the bare page",
    "Layout shift", "Blocked, ms more than the bare page",
]  # fmt: skip

OBSERVE = """
  window.seen = { lcp: 0, shift: 0, blocked: 0 };
  new PerformanceObserver(list => list.getEntries().forEach(e => { seen.lcp = e.startTime; })).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) { seen.shift += e.value; } })).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver(list => list.getEntries().forEach(e => { seen.blocked += Math.max(0, e.duration - 50); })).observe({ type: 'longtask', buffered: true });
"""


class _Gzip(http.server.BaseHTTPRequestHandler):
    """Sends files as a web server does: with gzip."""

    def do_GET(self):
        file = self.server.folder / self.path.split("?")[0].lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file():
            self.send_error(404)
            return
        body = gzip.compress(file.read_bytes(), 6)
        kinds = {".html": "text/html; charset=utf-8", ".js": "text/javascript", ".svg": "image/svg+xml", ".css": "text/css"}
        self.send_response(200)
        self.send_header("Content-Type", kinds.get(file.suffix, "application/octet-stream"))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def slow_phone(browser: Browser):
    """A fresh context and tab of a slow phone on a slow network, with an empty cache."""
    context = browser.new_context(viewport=PHONE, device_scale_factor=2)
    tab = context.new_page()
    tools = context.new_cdp_session(tab)
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", NETWORK)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    return context, tab


def paint(browser: Browser, address: str) -> dict[str, float]:
    """First and largest paint and blocked time in milliseconds, and layout shift, of one visit."""
    context, tab = slow_phone(browser)
    tab.add_init_script(OBSERVE)
    tab.goto(address, wait_until="load")
    tab.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    tab.wait_for_timeout(700)
    seen = tab.evaluate("() => ({ ...seen, fcp: performance.getEntriesByName('first-contentful-paint')[0].startTime })")
    context.close()
    return seen


def search_time(browser: Browser, address: str) -> float:
    """Milliseconds from reaching for the box, a word typed at once, to the first result."""
    context, tab = slow_phone(browser)
    tab.goto(f"{address}/search/", wait_until="load")
    took = tab.evaluate("""() => new Promise(done => {
      const box = document.querySelector('#search-words'), list = document.querySelector('#search-found');
      const from = performance.now();
      new MutationObserver(() => { if (list.children.length) { done(performance.now() - from); } }).observe(list, { childList: true });
      box.focus(); box.value = 'naloxone'; box.dispatchEvent(new Event('input'));
    })""")
    context.close()
    return took


def build_times(times: int) -> dict[str, float]:
    """Builder to seconds, for a copy of the project with each page `times` times."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        for part in ("docs", "overrides"):
            shutil.copytree(ROOT / part, copy / part)
        shutil.copy(ROOT / "mkdocs.yml", copy)
        for number in range(1, times):
            for page in (ROOT / "docs").glob("*.md"):
                shutil.copy(page, copy / "docs" / f"{page.stem}-{number}.md")
        # The copies are in no menu, which the real project does not allow.
        config = (copy / "mkdocs.yml").read_text(encoding="utf-8").replace("strict: true", "strict: false")
        (copy / "mkdocs.yml").write_text(config, encoding="utf-8")
        took = {}
        for builder in ("mkdocs", "zensical"):
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", builder, "build"], cwd=copy, check=True, capture_output=True)
            took[builder] = time.perf_counter() - began
        return took


def median(values) -> float:
    return statistics.median(list(values))


def ratio(ours: float, floor: float) -> str:
    return f"{ours / floor:.2f}" if floor else "1.00"


def main() -> None:
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        build_with_mkdocs(folder)
        site: Site = built_site(folder)
        patients = {name: page for name, page in site.pages.items() if name != "for-clinicians" and not name.startswith("sources")}
        longest = max(patients, key=lambda name: len(patients[name].html))
        names = ["index", "warnings", longest]
        for name in names:
            (folder / "bare").mkdir(exist_ok=True)
            (folder / "bare" / f"{name}.html").write_text(bare(site.pages[name]), encoding="utf-8")
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Gzip)
        server.folder = folder
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}"
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        columns = [MEASURES]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
            paint(browser, f"{address}/")
            for name in names:
                page = site.pages[name]
                ours, floor = [], []
                for _ in range(RUNS):
                    ours.append(paint(browser, f"{address}/{page.url}"))
                    floor.append(paint(browser, f"{address}/bare/{name}.html"))
                mid = {key: median(run[key] for run in ours) for key in ours[0]}
                low = {key: median(run[key] for run in floor) for key in floor[0]}
                size = on_the_wire(page.html) + sum(map(on_the_wire, fetched(page, site).values()))
                columns.append([
                    name.replace("index", "home").replace("-", " ").capitalize(), f"{size / 1000:.1f}", f"{(size - on_the_wire(bare(page))) / 1000:.1f}", ratio(mid["fcp"], low["fcp"]), ratio(mid["lcp"], low["lcp"]),
                    f"{mid['shift']:.3f}", f"{max(0, mid['blocked'] - low['blocked']):.0f}",
                ])  # fmt: skip
            search = median(search_time(browser, address) for _ in range(RUNS))
            browser.close()
        server.shutdown()
        index = on_the_wire((folder / "search-index.js").read_text(encoding="utf-8"))
        count = len(site.pages)
    once, ten = build_times(1), build_times(10)
    # A row for each measure: a table with 7 columns cannot be read on a phone.
    lines = [f"| {' | '.join(row)} |" for row in zip(*columns)]
    lines.insert(1, "|" + "---|" * len(columns))
    today = datetime.date.today()
    TABLE.write_text(
        f"""Measured on {today.day} {today:%B %Y} with `make bench`, on a slow phone played by Chromium: the middle of {RUNS} visits.
The bare page has the same words and no style.

{chr(10).join(lines)}

| What | Measured |
|---|---|
| First result of a search | {search:.0f} ms |
| Index of the search | {index / 1000:.0f} kB |
| Build of {count} pages, MkDocs | {once['mkdocs']:.1f} s |
| Build of {count} pages, Zensical | {once['zensical']:.1f} s |
| Build of 10 times the pages, MkDocs | {ten['mkdocs']:.1f} s |
| Build of 10 times the pages, Zensical | {ten['zensical']:.1f} s |
""",
        encoding="utf-8",
    )
    print(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
