"""People drawn by hand for the figures that show what to do; draw.steps puts them in rows with words.

Who is helped is an outline, who helps is solid: they differ in grey too. A limb is one path, stroked wide
and then less wide over it, so that joints leave no line; `torso` is filled. Nothing in a picture is a number.
"""

# o, i: edge and body of who is helped. a, s: gap around who helps, and body. l: a line. d: the ground of a
# picture, m: a mat on it, seen from above. z: half size, and x: double size, with lines as thick as elsewhere.
STYLE = (
    "g,use,.l,.t{fill:none;stroke:currentColor;stroke-linecap:round;stroke-linejoin:round}"
    ".o{color:var(--ink);stroke-width:18}.i{color:var(--bg);stroke-width:12}.a{color:var(--soft);stroke-width:19}.s,.t{color:var(--on);stroke-width:13}"
    ".l,.x{color:var(--ink);stroke-width:3}.t{stroke-width:3.5}.x{stroke-width:1.5}.z .o{stroke-width:22}.z .i{stroke-width:11}.z .l{stroke-width:5}"
    ".e{fill:var(--bg)}.k{fill:var(--rim)}.d{fill:var(--soft)}.m{fill:var(--line)}.p{fill:var(--on)}.d,.m,.p{stroke:none}"
    ".n{font-size:18px;text-anchor:middle;fill:var(--bg)}\n"
)

# In profile, upright, looking right, zero in its middle, 48 units from crown to chin.
HEAD = (
    '<g id="h"><path class="e" d="M-14 18C-20 13-22 5-22-4-22-17-12-25 0-25 10-25 16-19 16-9L23 4C23 7 20 6 17 7L18 11 16 13 17 17Q17 23 12 23 8 23 5 19"/>'
    '<path class="k" d="M-14 18C-20 13-22 5-22-4-22-17-12-25 0-25 9-25 14-21 16-14 8-14 4-11 3-3L-3-3C-5 4-7 12-14 18Z"/></g>'
)
# The nose spray, tip up: tip, wings for 2 fingers, plunger for the thumb.
SPRAY = '<g id="n"><path class="e" d="M-6 1-4-43Q0-48 4-43L6 1M-9 6H9V24H-9ZM-23 0H23V7H-23Z"/><path class="k" d="M-6 25H6V37H11V43H-11V37H-6Z"/></g>'
# The ground below every picture, and the disc below its number.
GROUND = '<rect id="g" class="d" width="100%" height="100%" rx="6"/><circle id="c" class="p" cx="15" cy="15" r="12"/>'
MAT = '<path class="m" d="M26 24H302L314 131H6Z"/>'


class Pen:
    """Draws limbs into one SVG, where no two paths may have the same id."""

    def __init__(self):
        self._drawn = 0

    def _twice(self, under: str, over: str, limbs: str, filled: str) -> str:
        self._drawn += 1
        name = f"p{self._drawn}"
        path = f'<g id="{name}"><path d="{limbs}"/><path fill="currentColor" d="{filled}"/></g>' if filled else f'<path id="{name}" d="{limbs}"/>'
        return f'<g class="{under}">{path}</g><use href="#{name}" class="{over}"/>'

    def body(self, limbs: str, torso: str = "") -> str:
        return self._twice("o", "i", limbs, torso)

    def helper(self, limbs: str, palm: str = "") -> str:
        return self._twice("a", "s", limbs, palm)


def head(place: str, kind: str = "l") -> str:
    return f'<use href="#h" class="{kind}" transform="{place}"/>'


def shout(pen: Pen) -> str:
    return (
        pen.body("M50 75H72") + '<path class="e l" d="M160 60H76Q62 60 62 72V78Q62 90 76 90H160"/><path class="e" d="M60 69H64V81H60Z"/>'
        + head("translate(30 73) scale(.8)rotate(-90)")
        + pen.helper("M110 48 128 72 106 96M102 34 110 48 95 58 82 69")
        + '<path class="p" d="M81 21 72 33 83 35A16 16 0 1 0 81 21Z"/><path class="t" d="M61 22 51 18M60 30H48M62 38 52 44"/>'
    )


