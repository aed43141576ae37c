"""Write the style of every page, and its hash for the Content-Security-Policy, from the two sheets. See `make style`.

A page carries its style in itself, so that nothing has to be fetched before it is shown. A policy that allows no
other style needs that style's hash, which no template can work out: so both are written here, and a test keeps them fresh.
"""

import base64
import hashlib
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHEETS = ("docs/assets/site.css", "docs/assets/print.css")
STYLE = ROOT / "overrides/partials/style.html"
HASH = ROOT / "overrides/partials/style-hash.html"


def small(css: str) -> str:
    """A sheet without comments and needless space. Strings are kept as they are."""
    css = re.sub(r'("[^"]*")|/\*.*?\*/', lambda found: found[1] or "", css, flags=re.DOTALL)
    css = re.sub(r'("[^"]*")|\s+', lambda found: found[1] or " ", css)
    css = re.sub(r'("[^"]*")|\s*([{};,>])\s*|(?<=[\w-]):\s+(?=[^{}]*[;}])', lambda found: found[1] or found[2] or ":", css)
    return css.replace(";}", "}").strip()


def style(root: Path = ROOT) -> tuple[str, str]:
    """The style as it stands in a page, and its hash as a policy writes it.

    Raises ValueError if the style holds what a template would take for its own.
    """
    css = "".join(small((root / sheet).read_text(encoding="utf-8")) for sheet in SHEETS)
    for mark in ("{#", "{%", "{{", "<"):
        if mark in css:
            raise ValueError(f"{' or '.join(SHEETS)}: {mark!r} cannot stand in a template. Write the rule another way: a class for an id.")
    return css, "sha256-" + base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()


if __name__ == "__main__":
    for file, text in zip((STYLE, HASH), style()):
        file.write_text(text, encoding="utf-8")
