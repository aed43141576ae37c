"""The workflows trust nothing that can move, and run only commands that exist; each command's programs can start."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from pages import ROOT

FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))


def workflow_faults(name: str, text: str) -> list[str]:
    """Where a workflow trusts more than it must: an action by a name that can move, rights for all jobs, a secret; or runs no command of ours."""
    data = yaml.safe_load(text)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    faults = [f"{name}: {action}: pin it by a commit's hash, its release in a comment" for action in re.findall(r"uses:\s*(.+)", text) if not re.search(r"@[0-9a-f]{40} # v\d", action)]
    if data.get("permissions") != {"contents": "read"}:
        faults.append(f"{name}: expected top-level permissions of contents: read; each job adds what it needs")
    if "secrets." in text:
        faults.append(f"{name}: uses a secret")
    for job, parts in data["jobs"].items():
        if "timeout-minutes" not in parts:
            faults.append(f"{name}: {job} has no timeout-minutes")
        for step in parts["steps"]:
            if "checkout" in step.get("uses", "") and step.get("with", {}).get("persist-credentials") is not False:
                faults.append(f"{name}: {job}: the checkout keeps its token; write persist-credentials: false")
            for line in re.findall(r"\bmake ([a-z -]+)", step.get("run", "")):
                faults += [f"{name}: {job}: the Makefile has no {target}" for target in line.split() if target not in targets]
    return faults


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_workflows_trust_nothing_that_can_move(file):
    faults = workflow_faults(file.name, file.read_text(encoding="utf-8"))
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("@de0fac2e4500dabe0009e67214ff5f5447ce83dd", "@v6"),
        ("contents: read", "contents: write"),
        ("make test", "make tset"),
        ("persist-credentials: false", "fetch-depth: 1"),
        ("timeout-minutes: 30", "continue-on-error: true"),
        ("run: make kit booklet build", "run: make build ${{ secrets.KEY }}"),
    ],
)
def test_a_trusting_workflow_is_noticed(old, new):
    text = (ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8")
    assert old in text and workflow_faults("site.yml", text.replace(old, new))


def programs(makefile: str) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Each Python program that a recipe of the Makefile starts, to its target, to the lock file that is installed before, and to its environment."""
    found = {}
    target, lock = "", ""
    for line in makefile.split("\n"):
        if rule := re.match(r"([a-z]+): (.*?)##", line):
            target = rule[1]
            lock = "requirements.txt" if "serve" in rule[2] else "requirements-test.txt" if "test.stamp" in rule[2] else ""
        for start in re.finditer(r"((?:\w+=\S+ )*)\$\(PY\) ([\w/]+\.py)", line):
            found[start[2]] = target, lock, dict(pair.split("=", 1) for pair in start[1].split())
    return found


PROGRAMS = programs((ROOT / "Makefile").read_text(encoding="utf-8"))

# Runs all of a program but its last lines, with only the packages that its target installs.
IMPORT = """
import importlib.metadata, re, runpy, sys
from pathlib import Path
script, lock = sys.argv[1:]
installed = set(re.findall(r"^([a-z0-9-]+)==", Path(lock).read_text(), re.M)) if lock else set()
for module, packages in importlib.metadata.packages_distributions().items():
    if not installed & {re.sub("[-_.]+", "-", name).lower() for name in packages}:
        sys.modules[module] = None
sys.path[0] = str(Path(script).parent)
runpy.run_path(script, run_name="imported")
"""


def start_faults(script: str, target: str, lock: str, more: dict[str, str]) -> list[str]:
    """Why a program cannot start as make starts it."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run([sys.executable, "-c", IMPORT, script, lock], cwd=ROOT, env={**env, **more}, capture_output=True, text=True, timeout=120)
    return [f"Makefile: make {target} starts {script}, which does not start: {done.stderr.strip().splitlines()[-1]}"] if done.returncode else []


def test_every_program_of_the_makefile_can_start():
    assert len(PROGRAMS) >= 11, PROGRAMS
    faults = [fault for script, how in PROGRAMS.items() for fault in start_faults(script, *how)]
    assert not faults, "\n".join(faults)
    assert all("__main__" in (ROOT / script).read_text(encoding="utf-8") for script in PROGRAMS)


@pytest.mark.parametrize(
    ("script", "lock", "env", "said"),
    [
        ("tests/bench.py", "requirements-test.txt", {}, "No module named"),
        ("tools/kit.py", "requirements.txt", {}, "pypdfium2"),
        ("tools/clinic.py", "", {}, "yaml"),
        ("tools/lost.py", "", {}, "lost.py"),
    ],
)
def test_a_program_that_cannot_start_is_noticed(script, lock, env, said):
    (fault,) = start_faults(script, "x", lock, env)
    assert said in fault
