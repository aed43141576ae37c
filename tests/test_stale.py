"""The weekly report, against a small server that plays dead, moved, slow and lying addresses. No test asks the network."""

import contextlib
import datetime
import http.server
import os
import re
import threading
import time

import pytest

from pages import ROOT
from stale import ask, due_lines, link_lines, outdated, phone_lines, pin_lines, report, sources

TODAY = datetime.date(2026, 11, 25)
SLOW = 0.4

PAGE = "---\ntitle: A\ndescription: A page.\nreviewed: 2026-01-01\nnext_review: {due}\n---\n# A\n\n- Call [111](tel:111).\n    Open.[^old-line]\n- A fact.[^fine]\n"


class _Publisher(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, body = 200, {}, "<html><title>A study</title><h1>A study</h1><p>Of 404 people.</p></html>"
        if self.path == "/gone":
            status = 404
        elif self.path == "/removed":
            status = 410
        elif self.path == "/shut":
            status = 403
        elif self.path in ("/moved", "/slash", "/home"):
            status, headers = 301, {"Location": {"/moved": "/new/place", "/slash": "/slash/", "/home": "/"}[self.path]}
        elif self.path == "/slow":
            time.sleep(SLOW * 1.4)
        elif self.path == "/garbled":
            self.wfile.write(b"What?\r\n\r\n")
            return
        elif self.path == "/trickle":
            self.send_response(200)
            self.end_headers()
            with contextlib.suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"<p>")
                    time.sleep(SLOW / 5)
            return
        elif self.path == "/silent":
            time.sleep(SLOW * 4)
        elif self.path == "/lying":
            body = "<html><title>Page not found | Journal</title></html>"
        elif self.path == "/regret":
            body = "<html><title>Journal</title><h1>This article is no longer available</h1></html>"
        elif self.path == "/simple/mkdocs/":
            headers, body = {"Content-Type": "text/html"}, '<!DOCTYPE html><html><body><a href="mkdocs-99.0-py3-none-any.whl">mkdocs-99.0-py3-none-any.whl</a></body></html>'
        elif self.path.startswith("/simple/"):
            status = 404
        try:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body.encode())
        except BrokenPipeError:
            pass

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def publisher():
    running = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Publisher)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}"
    running.shutdown()
    running.server_close()


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/fine", "fine", ""),
        ("/slash", "fine", ""),
        ("/gone", "dead", "answered 404"),
        ("/removed", "dead", "answered 410"),
        ("/shut", "shut", "answered 403"),
        ("/moved", "moved", "/new/place"),
        ("/slow", "slow", "took"),
        ("/silent", "slow", "no answer in"),
        ("/trickle", "slow", "took"),
        ("/garbled", "unreached", "no answer"),
        ("/lying", "lying", "Page not found"),
        ("/regret", "lying", "no longer available"),
        ("/home", "lying", "leads to the first page"),
    ],
)
def test_each_kind_of_address_is_told_apart(publisher, path, kind, said):
    answer = ask(publisher + path, SLOW)
    assert answer.kind == kind and said in answer.said, answer


def test_an_address_where_nobody_is_is_dead_while_others_answer(project):
    assert ask("http://127.0.0.1:9/", SLOW).kind == "unreached"
    lost = project / "docs/includes/sources/lost.md"
    lost.write_text("[^lost]:\n**T.** P, 2020. <http://127.0.0.1:9/> Checked 2026-01-01. N.\n", encoding="utf-8")
    assert any("lost.md:2" in line for line in link_lines(project, SLOW)["dead"])


def test_without_a_network_no_link_is_called_dead(project):
    for file in (project / "docs/includes/sources").glob("*.md"):
        file.write_text(re.sub(r"<http[^>]*>", f"<http://127.0.0.1:9/{file.stem}>", file.read_text(encoding="utf-8")), encoding="utf-8")
    said = report(project, TODAY, None, SLOW)
    assert "## No link could be looked at. Is there a network?" in said and "none of 7 addresses answered" in said
    assert "Dead" not in said
    assert "docs/late.md:5" in said and "pip could not ask for newer versions" in said


