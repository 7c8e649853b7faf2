"""What a launch says of the claim or the gate that verifies an action item: as it is now, and by whom it was made."""

from contextlib import closing
from pathlib import Path
from typing import Final

import msgspec
import pytest
from tests.pure.launch.watched_launch import WatchedLaunch, journal_of_launch

from fairway.assembly.incident_facts import facts_of
from fairway.incidents.verification import VerificationSeen
from fairway.launch.control.launch_events import Decided
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.load import parse
from fairway.launch.views.launch_view import LaunchSnapshot, LaunchView
from fairway.launch.views.verifications import verification_names, verifications_seen
from fairway.world.clock import DAY, HOUR, MINUTE

PLAN: Final = parse("""
plan: p
about: Verifications.
author: ann
approvals: {need: {owner: 1}}
guards: [daily loss, drawdown, position loss]
checklist:
  - {id: kill-drill, text: seen, need: observed in a drill, expires: 7d}
  - {id: on-call, text: named, need: attested file}
  - {id: postmortem-actions, text: none is overdue, need: machine artifact, expires: 1d}
entry: [{name: ready, gate: checklist}]
stages:
  - name: small
    stay: {at_least: 1h, at_most: 3d}
    limits: {mode: paper, capital: 100 USDT}
    gates: [{name: errors, gate: zero_events, of: refusals, at_least_n: 0}]
  - name: large
    stay: {at_least: 1h, at_most: 3d}
    limits: {mode: paper, capital: 200 USDT}
    gates: [{use: small}]
""").plan
AT: Final = 100 * DAY
SEEN: Final = Evidence(
    claim="kill-drill", rank=Rank.OBSERVED_IN_A_DRILL, holds=True, why="gone in 1 s", producer="fairway drill, by ann", made_at=AT
)


def word(*evidence: Evidence, name: str = "kill-drill", now: int = AT + HOUR) -> VerificationSeen:
    return verifications_seen(PLAN, LaunchSnapshot(evidence={each.claim: each for each in evidence}), now)[name]


def judged(*verdicts: tuple[str, Result, int]) -> VerificationSeen:
    """Of the gate `errors`. Of each verdict: its track, its result, and the end of its window."""
    ready = Verdict(gate="ready", result=Result.PASS, reason="X")
    made: dict[str, tuple[Verdict, ...]] = {
        track: (ready, Verdict(gate="errors", result=result, reason="X", until=until)) for track, result, until in verdicts
    }
    decided = Decided(number=1, now=AT, read_to=1, inputs="", commands=(), verdicts=made, results={}, served_ns={}, outcome=())
    return verifications_seen(PLAN, LaunchSnapshot(decided=decided), AT + HOUR)["errors"]


def test_items_of_the_checklist_and_gates_verify_and_the_claim_about_items_does_not() -> None:
    assert verification_names(PLAN) == ("kill-drill", "on-call", "ready", "errors")


def test_a_claim_is_said_as_its_newest_evidence_is() -> None:
    said = word(SEEN)
    assert (said.at, said.holds, said.is_machine, said.must_be_shown) == (AT, True, True, True)
    assert said.says == "observed in a drill, fairway drill, by ann"
    against = msgspec.structs.replace(SEEN, holds=False, why="it took 9 s")
    assert (word(against).holds, word(against).says) == (False, "it took 9 s")


def test_evidence_counts_no_longer_than_it_or_the_plan_says() -> None:
    assert word(SEEN, now=AT + 7 * DAY - 1).holds
    assert (word(SEEN, now=AT + 7 * DAY).holds, word(SEEN, now=AT + 7 * DAY).says) == (False, "it has expired")
    short = msgspec.structs.replace(SEEN, ends_at=AT + MINUTE)
    assert not word(short, now=AT + MINUTE).holds


def test_what_a_person_attests_is_not_said_to_be_a_machines() -> None:
    attested = msgspec.structs.replace(SEEN, claim="on-call", rank=Rank.ATTESTED_FILE)
    said = word(attested, name="on-call")
    assert (said.holds, said.is_machine, said.must_be_shown) == (True, False, False)
    assert word(name="on-call") == VerificationSeen()
    assert word() == VerificationSeen(must_be_shown=True)


def test_evidence_that_the_plan_does_not_ask_for_is_said_too_and_that_of_action_items_is_not() -> None:
    other, own = (msgspec.structs.replace(SEEN, claim=each) for each in ("limits", "postmortem-actions"))
    assert (word(other, name="limits").holds, word(other, name="limits").must_be_shown) == (True, False)
    assert "postmortem-actions" not in verifications_seen(PLAN, LaunchSnapshot(evidence={own.claim: own}), AT)


def test_a_gate_is_said_to_hold_where_every_track_has_passed_it_by_observations_that_new() -> None:
    said = judged(("a", Result.PASS, AT - MINUTE), ("b", Result.PASS, 0))
    assert (said.holds, said.is_machine, said.must_be_shown) == (True, True, True)
    assert (said.at, said.says) == (AT - MINUTE, "gate errors, PASS")
    assert judged(("a", Result.PASS, 0)).at == AT
    assert judged() == VerificationSeen(must_be_shown=True)


@pytest.mark.parametrize("result", [each for each in Result if each is not Result.PASS])
def test_a_gate_that_one_track_has_not_passed_does_not_hold(result: Result) -> None:
    said = judged(("a", Result.PASS, 0), ("b", result, 0))
    assert (said.holds, said.says) == (False, f"gate errors, {result.value}")


def test_a_launch_that_cannot_be_read_says_nothing(tmp_path: Path) -> None:
    place, launch = tmp_path / "a.journal", WatchedLaunch()
    launch.begin()
    launch.watch(MINUTE)
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    with closing(LaunchView(place, trader="main")) as view:
        assert verifications_seen(view.trusted_plan, view.seen, launch.now) == {}, "nothing is read yet"
        view.catch_up()
        said = verifications_seen(view.trusted_plan, view.seen, launch.now)
        assert said
        assert facts_of(None, None, view.seen, view.trusted_plan, launch.now).verifications == said
        view.journal_trouble = "the disk is gone"
        assert verifications_seen(view.trusted_plan, view.seen, launch.now) == {}
