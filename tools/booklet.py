"""Print the whole guide as one booklet: kit/naltrexone-guide-a4.pdf and -letter.pdf. See `make booklet`.

Chapters in the order of the menu, each as its page prints; a cover, contents with page numbers, bookmarks, tags.
"""

import datetime
import html
import posixpath
import re
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

import pypdfium2
import yaml
from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

from offline import build_site

ROOT = Path(__file__).parent.parent
PAPERS = ("A4", "Letter")
# A page to type into has no place on paper; the sheets are PDFs of their own.
LEFT_OUT = ("search", "handouts")
_NOT_A_CHAPTERS = ".help-line, .page-foot, .clinic-details, .search-box, .doors, script, style, form, input, button, noscript"

STYLE = """
@page { margin: 18mm 16mm 20mm; }
.chapter, .contents { break-before: page; }
.cover { font-size: 14pt; }
.cover h1 { font-size: 34pt; margin: 40mm 0 6mm; }
.cover .emergency-line { margin-top: 12mm; padding: 4mm; border: 3px solid #000; }
.contents ol, .contents ul { list-style: none; margin: 0 0 4pt; padding: 0; }
.contents h2 { margin: 7pt 0 1pt; }
.contents ul li { margin: 0; font-size: 12pt; line-height: 1.3; }
.contents a { display: flex; color: #000; text-decoration: none; gap: 4mm; }
.contents a span { margin-left: auto; }
"""
FOOT = (
    '<div style="width:100%;margin:0 16mm;font:9pt Arial,sans-serif;display:flex;justify-content:space-between">'
    "<span>{name}. {reviewer}</span><span class=\"pageNumber\"></span></div>"
)


class _AnyTag(yaml.SafeLoader):
    """Reads mkdocs.yml without running its tags."""


_AnyTag.add_multi_constructor("", lambda loader, suffix, node: "")


def chapters(settings: dict) -> list[tuple[str, list[str]]]:
    """Each group of the menu with its page names, in order; the home page first."""
    groups = []
    for part in settings["nav"]:
        (title, items), = part.items() if isinstance(part, dict) else ((None, [part]),)
        names = [(list(item.values())[0] if isinstance(item, dict) else item).removesuffix(".md") for item in ([items] if isinstance(items, str) else items)]
        names = [name for name in names if name.split("/")[0] not in LEFT_OUT]
        if names:
            groups.append((title or names[0], names))
    return groups


def chapter(site: Path, name: str, names: set[str]) -> BeautifulSoup:
    """One page of a built site as a chapter: its ids made its own, its links turned to places in the booklet."""
    url = "/" if name == "index" else f"/{name}/"
    page = BeautifulSoup((site / url.strip("/") / "index.html").read_text(encoding="utf-8"), "html.parser")
    article = page.select_one("article")
    checked = article.select_one(".review-line")
    if checked is not None:
        checked.extract()
    for part in article.select(_NOT_A_CHAPTERS):
        part.decompose()
    if checked is not None:
        article.append(checked)
    for element in article.find_all(id=True):
        element["id"] = f"{name}--{element['id']}"
    for link in article.select("a[href]"):
        if re.match(r"[a-z]+:", link["href"]):
            continue
        path, anchor = urldefrag(urljoin(url, link["href"]))
        target = posixpath.normpath(unquote(path)).removesuffix("index.html").strip("/.") or "index"
        if target in names:
            link["href"] = f"#{target}--{anchor}" if anchor else f"#{target}"
        else:
            link.name = "span"
            del link["href"]
    for picture in article.select("img[src]"):
        picture["src"] = (site / urljoin(url, picture["src"]).lstrip("/")).as_uri()
        del picture["loading"]
    article["class"] = ["md-typeset", "chapter"]
    article["id"] = name
    return article


