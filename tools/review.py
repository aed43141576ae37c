"""`make review PAGE=warnings`: one printable file with which a clinician reviews a page, sentence by sentence.

Each sentence of the built page in order, its sources with link and note, statements of the safety contract marked,
boxes to tick, what changed since the page was last checked, and a line to sign.
"""

import html
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml
from bs4 import BeautifulSoup, Tag

from faults import ROOT, meant, page_files, snippets

# Marks that stand for a citation while a sentence is plain text.
_OPEN, _SHUT = "\x01", "\x02"
_CITED = re.compile(f"{_OPEN}([^{_SHUT}]*){_SHUT}")
_SENTENCE_END = re.compile(rf"(?<=[.!?:])([\"”’)]*(?:{_OPEN}[^{_SHUT}]*{_SHUT})*)\s+(?=[\"“‘(]?[A-Z0-9])")
_BLOCKS = "h1, h2, h3, h4, h5, h6, p, li, tr, figcaption, label, img[alt]"


@dataclass
class Line:
    """One thing to judge: a heading, a sentence, a row of a table, or the text of a figure."""

    kind: str
    text: str
    cites: list[str] = field(default_factory=list)
    statement: str = ""
    """Id of the safety statement that it is part of."""


def lines_of(article: Tag) -> list[Line]:
    """Every sentence of a built article in order. The list of sources is left out: `sources_of` has it."""
    article = BeautifulSoup(str(article), "html.parser")
    for part in article.select(".footnote, .sources, script, style, #sources"):
        part.decompose()
    for mark in article.select("sup"):
        link = mark.select_one("a.footnote-ref")
        mark.replace_with(f"{_OPEN}{link['href'].removeprefix('#fn:')}{_SHUT}" if link else mark.get_text())
    found = []
    for block in article.select(_BLOCKS):
        statement = block.find_parent(attrs={"data-safety": True})
        statement = statement["data-safety"] if statement else ""
        if block.name == "img":
            found.append(Line("figure", f"Figure, read aloud as: {block['alt']}", statement=statement))
            continue
        if block.name == "p" and block.find_parent("tr"):
            continue
        own = block.__copy__()
        for nested in own.find_all(["p", "ul", "ol", "table", "figure"] if block.name in ("li", "figcaption") else ["ul", "ol", "table"]):
            nested.decompose()
        if block.name == "tr":
            texts = [" | ".join(" ".join(cell.get_text(" ").split()) for cell in own.select("th, td"))]
            kind = "row"
        else:
            text = " ".join(own.get_text().split())
            kind = "heading" if block.name.startswith("h") else "sentence"
            texts = [text] if kind == "heading" else _SENTENCE_END.sub(r"\1\n", text).split("\n")
        for text in texts:
            if _CITED.sub("", text).strip():
                found.append(Line(kind, _CITED.sub("", text).strip(), _CITED.findall(text), statement))
    return found


def sources_of(article: Tag) -> dict[str, tuple[str, str, str]]:
    """Source id to its title with publisher, its address, and its note (where in the text, what was read)."""
    found = {}
    for item in article.select(".footnote li[id]"):
        link = item.find("a", href=True)
        before, _, after = " ".join(item.get_text().split()).partition(link.get_text())
        found[item["id"].removeprefix("fn:")] = (before.strip(), link["href"], after.strip())
    return found


def git(*words: str, root: Path = ROOT) -> str:
    """What git answers; nothing where this is no repository."""
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def changes_since(page: str, day: str, root: Path = ROOT) -> tuple[str, list[str]]:
    """Since the end of `day`: what to say of it, and the lines (`+` or `-` first) that changed in the page and all it includes."""
    file = page_files(root)[page]
    # Whole folders of shared wording would bring in other pages' changes: only what this page includes.
    files = [file, *(root / "docs" / "includes" / path for _, path in snippets(file.read_text(encoding="utf-8")))]
    base = git("rev-list", "-1", f"--before={day} 23:59:59", "HEAD", root=root)
    if not base:
        return f"The history here does not reach back to {day}, so each sentence counts as new.", []
    names = [each.relative_to(root).as_posix() for each in dict.fromkeys(files)]
    diff = git("diff", "--unified=0", "--no-color", base, "--", *names, root=root)
    lines = [line[1:] if line.startswith("+++ b/") else line for line in diff.split("\n") if re.match(r"\+\+\+ b/|[+-](?![+-])", line)]
    if not lines:
        return f"Nothing on the page changed since {day}.", []
    return f"Against the edition of {day} (commit {base[:10]}):", lines


_STYLE = """
@page { size: A4; margin: 16mm 14mm; }
body { font: 11pt/1.4 sans-serif; color: #000; background: #fff; max-width: 50rem; margin: 1rem auto; padding: 0 1rem; }
h1 { font-size: 18pt; } h2 { font-size: 14pt; margin-top: 1.5em; break-after: avoid; }
table { border-collapse: collapse; width: 100%; }
tr { break-inside: avoid; } td, th { border: 1px solid #666; padding: 3pt 5pt; vertical-align: top; text-align: left; }
.no { width: 2.2em; } .boxes { width: 6.2em; white-space: nowrap; }
.heading { break-after: avoid; } .heading td { background: #eee; font-weight: bold; }
.contract { border-left: 5pt solid #000; } .contract b { font-size: 9pt; border: 1px solid #000; padding: 0 3pt; }
.source { font-size: 9pt; margin: 2pt 0 0; overflow-wrap: anywhere; } .none { font-style: normal; color: #444; }
.changes { font: 9pt/1.35 monospace; white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #666; padding: 6pt; }
.changes del { text-decoration: line-through; } .changes ins { text-decoration: none; font-weight: bold; }
.sign p { border-bottom: 1px solid #000; padding-top: 20pt; margin: 0; } .sign { break-inside: avoid; }
a { color: #000; }
"""


