"""What people are told when something is wrong: file, line, what it is, what to do."""

import datetime
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import with_clinic
from contract import load_contract, never_faults
from faults import all_faults, front_matter_faults, place, title_faults, wording_faults
from pages import ROOT
from sources import number_faults

GOOD = f"---\ntitle: A\ndescription: {'x' * 80}\nreviewed: 2026-01-01\nnext_review: 2026-06-01\n---\n# A\n"


def test_no_page_has_a_fault_in_its_markdown():
    faults = all_faults()
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: A\n", "", "docs/a.md:1: front matter lacks title; add a line"),
        ("title: A\n", "title:\n", "docs/a.md:2: title is None; write words"),
        ("title: A\n", "title: A: B: C\n", "docs/a.md:2: front matter is not YAML"),
        ("reviewed: 2026-01-01", "reveiwed: 2026-01-01", "docs/a.md:4: front matter has reveiwed, which means nothing here; did you mean reviewed?"),
        ("reviewed: 2026-01-01", "reviewed: soon", "docs/a.md:4: reviewed is 'soon'; expected a date like"),
        ("reviewed: 2026-01-01", "reviewed: 2026-02-30", "docs/a.md:4: reviewed is '2026-02-30'; expected a date like"),
        ("next_review: 2026-06-01", "next_review: 2025-06-01", "docs/a.md:5: next_review is not after reviewed; set"),
        ("reviewed: 2026-01-01\nnext_review: 2026-06-01", "reviewed: 2027-01-01\nnext_review: 2027-06-01", "docs/a.md:4: reviewed is 2027-01-01, in the future; set"),
        ("x" * 80, "short", "docs/a.md:3: description has 5 characters; expected 50 to 180"),
        ("---\ntitle", "title", "docs/a.md:1: expected front matter between"),
    ],
)
def test_bad_front_matter_is_named_with_its_line(old, new, said):
    today = datetime.date(2026, 11, 25)
    assert not front_matter_faults("a", GOOD, today)
    faults = front_matter_faults("a", GOOD.replace(old, new, 1), today)
    assert any(fault.startswith(said) for fault in faults), faults


def test_what_passes_today_passes_on_every_later_day():
    assert front_matter_faults("a", GOOD, datetime.date(2025, 12, 31))
    assert not front_matter_faults("a", GOOD, datetime.date(2026, 1, 1))
    assert not front_matter_faults("a", GOOD, datetime.date(2036, 1, 1))


def test_two_pages_with_one_title_are_both_named():
    (fault,) = title_faults({"a": GOOD, "b": GOOD.replace("A", "B"), "c": GOOD})
    assert fault.startswith("docs/c.md:2: the title of docs/a.md:2 is the same, 'A'; give")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A fact.[^us-tablet-labl]", "docs/a.md:3: no source 'us-tablet-labl'; did you mean us-tablet-label?"),
        ("--8<--\nsources/us-tablet-labl.md\n--8<--", "docs/a.md:4: no source sources/us-tablet-labl.md; did you mean sources/us-tablet-label.md?"),
        ('--8<-- "safety/no-opiods.md"', "docs/a.md:3: no statement safety/no-opiods.md; did you mean safety/no-opioids.md?"),
        ('<div data-safety="no-opiods" markdown>', "docs/a.md:3: no statement 'no-opiods'; did you mean no-opioids?"),
        ('--8<-- "figures/nowhere.md"', "docs/a.md:3: no snippet figures/nowhere.md"),
        ("![](assets/figures/receptor.svg)", "docs/a.md:3: an image without its text; write what it shows"),
        ('<img src="a.svg">', "docs/a.md:3: an image without its text"),
        ('<img src="a.svg" alt=" ">', "docs/a.md:3: an image without its text"),
    ],
)
def test_a_wording_that_leads_to_nothing_is_named_with_its_line(line, said):
    includes = {"sources/us-tablet-label.md", "safety/no-opioids.md", "figures/receptor.md"}
    good = '--8<-- "safety/no-opioids.md"\n\nA fact.[^us-tablet-label]\n![A receptor](a.svg)\n'
    assert not wording_faults("docs/a.md", good, includes)
    faults = wording_faults("docs/a.md", f"# A\n\n{line}\n", includes)
    assert any(fault.startswith(said) for fault in faults), faults


