"""How hard a built page is to read.

Run by hand on built pages:  .venv/bin/python tests/reading.py site/alcohol/index.html ...
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import textstat
from bs4 import BeautifulSoup

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


if __name__ == "__main__":
    print(f"{'page':44}{'FK':>6}{'SMOG':>6}{'mean':>6}{'words':>7}")
    for name in sys.argv[1:]:
        result = measure(Path(name).read_text(encoding="utf-8"))
        print(f"{name[-44:]:44}{result.flesch_kincaid:6.1f}{result.smog:6.1f}{result.mean_words:6.1f}{result.words:7}")
        for sentence in result.longest:
            print(f"    {len(words(sentence))} words: {sentence}")
