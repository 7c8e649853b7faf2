"""Plans that people wrote in Markdown: what is open, done or for later in them, and that nothing but executed evidence is GO."""

from pathlib import Path

import pytest
from tests.pure.launch.importers.labelled import documents, score

from fairway.cli.launch.importing import import_file
from fairway.launch.evidence.importers.markdown import LENGTH_MAX, read
from fairway.launch.evidence.importers.port import ImportedFile, ImportFailed, SourceFile

EXECUTED = "- [x] Backup restored in 41 min (2026-11-20, run 17)\n"


def told(text: str) -> ImportedFile:
    return read(SourceFile("plan.md", text.encode(), 7))


def open_lines(text: str) -> list[int]:
    return [reason.line for reason in told(text).reasons]


# -- measured ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "statements", "precision", "recall"),
    [("tuned", 54, 1.0, 1.0), ("held_out", 110, 0.985, 1.0), ("second_look", 37, 1.0, 1.0)],
)
def test_what_is_open_is_told_from_what_is_not(name: str, statements: int, precision: float, recall: float) -> None:
    """The figures are what was measured, rounded down. All was labelled before it was judged; `tuned` served to write rules."""
    labelled = [label for document in documents(name) for label in document.labels.values() if label != "."]
    assert len(labelled) == statements
    found = score(name)
    assert (round(found.precision, 4) >= precision, round(found.recall, 4) >= recall) == (True, True), (found.false, found.missed)


@pytest.mark.parametrize("name", ["tuned", "held_out", "second_look"])
def test_what_comes_after_the_launch_is_told_apart(name: str) -> None:
    found = score(name, "L")
    assert (found.missed, found.false) == ([], [])


def test_a_score_counts_what_is_missed_and_what_is_false() -> None:
    """The measure itself: a document without any reason would miss all, and no line twice."""
    found = score("held_out")
    assert found.found + len(found.missed) == sum(
        label == "O" for each in documents("held_out") for label in each.labels.values()
    )


# -- GO ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "We think it is fine.",
        "# Plan\n\n1. Paper for a week\n2. Then 100 USD\n",
        "Status: READY FOR LAUNCH\n",
        "- [x] Backups\n- [x] Kill tested\n",
        "- [x] Backup restored (2026-11-20)\n",
        "- [x] Backup restored (run 17)\n",
        f"{EXECUTED}- [x] Kill tested\n",
        f"{EXECUTED}\n## Phase 1: Paper\n\nStatus: done on 2026-11-19, run 12\n\n## Phase 2: Money\n\nTwo users trade.\n",
    ],
)
def test_a_document_in_which_nothing_was_executed_is_no_go(text: str) -> None:
    reading = told(text)
    assert (reading.reasons, reading.holds) == ([], False)
    assert reading.unproven


@pytest.mark.parametrize(
    "text",
    [
        EXECUTED,
        "- [x] Backup restored\n  - 2026-11-20, log: restore-17.log\n",
        "- [x] Backup restored on 20 Nov 2026, [log](https://ci.example/17)\n",
        "| Metric | Target | Measured | Evidence |\n|---|---|---|---|\n| Uptime | > 99 % | 99.9 % | run 17, 2026-11-20 |\n",
        f"{EXECUTED}- [ ] Remove the old servers after the launch\n",
    ],
)
def test_what_was_executed_and_says_when_and_what_is_go(text: str) -> None:
    assert told(text).holds


def test_the_reason_says_what_would_be_enough() -> None:
    """And what it shows as right is right."""
    [reason] = [each for each in told("We think it is fine.").unproven if not each.line]
    example = reason.what.partition("as in  ")[2]
    assert "nothing in it was executed" in reason.what
    assert told(example).holds


# -- boxes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "box", ["- [ x]", "- [x ]", "- []", "-[x]", "- [X ]", "- [-]", "- [~]", "- [?]", "* [ ]", "1. [ ]", "- [x]a"]
)
def test_a_box_that_is_not_ticked_is_open_however_it_is_written(box: str) -> None:
    assert open_lines(f"{box} Keys rotated") == [1]


@pytest.mark.parametrize("text", ["- [x] Keys", "- [X] Keys", "1. [x] Keys", "- [the docs](a.md)", "- [x](a.md)", "- [1] a note"])
def test_a_ticked_box_and_a_link_are_not_open(text: str) -> None:
    assert open_lines(text) == []


