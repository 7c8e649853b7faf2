"""Importers: what a file speaks for and what against, by line; broken and hostile files are one sentence, never a traceback."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairway.cli.launch.importing import import_file
from fairway.launch.evidence.importers.port import (
    SIZE_MAX,
    ImportedFile,
    ImportFailed,
    SourceFile,
    evidence,
    importer_of,
    importers,
)
from fairway.launch.evidence.model import Evidence, Rank
from fairway.money.fraction import Fraction
from fairway.world.clock import parse_instant

JUNIT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" tests="3" timestamp="2026-11-22T10:00:00+00:00">
<testcase classname="tests.money" name="test_exact"/>
<testcase classname="tests.money" name="test_grid"><skipped message="slow"/></testcase>
<testcase classname="tests.orders" name="test_ids">BAD</testcase>
</testsuite></testsuites>
"""
COBERTURA = '<coverage line-rate="{}" timestamp="1763805600000" version="7"><packages/></coverage>'


def read(name: str, text: str, *, at_least: str = "80 %") -> tuple[str, ImportedFile, Evidence]:
    source = SourceFile(name, text.encode(), 7, "r1", at_least=Fraction.parse(at_least))
    importer = importer_of(source)
    reading = importer.read(source)
    return importer.name, reading, evidence(importer, reading, source)[0]


def check(name: str, text: str, form: str, *, holds: bool, about: str, reasons: int) -> Evidence:
    found, reading, word = read(name, text)
    assert (found, reading.about, reading.holds, len(reading.reasons)) == (form, about, holds, reasons)
    assert word.holds is holds
    assert word.release == "r1"
    assert len(word.digest) == 64
    assert word.again.startswith(f"fairway launch import {name}")
    return word


def failed(name: str, data: bytes) -> str:
    source = SourceFile(name, data, 7)
    with pytest.raises(ImportFailed) as caught:
        importer_of(source).read(source)
    return str(caught.value)


def test_tests_speak_for_a_release_where_none_failed() -> None:
    word = check("junit.xml", JUNIT.replace("BAD", ""), "junit", holds=True,
                 about="3 tests, 0 did not pass, 1 were skipped", reasons=0)  # fmt: skip
    assert (word.claim, word.rank, word.made_at) == ("tests", Rank.MACHINE_ARTIFACT, parse_instant("2026-11-22T10:00:00Z"))


@pytest.mark.parametrize("bad", ["<failure/>", "<error>x</error>", "<failure/><error/>"])
def test_a_test_that_failed_is_named_with_its_line(bad: str) -> None:
    _, reading, word = read("junit.xml", JUNIT.replace("BAD", bad))
    assert [str(reason) for reason in reading.reasons] == ["5: tests.orders.test_ids did not pass"]
    assert "test_ids" in word.why


@pytest.mark.parametrize("text", ["<testsuite/>", '<testsuite><testcase name="a"><skipped/></testcase></testsuite>'])
def test_a_report_of_no_tests_speaks_for_nothing(text: str) -> None:
    assert not read("junit.xml", text)[1].holds


@pytest.mark.parametrize(("rate", "holds"), [("0.8", True), ("1", True), ("0.7999", False), ("0", False)])
def test_coverage_counts_from_its_least_on(rate: str, holds: bool) -> None:
    assert read("coverage.xml", COBERTURA.format(rate))[1].holds is holds
    percent = str(float(rate) * 100)
    assert read("coverage.json", f'{{"totals": {{"percent_covered": {percent}}}}}')[1].holds is holds
    assert read("coverage.xml", COBERTURA.format(rate), at_least="0 %")[1].holds


def sarif(level: str, *, severity: str = "1.0", suppressed: bool = False) -> str:
    place = {"physicalLocation": {"artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": 12}}}
    result = {"ruleId": "R1", "level": level, "message": {"text": "a secret"}, "locations": [place]}
    if suppressed:
        result["suppressions"] = [{"kind": "inSource"}]
    rule = {"id": "R1", "properties": {"security-severity": severity}}
    run = {"tool": {"driver": {"name": "bandit", "rules": [rule]}}, "results": [result]}
    return json.dumps({"version": "2.1.0", "$schema": "sarif-2.1.0.json", "runs": [run]})


