"""Draw every figure from figures.toml: an SVG, and the block with its caption that pages include.

Run:  make figures

All drawings are 340 units wide, the width of a phone's text column, so a unit is about one pixel
there and 0.82 pt on paper: no text may be under 15 units (tests/test_figures.py).
"""

import re
import tomllib
from html import escape
from pathlib import Path

import people

ROOT = Path(__file__).parent.parent
DRAWINGS = "docs/assets/figures"
BLOCKS = "docs/includes/figures"

WIDE = 340
EDGE = 16
"""Room left free at both sides."""

# The colours of docs/assets/site.css. On paper the light ones are used; kinds of marks differ in
# shape too, so grey and poor sight lose nothing.
STYLE = """svg{--bg:#fff;--line:#c9d5d4;--ink:#1b2a30;--rim:#5d6f76;--on:#0b5d66;--harm:#9d1b1f;--soft:#f1f5f4}
@media screen and (prefers-color-scheme:dark){svg{--bg:#18262a;--line:#35484e;--ink:#e6edee;--rim:#93a7ad;--on:#7fd0d6;--harm:#ff9d97;--soft:#233439}}
text{font:15px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;fill:var(--ink)}
.h{font-size:18px;font-weight:700}
.b{font-weight:700}
.n{font-size:22px;font-weight:700}
.end{text-anchor:end}
"""

# Marks are the round or square ends of lines without length: one `h.01` for each mark, which keeps
# 200 of them in 2 kB. A second, thinner stroke over the same path makes a ring or a hollow square.
MARK_STYLE = {
    "filled": ".filled{stroke:var(--on);stroke-width:%(size)s;stroke-linecap:square}",
    "spared": ".spared{stroke:var(--on);stroke-width:%(ring)s}.dot{stroke:var(--on);stroke-width:%(dot)s}",
    "harmed": ".harmed{stroke:var(--harm);stroke-width:%(size)s;stroke-linecap:square}.hollow{stroke:var(--bg);stroke-width:%(dot)s;stroke-linecap:square}",
    "empty": ".empty{stroke:var(--rim);stroke-width:%(ring)s}",
}
OVER = {"filled": [], "spared": ["hole", "dot"], "harmed": ["hollow"], "empty": ["hole"]}

_UNIT = re.compile(r"(\d) (?=(?:mg|minutes?|hours?|days?|weeks?|months?|points?|women|people|of 100)\b)")


def held(words: str) -> str:
    """Words with each number and its unit kept on one line."""
    return _UNIT.sub("\\1\u00a0", words)