def sheet(page: str, built: str, root: Path = ROOT) -> str:
    """The review file's HTML, from a page's name and its built HTML."""
    article = BeautifulSoup(built, "html.parser").select_one("article")
    data = yaml.safe_load(page_files(root)[page].read_text(encoding="utf-8")[4:].split("\n---\n")[0])
    sources, lines = sources_of(article), lines_of(article)
    numbers = {name: number for number, name in enumerate(sources, 1)}
    e = html.escape
    rows, count, shown = [], 0, set()
    for line in lines:
        if line.kind == "heading":
            rows.append(f'<tr class="heading"><td colspan="3">{e(line.text)}</td></tr>')
            continue
        count += 1
        cell = [e(line.text)]
        if line.statement:
            cell.insert(0, f"<b>SAFETY STATEMENT {e(line.statement)}</b> ")
        for name in dict.fromkeys(line.cites):
            title, address, note = sources[name]
            # The note once, where the source first stands; the list at the end has it again.
            more = "" if name in shown else f" {e(note)}"
            cell.append(f'<p class="source">[{numbers[name]}] {e(title)} <a href="{e(address)}">{e(address)}</a>{more}</p>')
            shown.add(name)
        if not line.cites:
            cell.append('<p class="source none">No source of its own.</p>')
        kind = ' class="contract"' if line.statement else ""
        rows.append(f'<tr><td class="no">{count}</td><td{kind}>{"".join(cell)}</td><td class="boxes">&#9744; right<br>&#9744; change<br>&#9744; remove</td></tr>')
    said, changed = changes_since(page, str(data["reviewed"]), root)
    marked = "\n".join(f"<ins>{e(line)}</ins>" if line.startswith("+ ") or (line.startswith("+") and not line.startswith("++ b/")) else f"<del>{e(line)}</del>" if line.startswith("-") else e(line.removeprefix("++ b/")) for line in changed)
    edition = git("rev-parse", "--short=10", "HEAD", root=root) or "not known"
    if git("status", "--porcelain", "--", ":(glob)docs/**/*.md", root=root):
        edition += ", with changes that are not committed"
    listed = "\n".join(f'<li>{e(title)} <a href="{e(address)}">{e(address)}</a> {e(note)}</li>' for title, address, note in sources.values())
    contract = len({line.statement for line in lines if line.statement})
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Review: {e(data["title"])}</title>
<style>{_STYLE}</style>
<h1>Review: {e(data["title"])}</h1>
<p>Page <strong>{e(page)}</strong>, edition {e(edition)}. Last checked against its sources: {data["reviewed"]}. Next check due: {data["next_review"]}.</p>
<p>{count} sentences, {len(sources)} sources, {contract} safety statements. A safety statement has a thick line at its left: it may be worded
better, but the site's safety contract (tests/safety.toml) holds what it says. Tick one box for each sentence, and write the better words beside it.</p>
<h2>What changed since {data["reviewed"]}</h2>
<p>{e(said)}</p>
{f'<div class="changes">{marked}</div>' if marked else ""}
<h2>Each sentence</h2>
<table>
<thead><tr><th>No.</th><th>Sentence and sources</th><th>Tick one</th></tr></thead>
<tbody>
{chr(10).join(rows)}
</tbody>
</table>
<h2>Sources</h2>
<ol>
{listed}
</ol>
<div class="sign">
<h2>What is missing</h2>
<p></p><p></p><p></p>
<h2>Signature</h2>
<p style="border: 0; padding: 0">I have read every sentence above. My ticks and words say what is right, what to change and what to remove.</p>
<p>Name, role, registration</p><p>May the site show my name, and how?</p><p>Signature and date</p>
</div>
</html>
"""


def main(page: str) -> int:
    """Write review/<page>.html. Returns the exit status."""
    files = page_files()
    if page not in files:
        print(f"make review: no page {page!r}{meant(page, files)}\nWrite:  make review PAGE=warnings", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "mkdocs", "build", "--site-dir", folder], cwd=ROOT, capture_output=True, text=True, env={**os.environ, "SITE_URL": ""}
        )
        if done.returncode:
            print("The site does not build; run `make build` to see why.", done.stderr, sep="\n", file=sys.stderr)
            return 1
        place = page.removesuffix("index") if page.endswith("index") else f"{page}/"
        built = (Path(folder) / place / "index.html").read_text(encoding="utf-8")
    target = ROOT / "review" / f"{page.replace('/', '-')}.html"
    target.parent.mkdir(exist_ok=True)
    target.write_text(sheet(page, built), encoding="utf-8")
    print(f"Written: {target.relative_to(ROOT)}. Open it in a browser and print it.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