def call(pen: Pen) -> str:
    return (
        '<path class="p" d="M60 86H88V110H60Z"/><rect class="e l" x="52" y="10" width="44" height="78" rx="6"/>'
        '<g class="s"><path d="M52 88 58 68M96 54H91M97 69H91M95 83H89"/></g><path class="t" d="M107 34q8 12 0 24M117 26q14 20 0 40M127 18q20 28 0 56"/>'
        '<path class="p" d="M62 26q-2 4 4 14t14 12l6-5-5-6-4 2q-4-3-6-8l4-3-3-8z"/>'
    )


def spray(pen: Pen) -> str:
    """Head tilted back over a hand, tip in the nostril, 2 fingers on the wings and the thumb on the plunger."""
    return (
        '<path class="e l" d="M84 100H95C118 106 132 116 148 112 172 98 226 92 330 90V158C260 164 200 168 160 162 136 154 124 136 107 134H84"/>'
        '<use href="#n" class="l" transform="translate(98 54)rotate(-132)"/>'
        + head("translate(66 122)scale(1.85)rotate(-112)", "x")
        + pen.helper("M236 190 160 166 114 145")
        + pen.helper("M105 76 124 73 154 28M77 43 84 26 104 13 146 11M135 23 162 24M182 24 330 44", "M154 28 170 36 184 26 168 11H146L160 22Z")
    )


def wait(pen: Pen) -> str:
    return (
        '<g class="l"><circle class="e" cx="40" cy="56" r="28"/><path d="M40 28V18M32 17H48M61 35l5-5M73 56H83M77 49l7 7-7 7"/></g>'
        '<path class="p" d="M40 56V36A20 20 0 0 1 54 70Z"/><use href="#n" class="l" transform="translate(113 51)"/>'
    )


def back(pen: Pen) -> str:
    """On the back, near arm out, far hand on the near cheek, far knee up."""
    return (
        MAT
        + pen.body("M150 54 196 12 228 58H240M150 74 222 80 290 80 295 66M88 80 76 118M70 64H90", "M88 47C110 46 130 52 150 53V74C130 74 110 82 88 80Z")
        + head("translate(50 60)rotate(-95)")
        + pen.body("M94 54 124 78 60 60")
    )


def roll(pen: Pen) -> str:
    return back(pen) + pen.helper(
        "M234 156 209 40M202 27 195 17M207 25 202 14M213 34 222 26M120 156 78 86M68 71 62 62M73 68 69 58M81 78 89 70",
        "M201 28 208 25 213 40 207 43ZM73 85 82 79 75 67 67 71Z",
    ) + '<path class="t" style="stroke-width:5" d="M236 20C262 28 272 50 268 84M258 74l10 12 12-10"/>'


def side(pen: Pen) -> str:
    """On the side, seen from above: top knee bent, head tilted back, hand under the cheek."""
    return (
        '<g transform="translate(0-13)">' + MAT
        + pen.body("M92 66 81 118M152 66 220 70 284 68 290 82")
        + pen.body("M150 62 173 106 230 106 236 117M92 62 120 98 56 92M68 62H90", "M90 54C110 50 130 52 150 54V68C130 70 110 72 90 70Z")
        + head("translate(46 60)scale(1-1)rotate(-108)")
        + "</g>"
    )


def side_small(pen: Pen) -> str:
    return f'<g class="z" transform="translate(0 29)scale(.455)">{side(pen)}</g>'


PICTURES = {
    "shout": (shout, 92),
    "call": (call, 92),
    "spray": (spray, 166),
    "wait": (wait, 97),
    "side, small": (side_small, 97),
    "back": (back, 135),
    "roll": (roll, 135),
    "side": (side, 122),
}
"""Name to what draws it, and its height."""
