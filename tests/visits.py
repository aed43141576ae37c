"""One visit to a page, in every view a patient may have of it."""

import re
from dataclasses import dataclass, field

import pypdfium2
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page as Tab

from pages import Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}

# What can be seen of each statement's own element. A text node counts when it has a size, no
# ancestor hides, clips, closes or fades it, it lies on the page, and its colour can be told from
# what is behind it. Citation numbers are left out. Pieces are runs of text without a gap.
STATEMENTS = r"""
() => {
  const rgb = colour => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    if (colour.startsWith('color(')) { return [parts[0] * 255, parts[1] * 255, parts[2] * 255, parts[3] ?? 1]; }
    return [parts[0], parts[1], parts[2], parts[3] ?? 1];
  };
  const light = ([r, g, b]) => [r, g, b].reduce((sum, v, i) => {
    v /= 255;
    return sum + [0.2126, 0.7152, 0.0722][i] * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  }, 0);
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = rgb(getComputedStyle(e).backgroundColor);
      if (colour[3] > 0.5) { return colour; }
    }
    return matchMedia('print').matches || !matchMedia('(prefers-color-scheme: dark)').matches ? [255, 255, 255] : [0, 0, 0];
  };
  const seen = node => {
    const parent = node.parentElement;
    if (!parent.checkVisibility({ contentVisibilityAuto: true, opacityProperty: true, visibilityProperty: true })) { return false; }
    const range = document.createRange();
    range.selectNodeContents(node);
    const boxes = [...range.getClientRects()].filter(box => box.width > 0.5 && box.height > 3);
    if (!boxes.length) { return false; }
    const right = document.documentElement.scrollWidth;
    const style = getComputedStyle(parent);
    if (parseFloat(style.fontSize) < 8) { return false; }
    const ink = rgb(style.webkitTextFillColor || style.color);
    if (ink[3] < 0.3) { return false; }
    const [a, b] = [light(ink), light(behind(parent))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 2) { return false; }
    for (const box of boxes) {
      const top = box.top + scrollY, left = box.left + scrollX;
      if (top + box.height <= 0 || left + box.width <= 0 || left >= right) { return false; }
    }
    for (let e = parent; e; e = e.parentElement) {
      const s = getComputedStyle(e);
      if (parseFloat(s.opacity) < 0.3) { return false; }
      if (s.clipPath !== 'none' || (s.clip !== 'auto' && s.position === 'absolute')) { return false; }
      if (s.filter !== 'none' || s.maskImage !== 'none' && s.maskImage !== undefined && s.maskImage !== '') { return false; }
      if (e !== document.body && e !== document.documentElement && (s.overflowX !== 'visible' || s.overflowY !== 'visible')) {
        const frame = e.getBoundingClientRect();
        for (const box of boxes) {
          if (box.bottom > frame.bottom + 2 || box.top < frame.top - 2 || box.right > frame.right + 2 || box.left < frame.left - 2) { return false; }
        }
      }
    }
    return true;
  };
  const found = [];
  for (const element of document.querySelectorAll('[data-safety]')) {
    const pieces = [];
    let open = false;
    const walk = node => {
      if (node.nodeType === Node.TEXT_NODE) {
        if (!node.data.trim() || !seen(node)) { if (node.data.trim()) { open = false; } return; }
        if (open) { pieces[pieces.length - 1] += node.data; } else { pieces.push(node.data); open = true; }
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.matches('sup')) { open = false; return; }
        const block = getComputedStyle(node).display !== 'inline';
        if (block) { open = false; }
        node.childNodes.forEach(walk);
        if (block) { open = false; }
      }
    };
    walk(element);
    found.push({ id: element.dataset.safety, pieces: pieces.map(p => p.replace(/\s+/g, ' ').trim()).filter(Boolean) });
  }
  return found;
}
"""

STORAGE = "() => ({cookie: document.cookie, local: Object.keys(localStorage), session: Object.keys(sessionStorage)})"


@dataclass
class Statement:
    """A safety statement as seen: its id and the runs of its visible text."""

    id: str
    pieces: list[str]

    @property
    def text(self) -> str:
        return " ".join(self.pieces)


