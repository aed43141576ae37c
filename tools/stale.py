"""`make stale`: what has gone stale, as one Markdown report. The only program here that asks the network, and never a test.

Looks for: sources whose address is dead, has moved, is slow, or answers 200 with a page of regret; pages whose
next check is due within 30 days; telephone lines not checked for 180 days; newer versions of what is pinned.
"""

import concurrent.futures
import datetime
import http.client
import json
import re
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import yaml

from faults import ROOT, page_files

DUE_WITHIN = 30
"""Days before `next_review`."""
PHONE_AGE = 180
"""Days after which a telephone line should be checked again."""
SLOW = 10.0
"""Seconds after which an answer counts as slow."""

# Publishers answer 403, 405 or 429 to programs and 200 to people: such a link is to be opened by hand, not called dead.
_SHUT_TO_PROGRAMS = {401, 403, 405, 406, 418, 429, 451, 503}
_REGRET = re.compile(
    r"<(?:title|h1)[^>]*>[^<]*(?:\b404\b|not[\s-]found|no longer available|page (?:does not|doesn['’]t) exist|can['’]?t be found|error occurred)",
    re.IGNORECASE,
)
_SOURCE = re.compile(r"<(https?://[^\s>]+)> Checked (\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Answer:
    """What an address answered. `kind` is "fine", "dead", "moved", "slow", "lying" or "shut"; "unreached" where nobody answered."""

    kind: str
    said: str


def ask(address: str, slow: float = SLOW) -> Answer:
    """Open an address as a browser would. Never raises: what goes wrong is the answer."""
    request = urllib.request.Request(address, headers={"User-Agent": "Mozilla/5.0 (link check of a patient guide)", "Accept": "text/html,*/*"})
    started = time.monotonic()
    try:
        with urllib.request.urlopen(request, timeout=slow * 2) as got:
            read = b""
            # The time limit is for each part: one that trickles on for ever is cut off, too.
            while len(read) < 65536 and time.monotonic() - started < slow * 2 and (part := got.read1(8192)):
                read += part
            body = read.decode("utf-8", "replace")
            came_to = got.url
    except urllib.error.HTTPError as fault:
        return Answer("shut" if fault.code in _SHUT_TO_PROGRAMS else "dead", f"answered {fault.code}")
    except TimeoutError:
        return Answer("slow", f"no answer in {slow * 2:g} seconds")
    except (OSError, ValueError, http.client.HTTPException) as fault:
        reason = getattr(fault, "reason", fault)
        return Answer("slow", f"no answer in {slow * 2:g} seconds") if isinstance(reason, TimeoutError) else Answer("unreached", f"no answer: {reason}")
    took = time.monotonic() - started
    asked, came = urllib.parse.urlsplit(address), urllib.parse.urlsplit(came_to)
    if regret := _REGRET.search(body):
        return Answer("lying", f"answered 200, but its page says {re.sub('<[^>]*>', '', regret[0]).strip()!r}")
    if asked.path.strip("/") and not came.path.strip("/"):
        return Answer("lying", f"leads to the first page of {came.netloc}")
    # A DOI is there to lead elsewhere; a slash more or "www." is no move.
    if asked.netloc != "doi.org" and _same(asked) != _same(came):
        return Answer("moved", f"moved to {came_to}")
    if took > slow:
        return Answer("slow", f"took {took:.0f} seconds")
    return Answer("fine", "")


def _same(parts: urllib.parse.SplitResult) -> tuple[str, str, str]:
    return parts.netloc.removeprefix("www."), parts.path.rstrip("/"), parts.query


def sources(root: Path) -> dict[str, tuple[str, datetime.date]]:
    """Source file, below the root, to its address and the day it was checked."""
    found = {}
    for file in sorted((root / "docs" / "includes" / "sources").glob("*.md")):
        if match := _SOURCE.search(file.read_text(encoding="utf-8")):
            found[file.relative_to(root).as_posix()] = (match[1], datetime.date.fromisoformat(match[2]))
    return found


def link_lines(root: Path, slow: float = SLOW) -> dict[str, list[str]]:
    """Kind of answer to a line for each source that gave it. Each address is asked once.

    An address where nobody is counts as dead, unless nobody is anywhere: then this machine has no network, and no link is known to be dead.
    """
    listed = sources(root)
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        addresses = sorted({address for address, _ in listed.values()})
        answers = dict(zip(addresses, pool.map(lambda address: ask(address, slow), addresses)))
    if answers and all(answer.kind == "unreached" or answer.said.startswith("no answer") for answer in answers.values()):
        return {"no network": [f"none of {len(answers)} addresses answered, the first with: {next(iter(answers.values())).said}"]}
    lines: dict[str, list[str]] = {}
    for file, (address, _) in listed.items():
        kind = answers[address].kind
        lines.setdefault("dead" if kind == "unreached" else kind, []).append(f"`{file}:2`: <{address}> {answers[address].said}")
    return lines


def due_lines(root: Path, today: datetime.date) -> list[str]:
    """Pages whose next check is due within 30 days, or was."""
    lines = []
    for name, file in page_files(root).items():
        text = file.read_text(encoding="utf-8")
        due = yaml.safe_load(text[4:].split("\n---\n")[0])["next_review"]
        if (due - today).days <= DUE_WITHIN:
            number = next(number for number, line in enumerate(text.split("\n"), 1) if line.startswith("next_review:"))
            lines.append(f"`docs/{name}.md:{number}`: {'was due' if due < today else 'due'} {due}: `make review PAGE={name}`")
    return lines


def phone_lines(root: Path, today: datetime.date) -> list[str]:
    """Sources that stand behind a telephone line and were last checked more than 180 days ago."""
    cited = set()
    for file in sorted((root / "docs").rglob("*.md")):
        # One list item: its number is on one line, its source on that or on an indented one below.
        for item in re.split(r"\n(?=\S)", file.read_text(encoding="utf-8")):
            if "](tel:" in item or re.search(r"\b[Tt]ext\b.*\d{4}", item):
                cited |= set(re.findall(r"\[\^([^\]]+)\]", item))
    lines = []
    for file, (address, checked) in sources(root).items():
        if Path(file).stem in cited and (today - checked).days > PHONE_AGE:
            lines.append(f"`{file}:2`: checked {checked}, {(today - checked).days} days ago: <{address}>")
    return lines


def outdated() -> dict[str, str] | None:
    """Installed package to its newest release, where that is another; None where pip found no index to ask."""
    # One try more and no patience: without a network pip would try each package for a minute.
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "1", "--timeout", "10"]
    try:
        asked = subprocess.run([*pip, "list", "--outdated", "--format=json"], capture_output=True, text=True, timeout=600)
        newer = {row["name"].lower(): row["latest_version"] for row in json.loads(asked.stdout)}
    except (ValueError, subprocess.TimeoutExpired):
        return None
    # An index that cannot be reached is a warning to pip, and no newer version.
    return None if not newer and "connection broken" in asked.stderr else newer


