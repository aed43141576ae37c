"""The safety contract (safety.toml) and the checks that hold pages to it."""

import re
import tomllib
from dataclasses import dataclass

from faults import place
from pages import ROOT, Page, plain
from visits import PrintOut, Statement, squashed

SAFETY_INCLUDES = ROOT / "docs" / "includes" / "safety"

# Said by the template on every page, so their words are not in docs/includes/safety.
FROM_TEMPLATE = {"not-advice": "overrides/partials/page-foot.html", "emergency-line": "overrides/partials/page-foot.html"}

EVERY_PAGE = "*"


@dataclass(frozen=True)
class Entry:
    """One required statement: what it must say, what nothing may say, where it must be seen."""

    id: str
    must: tuple[str, ...]
    never: tuple[str, ...]
    pages: tuple[str, ...]
    sources: tuple[str, ...]
    rests_on: tuple[str, ...]

    def is_on(self, page_name: str) -> bool:
        return EVERY_PAGE in self.pages or page_name in self.pages


@dataclass(frozen=True)
class Contract:
    entries: tuple[Entry, ...]
    site_never: tuple[str, ...]

    def entry(self, statement_id: str) -> Entry:
        return next(entry for entry in self.entries if entry.id == statement_id)


def load_contract() -> Contract:
    """Read tests/safety.toml. Raises KeyError where an entry lacks a part."""
    text = (ROOT / "tests" / "safety.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    entries = tuple(
        Entry(
            row["id"],
            tuple(row["must"]),
            tuple(row["never"]),
            tuple(row["pages"]),
            tuple(row["sources"]),
            tuple(row["rests_on"]),
        )
        for row in data["statement"]
    )
    return Contract(entries, tuple(data["site"]["never"]))


def contract_faults(contract: Contract, pages: set[str], includes: set[str], sources: set[str]) -> list[str]:
    """What is wrong with the contract itself: names of nothing, wording that nothing requires, patterns that say nothing."""
    faults = []
    ids = [entry.id for entry in contract.entries]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        faults.append(f"tests/safety.toml: {twice} stands twice; keep one entry")
    for entry in contract.entries:
        where = f"tests/safety.toml: {entry.id}"
        if entry.id not in includes and entry.id not in FROM_TEMPLATE:
            faults.append(f"{where}: no wording; write docs/includes/safety/{entry.id}.md")
        for name in entry.pages:
            if name != EVERY_PAGE and name not in pages:
                faults.append(f"{where}: no page docs/{name}.md; write it or take it off `pages`")
        for name in entry.sources:
            if name not in sources:
                faults.append(f"{where}: no source docs/includes/sources/{name}.md")
        if not entry.must or not entry.pages:
            faults.append(f"{where}: `must` and `pages` may not be empty")
        for pattern in entry.must + entry.never:
            if re.search(pattern, "") or re.search(pattern, "x"):
                faults.append(f"{where}: the pattern {pattern!r} matches anything")
    for name in sorted(includes - set(ids)):
        faults.append(f"docs/includes/safety/{name}.md: no entry in tests/safety.toml requires it; add one or delete the file")
    return faults


def statement_faults(contract: Contract, page_name: str, seen: list[Statement], view: str) -> list[str]:
    """Required statements that cannot be seen on a page in one view, or that do not say what they must."""
    faults = []
    for entry in contract.entries:
        if not entry.is_on(page_name):
            continue
        where = f"{page_name} ({view}): {entry.id}"
        found = [plain(statement.text) for statement in seen if statement.id == entry.id]
        if not any(found):
            faults.append(f"{where}: expected the statement, visible; found nothing to see")
            continue
        # A page may show a statement twice; each one must be whole.
        for text in found:
            for pattern in entry.must:
                if not re.search(pattern, text):
                    faults.append(f"{where}: expected it to say {pattern!r}; found {text!r}")
    return faults


def paper_faults(contract: Contract, page_name: str, in_print: list[Statement], paper: str, print_out: PrintOut) -> list[str]:
    """Words of required statements that the printed sheets lack."""
    faults = []
    sheets = squashed(print_out.text)
    for entry in contract.entries:
        if not entry.is_on(page_name):
            continue
        found = [statement for statement in in_print if statement.id == entry.id]
        if not any(statement.pieces for statement in found):
            faults.append(f"{page_name} on {paper}: {entry.id}: expected it on paper; found nothing")
        for statement in found:
            for piece in statement.pieces:
                if squashed(piece) not in sheets:
                    faults.append(f"{page_name} on {paper}: {entry.id}: expected {piece!r} on paper; it is not there")
    return faults


def never_faults(contract: Contract, page: Page, drawings: dict[str, str] | None = None) -> list[str]:
    """Things that no page may say: in its words, its attributes, its description, or in drawings given as name to text."""
    faults = []
    texts = {page.name: spoken(page)}
    for name, drawing in (drawings or {}).items():
        texts[name] = plain(drawing)
    patterns = [(pattern, "the site-wide list") for pattern in contract.site_never]
    patterns += [(pattern, entry.id) for entry in contract.entries for pattern in entry.never]
    for name, text in texts.items():
        for pattern, owner in patterns:
            found = re.search(pattern, text)
            if found:
                around = text[max(0, found.start() - 40) : found.end() + 40]
                line = place(name, text[found.start() : found.end() + 20])
                faults.append(f"{name}: says {found.group(0)!r}, which {owner} forbids: ...{around}... ({line}: say it another way)")
    return faults


def spoken(page: Page) -> str:
    """Everything a page says, read or heard; source lists apart, whose titles are not ours."""
    soup = page.soup.__copy__()
    for part in soup.select("script, style, sup, .footnote, .sources"):
        part.decompose()
    said = [soup.get_text(" ")]
    for element in soup.find_all(True):
        said += [str(element[name]) for name in ("alt", "title", "aria-label", "placeholder") if element.get(name)]
        if element.name == "meta" and element.get("content"):
            said.append(element["content"])
    return plain(" ".join(said))
