"""The safety contract, held on what a patient sees, and proof that it can fail."""

import re

import pytest

from contract import (
    FROM_TEMPLATE,
    SAFETY_INCLUDES,
    contract_faults,
    load_contract,
    never_faults,
    paper_faults,
    statement_faults,
)
from pages import ROOT, markdown_pages, plain, source_files
from visits import PHONE, Statement, squashed, statements

CONTRACT = load_contract()
INCLUDES = {file.stem for file in SAFETY_INCLUDES.glob("*.md")}


def report(faults: list[str]) -> str:
    """All faults, those that differ only in the view as one line."""
    views: dict[str, list[str]] = {}
    for fault in faults:
        found = re.match(r"(\S+) \(([^)]+)\): (.*)", fault, re.S)
        key = f"{found[1]}: {found[3]}" if found else fault
        views.setdefault(key, []).append(found[2] if found else "")
    return f"{len(views)} faults:\n" + "\n".join(f"{fault} [{'; '.join(seen)}]" if seen[0] else fault for fault, seen in views.items())


def test_contract_names_only_what_exists_and_requires_every_wording():
    faults = contract_faults(CONTRACT, set(markdown_pages()), INCLUDES, set(source_files()))
    assert not faults, report(faults)


def test_contract_check_notices_names_of_nothing():
    faults = contract_faults(CONTRACT, {"index"}, (INCLUDES - {"no-opioids"}) | {"unrequired"}, set())
    assert any("no-opioids: no wording" in fault for fault in faults)
    assert any("no page docs/warnings.md" in fault for fault in faults)
    assert any("no source docs/includes/sources/" in fault for fault in faults)
    assert any("unrequired.md: no entry" in fault for fault in faults)


def test_every_required_statement_is_seen_in_every_view(visits):
    faults = [
        fault
        for name, visit in visits.items()
        for view, seen in visit.views.items()
        for fault in statement_faults(CONTRACT, name, seen, view)
    ]
    assert not faults, report(faults)


def test_every_required_statement_is_on_paper_with_javascript_off(visits):
    faults = [
        fault
        for name, visit in visits.items()
        for paper, print_out in visit.paper.items()
        for fault in paper_faults(CONTRACT, name, visit.views["print"], paper, print_out)
    ]
    assert not faults, report(faults)


def test_paper_check_notices_a_statement_lost_in_print(visits):
    warnings = visits["warnings"]
    whole = warnings.paper["A4"]
    lost = warnings.views["print"][0]
    text = squashed(whole.text)
    for piece in lost.pieces:
        text = text.replace(squashed(piece), "")
    cut = type(whole)([text], whole.sizes)
    assert any(lost.id in fault for fault in paper_faults(CONTRACT, "warnings", warnings.views["print"], "A4", cut))
    without = [statement for statement in warnings.views["print"] if statement.id != lost.id]
    assert any("found nothing" in fault for fault in paper_faults(CONTRACT, "warnings", without, "A4", whole))


def test_nothing_forbidden_is_said_anywhere(site):
    drawings = {
        file.relative_to(ROOT).as_posix(): re.sub(r"<style.*?</style>|<[^>]+>", " ", file.read_text(encoding="utf-8"), flags=re.S)
        for file in sorted((ROOT / "docs" / "assets").rglob("*.svg"))
    }
    faults = [fault for page in site.pages.values() for fault in never_faults(CONTRACT, page)]
    faults += [fault for fault in never_faults(CONTRACT, site.pages["index"], drawings) if not fault.startswith("index:")]
    assert not faults, report(faults)


@pytest.mark.parametrize(
    "forbidden",
    [
        "addicts",
        "a junkie",
        "a dirty test",
        "It cures alcoholism.",
        "Naltrexone is safe.",
        "1 in 11 people",
        "Take 50mg.",
        "Naltrexone reverses an overdose.",
        "It boosts the immune system.",
        "You will not feel drunk.",
        "14 days is enough.",
    ],
)
def test_forbidden_words_are_noticed_in_text_alt_and_drawings(site, forbidden):
    page = site.pages["index"]
    assert never_faults(CONTRACT, page.broken("</article>", f"<p>{forbidden}</p></article>"))
    assert never_faults(CONTRACT, page.broken("</article>", f'<img alt="{forbidden}" src="x.svg"></article>'))
    assert never_faults(CONTRACT, page, {"x.svg": forbidden})


