"""Sources: the form of each, and the checks that join a page's facts to them."""

import re

from bs4 import BeautifulSoup

from faults import place
from pages import Page

# One footnote definition: its id, then title, publisher, year, one address, the day it was read.
SOURCE = re.compile(
    r"^\[\^(?P<id>[a-z0-9-]+)\]:\n"
    r"\*\*(?P<title>[^*]+\.)\*\* (?P<publisher>.+?) <(?P<link>https://[^\s>]+)> "
    r"Checked (?P<checked>\d{4}-\d{2}-\d{2})\.(?P<note>.*)\n$"
)
_YEAR = re.compile(r"\b(19|20)\d\d\b|\bundated page\b")

# Machine-written answers, sellers, content farms, forums, copies of other people's texts.
FORBIDDEN_HOSTS = (
    "arxivlens docketalarm docsford docslib drldiego droracle drugslib edrugslist experts123 fda.report globalrph "
    "healyourselfathome imedi.co.uk liquisearch medicpdf medlibrary medx.it metajournal motherfigure myldnstory "
    "oladoctor pill2trip pillintrip prescriberpoint quickupdate reddit relxnn russianpharmacy rxreasoner s4me.info "
    "safegenericpharmacy scribd biologyinsights themeditary thehealththread winenfood wikipedia wordpress blogspot"
).split()

_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred half third quarter"
_NUMBER = re.compile(
    r"\d|\b(" + "|".join(_NUMBER_WORDS.split()) + r")\s+(days?|weeks?|months?|hours?|minutes?|years?|times|out of)\b",
    re.IGNORECASE,
)


def source_faults(files: dict[str, str]) -> list[str]:
    """Source files that lack a part or rest on something that may not be cited. Takes id to text."""
    faults = []
    titles: dict[str, str] = {}
    for name, text in files.items():
        where = f"docs/includes/sources/{name}.md"
        found = SOURCE.match(text)
        if not found:
            faults.append(
                f"{where}: expected `[^{name}]:`, then one line: **Title.** Publisher, year. <https://address> "
                f"Checked YYYY-MM-DD. Note. Found: {text[:120]!r}"
            )
            continue
        if found["id"] != name:
            faults.append(f"{where}: its id is {found['id']}; expected {name}")
        if not _YEAR.search(found["publisher"] + found["title"]):
            faults.append(f"{where}: no year, version date or 'undated page' after the publisher")
        host = found["link"].split("/")[2]
        for forbidden in FORBIDDEN_HOSTS:
            if forbidden in host:
                faults.append(f"{where}: {host} may not be cited; find the publisher's own page")
        if found["link"] + found["title"] in titles:
            faults.append(f"{where}: the same source as {titles[found['link'] + found['title']]}.md")
        titles[found["link"] + found["title"]] = name
    return faults


def citation_faults(page: Page) -> list[str]:
    """Citations without a source and sources without a citation on one built page."""
    faults = []
    article = page.article
    for literal in re.findall(r"\[\^[^\]]*\]", article.get_text()):
        faults.append(f"{page.name}: {literal} is cited, but its source is not listed at the page's foot")
    cited = {link["href"].removeprefix("#fn:") for link in article.select("a.footnote-ref")}
    listed = {item["id"].removeprefix("fn:") for item in article.select(".footnote li[id]")}
    for name in sorted(listed - cited):
        faults.append(f"{page.name}: {name} is listed at the foot, but nothing on the page cites it")
    for name in sorted(cited - listed):
        faults.append(f"{page.name}: {name} is cited, but not listed")
    if listed and not article.find("h2", id="sources"):
        faults.append(f"{page.name}: sources without a heading `## Sources`")
    return faults


# What our own tests and benches measured about the site has no other source. Only this page may show it, in a
# `<div class="measured">` that holds a file they write and nothing else; anywhere else the class excuses nothing.
MEASURED_ON = "quality"
MEASURED_FILES = ["bench.md", "reading-table.md"]


def measured_faults(name: str, markdown: str) -> list[str]:
    """Blocks of measured numbers, in a page's Markdown, that hold anything but one file that a command writes."""
    blocks = re.findall(r'<div class="measured"[^>]*>(.*?)</div>', markdown, re.DOTALL)
    allowed = {f'--8<-- "{file}"' for file in MEASURED_FILES} if name == MEASURED_ON else set()
    faults = [f"docs/{name}.md: a measured block holds {block.strip()[:80]!r}; expected one of {sorted(allowed) or 'none'}" for block in blocks if block.strip() not in allowed]
    if markdown.count('"measured"') != len(blocks):
        faults.append(f'docs/{name}.md: a measured block that is not written `<div class="measured" markdown>` ... `</div>`')
    return faults


def number_faults(page: Page) -> list[str]:
    """Paragraphs, list items and table rows that state a number and cite nothing for it.

    Left out: telephone numbers that are links, the parts that the template puts on every page, a clinic's details, and what
    was measured.
    """
    faults = []
    article = BeautifulSoup(str(page.article), "html.parser")
    for part in article.select(".measured") if page.name == MEASURED_ON else []:
        part.decompose()
    for part in article.select('.footnote, .sources, .page-foot, .help-line, .clinic-details, .card__line, a[href^="tel:"], time, .writing-line'):
        part.decompose()
    for block in article.select("p, li, tr, figcaption"):
        if block.name == "p" and block.find_parent(["li", "tr", "figcaption"]):
            continue
        own = BeautifulSoup(str(block), "html.parser").find()
        for nested in own.select("ul, ol, table"):
            nested.decompose()
        has_citation = own.select_one("a.footnote-ref") is not None
        for mark in own.select("sup, th"):
            mark.decompose()
        text = " ".join(own.get_text(" ").split())
        if _NUMBER.search(text) and not has_citation:
            faults.append(f"{page.name}: a number without a source: {text[:140]!r} ({place(page.name, text)}: cite it as [^id])")
    return faults