def test_an_analysers_grave_findings_speak_against_security() -> None:
    grave = read("a.sarif", sarif("error"))
    assert [str(reason) for reason in grave[1].reasons] == ["R1 in src/a.py:12: a secret"]
    assert (grave[0], grave[2].claim) == ("sarif", "security")
    assert read("a.sarif", sarif("note"))[1].holds
    assert not read("a.sarif", sarif("note", severity="7.0"))[1].holds
    assert read("a.sarif", sarif("error", suppressed=True))[1].holds
    assert not read("a.sarif", '{"version": "2.1.0", "$schema": "sarif", "runs": []}')[1].holds
    assert not read("a.sarif", '{"version": "2.1.0", "$schema": "sarif", "runs": [{}]}')[1].holds


def trivy(*severities: str) -> str:
    weak = [{"VulnerabilityID": f"CVE-{n}", "PkgName": "ssl", "Severity": each} for n, each in enumerate(severities)]
    return json.dumps({"SchemaVersion": 2, "Results": [{"Target": "image", "Vulnerabilities": weak}]})


@pytest.mark.parametrize(
    ("found", "holds"),
    [((), True), (("LOW", "MEDIUM"), True), (("HIGH", "HIGH"), True), (("HIGH",) * 3, False), (("CRITICAL",), False)],
)
def test_a_scan_may_show_two_high_weaknesses_and_no_critical_one(found: tuple[str, ...], holds: bool) -> None:
    assert read("trivy.json", trivy(*found))[1].holds is holds
    matches = [{"vulnerability": {"id": "C", "severity": each.title()}, "artifact": {"name": "ssl"}} for each in found]
    assert read("grype.json", json.dumps({"matches": matches, "vulnerability": 1}))[1].holds is holds


READY = """\
# Launch
Status: READY FOR PUBLIC LAUNCH

| Phase 1 | Pending |
| Phases 2-6 | ⏳ |
| Phase 7 | Complete |
| Phase 8 | Complete |

- [x] Tests pass
- [ ] Security audit
Emergency contact: to be defined
```
- [ ] an example, TBD
```
"""


def test_a_document_that_calls_itself_ready_while_phases_are_pending_is_no_go() -> None:
    """Each reason with its line; what stands in an example counts for nothing."""
    _, reading, word = read("LAUNCH.md", READY)
    assert reading.about == "1 of 2 boxes are ticked by hand; 6 of 8 phases are pending; line 2 calls it ready"
    assert [str(reason) for reason in reading.reasons] == [
        "4: phase 1 is pending, and line 2 calls the whole of it ready",
        *(f"5: phase {n} is pending, and line 2 calls the whole of it ready" for n in range(2, 7)),
        "10: not done: Security audit",
        "11: no person is named (to be defined): Emergency contact: to be defined",
    ]
    assert (word.holds, word.rank) == (False, Rank.BARE_WORD)


def test_a_document_is_no_attested_file_before_a_person_attests_it() -> None:
    source = SourceFile("README.md", b"# Backups are made every night\n", 7)
    importer = importer_of(source)
    [word] = evidence(importer, importer.read(source), source, "backup")
    assert (word.holds, word.rank) == (False, Rank.BARE_WORD)


