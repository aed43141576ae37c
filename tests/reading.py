"""How hard a built page is to read.

Run by hand on built pages:  .venv/bin/python tests/reading.py site/alcohol/index.html ...
Write the table that the quality page shows, `make grades`:  .venv/bin/python tests/reading.py --table site
"""

import functools
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import textstat
from bs4 import BeautifulSoup

from pages import ROOT, Site, built_site, markdown_pages

TABLE = ROOT / "docs" / "includes" / "reading-table.md"

PATIENT_GRADE = 6
PATIENT_SMOG = 9

# Names of medicines and products. A reader meets each as one known word, and no
# plainer word exists, so each counts as one syllable. Every name is in use on the
# site: a test keeps the list from growing into a way round the gate.
NAMES = (
    "acamprosate acetaminophen adepend antabuse bupropion buprenorphine codeine contrave depade "
    "dihydrocodeine diphenoxylate disulfiram fentanyl heroin hydrocodone hydromorphone ibuprofen imodium "
    "kratom loperamide methadone morphine mysimba nalmefene nalorex naloxone naltrexone narcan opvee oxycodone "
    "oxycontin paracetamol percocet revia sublocade suboxone thioridazine tramadol trexan tylenol vicodin "
    "vivitrol zurnai"
).split()

_NAME = re.compile(r"\b(" + "|".join(NAMES) + r")\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?:;])[\"”’)]*\s+(?=[\"“‘(]?[A-Z0-9])")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'’,.%-]*")
_BLOCKS = "p, li, dd, td, figcaption"
# Not the page's own prose: source lists, the parts that the template repeats on every page.
_LEFT_OUT = ".footnote, .sources, .page-foot, .help-line, sup, script, style, .visually-hidden, table.plain-list"


@dataclass
class Reading:
    """Measured reading level of one page. Grades are US school grades."""

    flesch_kincaid: float
    smog: float
    mean_words: float
    longest: list[str]
    """Every sentence over 20 words, longest first."""
    words: int


def sentences(html: str) -> list[str]:
    """Visible sentences of a built page's article, in order; a list item is a sentence."""
    page = BeautifulSoup(html, "html.parser")
    article = page.select_one("article") or page
    for part in article.select(_LEFT_OUT):
        part.decompose()
    found = []
    for block in article.select(_BLOCKS):
        inner = BeautifulSoup(str(block), "html.parser")
        outer = inner.find()
        for nested in outer.select("ul, ol, table, p, dl"):
            nested.decompose()
        text = re.sub(r"\s+", " ", outer.get_text().replace("\xa0", " ")).strip()
        if block.name == "td" and not re.search(r"[.!?]$", text):
            continue  # a label or a number in a table is not a sentence
        found += [part for part in _SENTENCE_END.split(text) if _WORD.search(part)]
    return found


def words(sentence: str) -> list[str]:
    return _WORD.findall(sentence)


def syllables(word: str) -> int:
    """Syllables of a word; a numeral counts as one."""
    if word[0].isdigit():
        return 1
    parts = [part for part in re.split(r"[^A-Za-z']+", _NAME.sub("dose", word.replace("’", "'"))) if part]
    return sum(max(1, textstat.syllable_count(part)) for part in parts) or 1


@functools.cache
def measure(html: str) -> Reading:
    """Reading level of a built page: Flesch-Kincaid grade (Kincaid 1975), SMOG grade (McLaughlin 1969)."""
    prose = sentences(html)
    counts = [words(sentence) for sentence in prose]
    flat = [word for sentence in counts for word in sentence]
    per_word = [syllables(word) for word in flat]
    total = len(prose)
    return Reading(
        flesch_kincaid=0.39 * len(flat) / total + 11.8 * sum(per_word) / len(flat) - 15.59,
        smog=1.043 * (sum(count >= 3 for count in per_word) * 30 / total) ** 0.5 + 3.1291,
        mean_words=len(flat) / total,
        longest=sorted((s for s in prose if len(words(s)) > 20), key=lambda s: -len(words(s))),
        words=len(flat),
    )


def grades_table(site: Site) -> str:
    """The text of docs/includes/reading-table.md: each page of the menu with its two grades and its words a sentence.

    Names are plain words, no links: a link to a page that was taken away would stop the very build that `make grades` needs.
    """
    rows = []
    for name in markdown_pages():
        page = site.pages[name.removesuffix("/index")]
        title = " ".join(page.article.find("h1").get_text().split())
        sheet = "Print: " if name.startswith("handouts/") and name != "handouts/index" else ""
        result = measure(page.html)
        rows.append(f"| {sheet}{title} | {result.flesch_kincaid:.1f} | {result.smog:.1f} | {result.mean_words:.1f} |")
    return f"""A page for patients may reach {PATIENT_GRADE} on Flesch-Kincaid and {PATIENT_SMOG} on SMOG.

| Page | Flesch-Kincaid grade | SMOG grade | Words a sentence |
|---|---|---|---|
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    if sys.argv[1:2] == ["--table"]:
        TABLE.write_text(grades_table(built_site(Path(sys.argv[2]))), encoding="utf-8")
        sys.exit()
    print(f"{'page':44}{'FK':>6}{'SMOG':>6}{'mean':>6}{'words':>7}")
    for name in sys.argv[1:]:
        result = measure(Path(name).read_text(encoding="utf-8"))
        print(f"{name[-44:]:44}{result.flesch_kincaid:6.1f}{result.smog:6.1f}{result.mean_words:6.1f}{result.words:7}")
        for sentence in result.longest:
            print(f"    {len(words(sentence))} words: {sentence}")
