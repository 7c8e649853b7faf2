"""A tick widens on evidence, holds on doubt, and takes back on suspicion; the same facts give the same decision."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pure.kinds_of_caps import KINDS
from tests.pure.launch.launches import BEGIN, MIDDLE, SMALL, STAGES, Flight, at_middle, plan

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.launch_events import InstructionAnswered
from fairway.launch.control.lifecycle import (
    MOVES,
    TRANSITIONS,
    IllegalMove,
    Move,
    Phase,
    StageEntered,
    StageSettled,
    TrackDemoted,
    after,
)
from fairway.launch.control.state import CODEC, Launch
from fairway.launch.control.tick import tick
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.control.track_progress import PAUSES_KEPT
from fairway.launch.gates.port import GateSettings
from fairway.launch.gates.registry import gate
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledGate, CompiledStage, CompiledTrack, OnFail
from fairway.launch.plan.stage_ref import StageRef
from fairway.proving.scripted_gate import WORD, asked
from fairway.world.clock import HOUR, MINUTE, SECOND


def test_a_launch_begins_small_and_goes_on_when_every_gate_passes() -> None:
    flight = Flight()
    flight.tick()
    assert (flight.where, flight.limits) == ((0, "entering"), SMALL)
    flight.now += SECOND
    flight.tick()
    assert flight.where == (0, "dwelling")
    flight.fly(HOUR)
    assert flight.where == (0, "dwelling"), "without evidence it stays for ever"
    flight.say("one", "good")
    flight.fly(MINUTE)
    assert (flight.where, flight.limits) == ((1, "dwelling"), MIDDLE)


def test_a_stage_is_stayed_in_for_its_least_time() -> None:
    flight = Flight()
    flight.say("one", "good")
    flight.fly(HOUR)
    assert flight.track.stage == 0
    flight.fly(MINUTE)
    assert flight.track.stage == 1


def test_the_time_in_which_it_is_held_does_not_count() -> None:
    flight = Flight()
    flight.say("one", "good")
    flight.fly(30 * MINUTE)
    flight.tick(("eve", said.HoldIt(reason="I want to look")))
    flight.fly(5 * HOUR)
    assert flight.track.stage == 0
    flight.tick(("eve", said.Release(reason="looked", hold_id="person eve")))
    flight.fly(29 * MINUTE)
    assert flight.track.stage == 0
    flight.fly(2 * MINUTE)
    assert flight.track.stage == 1


def test_the_time_in_which_no_pilot_flew_does_not_count() -> None:
    """No account had a lease then."""
    flight = Flight()
    flight.say("one", "good")
    flight.fly(30 * MINUTE)
    flight.now += 5 * HOUR
    flight.take(launch_events.PilotStarted(epoch=2, version="test"))
    flight.fly(29 * MINUTE)
    assert flight.where == (0, "dwelling")
    flight.fly(2 * MINUTE)
    assert flight.where == (1, "dwelling")


def test_a_pilot_that_dies_while_it_is_held_counts_nothing_twice() -> None:
    flight = Flight()
    flight.fly(30 * MINUTE)
    served = flight.track.served_ns(flight.now)
    flight.tick(("eve", said.HoldIt(reason="I want to look")))
    flight.now += 5 * HOUR
    flight.take(launch_events.PilotStarted(epoch=2, version="test"))
    flight.tick(("eve", said.Release(reason="looked", hold_id="person eve")))
    assert flight.track.served_ns(flight.now) == served > 0


def test_however_often_it_was_held_what_did_not_count_never_does() -> None:
    flight = Flight()
    flight.fly(MINUTE)
    for _ in range(PAUSES_KEPT + 20):
        flight.tick(("eve", said.HoldIt(reason="I want to look")))
        flight.now += HOUR
        flight.tick(("eve", said.Release(reason="looked", hold_id="person eve")))
    assert flight.track.served_ns(flight.now) <= MINUTE
    assert len(flight.track.pauses) == PAUSES_KEPT


def test_what_waits_for_a_track_that_was_given_up_does_not_begin() -> None:
    tracks = CompiledTrack("engine", STAGES), CompiledTrack("api", STAGES[:1], after=StageRef("engine", "small"), leads=False)
    flight = Flight(plan=plan(*tracks, entry=(asked("safe"),)))
    flight.say("safe", "good")
    flight.say("one", "good")
    flight.fly(30 * MINUTE)
    flight.say("safe", "unknown")
    flight.fly(HOUR, MINUTE)
    assert flight.track.stage == 1
    flight.tick(("eve", said.Abort(reason="it loses", track="engine")))
    flight.say("safe", "good")
    flight.fly(MINUTE)
    assert flight.launch.track("api").stage == -1


def test_promotion_asks_all_gates_at_its_own_instant() -> None:
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(2 * HOUR, MINUTE)
    flight.say("two", "unknown")
    flight.tick(*flight.approve_all("large", {"owner": "bob", "risk": "carol"}))
    assert flight.where == (1, "dwelling")


def test_a_failing_gate_holds_until_a_person_lets_the_stage_begin_anew() -> None:
    flight = at_middle()
    flight.say("two", "bad")
    flight.fly(MINUTE)
    assert "gate engine/two" in flight.launch.holds
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(5 * HOUR, MINUTE)
    assert flight.where == (1, "dwelling")
    flight.tick(("eve", said.Release(reason="understood", hold_id="gate engine/two")))
    flight.fly(59 * MINUTE)
    assert flight.where == (1, "dwelling")
    flight.fly(2 * MINUTE)
    assert flight.where == (1, "ready")


def test_harm_demotes() -> None:
    flight = at_middle()
    flight.say("harm", "bad")
    flight.tick()
    assert (flight.where, flight.limits) == ((0, "demoting"), SMALL)


def test_a_demotion_counts_once_the_venue_shows_that_nothing_is_opened_any_more() -> None:
    flight = at_middle()
    flight.entries = 1
    flight.cap("kill account")
    flight.fly(4 * MINUTE)
    assert flight.where == (0, "demoting")
    flight.fly(2 * MINUTE)
    assert flight.launch.holds["effect engine"].contains
    flight.entries = 0
    flight.fly(MINUTE)
    assert flight.where == (0, "dwelling")
    assert "effect engine" not in flight.launch.holds


def test_an_inconclusive_stage_asks_a_person() -> None:
    flight = at_middle()
    flight.fly(25 * HOUR, 2 * MINUTE)
    assert "inconclusive engine" in flight.launch.holds
    assert "extend it, go back, or give up" in flight.launch.holds["inconclusive engine"].reason


@pytest.mark.parametrize("blindness", ["silent", "venue", "unseen", "deaf"])
def test_a_pilot_that_cannot_see_issues_no_lease(blindness: str) -> None:
    flight = at_middle()
    flight.fly(MINUTE)
    match blindness:
        case "silent":
            flight.silent_ns = 151 * SECOND
        case "venue":
            flight.trouble = "an order of nobody"
        case "unseen":
            flight.is_seen = False
        case "deaf":
            flight.takes_leases = False
            flight.launch.epoch += 1
    flight.fly(5 * MINUTE)
    assert flight.limits == REDUCE_ONLY
    assert flight.track.stage == 1
    lasts = flight.launch.leases["main"].until - flight.now
    flight.is_seen, flight.trouble, flight.silent_ns, flight.takes_leases = True, "", 0, True
    flight.fly(2 * MINUTE)
    assert (flight.limits, flight.where) == (MIDDLE, (1, "dwelling")), lasts


def test_a_lease_is_renewed_in_time_and_no_oftener() -> None:
    flight = at_middle()
    before = flight.kinds().count("LeaseIssued")
    flight.fly(10 * MINUTE, SECOND)
    assert flight.kinds().count("LeaseIssued") - before == 30
    assert flight.launch.leases["main"].until - flight.now >= 40 * SECOND


def test_an_aborted_launch_stays_so() -> None:
    flight = at_middle()
    flight.tick(("eve", said.Abort(reason="enough")))
    assert (flight.where, flight.limits) == ((1, "aborted"), REDUCE_ONLY)
    flight.say("two", "good")
    flight.fly(3 * HOUR, MINUTE)
    assert flight.where == (1, "aborted")
    flight.tick(("eve", said.Demote(reason="smaller still")))
    heard = [each for each in flight.events if isinstance(each, InstructionAnswered)]
    assert heard[-1].refused.startswith("NOTHING_TO_DEMOTE"), "a word that changes nothing is not obeyed"
    flight.tick(("eve", said.Promote(reason="on we go")))
    refused = [event.refused for event in flight.events if isinstance(event, InstructionAnswered)]
    assert refused[-1] == "GIVEN_UP: track=engine", "nothing is missing that could still come"


def test_the_last_stage_passed_is_steady_and_goes_back_like_any_other() -> None:
    flight = Flight(plan=plan(CompiledTrack("engine", STAGES[:2])))
    for name in ("one", "two", "harm"):
        flight.say(name, "good")
    flight.fly(4 * HOUR, MINUTE)
    assert flight.where == (1, "steady")
    assert flight.limits == MIDDLE
    flight.cap("kill account")
    flight.tick()
    assert (flight.where, flight.limits) == ((0, "demoting"), REDUCE_ONLY)


def test_a_track_waits_for_another() -> None:
    api = CompiledTrack(
        "api",
        (CompiledStage("ten", SMALL, gates=(asked("api"),)), CompiledStage("all", SMALL, gates=(asked("slo"),))),
        leads=False,
    )
    flight = Flight(plan=plan(api, CompiledTrack("engine", STAGES, after=StageRef("api", "all"))))
    flight.fly(HOUR, MINUTE)
    assert flight.where == (-1, "armed")
    flight.say("api", "good")
    flight.say("slo", "good")
    flight.fly(10 * MINUTE)
    assert flight.where == (0, "dwelling")


def test_a_gate_that_was_never_seen_to_block_lets_nobody_pass() -> None:
    blind = CompiledGate(name="one", gate=replace(WORD, failing_facts=WORD.passing_facts), settings=GateSettings(name="one"))
    flight = Flight(plan=plan(CompiledTrack("engine", (CompiledStage("small", SMALL, gates=(blind,)), STAGES[1]))))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.track.stage == 0
    [verdict] = flight.tick().verdicts["engine"]
    assert verdict.reason.startswith("GATE_UNPROVEN")


def test_what_only_tells_decides_nothing() -> None:
    flight = Flight(
        plan=plan(CompiledTrack("engine", (CompiledStage("small", SMALL, gates=(asked("pnl", OnFail.TELL),)), STAGES[1])))
    )
    flight.say("pnl", "bad")
    flight.fly(MINUTE)
    assert flight.track.stage == 1


def test_the_same_facts_give_the_same_decision() -> None:
    flight = at_middle()
    flight.cap("kill account")
    flight.now += SECOND
    one, two = (tick(flight.plan, flight.launch, flight.observation()) for _ in range(2))
    assert [CODEC.encode(each) for each in one.events] == [CODEC.encode(each) for each in two.events]
    assert len(one.events) >= 3


WORDS = st.sampled_from(["good", "bad", "unknown"])


ACTS = st.one_of(
    st.tuples(st.just("say"), st.sampled_from(["one", "two", "harm", "three"]), WORDS),
    st.tuples(st.just("cap"), st.sampled_from(sorted(KINDS)), st.just("")),
    st.tuples(st.just("clear"), st.just(""), st.just("")),
    st.tuples(st.just("wait"), st.sampled_from(["1", "61", "400"]), st.just("")),
    st.tuples(st.just("approve"), st.sampled_from(["bob", "carol", "ann"]), st.sampled_from(["owner", "risk"])),
    st.tuples(st.just("release"), st.sampled_from(["r1", "r2"]), st.just("")),
    st.tuples(st.just("person"), st.sampled_from(["hold", "free", "demote", "abort"]), st.just("")),
)


@given(st.lists(ACTS, max_size=25))
def test_whatever_happens_nothing_is_widened_without_everything(acts: list[tuple[str, str, str]]) -> None:
    """At each step up every gate of the stage that is left has just passed, nothing held it, and people had approved."""
    flight = Flight()
    for act in acts:
        outcome = _do(flight, act)
        entered = [each.stage for each in outcome.events if isinstance(each, StageEntered)]
        assert len(entered) <= 1
        if entered and entered[0]:
            gates = STAGES[entered[0] - 1].gates
            newest = {each.claim: each.why for each in flight.launch.evidence}
            assert all(newest.get(each.name) == "good" for each in gates), (act, newest)
        if flight.launch.holds and any(each.contains for each in flight.launch.holds.values()):
            lease = flight.launch.leases.get("main")
            assert lease is None or lease.limits == REDUCE_ONLY or lease.until <= flight.now
        lease = flight.launch.leases.get("main")
        if lease is not None and lease.until > flight.now and flight.track.stage >= 0:
            assert lease.limits in (REDUCE_ONLY, STAGES[flight.track.stage].limits)
    assert flight.track == _replayed(flight).track("engine")


def _do(flight: Flight, act: tuple[str, str, str]) -> TickOutcome:
    what, one, two = act
    flight.now += SECOND
    people: list[tuple[str, said.LaunchInstruction]] = []
    match what:
        case "say":
            flight.say(one, two)
        case "cap":
            flight.cap(one or "kill")
        case "clear":
            flight.caps.clear()
        case "wait":
            flight.fly(int(one) * MINUTE, 10 * MINUTE)
        case "approve":
            people = [(by, each) for by, each in flight.approve_all("large", {two: one})]
        case "release":
            flight.release = one
        case "person":
            people = [("eve", _PERSON[one])]
    return flight.tick(*people)


_PERSON = {
    "hold": said.HoldIt(reason="wait", contains=True),
    "free": said.Release(reason="go", hold_id="person eve"),
    "demote": said.Demote(reason="too much"),
    "abort": said.Abort(reason="enough"),
}


def _replayed(flight: Flight) -> Launch:
    launch, now = Launch(), BEGIN
    for event, at in zip(flight.events, flight.ats, strict=True):
        launch.apply(event, at)
        assert at >= now
        now = at
    return launch


@pytest.mark.parametrize("phase", list(Phase))
@pytest.mark.parametrize("kind", MOVES)
def test_the_table_is_total(phase: Phase, kind: type[Move]) -> None:
    """Each move from each phase is listed, or refused."""
    more = {"stage": 0, "name": "x"} if kind in (StageEntered, TrackDemoted) else {}
    move = msgspec.convert({"type": kind.__name__, "track": "engine", "by": "x", "why": "y", **more}, kind)
    if (phase, kind) in TRANSITIONS:
        assert after(phase, move) in Phase
    else:
        with pytest.raises(IllegalMove):
            after(phase, move)


def test_nothing_leaves_an_aborted_track() -> None:
    assert not [each for each in TRANSITIONS if each[0] is Phase.ABORTED]
    with pytest.raises(IllegalMove, match="track engine is aborted"):
        after(Phase.ABORTED, StageSettled(track="engine", by="x", why="y"))


def test_a_rule_of_one_account_s_own_trading_holds_nobody_else() -> None:
    flight = Flight(accounts=tuple(f"a{each}" for each in range(12)))
    flight.fly(10 * MINUTE, MINUTE)
    for each in ("a1", "a2"):
        flight.cap("guard daily loss", account=each)
    flight.fly(MINUTE)
    assert not flight.launch.holds
    flight.cap("guard daily loss", account="a3")
    flight.fly(MINUTE)
    assert list(flight.launch.holds) == ["cause guard daily loss"], "a quarter of all is the launch's"


def test_a_gate_may_ask_people_about_the_stage_that_is_lived_in() -> None:
    committee = CompiledGate(
        "committee", gate("approval"), gate("approval").settings.model_validate({"name": "committee", "need": {"board": 2}})
    )
    flight = Flight(plan=plan(CompiledTrack("engine", (CompiledStage("decide", SMALL, gates=(committee,)), STAGES[1]))))
    flight.fly(10 * MINUTE, MINUTE)
    for person, result in (("bob", (0, "dwelling")), ("carol", (1, "entering"))):
        events = flight.tick(*flight.approve_all("decide", {"board": person})).events
        assert [each.refused for each in events if isinstance(each, InstructionAnswered)] == [""]
        assert flight.where == result
