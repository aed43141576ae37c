"""The built site as files: its pages, their parts, their visible words."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from bs4 import BeautifulSoup

ROOT = Path(__file__).parent.parent


@dataclass(eq=False)
class Page:
    """One built page, the same only as itself, so that what was read of it can be kept. `name` is its Markdown name without `.md`; `url` is below the site's root."""

    name: str
    url: str
    html: str

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "html.parser")

    @property
    def article(self):
        return self.soup.select_one("article")

    def broken(self, old: str, new: str) -> "Page":
        """A copy with one piece of its HTML changed, to see whether a check notices."""
        assert old in self.html, f"{self.name}: nothing to break: {old!r} is not on the page"
        return Page(self.name, self.url, self.html.replace(old, new, 1))


@dataclass
class Site:
    folder: Path
    pages: dict[str, Page] = field(default_factory=dict)


def built_site(folder: Path) -> Site:
    """Every HTML page in a built folder, the 404 page too."""
    site = Site(folder)
    for file in sorted(folder.rglob("*.html")):
        place = file.relative_to(folder)
        if file.name == "index.html":
            url = "" if place.parent == Path(".") else f"{place.parent.as_posix()}/"
        else:
            url = place.as_posix()
        name = url.rstrip("/").removesuffix(".html") or "index"
        site.pages[name] = Page(name, url, file.read_text(encoding="utf-8"))
    return site


def plain(text: str) -> str:
    """Text as a contract reads it: lower case, plain spaces and apostrophes."""
    text = text.replace("’", "'").replace("‑", "-")
    return re.sub(r"\s+", " ", text).strip().lower()


def source_files() -> dict[str, str]:
    """Source id to the text of its file."""
    folder = ROOT / "docs" / "includes" / "sources"
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.md"))}


def markdown_pages() -> dict[str, Path]:
    """Page name to its Markdown file."""
    docs = ROOT / "docs"
    return {
        file.relative_to(docs).with_suffix("").as_posix(): file
        for file in sorted(docs.rglob("*.md"))
        if "includes" not in file.relative_to(docs).parts
    }
