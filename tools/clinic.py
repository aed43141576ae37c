"""Hold a clinic's own details, `extra.clinic` in mkdocs.yml, to a form. `make serve`, `make build` and `make offline` run it.

All faults at once; each names file and line, what was found and what to write. README: "Your clinic's edition".
"""

import re
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent

COUNTRIES = {"US": "United States", "CA": "Canada", "UK": "United Kingdom", "IE": "Ireland", "AU": "Australia", "NZ": "New Zealand", "EU": "Europe"}
CLINIC_KEYS = {
    "name": 'its name: name: "Riverside Clinic"',
    "phone": 'its phone number: phone: "555-010-0101"',
    "after_hours": 'who to call when it is closed: after_hours: "555-010-0102"',
    "prescriber": 'who prescribes: prescriber: "Dr. Okafor"',
    "hours": 'when it is open: hours: "Monday to Friday, 9 to 5"',
    "address": 'where it is: address: "1 River Street, Springfield"',
    "logo": 'a picture under docs/: logo: "assets/our-logo.svg"',
    "country": f"one of {', '.join(COUNTRIES)}: country: US",
    "note": 'one or two sentences: note: "Bring this sheet to each visit."',
}
LONGEST = {"name": 60, "address": 120, "hours": 80, "note": 200, "prescriber": 60, "logo": 100}
"""Most characters of each, so that the box stays on its sheet."""
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]*( ?(ext|x)\.? ?[0-9]+)?")


class _AnyTag(yaml.SafeLoader):
    """Reads mkdocs.yml without running its tags."""


_AnyTag.add_multi_constructor("", lambda loader, suffix, node: None)


def clinic_faults(settings: str, docs: Path, file: str = "mkdocs.yml") -> list[str]:
    """What is wrong in `extra.clinic` of the text of mkdocs.yml. `docs` is the folder that holds the logo.

    Each fault names file and line, what was found and what to write.
    """
    try:
        tree = yaml.compose(settings, Loader=_AnyTag)
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        return [f"{file}:{line}: this cannot be read: {wrong.problem}. A text with a colon or # in it needs quotation marks around it"]
    clinic = _value(_value(tree, "extra"), "clinic")
    if clinic is None or (isinstance(clinic, yaml.ScalarNode) and clinic.value in ("", "null", "~")):
        return []
    line = clinic.start_mark.line + 1
    if not isinstance(clinic, yaml.MappingNode):
        return [f"{file}:{line}: clinic is {clinic.value!r}; expected lines below it such as {CLINIC_KEYS['name']}"]
    faults = []
    if clinic.value and "name" not in [key.value for key, _ in clinic.value]:
        faults.append(f"{file}:{line}: the clinic has no name. Write {CLINIC_KEYS['name']}")
    for key, value in clinic.value:
        where = f"{file}:{key.start_mark.line + 1}"
        if key.value not in CLINIC_KEYS:
            faults.append(f"{where}: {key.value!r} means nothing here; expected one of {', '.join(CLINIC_KEYS)}")
            continue
        write = f"Write {CLINIC_KEYS[key.value]}"
        if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
            faults.append(f"{where}: {key.value} is not one line of text. {write}")
            continue
        text = value.value
        if key.value in ("phone", "after_hours"):
            if value.tag != "tag:yaml.org,2002:str":
                faults.append(f'{where}: {key.value} reads as a number, which loses a 0 or a + in front. Put it in quotation marks: {key.value}: "{text}"')
            elif not _PHONE.fullmatch(text) or not 3 <= len(re.sub(r"\D", "", text)) <= 18:
                faults.append(f"{where}: {key.value}: {text!r} is no phone number: digits, spaces, + ( ) - and ext. {write}")
        elif key.value == "country" and text not in COUNTRIES:
            faults.append(f"{where}: country is {text!r}. {write}")
        elif key.value == "logo":
            if not re.fullmatch(r"assets/[\w./-]+\.(svg|png|jpg|webp)", text) or ".." in text:
                faults.append(f"{where}: logo is {text!r}. {write}")
            elif not (docs / text).is_file():
                faults.append(f"{where}: logo: there is no file docs/{text}. Put the picture there, or write its place")
        if "<" in text:
            faults.append(f"{where}: {key.value} holds '<'; expected plain text without HTML")
        if len(text) > LONGEST.get(key.value, 40):
            faults.append(f"{where}: {key.value} has {len(text)} characters; at most {LONGEST.get(key.value, 40)}, so that it stays on its sheet")
    return faults


def _value(node, key):
    """The node under a key of a mapping node, or None."""
    if isinstance(node, yaml.MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    return None


def main() -> int:
    faults = clinic_faults((ROOT / "mkdocs.yml").read_text(encoding="utf-8"), ROOT / "docs")
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