def test_a_bare_number_and_a_forbidden_word_are_named_with_their_line(site):
    page = site.pages["alcohol"]
    text = (ROOT / "docs" / "alcohol.md").read_text(encoding="utf-8").split("\n")
    number, line = next((number, line) for number, line in enumerate(text, 1) if "[^" in line and line[:1].isupper() and any(c.isdigit() for c in line.split("[^")[0]))
    assert place("alcohol", line) == f"docs/alcohol.md:{number}"
    bare = page.soup.__copy__()
    for mark in bare.select("article sup"):
        mark.decompose()
    faults = number_faults(type(page)("alcohol", page.url, str(bare)))
    assert any("(docs/alcohol.md:" in fault and "cite it as" in fault for fault in faults)
    assert place("warnings", "Do not take naltrexone if you use opioids") == "docs/includes/safety/no-opioids.md:3"
    (fault,) = [fault for fault in never_faults(load_contract(), page.broken("</article>", "<p>Addicts.</p></article>")) if "'addicts'" in fault]
    assert "docs/alcohol.md" in fault and "say it another way" in fault


def make(folder: Path, *words: str, **env: str) -> subprocess.CompletedProcess:
    """Run make in a folder as a person would, with variables of this test run left out."""
    clean = {key: value for key, value in os.environ.items() if key not in ("MAKEFLAGS", "MAKELEVEL", "SITE_URL")}
    return subprocess.run([shutil.which("make"), *words], cwd=folder, env={**clean, **env}, capture_output=True, text=True, timeout=120)


INSTALLED = ("-o", ".venv/serve.stamp", "-o", ".venv/test.stamp", "PY=" + sys.executable.replace(" ", "\\ "))


@pytest.fixture
def project(tmp_path) -> Path:
    """A copy of all that a build takes."""
    for part in ("docs", "overrides", "tools"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    for part in ("Makefile", "mkdocs.yml", "requirements.txt", "requirements-test.txt"):
        shutil.copy(ROOT / part, tmp_path)
    return tmp_path


def test_make_build_names_every_fault_at_once_and_builds_nothing(project):
    def change(file: str, old: str, new: str) -> int:
        """Change one place of a file; the line where the change stands."""
        path = project / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old), f"{file}: {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text.split(old, 1)[0].count("\n") + 1

    change("docs/warnings.md", "reviewed: ", "reviewed: on ")
    change("docs/alcohol.md", "next_review: ", "next_reveiw: ")
    change("docs/tablets.md", "reviewed: 20", "reviewed: 29")
    change("docs/opioids.md", "description: ", "#description: ")
    change("docs/stopping.md", "title: ", "title: Naltrexone stops here\n#title: ")
    change("docs/implants.md", "title: ", "title: Naltrexone stops here\n#title: ")
    page = project / "docs" / "index.md"
    text = page.read_text(encoding="utf-8").rstrip("\n") + "\n"
    page.write_text(text + 'A fact.[^nobody-2020]\n![](assets/icon.svg)\n--8<-- "safety/no-opiods.md"\n--8<-- "figures/nowhere.md"\n', encoding="utf-8")
    end = text.count("\n")
    settings = (project / "mkdocs.yml").read_text(encoding="utf-8")
    settings = with_clinic(settings, '\n    name: R\n    fone: "555 0101"\n    phone: ask')
    (project / "mkdocs.yml").write_text(settings, encoding="utf-8")
    clinic = settings.split("\n").index("  clinic:") + 1
    done = make(project, *INSTALLED, "build", SITE_URL="example.org")
    assert done.returncode and not (project / "site").exists()
    expected = [
        "docs/warnings.md:4: reviewed is 'on ",
        "docs/alcohol.md:5: front matter has next_reveiw, which means nothing here; did you mean next_review?",
        "docs/alcohol.md:1: front matter lacks next_review; add a line",
        "docs/tablets.md:4: reviewed is 29",
        "docs/opioids.md:1: front matter lacks description; add a line",
        "docs/stopping.md:2: the title of docs/implants.md:2 is the same",
        f"docs/index.md:{end + 1}: no source 'nobody-2020'",
        f"docs/index.md:{end + 2}: an image without its text; write what it shows",
        f"docs/index.md:{end + 3}: no statement safety/no-opiods.md; did you mean safety/no-opioids.md?",
        f"docs/index.md:{end + 4}: no snippet figures/nowhere.md",
        "mkdocs.yml: site_url is taken from SITE_URL, which is 'example.org'",
        "SITE_URL=https://",
        f"mkdocs.yml:{clinic + 2}: 'fone' means nothing here; expected one of name",
        f"mkdocs.yml:{clinic + 3}: phone: 'ask' is no phone number",
    ]
    lost = [said for said in expected if said not in done.stderr]
    assert not lost, f"make build does not say {lost}:\n{done.stderr}"


