"""Make the copy that opens from a USB stick by a double click: offline/naltrexone-guide/ and its zip. See `make offline`."""

import os
import re
import shutil
import sys
import unittest.mock
import zipfile
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parent.parent
NAME = "naltrexone-guide"
MOST_KB = 3000
"""The zip and the folder each stay under this, the kit apart."""

# Of the theme, which no page uses; and what only a web server needs.
_LEFT_OUT = ("assets/javascripts", "assets/stylesheets", "assets/images", "sitemap.xml", "sitemap.xml.gz", "robots.txt", "404.html", "_headers", "assets/card.png")
# What only a search engine or a messenger reads.
_FOR_MACHINES = re.compile(r'\s*(<script type="application/ld\+json">.*?</script>|<meta (property="og|name="twitter):[^>]*>)', re.DOTALL)
_LINK = re.compile(r'(?<=\s)(href|src)="([^"#][^"]*)"')


def build_site(folder: Path, project: Path = ROOT, **changes) -> None:
    """Build the project into a folder, with some settings changed. Raises mkdocs.exceptions.Abort on any warning: it is strict."""
    # Snippets look in folders named from where the command is run.
    before = os.getcwd()
    os.chdir(project)
    try:
        config = load_config(str(project / "mkdocs.yml"), site_dir=str(folder), **changes)
        config.plugins.on_startup(command="build", dirty=False)
        build(config)
    finally:
        os.chdir(before)


def kit_made(project: Path) -> dict[str, str]:
    """Variables for mkdocs.yml that say which PDFs of kit/ there are to link to: the sheets, the booklet."""
    return {name: str((project / "kit" / file).is_file()).lower() for name, file in (("KIT", "naltrexone-handouts.zip"), ("BOOKLET", "naltrexone-guide-a4.pdf"))}


def make(target: Path, project: Path = ROOT) -> Path:
    """Build the site into `target`/naltrexone-guide, with the kit if it was made, and zip it. Returns the folder.

    Raises mkdocs.exceptions.Abort if the site does not build, ValueError if a link leads to no file.
    """
    folder = target / NAME
    shutil.rmtree(folder, ignore_errors=True)
    # On a disk a folder does not stand for its index.html, so each page is a file.
    with unittest.mock.patch.dict(os.environ, kit_made(project)):
        build_site(folder, project, site_url="", use_directory_urls=False)
    for place in _LEFT_OUT:
        if (folder / place).is_dir():
            shutil.rmtree(folder / place)
        else:
            (folder / place).unlink(missing_ok=True)
    if (project / "kit").is_dir():
        shutil.copytree(project / "kit", folder / "kit")
    lost = [fault for page in sorted(folder.rglob("*.html")) for fault in settle_links(folder, page)]
    if lost:
        raise ValueError("\n".join(lost))
    pack(folder, target / f"{NAME}.zip")
    return folder


def settle_links(folder: Path, page: Path) -> list[str]:
    """Point each link of a page at a file: templates write `search/index.html` where the copy has `search.html`.

    Returns the links that lead to no file.
    """
    lost = []

    def settled(found: re.Match) -> str:
        link, anchor = urldefrag(found[2])
        if re.match(r"[a-z]+:", link) or not link:
            return found[0]
        place = page.parent.relative_to(folder).as_posix()
        file = unquote(urljoin(f"/{place}/".replace("/./", "/"), link)).lstrip("/")
        if (folder / file).is_file():
            return found[0]
        for suffix, instead in (("/index.html", ".html"), ("/", ".html"), ("", "index.html")):
            if file.endswith(suffix) and (folder / (file.removesuffix(suffix) + instead)).is_file():
                new = os.path.relpath(folder / (file.removesuffix(suffix) + instead), page.parent).replace(os.sep, "/")
                return f'{found[1]}="{new}{"#" + anchor if anchor else ""}"'
        lost.append(f"{page.relative_to(folder)}: {found[2]} leads to no file of the offline copy")
        return found[0]

    html = _FOR_MACHINES.sub("", page.read_text(encoding="utf-8"))
    page.write_text(_LINK.sub(settled, html), encoding="utf-8")
    return lost


def pack(folder: Path, archive: Path) -> None:
    """Zip a folder. One date for all files, so that the same files make the same zip."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{folder.name}/{file.relative_to(folder).as_posix()}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, file.read_bytes())


def size(folder: Path) -> int:
    """Bytes of a folder's files, the kit apart."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and "kit" not in file.relative_to(folder).parts)


def main() -> int:
    target = ROOT / "offline"
    target.mkdir(exist_ok=True)
    folder = make(target)
    kb = size(folder) // 1000
    print(f"Made offline/{NAME}/ ({kb} kB, kit apart) and offline/{NAME}.zip ({(target / f'{NAME}.zip').stat().st_size // 1000} kB).")
    print(f"Copy either to a USB stick. To read: open {NAME}/index.html.")
    if not (ROOT / "kit").is_dir():
        print("Without the print-outs as PDFs: run `make kit` first to have them beside it.")
    if kb > MOST_KB:
        print(f"It is over {MOST_KB} kB: look for a large file in docs/assets.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
