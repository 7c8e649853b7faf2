"""Weak evidence does not push strong evidence out, and nobody shows what no plan asks for; what speaks against always counts."""

from dataclasses import replace

import msgspec
import pytest
from tests.pure.launch.launches import BEGIN, STAGES, Flight, plan
from tests.pure.launch.test_record import told

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.command_handler import voided_by
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.gates.kinds.drill import GATE as DRILL
from fairway.launch.gates.kinds.drill import DrillSettings
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledStage, CompiledTrack, OnFail
from fairway.launch.views.record import record_of
from fairway.world.clock import DAY, HOUR

BACKUP = Claim("backup", Rank.MACHINE_ARTIFACT, 7 * DAY)
COPY = Evidence(
    claim="backup", rank=Rank.MACHINE_ARTIFACT, holds=True, why="is whole", producer="copy a", made_at=BEGIN, release="r1"
)
WORD = msgspec.structs.replace(COPY, rank=Rank.BARE_WORD, why="I say so", producer="a person", made_at=BEGIN + HOUR)


def flown(*evidence: Evidence) -> Flight:
    flight = Flight(plan=plan(checklist=(BACKUP,)))
    flight.now += HOUR
    flight.take(*(launch_events.EvidenceTaken(evidence=each, by="test") for each in evidence))
    return flight


def launch_status(flight: Flight, evidence: Evidence) -> str:
    """What the pilot answers."""
    flight.tick(("bob", said.Submit(reason="seen", evidence=evidence)))
    [answer] = [each for each in flight.events if isinstance(each, launch_events.InstructionAnswered)][-1:]
    return answer.refused


def test_weaker_evidence_for_a_claim_is_refused_while_the_stronger_one_holds() -> None:
    flight = flown(COPY)
    assert launch_status(flight, WORD) == "EVIDENCE_WEAKER: claim=backup class=bare word there=machine artifact by=copy a"
    assert flight.launch.evidence == [COPY]


def test_evidence_of_the_same_class_or_a_stronger_one_takes_its_place() -> None:
    for rank in (Rank.MACHINE_ARTIFACT, Rank.OBSERVED_IN_A_DRILL):
        better = msgspec.structs.replace(WORD, rank=rank)
        flight = flown(COPY)
        assert launch_status(flight, better) == ""
        assert flight.launch.evidence == [better]


@pytest.mark.parametrize(
    "known",
    [
        msgspec.structs.replace(COPY, holds=False, why="it is broken"),
        msgspec.structs.replace(COPY, release="r0"),
        msgspec.structs.replace(COPY, ends_at=BEGIN + HOUR),
        msgspec.structs.replace(COPY, made_at=BEGIN - 7 * DAY),
        msgspec.structs.replace(COPY, made_at=BEGIN + DAY),
    ],
    ids=["against", "another release", "ended", "too old", "of tomorrow"],
)
def test_what_no_longer_holds_keeps_nothing_out(known: Evidence) -> None:
    flight = flown(known)
    assert launch_status(flight, WORD) == ""
    assert flight.launch.evidence == [WORD]


def test_evidence_against_a_claim_is_always_taken_and_counts() -> None:
    flight = flown(COPY)
    against = msgspec.structs.replace(WORD, holds=False, why="the disk is full")
    assert launch_status(flight, against) == ""
    [item] = record_of(told(flight), [], []).sections[0].checklist
    assert (item.result, "the disk is full" in item.rests_on) == ("DOES NOT HOLD", True)
    assert launch_status(flight, msgspec.structs.replace(against, claim="nope")) == ""


def test_an_old_success_does_not_displace_a_newer_failure() -> None:
    flight = flown(msgspec.structs.replace(COPY, holds=False, made_at=BEGIN + 1, why="it is broken"))
    assert launch_status(flight, COPY) == "EVIDENCE_OLDER: claim=backup against=copy a"
    assert launch_status(flight, msgspec.structs.replace(COPY, made_at=BEGIN + 2)) == ""