def booklet(site: Path, settings: dict, numbers: dict[str, int] | None = None) -> str:
    """The booklet as one HTML page. `numbers` holds the page number of each chapter, known after a first printing."""
    groups = chapters(settings)
    names = [name for _, group in groups for name in group]
    made = {name: chapter(site, name, set(names)) for name in names}
    home = BeautifulSoup((site / "index.html").read_text(encoding="utf-8"), "html.parser")
    style = "".join(part.get_text() for part in home.select("style"))
    sheets = "".join(f'<link rel="stylesheet" href="{(site / link["href"]).as_uri()}">' for link in home.select('link[rel="stylesheet"][href^="assets/"]'))
    dates = sorted(part["datetime"] for article in made.values() for part in article.select(".review-line time:first-of-type"))
    day = datetime.date.fromisoformat(dates[-1]) if dates else None
    foot = home.select_one(".page-foot")
    clinic = foot.select_one(".clinic-details")
    for link in foot.select('a[href]:not([href^="tel:"])'):
        link["href"] = "#" + link["href"].split("/")[0]
    for picture in foot.select("img[src]"):
        picture["src"] = (site / picture["src"]).as_uri()
    lines = []
    for title, group in groups:
        lines.append(f"<h2>{html.escape(title)}</h2><ul>")
        for name in group:
            number = (numbers or {}).get(name, 0)
            lines.append(f'<li><a href="#{name}">{html.escape(_title(made[name]))}<span>{number or "000"}</span></a></li>')
        lines.append("</ul>")
    # Dated by the newest check, not by the day of printing: the same commit makes the same words.
    date = f"<p>Edition of {day.day} {day:%B %Y}.</p>" if day else ""
    return f"""<!doctype html>
<html lang="{home.html.get("lang", "en")}"><head><meta charset="utf-8"><title>{html.escape(settings["site_name"])}</title>{sheets}<style>{style}{STYLE}</style></head>
<body><article class="md-typeset cover"><h1>{html.escape(settings["site_name"])}</h1>
<p>{html.escape(settings["site_description"])}</p>{date}
{foot.select_one('[data-safety="not-advice"]')}{clinic or ""}{foot.select_one(".emergency-line")}</article>
<article class="md-typeset contents"><h1>Contents</h1>{"".join(lines)}</article>
{"".join(str(article) for article in made.values())}</body></html>"""


def _title(article) -> str:
    return " ".join(article.select_one("h1").get_text(" ").split())


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text)


def first_sides(pdf: bytes, titles: dict[str, str]) -> dict[str, int]:
    """The page number on which each chapter begins, read from the bookmarks. Takes name to title.

    Raises ValueError where a chapter has no bookmark.
    """
    document = pypdfium2.PdfDocument(pdf)
    # Where a title is broken over lines, its bookmark may lack the space.
    marks = [(_letters(mark.get_title()), mark.get_dest().get_index() + 1) for mark in document.get_toc() if mark.level == 0]
    document.close()
    # The cover bears the title of the first chapter: look behind the contents.
    marks = marks[1 + next((place for place, (title, _) in enumerate(marks) if title == "Contents"), -1) :]
    found = {}
    for name, title in titles.items():
        while marks and marks[0][0] != _letters(title):
            marks.pop(0)
        if not marks:
            raise ValueError(f"The booklet has no bookmark for {name}: {title!r}")
        found[name] = marks.pop(0)[1]
    return found


def print_booklet(browser, site: Path, settings: dict, folder: Path, paper: str) -> bytes:
    """The booklet as a tagged PDF on one kind of paper, printed again until its contents give the numbers it has."""
    tab = browser.new_page()
    file = folder / "booklet.html"
    names = [name for _, group in chapters(settings) for name in group]
    titles = {name: _title(chapter(site, name, set())) for name in names}
    reviewer = settings["extra"].get("clinical_reviewer")
    foot = FOOT.format(name=settings["site_name"], reviewer=f"Reviewed by {html.escape(reviewer)}." if reviewer else "No clinician has reviewed this edition yet.")
    numbers: dict[str, int] = {}
    for _ in range(3):
        file.write_text(booklet(site, settings, numbers), encoding="utf-8")
        tab.goto(file.as_uri(), wait_until="load")
        pdf = tab.pdf(
            format=paper, tagged=True, outline=True, prefer_css_page_size=False, display_header_footer=True,
            header_template="<span></span>", footer_template=foot, margin={"top": "18mm", "bottom": "20mm", "left": "16mm", "right": "16mm"},
        )
        printed = first_sides(pdf, titles)
        if printed == numbers:
            break
        numbers = printed
    tab.close()
    return pdf


def main() -> int:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        print("No Chromium found. `make booklet` installs it; by hand:  sudo apt install chromium", file=sys.stderr)
        return 2
    kit = ROOT / "kit"
    kit.mkdir(exist_ok=True)
    settings = yaml.load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), _AnyTag)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = Path(folder) / "site"
        build_site(site)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"])
        for paper in PAPERS:
            pdf = print_booklet(browser, site, settings, Path(folder), paper)
            (kit / f"naltrexone-guide-{paper.lower()}.pdf").write_bytes(pdf)
            document = pypdfium2.PdfDocument(pdf)
            print(f"Made kit/naltrexone-guide-{paper.lower()}.pdf: {len(document)} pages, {len(pdf) // 1000} kB")
            document.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