def pin_lines(root: Path, newer: dict[str, str] | None) -> list[str]:
    """Pins in pyproject.toml of which there is another release now, with `newer` as `outdated` gives it."""
    if newer is None:
        return ["Not looked at: pip could not ask for newer versions. Is there a network?"]
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = [*project["dependencies"], *(pin for extra in project["optional-dependencies"].values() for pin in extra)]
    split = [pin.split("==") for pin in pins]
    return [f"`{package}`: pinned {version}, newest {newer[package.lower()]}" for package, version in split if newer.get(package.lower(), version) != version]


def report(root: Path, today: datetime.date, newer: dict[str, str] | None, slow: float = SLOW) -> str:
    """The whole report in Markdown, with `newer` as `outdated` gives it."""
    links = link_lines(root, slow)
    parts = [
        ("Dead links: find the text's new place, or take out what rests on it", links.get("dead", [])),
        ("Lying links: an answer of 200 with a page of regret. Treat them as dead", links.get("lying", [])),
        ("Moved addresses: read the text there, then write the new address and the day", links.get("moved", [])),
        ("Slow links", links.get("slow", [])),
        ("Links that are shut to programs: open them by hand", links.get("shut", [])),
    ]
    if "no network" in links:
        parts = [("No link could be looked at. Is there a network? Behind a proxy, set HTTPS_PROXY. Then run make stale again", links["no network"])]
    parts += [
        (f"Pages whose next check is due within {DUE_WITHIN} days", due_lines(root, today)),
        (f"Telephone lines not checked for {PHONE_AGE} days", phone_lines(root, today)),
        ("New versions of what is pinned: change pyproject.toml, then `make lock test`", pin_lines(root, newer)),
    ]
    lines = [f"# What needs a look, {today}", ""]
    for title, found in parts:
        lines += [f"## {title}", "", *([f"- {line}" for line in found] or ["Nothing."]), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(report(ROOT, datetime.date.today(), outdated()))
