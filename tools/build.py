"""`make build`: check the Markdown and a clinic's details, then build the site into site/ with MkDocs, in strict mode.

SITE_URL says where the site will be; without it no page names its own address.
"""

import os
import subprocess
import sys

from address import address_fault
from clinic import clinic_faults
from faults import ROOT, all_faults, explained
from offline import kit_made


def build(builder: str) -> int:
    """Build with `mkdocs` or `zensical`. Returns the exit status; what is wrong goes to standard error."""
    address = os.environ.get("SITE_URL", "")
    faults = all_faults() + clinic_faults((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), ROOT / "docs")
    faults += [fault] if (fault := address_fault(address)) else []
    if faults:
        print(f"{len(faults)} faults, so nothing was built:", *faults, sep="\n", file=sys.stderr)
        return 1
    if address and not address.endswith("/"):
        address += "/"
    # Never `mkdocs --quiet`: it counts no warning, so strict stops on none.
    strict = {"mkdocs": [], "zensical": ["--strict"]}[builder]
    done = subprocess.run(
        [sys.executable, "-m", builder, "build", *strict],
        cwd=ROOT, env={**os.environ, **kit_made(ROOT), "SITE_URL": address}, stderr=subprocess.PIPE, text=True,
    )
    # MkDocs indents the names that belong to a warning: they stay with it.
    for message in done.stderr.replace("\n  ", "\0  ").strip().split("\n"):
        if message and not message.startswith("INFO "):
            print(explained(message.replace("\0", "\n").removeprefix("WARNING -  ")), file=sys.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(build(sys.argv[1] if len(sys.argv) > 1 else "mkdocs"))