@pytest.mark.parametrize(("of_release", "release"), [(False, "r0"), (False, ""), (True, "r0"), (True, "")])
def test_an_old_success_of_another_release_does_not_displace_a_newer_failure(of_release: bool, release: str) -> None:
    """Of what is asked of no release its release says nothing; of the others a failure of the one that runs counts."""
    flight = Flight(plan=plan(checklist=(replace(BACKUP, of_release=of_release),)))
    flight.now += HOUR
    against = msgspec.structs.replace(COPY, holds=False, made_at=BEGIN + 1, why="it is broken")
    flight.take(launch_events.EvidenceTaken(evidence=against, by="test"))
    assert launch_status(flight, msgspec.structs.replace(COPY, release=release)) == "EVIDENCE_OLDER: claim=backup against=copy a"
    assert flight.launch.evidence == [against]


def test_a_claim_that_nothing_asks_for_is_refused_with_those_there_are() -> None:
    drill = CompiledGate("kill", DRILL, DrillSettings(name="kill", drill="kill-drill"), OnFail.HOLD)
    stages = (CompiledStage("paper", STAGES[0].limits, is_flown=False), replace(STAGES[1], gates=(drill,)))
    flight = Flight(plan=plan(CompiledTrack("engine", stages), checklist=(BACKUP,)))
    nope = msgspec.structs.replace(COPY, claim="nope")
    assert launch_status(flight, nope) == "CLAIM_NOT_ASKED: claim=nope asked=backup,kill-drill,passed engine/paper"
    for name in ("kill-drill", "passed engine/paper", "backup"):
        assert launch_status(flight, msgspec.structs.replace(COPY, claim=name)) == ""


@pytest.mark.parametrize(
    ("evidence", "says"),
    [
        (COPY, "holds"),
        (WORD, "TOO WEAK, it needs machine artifact"),
        (msgspec.structs.replace(COPY, release="r0"), "OF ANOTHER RELEASE"),
        (msgspec.structs.replace(COPY, made_at=BEGIN - 7 * DAY), "EXPIRED"),
    ],
)
def test_an_item_of_the_record_stands_as_a_gate_judges_it(evidence: Evidence, says: str) -> None:
    [item] = record_of(told(flown(evidence)), [], []).sections[0].checklist
    assert item.result == says


def test_approvals_that_new_evidence_voids_are_known_before() -> None:
    flight = flown(COPY)
    flight.plan = plan(CompiledTrack("engine", STAGES[2:]), checklist=(BACKUP,))
    flight.tick(*flight.approve_all("large", {"owner": "bob"}))
    [approval] = flight.launch.approvals
    newer = msgspec.structs.replace(COPY, made_at=BEGIN + HOUR, digest="2")
    assert voided_by(flight.plan, flight.launch, [newer], flight.now) == [approval]
    assert voided_by(flight.plan, flight.launch, [msgspec.structs.replace(COPY, made_at=BEGIN + HOUR)], flight.now) == []
    assert voided_by(flight.plan, flight.launch, [newer], flight.now + 2 * DAY) == [], "it has run out"


def test_who_names_a_stage_too_early_or_one_that_is_not_there_is_told_which_there_are() -> None:
    flight = flown()
    flight.say("one", "good")
    answers = []
    for wish in (
        *(each for _, each in flight.approve_all("large", {"owner": "bob"})),
        said.Demote(reason="back", stage="nope"),
        said.Demote(reason="back", stage="large"),
    ):
        flight.tick(("bob", wish))
        answers += [each.refused for each in flight.events if isinstance(each, launch_events.InstructionAnswered)][-1:]
    assert answers == [
        "STAGE_NOT_NEXT: stage=large next=small",
        "STAGE_UNKNOWN: stage=nope stages=small,middle,large",
        "STAGE_NOT_SMALLER: stage=large smaller=small",
    ]
