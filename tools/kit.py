"""Print every handout to PDF: Letter and A4, in usual and large print, and a zip of them all.

Run by `make kit`. Writes kit/ and the small pictures for docs/handouts/index.md.
"""

import functools
import http.server
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from pathlib import Path

import pypdfium2
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parent.parent
KIT = ROOT / "kit"
PICTURES = ROOT / "docs" / "assets" / "handouts"
PAPERS = ("Letter", "A4")
ZIP = "naltrexone-handouts.zip"
SIDES = 2
PICTURE_WIDTH = 220
"""Pixels. A picture of a sheet stays under 10 kB."""


def handouts() -> list[str]:
    """Names of the handouts, in the order of their files."""
    return sorted(file.stem for file in (ROOT / "docs" / "handouts").glob("*.md") if file.stem != "index")


def file_name(handout: str, paper: str, large: bool) -> str:
    """Name of one PDF, as overrides/partials/handout-kit.html links to it."""
    return f"{handout}-{paper.lower()}{'-large' if large else ''}.pdf"


def print_pdfs(browser, address: str, handout: str) -> dict[str, bytes]:
    """File name to PDF for every paper and print size of one handout: tagged, titled, with its language."""
    tab = browser.new_page()
    tab.goto(f"{address}/handouts/{handout}/", wait_until="load")
    made = {}
    for large in (False, True):
        tab.locator("#large-print").set_checked(large)
        for paper in PAPERS:
            made[file_name(handout, paper, large)] = tab.pdf(format=paper, tagged=True)
    tab.close()
    return made


def length_faults(handout: str, made: dict[str, bytes]) -> list[str]:
    """Papers on which a handout in usual print has more than the two sides of one sheet. Takes what `print_pdfs` made."""
    faults = []
    for paper in PAPERS:
        document = pypdfium2.PdfDocument(made[file_name(handout, paper, False)])
        if len(document) > SIDES:
            faults.append(
                f"docs/handouts/{handout}.md:1: {len(document)} sides on {paper}; expected {SIDES} at most. "
                "Shorten the sheet, or the clinic's details in mkdocs.yml: its name, address and hours take a line each"
            )
        document.close()
    return faults


def picture(pdf: bytes) -> bytes:
    """The first side as a small grey PNG (4 bits a pixel)."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    bitmap = page.render(scale=PICTURE_WIDTH / page.get_width(), grayscale=True)
    width, height, stride, pixels = bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer)
    rows = bytearray()
    for y in range(height):
        row = [pixels[y * stride + x] >> 4 for x in range(width)] + [15] * (width % 2)
        rows += b"\0" + bytes(row[x] << 4 | row[x + 1] for x in range(0, len(row), 2))
    document.close()

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 4, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")


class _QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def main() -> int:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        print("No Chromium found. `make kit` installs it; by hand:  sudo apt install chromium", file=sys.stderr)
        return 2
    shutil.rmtree(KIT, ignore_errors=True)
    KIT.mkdir()
    PICTURES.mkdir(exist_ok=True)
    faults = []
    with tempfile.TemporaryDirectory() as site:
        subprocess.run([sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", site], cwd=ROOT, check=True, env=os.environ)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_QuietHandler, directory=site))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
            for name in handouts():
                made = print_pdfs(browser, f"http://127.0.0.1:{server.server_address[1]}", name)
                faults += length_faults(name, made)
                for file, pdf in made.items():
                    (KIT / file).write_bytes(pdf)
                (PICTURES / f"{name}.png").write_bytes(picture(made[file_name(name, "Letter", False)]))
            browser.close()
        server.shutdown()
    pdfs = sorted(KIT.glob("*.pdf"))
    with zipfile.ZipFile(KIT / ZIP, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in pdfs:
            archive.write(file, file.name)
    print(f"Made kit/: {len(pdfs)} PDFs and {ZIP}, {sum(file.stat().st_size for file in KIT.iterdir()) // 1024} kB in all")
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