# How a statement can be lost. Each takes the element; the page is loaded afresh afterwards.
HIDDEN_BY = {
    "display": "e => e.style.display = 'none'",
    "visibility": "e => e.style.visibility = 'hidden'",
    "content-visibility": "e => e.style.contentVisibility = 'hidden'",
    "opacity": "e => e.style.opacity = '0'",
    "faded": "e => e.style.opacity = '0.1'",
    "clip-path": "e => e.style.clipPath = 'inset(50%)'",
    "no height": "e => { e.style.height = '0'; e.style.overflow = 'hidden'; e.style.padding = '0'; }",
    "off the page": "e => { e.style.position = 'absolute'; e.style.left = '-9999px'; }",
    "tiny type": "e => e.querySelectorAll('*').forEach(x => x.style.fontSize = '1px')",
    "transparent ink": "e => { e.style.color = 'transparent'; e.querySelectorAll('*').forEach(x => x.style.color = 'transparent'); }",
    "ink like paper": "e => { e.style.background = '#fff'; e.querySelectorAll('*').forEach(x => { x.style.color = '#fff'; x.style.background = '#fff'; }); }",
    "closed": "e => { const d = document.createElement('details'); e.replaceWith(d); d.append(document.createElement('summary'), e); }",
}
TAKEN_OUT = "e => e.remove()"
EMPTIED = "e => e.replaceChildren()"


@pytest.fixture(scope="module")
def tab(browser):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def page_of(entry, site) -> str:
    """The shortest page that must hold the statement: each is as good to break, and a browser is through with it soonest."""
    return "404" if entry.id in FROM_TEMPLATE else min(entry.pages, key=lambda name: len(site.pages[name].html))


@pytest.mark.parametrize("entry", CONTRACT.entries, ids=lambda entry: entry.id)
def test_a_lost_statement_is_reported_with_page_and_id(site, server, tab, entry):
    page = site.pages[page_of(entry, site)]
    tab.goto(f"{server.address}/{page.url}")
    whole = tab.evaluate("() => document.body.innerHTML")
    missed = []
    for name, change in {"taken out": TAKEN_OUT, "emptied": EMPTIED, **HIDDEN_BY}.items():
        tab.evaluate(f"() => document.querySelectorAll('[data-safety=\"{entry.id}\"]').forEach({change})")
        faults = statement_faults(CONTRACT, page.name, statements(tab), "phone")
        if not any(fault.startswith(f"{page.name} (phone): {entry.id}: expected") for fault in faults):
            missed.append(name)
        tab.evaluate("html => { document.body.innerHTML = html; }", whole)
    assert not missed, f"{entry.id} on {page.name}: not noticed when {', '.join(missed)}"


NEGATIONS = re.compile(r"\b(not|never|no|none|nobody|without|cannot)\b")
NUMBERS = re.compile(r"\d+(?:[,.]\d+)*")


def weakened(text: str) -> list[tuple[str, str]]:
    """Every text that differs by one negation taken out or one number changed, each with what was done."""
    changes = []
    for found in NEGATIONS.finditer(text):
        word = "can" if found.group(0) == "cannot" else ""
        changes.append((f"without {found.group(0)!r} at {found.start()}", text[: found.start()] + word + text[found.end() :]))
    for found in NUMBERS.finditer(text):
        other = "3" if found.group(0) != "3" else "4"
        changes.append((f"with {other} for {found.group(0)}", text[: found.start()] + other + text[found.end() :]))
    return changes


@pytest.mark.parametrize("entry", CONTRACT.entries, ids=lambda entry: entry.id)
def test_a_weakened_statement_is_reported(site, visits, entry):
    name = page_of(entry, site)
    whole = next(statement for statement in visits[name].views["phone"] if statement.id == entry.id)
    missed = []
    for what, text in weakened(plain(whole.text)):
        seen = [Statement(entry.id, [plain(text)])]
        faults = statement_faults(CONTRACT, name, seen, "phone")
        if not any(f"{entry.id}: expected it to say" in fault for fault in faults):
            missed.append(what)
    assert not missed, f"{entry.id}: tests/safety.toml would not notice its wording {'; '.join(missed)}. Pin it with a `must`"


def test_the_contract_holds_negations_and_numbers_at_all():
    """The weakening test would pass on wording without any; the contract as a whole has plenty."""
    texts = [(SAFETY_INCLUDES / f"{entry.id}.md").read_text(encoding="utf-8") for entry in CONTRACT.entries if entry.id in INCLUDES]
    assert sum(bool(NEGATIONS.search(text)) for text in texts) > len(texts) / 2