def text(x: float, y: float, words: str, kind: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    return f'<text{kind} x="{x:g}" y="{y:g}">{escape(held(words), quote=False)}</text>'


class Marks:
    """The marks of one drawing: their size, and how each kind is drawn."""

    def __init__(self, size: float):
        sizes = {"size": f"{size:g}", "ring": f"{size * 1.12:.3g}", "dot": f"{size * 0.42:.3g}"}
        self._style = {kind: rule % sizes for kind, rule in MARK_STYLE.items()}
        self._hole = f".panel,.days,.key{{fill:none;stroke-linecap:round}}.hole{{stroke:var(--bg);stroke-width:{size * 0.76:.3g}}}"
        self._drawn = 0

    def style(self, kinds) -> str:
        return self._hole + "".join(self._style[kind] for kind in MARK_STYLE if kind in kinds) + "\n"

    def draw(self, kind: str, places: list[tuple[float, float]]) -> str:
        """One mark of a kind at each place, given as x and y of its middle."""
        if not places:
            return ""
        self._drawn += 1
        path, last = "", (0.0, None)
        for x, y in places:
            path += f"m{x - last[0]:.3g} 0h.01" if y == last[1] else f"M{x:g} {y:g}h.01"
            last = (x, y)
        over = "".join(f'<use href="#m{self._drawn}" class="{name}"/>' for name in OVER[kind])
        return f'<g class="{kind}"><path id="m{self._drawn}" d="{path}"/></g>{over}'


def sheet(figure: dict, style: str, height: float, parts: list[str]) -> str:
    """A whole SVG around its parts: card, title, description."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {height:g}" width="{WIDE}" height="{height:g}" '
        f'role="img" aria-labelledby="t d">\n<title id="t">{escape(figure["title"], quote=False)}</title>\n'
        f'<desc id="d">{escape(held(figure["alt"]), quote=False)}</desc>\n<style>\n{STYLE}{style}</style>\n'
        f'<rect x="1" y="1" width="{WIDE - 2}" height="{height - 2:g}" rx="6" fill="var(--bg)" stroke="var(--line)" stroke-width="1.5"/>\n'
        + "\n".join(part for part in parts if part)
        + "\n</svg>\n"
    )


def foot(figure: dict, y: float) -> tuple[list[str], float]:
    """The note below a drawing, then its main point: a warning is red. Also the height used then."""
    parts = []
    for line in figure.get("note", []):
        parts.append(text(EDGE, y, line))
        y += 21
    for kind, colour in (("point", "--on"), ("warning", "--harm")):
        if kind not in figure:
            continue
        deep = 21 * len(figure[kind]) + 14
        parts.append(f'<path d="M12 {y - 12:g}h316v{deep}h-316z" fill="var(--soft)"/><path d="M12 {y - 12:g}h5v{deep}h-5z" fill="var({colour})"/>')
        for number, line in enumerate(figure[kind]):
            parts.append(text(28, y + 10 + 21 * number, line, "b"))
        y += deep + 2
    if "note" in figure and not figure.keys() & {"point", "warning"}:
        y += 8  # letters reach below their line, and no box keeps them off the frame
    return parts, y


def legend(figure: dict, marks: Marks, y: float) -> tuple[list[str], float]:
    """What each kind of mark means, in words."""
    parts = []
    for kind, words in figure["key"].items():
        parts.append(f'<g class="key">{marks.draw(kind, [(EDGE + 6, y - 5)])}{text(EDGE + 20, y, words)}</g>')
        y += 23
    return parts, y


def hundreds(figure: dict) -> str:
    """Two panels of 100 people, ten rows of ten."""
    marks, pitch = Marks(9), 14.5
    parts = [text(EDGE, 32, figure["title"], "h")]
    for panel, left in zip(figure["panels"], (EDGE, 182)):
        top = 136
        places = [(round(left + 6 + column * pitch, 2), round(top + row * pitch, 2)) for row in range(10) for column in range(10)]
        drawn, start = "", 0
        for kind in ("filled", "harmed", "spared", "empty"):
            count = panel.get(kind, 0) if kind != "empty" else 100 - start
            drawn += marks.draw(kind, places[start : start + count])
            start += count
        first = panel.get("filled", panel.get("harmed"))
        label = "".join(text(left, 60 + 20 * each, words, "" if each else "b") for each, words in enumerate(panel["label"]))
        said = label + text(left, 108, f"{first} of 100", "n")
        parts.append(f'<g class="panel">{said}{drawn}</g>')
    more, y = legend(figure, marks, 302)
    last, y = foot(figure, y + 4)
    return sheet(figure, marks.style(figure["key"]), y - 8, parts + more + last)


def days(figure: dict) -> str:
    """A row of days for each form or kind, one mark a day, a gap after each week."""
    pitch = 306 / (figure["row"] + 0.4 * (figure["row"] // 7 - 1) + (1.6 if figure.get("goes_on") else 0))
    marks = Marks(round(pitch * 0.66, 1))
    parts = [text(EDGE, 32, figure["title"], "h")]
    y = 64
    for row in figure["rows"]:
        lines = text(EDGE, y, row["label"], "b")
        if "says" in row:
            lines += text(WIDE - EDGE, y, row["says"], "end")
        else:
            y += 21
            lines += text(EDGE, y, row["below"])
        y += 17
        places = [(round(EDGE + 5 + pitch * (day + 0.4 * (day // 7)), 1), y) for day in range(figure["row"])]
        rest = "spared" if figure.get("goes_on") else "empty"
        drawn = marks.draw("filled", places[: row["days"]]) + marks.draw(rest, places[row["days"] :])
        if figure.get("goes_on"):
            drawn += f'<path d="M{WIDE - EDGE - 9} {y - 7}l9 7-9 7z" fill="var(--on)"/>'
        parts.append(f'<g class="days">{lines}{drawn}</g>')
        y += 36
    more, y = legend(figure, marks, y + 2)
    last, y = foot(figure, y + 4)
    return sheet(figure, marks.style(figure["key"]), y - 2, parts + more + last)


def line(figure: dict) -> str:
    """Points on a line from top to bottom: a triangle for danger, a circle for the block."""
    style = ".w{fill:var(--bg);stroke:var(--harm);stroke-width:3;stroke-linejoin:round}.bang{fill:var(--harm)}.path{stroke:var(--ink);stroke-width:3;stroke-dasharray:.1 9;stroke-linecap:round}\n"
    parts = [
        text(EDGE, 32, figure["title"], "h"),
        '<defs><g id="w"><path class="w" d="M0-15 16 13H-16z"/><path class="bang" d="M-2-6h4l-1 10h-2z"/><circle class="bang" cy="8" r="2"/></g></defs>',
    ]
    step, x, y = 70, 36, 78
    last = y + step * (len(figure["points"]) - 1)
    calm = [y + step * number for number, point in enumerate(figure["points"]) if not point["danger"]]
    for on in calm:
        parts.append(f'<path class="path" d="M{x} {y}V{on - 36}M{x} {on + 38}V{last}"/><path d="M{x} {on - 42}V{on + 42}" stroke="var(--on)" stroke-width="10" stroke-linecap="round"/>')
    for point in figure["points"]:
        if point["danger"]:
            parts.append(f'<use href="#w" x="{x}" y="{y}"/>')
        else:
            parts.append(f'<circle cx="{x}" cy="{y}" r="17" fill="var(--on)"/><path d="M{x - 8} {y}l6 7 11-13" fill="none" stroke="var(--bg)" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/>')
        for number, words in enumerate([*point["label"], point["says"]]):
            parts.append(text(68, y - 3 + 21 * number, words, "b" if number < len(point["label"]) else ""))
        y += step
    more, y = foot(figure, last + 74)
    return sheet(figure, style, y - 2, parts + more)


def bars(figure: dict) -> str:
    """Pairs of bars from 0: full for low dose, striped for the dummy pill."""
    unit = 132
    style = ".bar{fill:var(--on)}.edge{fill:url(#p);stroke:var(--on);stroke-width:2}\n"
    parts = [
        '<defs><pattern id="p" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0h8v8h-8z" fill="var(--bg)"/><path d="M0 0h3v8h-3z" fill="var(--on)"/></pattern></defs>',
        text(EDGE, 32, figure["title"], "h"),
    ]
    y = 56
    for words in figure["scale"]:
        parts.append(text(EDGE, y, words))
        y += 21
    y += 14
    for group in figure["groups"]:
        parts.append(text(EDGE, y, group["label"], "b"))
        top = y + 11
        for kind, label, shape in (("low", "Low dose", "bar"), ("dummy", "Dummy pill", "edge")):
            long = round(group[kind] * unit, 1)
            parts.append(
                f'<g class="bars"><text x="{EDGE}" y="{top + 19:g}">{label}</text><rect class="{shape}" x="114" y="{top:g}" width="{long:g}" height="26"/>'
                f'{text(114 + long + 8, top + 19, str(group[kind]), "b")}</g>'
            )
            top += 36
        parts.append(f'<path d="M113 {y + 5:g}v74" stroke="var(--ink)" stroke-width="2"/>')
        y = top + 28
    more, y = foot(figure, y - 4)
    return sheet(figure, style, y - 2, parts + more)


def receptor(figure: dict) -> str:
    """Three states of one receptor: empty, with an opioid, with naltrexone."""
    style = (
        ".cell{fill:var(--line)}.gap{fill:var(--bg)}.cup{fill:var(--bg);stroke:var(--ink);stroke-width:2.5;stroke-linejoin:round}"
        ".wire{fill:none;stroke:var(--ink);stroke-width:2.5;stroke-linecap:round}.opioid{fill:var(--harm)}.block{fill:var(--on)}"
        ".hatch{stroke:var(--bg);stroke-width:2.5}.lit{fill:var(--harm)}.ray{stroke:var(--harm);stroke-width:3;stroke-linecap:round}\n"
    )
    parts = [
        text(EDGE, 32, figure["title"], "h"),
        '<defs><g id="r"><path class="cell" d="M12 70h116v66h-116z"/><path class="gap" d="M52 60h36v14L70 92 52 74z"/>'
        '<path class="cup" d="M36 50h16v24l18 18 18-18V50h16v36a18 18 0 0 1-18 18H54a18 18 0 0 1-18-18z"/><path class="wire" d="M70 105v8"/></g>'
        '<path id="o" class="opioid" d="M-15.5-14a15.5 13 0 0 1 31 0V.5L0 16-15.5.5z"/><circle id="x" class="wire" r="9"/></defs>',
    ]
    states = [
        ("Empty receptor", ["Nothing is in it, so", "it sends no signal."], "Signal: off", '<use href="#x" x="70" y="123"/>'),
        (
            "Opioid in it",
            ["It fits to the bottom", "and switches it on."],
            "Signal: on",
            '<use href="#o" x="70" y="73"/><circle class="lit" cx="70" cy="123" r="9"/><path class="ray" d="M52 123h-9M97 123h-9M56 113l-7-5M84 113l7-5M56 132l-7 3M84 132l7 3"/>',
        ),
        (
            "Naltrexone in it",
            ["It switches nothing on.", "The opioid stays out."],
            "Signal: off",
            '<use href="#x" x="70" y="123"/><path class="block" d="M53.5 38h33v35h-33z"/><path class="hatch" d="M55 52l13-13M55 67l27-27M64 72l21-21M77 72l8-8"/>'
            '<use href="#o" x="121" y="36" transform="rotate(36 121 36)"/>',
        ),
    ]
    for number, (head, lines, signal, drawn) in enumerate(states):
        words = text(142, 62, head, "b") + "".join(text(142, 84 + 21 * each, said) for each, said in enumerate(lines)) + text(142, 130, signal, "b")
        parts.append(f'<g transform="translate(4 {4 + 144 * number})"><use href="#r"/>{drawn}{words}</g>')
    return sheet(figure, style, 4 + 144 * 2 + 136 + 16, parts)


def steps(figure: dict) -> str:
    """What to do, one picture for each step; 2 steps side by side where they share a row."""
    pen = people.Pen()
    parts = [f"<defs>{people.GROUND}{people.HEAD}{people.SPRAY}</defs>", text(EDGE, 32, figure["title"], "h")]
    y, number = 45, 0
    for row in figure["rows"]:
        deepest = 0
        for step, left, wide in zip(row, (12, 166), (316,) if len(row) == 1 else (144, 162)):
            number += 1
            picture, deep = people.PICTURES[step["picture"]]
            parts.append(f'<svg x="{left}" y="{y}" width="{wide}" height="{deep}"><use href="#g"/>{picture(pen)}<use href="#c"/>{text(15, 21, str(number), "n")}</svg>')
            words = [(line, "b") for line in step["label"]] + [(line, "") for line in step["says"]]
            parts += [text(left + 4, y + deep + 20 + 19 * each, line, kind) for each, (line, kind) in enumerate(words)]
            deepest = max(deepest, deep + 20 + 19 * len(words))
        y += deepest + 1
    more, y = foot(figure, y + 10)
    return sheet(figure, people.STYLE, y - 2, parts + more)


KINDS = {"steps": steps, "hundreds": hundreds, "days": days, "line": line, "bars": bars, "receptor": receptor}


def block(name: str, figure: dict) -> str:
    """The Markdown that a page includes: the picture, what it shows in words, the caption."""
    caption = held(figure["caption"].strip()).replace("\u00a0", "&nbsp;")
    return (
        f'<figure markdown>\n\n![{held(figure["alt"])}](assets/figures/{name}.svg)\n\n'
        f"<figcaption markdown>\n\n{caption}\n\n</figcaption>\n\n</figure>\n"
    )


def written() -> dict[str, str]:
    """Path below the project to text, for every file that the figures are made of.

    Raises KeyError where a figure lacks a part or a {number} stands for nothing.
    """
    files = {}
    for name, figure in tomllib.loads((ROOT / "figures" / "figures.toml").read_text(encoding="utf-8")).items():
        for panel in figure.get("panels", []):
            panel["total"] = 100
        for part in ("alt", "caption"):
            figure[part] = figure[part].format_map(figure)
        files[f"{DRAWINGS}/{name}.svg"] = KINDS[figure["draw"]](figure)
        files[f"{BLOCKS}/{name}.md"] = block(name, figure)
    return files


if __name__ == "__main__":
    for path, content in written().items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_text(content, encoding="utf-8")
        print(f"{len(content.encode()):6} bytes  {path}")
