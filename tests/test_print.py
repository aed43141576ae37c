"""What comes out of the printer, with JavaScript off."""

import re

from pages import plain

TEXT = 12.0
"""Smallest type of anything to read, in points."""
SOURCES = 9.0
MARKS = 8.4
"""Citation numbers beside a sentence."""


def size_faults(name: str, paper: str, sizes: dict[float, int]) -> list[str]:
    """Type that is too small to read: only source lists and citation numbers may be under 12 points."""
    faults = []
    for size, count in sorted(sizes.items()):
        if size < MARKS or SOURCES < size < TEXT:
            faults.append(f"{name} on {paper}: {count} characters of {size} pt; text has {TEXT}, sources {SOURCES}")
    return faults


def test_the_warnings_print_on_two_sheets_of_paper(visits):
    """Two sheets, both sides: at most four printed sides."""
    for paper, out in visits["warnings"].paper.items():
        assert len(out.sheets) <= 4, f"warnings on {paper}: {len(out.sheets)} sides; two sheets have four"


def test_no_print_out_has_a_blank_sheet(visits):
    faults = [
        f"{name} on {paper}: sheet {number} of {len(out.sheets)} is blank"
        for name, visit in visits.items()
        for paper, out in visit.paper.items()
        for number, sheet in enumerate(out.sheets, 1)
        if len(sheet.split()) < 3
    ]
    assert not faults, "\n".join(faults)


def test_words_on_paper_are_at_least_12_point(visits):
    faults = [fault for name, visit in visits.items() for paper, out in visit.paper.items() for fault in size_faults(name, paper, out.sizes)]
    assert not faults, "\n".join(faults)
    assert all(max(out.sizes) >= TEXT for visit in visits.values() for out in visit.paper.values())


def test_small_type_is_noticed():
    assert size_faults("a", "A4", {10.2: 300, 12.5: 9})
    assert size_faults("a", "A4", {6.0: 3})
    assert not size_faults("a", "A4", {8.5: 3, 9.0: 100, 12.0: 20, 22.0: 9})


def test_every_sheet_set_says_whose_it_is_and_how_far_it_can_be_trusted(visits):
    faults = []
    for name, visit in visits.items():
        for paper, out in visit.paper.items():
            text = plain(out.text)
            expected = ["understanding naltrexone", "no clinician has reviewed this edition", "it does not replace your prescriber"]
            if name != "404":
                expected += ["last checked against its sources", "next check due"]
            faults += [f"{name} on {paper}: expected {words!r}" for words in expected if words not in text]
    assert not faults, "\n".join(faults)


def test_paper_has_no_menu_or_search_box(visits):
    for name, visit in visits.items():
        for out in visit.paper.values():
            assert not re.search(r"Skip to the main text|Close menu|Leave this page quickly|Words to look for", out.text), name