def test_pip_without_a_network_does_not_say_that_all_is_new(monkeypatch):
    for name, value in {"PIP_INDEX_URL": "http://127.0.0.1:9/simple/", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}.items():
        monkeypatch.setenv(name, value)
    assert outdated() is None


@pytest.fixture
def project(tmp_path, publisher):
    folder = tmp_path / "docs" / "includes" / "sources"
    folder.mkdir(parents=True)
    for name in ("fine", "gone", "moved", "slow", "lying", "shut"):
        (folder / f"{name}.md").write_text(f"[^{name}]:\n**T.** P, 2020. <{publisher}/{name}> Checked 2025-01-01. N.\n", encoding="utf-8")
    (folder / "old-line.md").write_text(f"[^old-line]:\n**T.** P, 2020. <{publisher}/fine> Checked 2026-05-28. N.\n", encoding="utf-8")
    (tmp_path / "docs" / "due.md").write_text(PAGE.format(due="2026-12-25"), encoding="utf-8")
    (tmp_path / "docs" / "late.md").write_text(PAGE.format(due="2026-11-01"), encoding="utf-8")
    (tmp_path / "docs" / "later.md").write_text(PAGE.format(due="2026-12-26"), encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndependencies = ["same==1.0", "Older==1.0"]\n[project.optional-dependencies]\ntest = ["old-too==1.0"]\n', encoding="utf-8"
    )
    return tmp_path


def test_pip_tells_of_newer_versions(publisher, monkeypatch):
    for name, value in {"PIP_INDEX_URL": f"{publisher}/simple/", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": "", "PIP_EXTRA_INDEX_URL": ""}.items():
        monkeypatch.setenv(name, value)
    newer = outdated()
    assert newer == {"mkdocs": "99.0"}
    assert [line for line in pin_lines(ROOT, newer) if "mkdocs`" in line][0].endswith("newest 99.0")
    assert "pip could not ask for newer versions" in pin_lines(ROOT, None)[0]


def test_the_report_has_each_thing_in_its_part_and_nothing_else(project):
    said = report(project, TODAY, {"older": "2.0", "old-too": "3.0", "of-others": "9"}, SLOW)
    parts = {part.split("\n")[0].split(":")[0].split(" ")[0]: part for part in said.split("\n## ")[1:]}
    for part, names in {
        "Dead": ["sources/gone.md:2"], "Lying": ["sources/lying.md:2"], "Moved": ["sources/moved.md:2"], "Slow": ["sources/slow.md:2"],
        "Links": ["sources/shut.md:2"], "Pages": ["docs/due.md:5", "docs/late.md:5`: was due"], "Telephone": ["sources/old-line.md:2"],
        "New": ["`Older`: pinned 1.0, newest 2.0", "`old-too`: pinned 1.0, newest 3.0"],
    }.items():
        lines = [line for line in parts[part].split("\n") if line.startswith("- ")]
        assert len(lines) == len(names), parts[part]
        assert all(any(name in line for line in lines) for name in names), parts[part]


def test_a_line_is_due_after_180_days_and_a_page_30_days_before(project):
    assert not phone_lines(project, datetime.date(2026, 11, 24))
    assert phone_lines(project, datetime.date(2026, 11, 25))
    assert len(due_lines(project, datetime.date(2026, 11, 26))) == 3


def test_every_source_and_line_of_this_site_is_looked_at():
    assert len(sources(ROOT)) == len(list((ROOT / "docs" / "includes" / "sources").glob("*.md")))
    looked_at = " ".join(phone_lines(ROOT, datetime.date(2036, 1, 1)))
    for name in ("hhs-988", "samhsa-helpline", "uk-samaritans", "australia-lifeline", "nz-1737", "poison-help", "ireland-hse"):
        assert f"sources/{name}.md" in looked_at
    assert "mcpheeters-2023" not in looked_at
