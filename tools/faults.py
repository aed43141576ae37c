"""Faults in the Markdown behind the pages, each with file, line, what is wrong and what to do.

`make build` and `make test` stop on them before anything is built. What only a built page can show (a safety
statement, a reading grade) is in tests/; `place` gives those checks the line, too.
"""

import datetime
import difflib
import html
import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent

FRONT_MATTER = ("title", "description", "reviewed", "next_review")
_SNIPPET = re.compile(r'^\s*--8<-- "([^"]+)"')
_BLOCK = re.compile(r"^\s*--8<--\s*$")
_CITATION = re.compile(r"\[\^([^\]]+)\](?!:)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)|<img\b[^>]*>")
_SAFETY = re.compile(r'data-safety="([^"]*)"')


def page_files(root: Path = ROOT) -> dict[str, Path]:
    """Page name to its Markdown file, shared wording left out."""
    docs = root / "docs"
    return {
        file.relative_to(docs).with_suffix("").as_posix(): file
        for file in sorted(docs.rglob("*.md"))
        if "includes" not in file.relative_to(docs).parts
    }


def meant(word: str, known) -> str:
    """ "; did you mean ...?" where something known is close to a word, else nothing."""
    close = difflib.get_close_matches(word, list(known), 1)
    return f"; did you mean {close[0]}?" if close else ""


def front_matter_faults(name: str, text: str, today: datetime.date | None = None) -> list[str]:
    """What a page's front matter lacks, has too much of, or has wrong.

    `reviewed` may not lie in the future: a page cannot have been checked tomorrow. The day of the run is
    compared, so what passes once passes on every later day.
    """
    where = f"docs/{name}.md"
    if not text.startswith("---\n") or "\n---\n" not in text[4:]:
        return [f"{where}:1: expected front matter between two lines of ---; write {', '.join(FRONT_MATTER)}"]
    raw = text[4:].split("\n---\n")[0]
    try:
        data = yaml.safe_load(raw) or {}
    except yaml.YAMLError as fault:
        line = fault.problem_mark.line + 2 if getattr(fault, "problem_mark", None) else 1
        return [f"{where}:{line}: front matter is not YAML ({fault.problem}); put quotes around a value that has a colon"]
    except ValueError:
        # A day that no calendar has, such as 2026-02-30.
        data = yaml.load(raw, yaml.BaseLoader)
    if not isinstance(data, dict):
        return [f"{where}:2: front matter is not `key: value` lines; write {', '.join(FRONT_MATTER)}"]
    lines = {found[1]: number for number, line in enumerate(raw.split("\n"), 2) if (found := re.match(r"([\w-]+):", line))}
    at = {key: f"{where}:{lines.get(key, 1)}" for key in {*lines, *map(str, data), *FRONT_MATTER}}
    expected = set(FRONT_MATTER) | ({"template"} if name.startswith("handouts/") and name != "handouts/index" else set())
    faults = [f"{where}:1: front matter lacks {key}; add a line `{key}: ...`" for key in sorted(expected - set(data))]
    for key in sorted(set(map(str, data)) - expected):
        faults.append(f"{at[key]}: front matter has {key}, which means nothing here{meant(key, expected - set(data)) or '; take it out'}")
    for key in ("title", "description"):
        if key in data and not (isinstance(data[key], str) and data[key].strip()):
            faults.append(f"{at[key]}: {key} is {data[key]!r}; write words")
    for key in ("reviewed", "next_review"):
        if key in data and type(data[key]) is not datetime.date:
            faults.append(f"{at[key]}: {key} is {data[key]!r}; expected a date like 2026-11-23")
    dates = {key: data[key] for key in ("reviewed", "next_review") if type(data.get(key)) is datetime.date}
    if len(dates) == 2 and dates["next_review"] <= dates["reviewed"]:
        faults.append(f"{at['next_review']}: next_review is not after reviewed; set the day of the next check")
    if "reviewed" in dates and dates["reviewed"] > (today or datetime.date.today()):
        faults.append(f"{at['reviewed']}: reviewed is {dates['reviewed']}, in the future; set the day when the whole page was last checked")
    if isinstance(data.get("description"), str) and not 50 <= len(data["description"]) <= 180:
        faults.append(f"{at['description']}: description has {len(data['description'])} characters; expected 50 to 180")
    return faults


def title_faults(texts: dict[str, str]) -> list[str]:
    """Two pages with one title. Takes page name to its text."""
    faults: list[str] = []
    first: dict[str, str] = {}
    for name, text in texts.items():
        for number, line in enumerate(text.split("\n")[:12], 1):
            if line.startswith("title:"):
                title = line.removeprefix("title:").strip()
                if title in first:
                    faults.append(f"docs/{name}.md:{number}: the title of {first[title]} is the same, {title!r}; give each page a title of its own")
                first.setdefault(title, f"docs/{name}.md:{number}")
                break
    return faults


