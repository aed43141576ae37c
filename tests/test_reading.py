"""Pages a frightened reader can read."""

from reading import NAMES, Reading, measure

# Pages about the site itself, or for a clinician, may be harder.
GRADES = {"about": 8, "sources": 8, "quality": 8, "for-clinicians": 12}
PATIENT_GRADE = 6
PATIENT_SMOG = 9
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
