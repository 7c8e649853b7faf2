"""Chaos scenes hold, and each kind of check has been seen to fail: with a planted bug the scene says what is wrong.

`make test` plays the quickest scenes and plants a few bugs; with FAIRWAY_PROVE=whole all are played, with every step.
"""

import dataclasses
from collections.abc import Callable
from typing import Final

import pytest
from tests.prove import bugs
from tests.prove.size import IS_WHOLE

from fairway.launch.evidence.model import Rank
from fairway.operations.launch.plan_files import read_plan
from fairway.proving.chaos import alerting_beside
from fairway.proving.chaos.catalog import LEFT_OUT, items, scenes
from fairway.proving.chaos.play import run_play, run_scene
from fairway.proving.chaos.scene import SceneKind, ScenePlay
from fairway.proving.chaos.stress import stress
from fairway.proving.scenario_script import enter, exchange_fault
from fairway.trading.journal_writer import JournalWriter
from fairway.trading.latch_watch import LatchWatch
from fairway.venues.ccxt import streams
from fairway.world.backoff import Backoff

ALL: Final = scenes()
QUICK: Final = ("websocket-down", "exchange-overload", "kill-by-guard", "network-loss-in-a-trade", "state-inconsistency")
PARTS: Final = {"degradation", "automatic recovery", "alert", "emergency stop", "manual override"}


@pytest.mark.parametrize("name", ALL if IS_WHOLE else QUICK)
def test_a_scene_holds(name: str) -> None:
    result = run_scene(ALL[name], 1)
    assert result.against() == []
    assert result.holds


def test_every_case_of_the_documents_has_a_scene_or_says_why_not() -> None:
    sources = {source for scene in ALL.values() for source in scene.source.split(", ")}
    missing = {f"004 C-{number}" for number in range(1, 9)} - sources
    assert missing == set(LEFT_OUT) == set()


def test_each_high_risk_scenario_shows_all_five_parts() -> None:
    found = [scene for scene in ALL.values() if scene.kind is SceneKind.HIGH_RISK]
    assert len(found) == 5
    shown = {scene.name: {check.part for play in scene.plays for check in play.checks} - {""} for scene in found}
    assert {name: PARTS - parts for name, parts in shown.items()} == {name: set() for name in shown}


def test_the_items_of_the_shipped_plan_that_scenes_can_meet_are_met() -> None:
    """Every item that scenes are evidence for is asked by the plan, as a machine artifact."""
    asked = {item.id: item.need for item in read_plan("preparation").plan.checklist}
    assert set(items()) == {"network", "rate-limit", "database-lock", "bad-data", "crash-mid-order", "stress"}
    assert {str(asked[name]) for name in items()} == {str(Rank.MACHINE_ARTIFACT)}


def test_every_check_has_a_bound() -> None:
    checks = [check for scene in ALL.values() for play in scene.plays for check in play.checks]
    assert len(checks) > 200
    assert [check.tells for check in checks if check.at_most is None and check.at_least is None] == []


def test_a_fault_that_never_strikes_breaks_its_play() -> None:
    unheard = exchange_fault("reset_before", "order.place", since=200, until=210)
    played = run_play(ScenePlay(tells="too late", minutes=2, signals=[enter(0)], faults=[unheard]), 1)
    assert played.violations == ["too late: the fault ResetBefore never struck, so the play shows nothing"]


@pytest.mark.skipif(not IS_WHOLE, reason="a second of load takes a while; make prove runs it")
def test_a_load_beyond_what_is_carried_fails() -> None:
    result = run_scene(stress(160, "a test"), 1)
    assert [line for line in result.against() if "orders that the exchange accepted within a minute" in line]


# -- planted bugs ------------------------------------------------------------------------------------------------------


def streams_wait_a_minute(soil: pytest.MonkeyPatch) -> None:
    """Before a lost stream is dialled again."""
    soil.setattr(streams, "PAUSES", Backoff(first_s=60.0, longest_s=60.0))


def a_failed_write_counts_as_written(soil: pytest.MonkeyPatch) -> None:
    """The trader goes on as if its journal could be written."""
    true = JournalWriter.commit

    async def commit(writer: JournalWriter) -> bool:
        await true(writer)
        writer.trouble = ""
        return True

    soil.setattr(JournalWriter, "commit", commit)


def the_latch_is_never_read_again(soil: pytest.MonkeyPatch) -> None:
    """A kill stops nothing."""
    soil.setattr(LatchWatch, "may_have_changed", lambda _watch: False)


def the_rules_about_the_books_are_off(soil: pytest.MonkeyPatch) -> None:
    """By the configuration, as an operator turns rules off."""
    off = "  rules: {change: {books-differ: {enabled: false}, account-books-differ: {enabled: false}}}\n"
    soil.setattr(alerting_beside, "CONFIGURATION", alerting_beside.CONFIGURATION + off)


@dataclasses.dataclass(frozen=True)
class Planted:
    """scene: what must find it. says: words of what it finds."""

    plant: Callable[[pytest.MonkeyPatch], object]
    scene: str
    says: str


PLANTED: Final = {
    "streams wait a minute": Planted(streams_wait_a_minute, "websocket-down", "connections reset: recovered after"),
    "a failed write counts as written": Planted(a_failed_write_counts_as_written, "database-locked", "entries while it lasts"),
    "guards value positions at cost": Planted(bugs.guards_value_positions_at_cost, "kill-by-guard", "until nothing is held"),
    "a pause is not obeyed": Planted(bugs.a_pause_is_not_obeyed, "state-inconsistency", "while a person has paused the account"),
    "the rules about the books are off": Planted(
        the_rules_about_the_books_are_off, "state-inconsistency", "until a message about the incident books"
    ),
    "a timeout is taken for a no": Planted(
        bugs.timeout_is_a_no, "api-failure-at-each-step", "only the exchange's word ends an order"
    ),
    "a refused cancel is left unhandled": Planted(bugs.a_refused_cancel_is_left_unhandled, "api-failure-at-each-step", "order"),
    "the latch is never read again": Planted(the_latch_is_never_read_again, "kill-by-person", "until nothing is held"),
    "fills count as often as they are told": Planted(
        bugs.fills_count_as_often_as_they_are_told, "engine-crash", "fills of the exchange's log that the journal lacks"
    ),
}
FEW: Final = (
    "streams wait a minute",
    "guards value positions at cost",
    "a pause is not obeyed",
    "the rules about the books are off",
    "the latch is never read again",
)


@pytest.mark.parametrize("name", PLANTED if IS_WHOLE else FEW)
def test_a_planted_bug_makes_its_scene_fail(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    planted = PLANTED[name]
    with monkeypatch.context() as soil:
        planted.plant(soil)
        found = run_scene(ALL[planted.scene], 1)
    assert not found.holds
    assert any(planted.says in line for line in found.against()), found.against()