def test_make_build_names_file_and_line_of_dead_links_dead_anchors_and_lost_pages(project):
    page = project / "docs" / "warnings.md"
    text = page.read_text(encoding="utf-8").replace("\n# ", "\n[a](no-such-page.md)\n\n[b](alcohol.md#no-such-place)\n\n# ", 1)
    page.write_text(text, encoding="utf-8")
    number = text.split("\n").index("[a](no-such-page.md)") + 1
    (project / "docs" / "orphan.md").write_text(GOOD.replace("title: A", "title: An orphan"), encoding="utf-8")
    done = make(project, *INSTALLED, "build")
    assert done.returncode
    said = done.stderr.split("\n")
    assert any(line.startswith(f"docs/warnings.md:{number}: ") and "'no-such-page.md'" in line and "Correct the link" in line for line in said), done.stderr
    assert any(line.startswith(f"docs/warnings.md:{number + 2}: ") and "'#no-such-place'" in line and "Correct the link" in line for line in said), done.stderr
    assert re.search(r"mkdocs\.yml:\d+: ", done.stderr) and "orphan.md" in done.stderr and "Add each under `nav:`" in done.stderr, done.stderr


def program(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def bare_path(folder: Path) -> Path:
    """A PATH of little more than a shell: no Chromium, no right to install one."""
    folder.mkdir()
    for name in ("sh", "awk", "git", "test", "true", "echo"):
        if found := shutil.which(name):
            (folder / name).symlink_to(found)
    program(folder, "id", "echo 1000")
    program(folder, "apt-get", "exit 100")
    return folder


def test_python_too_old_says_which_is_needed(project):
    old = program(project, "python-old", 'case "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac')
    done = make(project, f"PYTHON={old}", "build")
    assert done.returncode and "Python 3.11 or newer is needed (found: Python 3.9.2)" in done.stdout + done.stderr
    assert "make PYTHON=" in done.stdout + done.stderr


@pytest.mark.parametrize("target", ["test", "kit", "booklet"])
def test_no_chromium_says_what_to_run(project, tmp_path, target):
    done = make(project, *INSTALLED, target, PATH=str(bare_path(tmp_path / "bin")))
    assert done.returncode and "sudo apt install chromium" in done.stdout + done.stderr


def test_a_port_in_use_says_which_to_take(project):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = make(project, *INSTALLED, f"ADDRESS=127.0.0.1:{port}", "serve")
    assert done.returncode and f"Port {port} is in use." in done.stdout and f"ADDRESS=127.0.0.1:{port + 1}" in done.stdout


def test_no_network_at_install_says_what_may_help(project):
    (project / ".venv" / "bin").mkdir(parents=True)
    python = program(project / ".venv" / "bin", "python", f'exec "{sys.executable}" "$@"')
    # An empty folder for pip: what is installed here must not do for what is asked.
    done = make(project, f"PY={python}", "build", PIP_INDEX_URL="http://127.0.0.1:9/simple", PIP_CONFIG_FILE=os.devnull,
                PIP_RETRIES="0", PIP_TIMEOUT="2", PIP_TARGET=str(project / "empty"))
    assert done.returncode and "Is there a network?" in done.stdout and "HTTPS_PROXY" in done.stdout, done.stdout + done.stderr
    assert not (project / ".venv" / "serve.stamp").exists()


def test_an_unknown_page_to_review_is_named(project):
    done = make(project, *INSTALLED, "review", "PAGE=warnigns")
    assert done.returncode and "no page 'warnigns'; did you mean warnings?" in done.stderr
