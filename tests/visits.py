"""One visit to a page, in every view a patient may have of it."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import axe_playwright_python
import pypdfium2
from playwright.sync_api import Browser, Page as Tab

from pages import Page

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 225}
"""What a 1280 × 900 window shows at 400 % zoom, in CSS pixels."""
MODES = {"light": {}, "dark": {"color_scheme": "dark"}, "forced colours": {"forced_colors": "active"}}

# What can be seen of each statement's own element. A text node counts when it has a size, no
# ancestor hides, clips, closes or fades it, it lies on the page, and its colour can be told from
# what is behind it. Citation numbers are left out. Pieces are runs of text without a gap.
STATEMENTS = r"""
async () => {
  // A long page is laid out in two frames (first-screen-first in site.css).
  await Promise.all(document.getAnimations().map(animation => animation.finished));
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
        if (!node.data.trim()) { if (open) { pieces[pieces.length - 1] += ' '; } return; }
        if (!seen(node)) { open = false; return; }
        if (open) { pieces[pieces.length - 1] += node.data; } else { pieces.push(node.data); open = true; }
      } else if (node.nodeType === Node.ELEMENT_NODE) {
        if (node.matches('sup')) { open = false; return; }
        // Items of a list are apart, also where a phone's first screen runs them on with commas.
        const block = getComputedStyle(node).display !== 'inline' || node.matches('p, li');
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

STORAGE = """
async () => ({
  cookie: document.cookie,
  local: Object.keys(localStorage),
  session: Object.keys(sessionStorage),
  databases: (await indexedDB.databases()).map(database => database.name),
  caches: 'caches' in window ? await caches.keys() : [],
  workers: navigator.serviceWorker ? (await navigator.serviceWorker.getRegistrations()).map(worker => worker.scope) : [],
})
"""

# Every rule of axe-core that is on by default, best practice too, and the one of WCAG 2.2 AA that is not.
AXE = (Path(axe_playwright_python.__path__[0]) / "axe.min.js").read_text(encoding="utf-8")
AXE_RUN = """
() => axe.run({ resultTypes: ['violations'], rules: { 'target-size': { enabled: true } } }).then(found => found.violations.map(rule =>
  `${rule.id}: ${rule.help}: ${rule.nodes[0].html.slice(0, 120)} (${rule.nodes.length} in all)`))
"""

# axe-core reads the same few colours thousands of times, a third of its time: each is read once.
AXE_COLOURS = """
() => {
  const Colour = axe.commons.color.Color, parse = Colour.prototype.parseString, known = new Map();
  Colour.prototype.parseString = function (text) {
    if (known.has(text)) { [this.r, this.g, this.b, this.alpha] = known.get(text); return this; }
    parse.call(this, text);
    known.set(text, [this.r, this.g, this.b, this.alpha]);
    return this;
  };
}
"""

# What a finger meets: 44 px each way, or for a link within running text, 24 px from the middle of the next.
SMALL_TARGETS = r"""
() => {
  const name = e => `<${e.localName} ${e.className}> ${e.textContent.trim().slice(0, 40)}`;
  const inText = e => getComputedStyle(e).display === 'inline' && e.closest('p, li, td, figcaption, dd, label') !== null;
  const seen = [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
    .filter(e => e.checkVisibility() && e.getClientRects().length && !e.matches('.skip'));
  const faults = [];
  const middles = [];
  for (const element of seen) {
    let { width, height } = element.getBoundingClientRect();
    // A label is part of what a finger may touch.
    for (const label of element.labels || []) { const box = label.getBoundingClientRect(); width = Math.max(width, box.width); height = Math.max(height, box.height); }
    if (inText(element)) {
      if (parseFloat(getComputedStyle(element.parentElement.closest('p, li, td, figcaption, dd, label')).lineHeight) < 22) { faults.push(`lines closer than 22 px: ${name(element)}`); }
      for (const box of element.getClientRects()) { middles.push([box.left + box.width / 2, box.top + box.height / 2, element]); }
    } else if (width < 43.5 || height < 43.5) {
      faults.push(`${Math.round(width)} × ${Math.round(height)} px: ${name(element)}`);
    }
  }
  middles.forEach(([x, y, a], i) => middles.slice(i + 1, i + 4).forEach(([u, v, b]) => {
    if (a !== b && Math.hypot(x - u, y - v) < 23.5) { faults.push(`less than 24 px from the next: ${name(a)}`); }
  }));
  return faults;
}
"""

# WCAG 1.4.12. A constructed sheet is no inline style, so the page's policy does not stop it.
TEXT_SPACING = r"""
() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; } p { margin-bottom: 2em !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  const faults = [];
  if (document.documentElement.scrollWidth > innerWidth) { faults.push(`the page is ${document.documentElement.scrollWidth} px wide`); }
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    if (!element.checkVisibility() || style.display === 'inline' || element.closest('svg') || style.clipPath !== 'none') { continue; }
    if (!element.textContent.trim() || !element.clientHeight) { continue; }
    const below = element.scrollHeight - element.clientHeight, beside = element.scrollWidth - element.clientWidth;
    if (below > 4 && style.overflowY !== 'auto' || beside > 2 && style.overflowX !== 'auto') {
      faults.push(`out of its box by ${beside} × ${below} px: <${element.localName} ${element.className}> ${element.textContent.trim().slice(0, 40)}`);
    }
  }
  document.adoptedStyleSheets = [];
  return faults;
}
"""

# Each control in turn: in sight when it has the focus, nothing over it, and a mark that can be seen.
FOCUS = r"""
() => {
  const faults = [];
  const name = e => `<${e.localName} ${e.className}> ${(e.textContent || e.id).trim().slice(0, 40)}`;
  for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')) {
    if (!element.checkVisibility({ visibilityProperty: true }) || element.tabIndex < 0) { continue; }
    element.focus({ focusVisible: true });
    if (document.activeElement !== element) { faults.push(`cannot have the focus: ${name(element)}`); continue; }
    const style = getComputedStyle(element);
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) { faults.push(`no mark of the focus: ${name(element)}`); }
    const box = element.getClientRects()[0];
    const [x, y] = [box.left + Math.min(box.width, 12) / 2, box.top + box.height / 2];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) { faults.push(`out of sight: ${name(element)}`); continue; }
    const top = document.elementFromPoint(x, y);
    if (top && top !== element && !element.contains(top) && !top.contains(element)) { faults.push(`covered by <${top.localName} ${top.className}>: ${name(element)}`); }
  }
  if (document.activeElement) { document.activeElement.blur(); }
  scrollTo(0, 0);
  return faults;
}
"""

# What a screen reader's user finds a way by.
STRUCTURE = r"""
() => {
  const faults = [];
  const all = selector => [...document.querySelectorAll(selector)];
  const name = e => e.getAttribute('aria-label') || (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id)?.textContent).join(' ').trim();
  if (!document.documentElement.lang) { faults.push('no language set'); }
  if (all('main').length !== 1) { faults.push(`${all('main').length} main landmarks`); }
  if (all('h1').length !== 1) { faults.push(`${all('h1').length} headings of level 1`); }
  let level = 0;
  for (const heading of all('h1, h2, h3, h4, h5, h6')) {
    const next = Number(heading.localName[1]);
    if (next > level + 1) { faults.push(`level ${next} after level ${level}: ${heading.textContent}`); }
    level = next;
  }
  const names = all('nav').map(name);
  names.forEach((n, i) => { if (!n) { faults.push('a nav without a name'); } else if (names.indexOf(n) !== i) { faults.push(`two navs named ${n}`); } });
  const prefix = { 'care--emergency': 'Emergency', 'care--urgent': 'Urgent', 'care--ask': 'Ask', 'care--know': 'Know' };
  for (const card of all('.care')) {
    const heading = card.querySelector('h2, h3');
    const expected = Object.entries(prefix).find(([kind]) => card.classList.contains(kind));
    if (!heading || !expected) { faults.push(`a care card without ${heading ? 'its level' : 'a heading'}: ${card.textContent.trim().slice(0, 40)}`); continue; }
    const said = getComputedStyle(heading, '::before').content + heading.textContent;
    if (!said.includes(expected[1])) { faults.push(`the heading of a card does not say ${expected[1]}: ${said}`); }
  }
  for (const table of all('table')) { if (!table.querySelector('th') || !table.querySelector('th').textContent.trim()) { faults.push(`a table without named columns: ${table.textContent.trim().slice(0, 40)}`); } }
  for (const image of all('img')) { if (!image.hasAttribute('alt')) { faults.push(`an image without its text: ${image.src}`); } }
  for (const figure of all('figure')) { if (!figure.querySelector('figcaption, [aria-label]')) { faults.push(`a figure without a name: ${figure.innerHTML.slice(0, 60)}`); } }
  return faults;
}
"""


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
    pdfs: dict[str, bytes] = field(default_factory=dict)
    """"Letter" and "A4", printed with JavaScript off."""
    paper: dict[str, "PrintOut"] = field(default_factory=dict)
    """The same, read back."""
    overflow: dict[str, int] = field(default_factory=dict)
    """Window to how many CSS pixels the page is wider than it."""
    axe: dict[str, list[str]] = field(default_factory=dict)
    """View name to accessibility faults found by axe-core."""
    targets: list[str] = field(default_factory=list)
    """Touch targets that are too small on a phone."""
    spacing: list[str] = field(default_factory=list)
    """What is cut off or overlaps with the text spacing of WCAG 1.4.12."""
    focus: dict[str, list[str]] = field(default_factory=dict)
    """View name to what is wrong with the focus there."""
    structure: list[str] = field(default_factory=list)
    """What is wrong with landmarks, headings, cards, tables and figures."""
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Kind ("document", "script", "image" ...) and address of each thing that the page asked for."""
    console: list[str] = field(default_factory=list)
    """Console messages, script errors and refusals by the page's policy."""
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
    if not tab.evaluate("() => 'axe' in window"):
        tab.evaluate(AXE)
        tab.evaluate(AXE_COLOURS)
    return tab.evaluate(AXE_RUN)


def overflow(tab: Tab) -> dict[str, int]:
    """Window to how many CSS pixels the page is wider than it."""
    widths = {}
    for name, size in {"320 px": NARROW, "400 % zoom": ZOOMED, "390 px": PHONE, "1280 px": DESKTOP}.items():
        tab.set_viewport_size(size)
        widths[name] = tab.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    return widths


def watch(seen: Visit, tab: Tab) -> None:
    """Note whatever a tab asks for or says from now on."""
    tab.on("request", lambda request: seen.requests.append((request.resource_type, request.url)))
    tab.on("console", lambda message: seen.console.append(message.text))
    tab.on("pageerror", lambda error: seen.console.append(str(error)))


def visit(browser: Browser, address: str, page: Page) -> Visit:
    """Open a page once with JavaScript and once without, print it, and note every view of it and all that it asks for."""
    seen = Visit()
    context = browser.new_context(viewport=PHONE, reduced_motion="reduce")
    tab = context.new_page()
    watch(seen, tab)
    tab.goto(f"{address}/{page.url}", wait_until="load")
    seen.first_screen = tab.evaluate(FIRST_SCREEN)
    seen.structure = tab.evaluate(STRUCTURE)
    seen.targets = tab.evaluate(SMALL_TARGETS)
    seen.spacing = tab.evaluate(TEXT_SPACING)
    for view, size in (("phone", PHONE), ("desktop", DESKTOP)):
        tab.set_viewport_size(size)
        seen.focus[view] = tab.evaluate(FOCUS)
        for mode, media in MODES.items():
            tab.emulate_media(**{"color_scheme": "light", "forced_colors": "none"} | media)
            name = view if mode == "light" else f"{view}, {mode}"
            seen.views[name] = statements(tab)
            seen.axe[name] = axe_faults(tab)
    tab.emulate_media(media="print", color_scheme="light", forced_colors="none")
    seen.views["print"] = statements(tab)
    tab.emulate_media(media="screen")
    seen.stored = tab.evaluate(STORAGE) | {"cookies": context.cookies()}
    context.close()

    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    tab = context.new_page()
    watch(seen, tab)
    tab.goto(f"{address}/{page.url}", wait_until="load")
    seen.views["JavaScript off"] = statements(tab)
    seen.overflow = overflow(tab)
    for paper in ("Letter", "A4"):
        seen.pdfs[paper] = tab.pdf(format=paper)
    context.close()
    return seen


def squashed(text: str) -> str:
    """Text without white space or soft hyphens, to compare a page with its print-out."""
    return re.sub(r"[\s\u00ad\u200b\ufffe]+", "", text.replace("’", "'")).lower()