def test_ticks_are_bare_words_however_many() -> None:
    source = SourceFile("a.md", b"- [x] Kill tested\n- [X] Kill tested\n- [ ] Backups\n", 7)
    importer = importer_of(source)
    _, *ticks = evidence(importer, importer.read(source), source)
    assert [(each.claim, each.holds, each.rank) for each in ticks] == [
        ("kill-tested", True, Rank.BARE_WORD),
        ("kill-tested-2", True, Rank.BARE_WORD),
        ("backups", False, Rank.BARE_WORD),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Contact: TBD", "1: no person is named (TBD): Contact: TBD"),
        ("The budget is to be decided", "1: this is a gap (to be decided): The budget is to be decided"),
        ("## Phase 4 - in progress", "1: phase 4 is pending"),
        ("- [ ] Phase 2", "1: phase 2 is pending"),
        ("| backups | ❌ |", "1: not done: backups ❌"),
        ("", "it is empty"),
    ],
)
def test_what_stands_open_is_told(line: str, said: str) -> None:
    assert [str(reason) for reason in read("a.md", line)[1].reasons] == [said]


@pytest.mark.parametrize("line", ["Phase 3: done, nothing is pending", "Phase 2: Open beta", "- [x] ready", "A plain sentence."])
def test_what_is_done_is_not_called_open(line: str) -> None:
    assert not read("a.md", line)[1].reasons


def test_a_status_beneath_a_heading_is_about_its_phase() -> None:
    assert [str(each) for each in read("a.md", "## Phase 5: money\n\nStatus: not started\n")[1].reasons] == [
        "3: phase 5 is pending"
    ]


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE testsuite [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite>&b;</testsuite>'


def test_hostile_files_are_refused_in_one_sentence() -> None:
    assert "declares a document type" in failed("a.xml", LAUGHS)
    assert "declares a document type" in failed("a.xml", b'<!DOCTYPE testsuite SYSTEM "file:///etc/passwd"><testsuite/>')
    assert "is no XML" in failed("a.xml", b"<testsuite>" * 50_000)
    assert "is no JSON" in failed("a.json", b'{"totals": {"percent_covered": ' + b"[" * 200_000)
    assert "is no JSON" in failed("a.json", b'{"totals": {"percent_covered": NaN}}')
    assert "is of no form" in failed("a.bin", b"\x00\x01")
    assert "is longer than" in failed("a.md", b"x" * (SIZE_MAX + 1))
    assert "is no text in UTF-8" in failed("a.md", b"\xff\xfe")


GOOD = (
    ("a.xml", JUNIT.replace("BAD", "<failure/>")), ("b.xml", COBERTURA.format("0.9")), ("c.json", trivy("HIGH")),
    ("d.sarif", sarif("error")), ("e.md", READY), ("f.json", '{"totals": {"percent_covered": 81.5}}'),
)  # fmt: skip


@given(some.sampled_from(GOOD), some.integers(0, 600), some.integers(0, 60), some.binary(max_size=12))
def test_no_file_gives_a_traceback(good: tuple[str, str], at: int, cut: int, put: bytes) -> None:
    """Good files with a part cut out and another put in its place."""
    name, text = good
    data = text.encode()
    source = SourceFile(name, data[:at] + put + data[at + cut :], 7)
    try:
        importer = importer_of(source)
        words = evidence(importer, importer.read(source), source)
    except ImportFailed as error:
        told = str(error)
    else:
        assert all(isinstance(word.holds, bool) and word.why for word in words)
        return
    assert told.startswith(name)


def test_every_form_has_its_importer() -> None:
    assert [each.name for each in importers()] == ["coverage", "drill", "junit", "markdown", "sarif", "scanner"]


def test_the_command_says_go_or_no_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plan.md").write_text(READY)
    assert import_file(tmp_path / "plan.md", claim="phases") == 1
    said = capsys.readouterr().out
    assert "NO-GO for phases" in said
    assert f"{tmp_path / 'plan.md'}:4: phase 1 is pending" in said
    (tmp_path / "junit.xml").write_text(JUNIT.replace("BAD", ""))
    assert import_file(tmp_path / "junit.xml") == 0
    assert "GO for tests" in capsys.readouterr().out
    with pytest.raises(ImportFailed, match="cannot be read"):
        import_file(tmp_path / "none.xml")