def snippets(text: str):
    """Each snippet that a text includes, as (line number, path below docs/includes), lines wanted of it (`:2`) left out."""
    inside = False
    for number, line in enumerate(text.split("\n"), 1):
        if found := _SNIPPET.match(line):
            yield number, re.sub(r"(:\S*)+$", "", found[1])
        elif _BLOCK.match(line):
            inside = not inside
        elif inside and line.strip() and not line.strip().startswith(";"):
            yield number, re.sub(r"(:\S*)+$", "", line.strip())


def wording_faults(file: str, text: str, includes: set[str]) -> list[str]:
    """Snippets, citations and statements that are not there, and images without a text alternative.

    `file` is the path to name in a fault; `includes` holds every path below docs/includes.
    """
    faults = []
    known = {kind: {Path(path).stem for path in includes if path.startswith(f"{kind}/")} for kind in ("sources", "safety")}
    for number, path in snippets(text):
        if path not in includes:
            kind = path.split("/")[0]
            what = {"sources": "source", "safety": "statement"}.get(kind, "snippet")
            faults.append(f"{file}:{number}: no {what} {path}{meant(path, includes)}; write docs/includes/{path} or correct the name")
    for number, line in enumerate(text.split("\n"), 1):
        for cited in _CITATION.findall(line):
            if cited not in known["sources"]:
                faults.append(f"{file}:{number}: no source {cited!r}{meant(cited, known['sources'])}; write docs/includes/sources/{cited}.md or correct the name")
        for statement in _SAFETY.findall(line):
            if statement not in known["safety"]:
                faults.append(f"{file}:{number}: no statement {statement!r}{meant(statement, known['safety'])}; its wording goes into docs/includes/safety/{statement}.md")
        for image in _IMAGE.finditer(line):
            said = image[1] if image[0].startswith("!") else (re.search(r'\balt="([^"]*)"', image[0]) or [None, ""])[1]
            if not said.strip():
                faults.append(f"{file}:{number}: an image without its text; write what it shows: ![A sentence](address)")
    return faults


def all_faults(root: Path = ROOT) -> list[str]:
    """Every fault in docs/, in the order of the files."""
    docs = root / "docs"
    includes = {file.relative_to(docs / "includes").as_posix() for file in (docs / "includes").rglob("*.md")}
    texts = {name: file.read_text(encoding="utf-8") for name, file in page_files(root).items()}
    faults = [fault for name, text in texts.items() for fault in front_matter_faults(name, text)]
    faults += title_faults(texts)
    for file in sorted(docs.rglob("*.md")):
        if "sources" not in file.relative_to(docs).parts[:-1]:
            faults += wording_faults(file.relative_to(root).as_posix(), file.read_text(encoding="utf-8"), includes)
    return faults


def _bare(text: str) -> str:
    text = re.sub(r"\[\^[^\]]*\]|\{[:#.][^}]*\}|<[^>]+>", "", html.unescape(text))
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("’", "'")
    return re.sub(r"[^a-z0-9]+", "", text.lower())


def place(page: str, words: str, root: Path = ROOT) -> str:
    """Where words of a built page were written, as "docs/page.md:12"; the page's file alone where no line has them."""
    file = page_files(root).get(page) or page_files(root).get(f"{page}/index")
    if not file:
        return page
    text = file.read_text(encoding="utf-8")
    sought = _bare(words)
    for start in (sought[:60], sought[:24], sought):
        for path in [file, *(root / "docs" / "includes" / path for _, path in snippets(text))]:
            if start and path.exists():
                for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
                    if start in _bare(line):
                        return f"{path.relative_to(root).as_posix()}:{number}"
    return file.relative_to(root).as_posix()


def explained(message: str, root: Path = ROOT) -> str:
    """A builder's warning with the line it is about and what to do, where MkDocs says neither."""
    if found := re.search(r"Doc file '([^']+)' contains a(?:n absolute| relative)? link '([^']+)'", message):
        file = root / "docs" / found[1]
        sources = [file, *(root / "docs" / "includes" / path for _, path in snippets(file.read_text(encoding="utf-8")))]
        for path in sources:
            for number, line in enumerate(path.read_text(encoding="utf-8").split("\n") if path.exists() else [], 1):
                if f"({found[2]}" in line:
                    return f"{path.relative_to(root).as_posix()}:{number}: {message.strip()} Correct the link, or write what it leads to."
    if "not included in the" in message and "nav" in message:
        lines = (root / "mkdocs.yml").read_text(encoding="utf-8").split("\n")
        number = next((number for number, line in enumerate(lines, 1) if line.startswith("nav:")), 1)
        return f"mkdocs.yml:{number}: {message.strip()}\nAdd each under `nav:`, where a reader would look for it, or delete the file."
    return message


if __name__ == "__main__":
    if found := all_faults():
        sys.exit(f"{len(found)} faults:\n" + "\n".join(found))