@dataclass
class Visit:
    """What a patient gets from one page."""

    views: dict[str, list[Statement]] = field(default_factory=dict)
    """View name to the safety statements seen in it."""
    paper: dict[str, "PrintOut"] = field(default_factory=dict)
    """"Letter" and "A4", printed with JavaScript off."""
    overflow: dict[int, int] = field(default_factory=dict)
    """Window width to the page's own width, both in CSS pixels."""
    axe: dict[str, list[str]] = field(default_factory=dict)
    """View name to accessibility faults found by axe-core."""
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    stored: dict = field(default_factory=dict)
    first_screen: str = ""
    """Text whose box lies wholly on the first screen of a 390 × 844 phone."""


@dataclass
class PrintOut:
    """A page's PDF: its sheets' texts and the height of each character, in points."""

    sheets: list[str]
    sizes: dict[float, int]
    pdf: bytes = b""

    @property
    def text(self) -> str:
        return "\n".join(self.sheets)


FIRST_SCREEN = r"""
() => {
  const words = [];
  const walker = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const boxes = [...range.getClientRects()];
    if (boxes.length && boxes.every(box => box.bottom <= innerHeight && box.top >= 0)) { words.push(walker.currentNode.data); }
  }
  return words.join(' ');
}
"""


def statements(tab: Tab) -> list[Statement]:
    """The safety statements that can be seen in a tab as it is now."""
    return [Statement(found["id"], found["pieces"]) for found in tab.evaluate(STATEMENTS)]


def print_out(pdf: bytes) -> PrintOut:
    """Read a PDF back: text by sheet, and how many characters stand at each type size."""
    document = pypdfium2.PdfDocument(pdf)
    sheets, sizes = [], {}
    for page in document:
        text = page.get_textpage()
        sheets.append(text.get_text_range())
        for index in range(text.count_chars()):
            if chr(pypdfium2.raw.FPDFText_GetUnicode(text, index)).isspace():
                continue
            size = round(pypdfium2.raw.FPDFText_GetFontSize(text, index), 1)
            matrix = pypdfium2.raw.FS_MATRIX()
            pypdfium2.raw.FPDFText_GetMatrix(text, index, matrix)
            size = round(size * (matrix.c**2 + matrix.d**2) ** 0.5, 1)
            sizes[size] = sizes.get(size, 0) + 1
    document.close()
    return PrintOut(sheets, sizes, pdf)


def axe_faults(tab: Tab) -> list[str]:
    """Every axe-core fault on the page as it is now: rule, help and the first element."""
    found = Axe().run(tab, options={"resultTypes": ["violations"]})
    return [
        f"{rule['id']}: {rule['help']}: {rule['nodes'][0]['html'][:120]} ({len(rule['nodes'])} in all)"
        for rule in found.response["violations"]
    ]


def visit(browser: Browser, address: str, page: Page) -> Visit:
    """Open a page once with JavaScript and once without, and note every view of it."""
    seen = Visit()
    # Without reduced motion a colour would be read in the middle of the theme's fade.
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    tab = context.new_page()
    tab.on("request", lambda request: seen.requests.append(request.url))
    tab.on("console", lambda message: seen.console.append(message.text))
    tab.on("pageerror", lambda error: seen.console.append(str(error)))
    tab.goto(f"{address}/{page.url}", wait_until="load")
    seen.first_screen = tab.evaluate(FIRST_SCREEN)
    seen.views["phone"] = statements(tab)
    seen.axe["phone"] = axe_faults(tab)
    tab.emulate_media(color_scheme="dark")
    seen.views["phone, dark"] = statements(tab)
    seen.axe["phone, dark"] = axe_faults(tab)
    tab.set_viewport_size(DESKTOP)
    seen.views["desktop, dark"] = statements(tab)
    tab.emulate_media(color_scheme="light")
    seen.views["desktop"] = statements(tab)
    seen.axe["desktop"] = axe_faults(tab)
    tab.emulate_media(media="print")
    seen.views["print"] = statements(tab)
    tab.emulate_media(media="screen")
    seen.stored = tab.evaluate(STORAGE) | {"cookies": context.cookies()}
    context.close()

    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{address}/{page.url}", wait_until="load")
    seen.views["JavaScript off"] = statements(tab)
    for size in (NARROW, PHONE, DESKTOP):
        tab.set_viewport_size(size)
        seen.overflow[size["width"]] = tab.evaluate("() => document.documentElement.scrollWidth")
    for paper in ("Letter", "A4"):
        seen.paper[paper] = print_out(tab.pdf(format=paper))
    context.close()
    return seen


def squashed(text: str) -> str:
    """Text without white space or soft hyphens, to compare a page with its print-out."""
    return re.sub(r"[\s\u00ad\u200b\ufffe]+", "", text.replace("’", "'")).lower()
