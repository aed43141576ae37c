"""The workflows trust nothing that can move, and run only commands that exist."""

import re

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
