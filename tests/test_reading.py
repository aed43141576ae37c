"""Pages a frightened reader can read."""

from pages import Site
from reading import NAMES, PATIENT_GRADE, PATIENT_SMOG, TABLE, Reading, grades_table, measure

# Pages about the site itself, or for a clinician, may be harder.
GRADES = {"about": 8, "sources": 8, "quality": 8, "for-clinicians": 12}
MEAN_WORDS = 13
LONGEST = 22


def reading_faults(name: str, page: Reading) -> list[str]:
    """Where a page is harder than its reader can bear."""
    faults = []
    grade = GRADES.get(name, PATIENT_GRADE)
    smog = PATIENT_SMOG + grade - PATIENT_GRADE
    if page.flesch_kincaid > grade:
        faults.append(f"{name}: Flesch-Kincaid {page.flesch_kincaid:.1f}; at most {grade}")
    if page.smog > smog:
        faults.append(f"{name}: SMOG {page.smog:.1f}; at most {smog}")
    if name == "for-clinicians":
        return faults
    if page.mean_words > MEAN_WORDS:
        faults.append(f"{name}: {page.mean_words:.1f} words in a sentence on average; at most {MEAN_WORDS}")
    for sentence in page.longest:
        if len(sentence.split()) > LONGEST:
            faults.append(f"{name}: {len(sentence.split())} words; at most {LONGEST}: {sentence}")
    return faults


def table(readings: dict[str, Reading]) -> str:
    rows = [f"{'page':30}{'FK':>6}{'SMOG':>6}{'mean':>6}{'words':>7}"]
    rows += [f"{name:30}{r.flesch_kincaid:6.1f}{r.smog:6.1f}{r.mean_words:6.1f}{r.words:7}" for name, r in readings.items()]
    return "\n".join(rows)


def test_every_page_is_easy_enough_for_its_reader(site):
    readings = {name: measure(page.html) for name, page in site.pages.items()}
    faults = [fault for name, reading in readings.items() for fault in reading_faults(name, reading)]
    assert not faults, "\n".join(faults) + "\n\n" + table(readings)


def test_hard_text_is_noticed(site):
    page = site.pages["warnings"]
    assert not reading_faults("warnings", measure(page.html))
    long = "This one sentence " + "goes on and on " * 6 + "until it ends."
    assert any("words; at most" in fault for fault in reading_faults("warnings", measure(page.broken("</article>", f"<p>{long}</p></article>").html)))
    hard = "<p>Contraindications necessitate comprehensive hepatological investigation.</p>" * 60
    faults = reading_faults("warnings", measure(page.broken("</article>", f"{hard}</article>").html))
    assert any("Flesch-Kincaid" in fault for fault in faults) and any("SMOG" in fault for fault in faults)
    slow = "<p>You can tell your nurse or doctor how you feel on each day of the week.</p>" * 400
    assert any("on average" in fault for fault in reading_faults("warnings", measure(page.broken("</article>", f"{slow}</article>").html)))


def test_every_name_counted_as_one_syllable_is_in_use(site):
    words = " ".join(page.article.get_text(" ").lower() for page in site.pages.values())
    idle = [name for name in NAMES if name not in words]
    assert not idle, f"tests/reading.py: take these names off NAMES, no page has them: {', '.join(idle)}"


def table_faults(site: Site, shown: str) -> list[str]:
    """Lines of the published table of grades that are not what the site measures now."""
    measured, shown = grades_table(site).splitlines(), shown.splitlines()
    return [f"docs/includes/reading-table.md lacks: {line}" for line in measured if line not in shown] + [
        f"docs/includes/reading-table.md has, but nothing measures so: {line}" for line in shown if line not in measured
    ]


def test_the_published_grades_are_what_the_pages_measure(ours):
    faults = table_faults(ours, TABLE.read_text(encoding="utf-8"))
    assert not faults, "run `make grades`, and commit what it writes:\n" + "\n".join(faults)
    cells = [[cell.get_text() for cell in row.select("td")] for row in ours.pages["quality"].article.select(".measured tr")]
    for line in grades_table(ours).splitlines()[4:]:
        assert line.strip("| ").split(" | ") in cells, f"docs/quality.md does not show: {line}"


def test_a_grade_that_is_no_longer_true_is_noticed(site):
    shown = grades_table(site)
    harder = site.pages["warnings"].broken("</article>", "<p>Contraindications necessitate comprehensive investigation.</p></article>")
    changed = Site(site.folder, {**site.pages, "warnings": harder})
    assert len(table_faults(changed, shown)) == 2
    lost = "\n".join(line for line in shown.splitlines() if not line.startswith("| Get help"))
    assert len(table_faults(site, lost)) == 1