@pytest.mark.parametrize(
    "text", ["- ~~[ ] Keys~~", "- [ ] ~~Keys~~", "- ~~Keys: TBD~~ (not needed)", "| ~~Keys~~ | ~~pending~~ |"]
)
def test_what_is_struck_out_says_nothing(text: str) -> None:
    assert open_lines(text) == []


def test_half_of_an_item_that_is_struck_out_leaves_the_other_half() -> None:
    assert open_lines("- [ ] ~~Use Redis~~ Use PostgreSQL") == [1]


def test_examples_and_comments_say_nothing() -> None:
    assert open_lines("```\n- [ ] an example\n```\n\n    - [ ] another\n\n<!-- TBD -->\n") == []


# -- phases and readiness ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "phase"),
    [
        ("Stage 1: Pending", "stage 1 is pending"),
        ("- Wave Friends: not started", "wave Friends is pending"),
        ('Step "Backups": FAILED', "step Backups is not done (FAILED)"),
        ("## Milestone 4 - blocked", "milestone 4 is not done (blocked)"),
        ("| Ring B | on hold |", "ring B is not done (on hold)"),
    ],
)
def test_a_phase_has_a_name_of_any_kind(line: str, phase: str) -> None:
    assert [reason.what for reason in told(line).reasons] == [phase]


def test_a_phase_of_which_nothing_is_said_is_named() -> None:
    reading = told("| Phase | Notes |\n|---|---|\n| Phase 1 | done 2026-11-20, run 3 |\n| Phase 2 | public |\n")
    assert [str(reason) for reason in reading.unproven] == ["4: phase 2 is named, and nothing says that it is done"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- [x] The image is ready to deploy\n\nStatus: READY\n", 3),
        ("The script is ready for production.\n\n## Verdict: ready for launch\n", 3),
        ("All is well.\n\nThe system is ready to launch.\n", 3),
        ("- [x] Image ready for production\n", 0),
        ("Are we ready to launch?\n", 0),
        ("Status: ready when the audit is done\n", 0),
        ("Status: not ready\n", 0),
    ],
)
def test_the_line_that_calls_the_whole_ready_is_no_task(text: str, line: int) -> None:
    about = told(text).about
    assert (f"line {line} calls it ready" in about) if line else ("calls it ready" not in about)


# -- the command ------------------------------------------------------------------------------------------------------


def test_the_command_tells_what_comes_after_the_launch_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text(f"{EXECUTED}\n## Post-launch\n\n- [ ] Review of the first day\n")
    assert import_file(plan) == 0
    said = capsys.readouterr().out
    assert "GO for document: 1 of 2 boxes are ticked by hand; 1 can be done only after the launch" in said
    assert f"only after the launch, so nothing speaks against it:\n  {plan}:5: Review of the first day" in said


def test_the_command_says_no_go_where_nothing_was_executed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = tmp_path / "plan.md"
    plan.write_text("We think it is fine.\n")
    assert import_file(plan) == 1
    assert "NO-GO for document" in (said := capsys.readouterr().out)
    assert "nothing in it was executed" in said


def test_a_document_that_shows_nothing_is_no_evidence_against_anything(tmp_path: Path) -> None:
    """It would take away what a tool has shown. A person may answer for it."""
    from fairway.launch.evidence.model import Rank
    from fairway.operations.launch.evidence_files import attested_evidence, imported_evidence
    from fairway.operations.refusal import Refusal

    minutes = tmp_path / "minutes.md"
    minutes.write_text("The committee met and agreed.\n")
    with pytest.raises(Refusal, match=r"nothing in it was executed.*--attest --claim backup"):
        imported_evidence(minutes, "backup")
    attested = attested_evidence(minutes, "backup", "ann")
    assert (attested.holds, attested.rank) == (True, Rank.ATTESTED_FILE)
    minutes.write_text("- [ ] Restore\n")
    assert [imported_evidence(minutes, "backup").holds, attested_evidence(minutes, "backup", "ann").holds] == [False, False]


def test_a_document_of_absurd_length_is_refused() -> None:
    with pytest.raises(ImportFailed, match="no plan that people write"):
        told("x" * (LENGTH_MAX + 1))
