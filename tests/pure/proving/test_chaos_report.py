"""What a chaos report says: bounds, recoveries, JUnit that the importer takes with its release, and what is never a pass."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from fairway.launch.evidence.importers import junit
from fairway.launch.evidence.importers.port import SourceFile, evidence
from fairway.launch.evidence.model import Evidence
from fairway.proving.chaos.play import bound_in_words, is_within
from fairway.proving.chaos.report import ChaosReport, recovery_of, write_report
from fairway.proving.chaos.result import CheckResult, RecoveryResult, SceneResult, number
from fairway.proving.chaos.scene import SceneCheck
from fairway.world.clock import parse_instant

RECOVERED = RecoveryResult(play="a play", tells="cut", since_s=10, lasted_s=5, took_s=2, within_s=5)
CHECK = CheckResult(play="a play", tells="entries", measured=0, bound="at most 0 entries", unit="entries", holds=True, at_most=0)
GOOD = SceneResult(
    name="cut",
    kind="case",
    source="004 C-2",
    shows="it comes back",
    injects="a cut",
    assumes="nothing",
    items=("network",),
    plays=1,
    checks=(CHECK,),
    recoveries=(RECOVERED,),
    violations=(),
    took_s=0.1,
    again="fairway chaos cut --seed 1",
)
MADE_AT = parse_instant("2026-11-25T07:00:00Z")


def report(*scenes: SceneResult) -> ChaosReport:
    return ChaosReport(
        fairway="1", release="abc", seed=1, made_at=MADE_AT, again="fairway chaos bot.yaml --seed 1", scenes=scenes
    )


def check(*, at_most: float | None = None, at_least: float | None = None) -> SceneCheck:
    return SceneCheck(tells="", ask=lambda _: 0, at_most=at_most, at_least=at_least, unit="s")


@pytest.mark.parametrize(
    ("measured", "at_most", "at_least", "holds"),
    [
        (5.0, 5.0, None, True),
        (5.001, 5.0, None, False),
        (3.0, None, 3.0, True),
        (2.0, None, 3.0, False),
        (None, 5.0, None, False),
        (1.0, None, None, False),
        (2.0, 3.0, 1.0, True),
        (4.0, 3.0, 1.0, False),
    ],
)
def test_a_number_holds_within_its_bound_and_never_without_one(
    measured: float | None, at_most: float | None, at_least: float | None, holds: bool
) -> None:
    assert is_within(measured, check(at_most=at_most, at_least=at_least)) is holds


def test_a_bound_is_told_in_words() -> None:
    assert bound_in_words(check(at_most=5)) == "at most 5 s"
    assert bound_in_words(check(at_most=2, at_least=2)) == "exactly 2 s"
    assert bound_in_words(check(at_most=6, at_least=2)) == "at least 2 and at most 6 s"
    assert (number(None, "s"), number(0.3, "s"), number(1200.0, "orders")) == ("not seen", "0.3 s", "1,200 orders")


def test_a_scene_holds_only_where_all_of_it_does() -> None:
    assert GOOD.holds
    assert not replace(GOOD, checks=(replace(CHECK, holds=False),)).holds
    assert not replace(GOOD, recoveries=(replace(RECOVERED, took_s=None),)).holds
    assert not replace(GOOD, recoveries=(replace(RECOVERED, took_s=5.1),)).holds
    assert not replace(GOOD, violations=("7 no coin is sold twice: it was",)).holds
    assert not replace(GOOD, checks=(), recoveries=()).holds


def test_recovery_is_counted_with_those_that_did_not() -> None:
    found = recovery_of([RECOVERED, replace(RECOVERED, took_s=4), replace(RECOVERED, took_s=None), replace(RECOVERED, took_s=9)])
    assert found is not None
    assert (found.injected, found.recovered, found.share) == (4, 2, 0.5)
    assert (found.mean_s, found.from_its_start_s, found.longest_s) == (3, 8, 4)
    assert not found.holds
    assert recovery_of([]) is None


def test_ten_of_eleven_recover_fast_enough_and_nine_of_eleven_do_not() -> None:
    lost = replace(RECOVERED, took_s=None)
    enough, too_few = recovery_of([RECOVERED] * 10 + [lost]), recovery_of([RECOVERED] * 9 + [lost] * 2)
    assert enough is not None
    assert too_few is not None
    assert (enough.holds, too_few.holds) == (True, False)
    slow = recovery_of([replace(RECOVERED, lasted_s=119)] * 3)
    assert slow is not None
    assert not slow.holds


def test_a_report_without_scenes_holds_nothing() -> None:
    assert report(GOOD).holds
    assert not report().holds


def test_the_file_of_an_item_is_evidence_for_its_release_with_the_command_that_makes_it_again(tmp_path: Path) -> None:
    written = write_report(report(GOOD), tmp_path, {"network": ["cut"], "rate-limit": ["storm"]})
    assert set(written) == {"", "network"}
    [found] = read(written["network"], "network")
    assert (found.holds, found.release, found.made_at) == (True, "abc", MADE_AT)
    assert found.again == "fairway chaos bot.yaml --seed 1 --claim network"
    value = json.loads((tmp_path / "chaos.json").read_text())
    assert (value["holds"], value["release"], value["recovery"]["share"]) == (True, "abc", 1.0)
    assert value["left_out"] == {}


@pytest.mark.parametrize(
    "bad",
    [
        replace(GOOD, checks=(replace(CHECK, holds=False, measured=1),)),
        replace(GOOD, checks=(replace(CHECK, holds=False, measured=None),)),
        replace(GOOD, recoveries=(replace(RECOVERED, took_s=None),)),
        replace(GOOD, violations=("a rule was broken",)),
    ],
)
def test_what_failed_or_was_not_seen_is_evidence_against(bad: SceneResult, tmp_path: Path) -> None:
    written = write_report(report(GOOD, replace(bad, name="other")), tmp_path, {"network": ["cut", "other"]})
    [found] = read(written["network"], "network")
    assert not found.holds
    assert "did not pass" in found.why


def read(path: Path, claim: str) -> list[Evidence]:
    source = SourceFile(str(path), path.read_bytes(), 0)
    return evidence(junit.IMPORTER, junit.read(source), source, claim)
