"""Another release runs: each track is armed again, and nothing is opened without its own entry gates and approvals."""

from dataclasses import replace

from msgspec import structs
from tests.pure.launch.launches import MIDDLE, SMALL, STAGES, Flight, plan

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.control.state import Launch
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledPlan, CompiledTrack
from fairway.launch.views.status_text import LaunchStatus, explain, status
from fairway.proving.scripted_gate import asked, evidence
from fairway.world.clock import HOUR, MINUTE, SECOND


def guarded() -> CompiledPlan:
    """A person approves the first stage, and its entry gate asks for evidence."""
    first = replace(STAGES[0], approvals={"owner": 1})
    return plan(CompiledTrack("engine", (first, *STAGES[1:])), entry=(asked("safe"),))


def show(flight: Flight, claim: str, word: str = "good") -> None:
    """Evidence that is bound to the release that runs."""
    made = structs.replace(evidence(claim, word, flight.now), release=flight.release)
    flight.take(launch_events.EvidenceTaken(evidence=made, by="test"))


def approve_first(flight: Flight) -> None:
    flight.tick(*flight.approve_all("small", {"owner": "bob"}))


def at_second_stage() -> Flight:
    flight = Flight(plan=guarded())
    for claim in ("safe", "one"):
        show(flight, claim)
    approve_first(flight)
    flight.fly(2 * HOUR, MINUTE)
    assert (flight.where, flight.limits) == ((1, "dwelling"), MIDDLE)
    return flight


def change(flight: Flight, release: str) -> None:
    flight.release = release
    flight.now += SECOND
    flight.tick()


def lines(flight: Flight) -> list[str]:
    verdicts = verdicts_of(flight.plan, flight.launch, flight.observation())
    told = LaunchStatus(flight.plan, flight.launch, flight.observation(), verdicts)
    return [*status(told), *explain(told)]


def test_a_changed_release_takes_the_lease_away_at_once() -> None:
    flight = at_second_stage()
    change(flight, "r2")
    assert (flight.where, flight.limits) == ((-1, "armed"), REDUCE_ONLY)


def test_a_changed_release_opens_nothing_without_entry_evidence_and_approvals_of_its_own() -> None:
    flight = at_second_stage()
    change(flight, "r2")
    flight.fly(HOUR, MINUTE)
    assert (flight.where, flight.limits) == ((-1, "armed"), REDUCE_ONLY), "neither"
    approve_first(flight)
    assert flight.where == (-1, "armed"), "an approval alone"
    show(flight, "safe")
    flight.fly(HOUR, MINUTE)
    assert flight.where == (-1, "armed"), "evidence that came later voids the approval"
    approve_first(flight)
    assert (flight.where, flight.limits) == ((0, "entering"), SMALL)


def test_a_lease_of_the_old_release_is_never_given_again() -> None:
    flight = at_second_stage()
    change(flight, "r2")
    after = len(flight.events)
    flight.fly(HOUR, 20 * SECOND)
    given = [each.limits for each in flight.events[after:] if isinstance(each, launch_events.LeaseIssued)]
    assert set(given) <= {REDUCE_ONLY}


def test_evidence_of_a_release_counts_again_when_it_runs_again_and_approvals_do_not() -> None:
    flight = at_second_stage()
    change(flight, "r2")
    assert [each.claim for each in flight.launch.evidence] == []
    change(flight, "r1")
    assert [each.claim for each in flight.launch.evidence] == ["safe", "one"]
    flight.fly(HOUR, MINUTE)
    assert (flight.where, flight.limits) == ((-1, "armed"), REDUCE_ONLY), "nobody has approved it again"
    approve_first(flight)
    assert flight.where == (0, "entering")


def test_expired_evidence_of_a_release_that_runs_again_does_not_count() -> None:
    flight = at_second_stage()
    ends_at = flight.now + HOUR
    made = structs.replace(evidence("safe", "good", flight.now), release="r1", ends_at=ends_at)
    flight.take(launch_events.EvidenceTaken(evidence=made, by="test"))
    change(flight, "r2")
    flight.fly(2 * HOUR, MINUTE)
    change(flight, "r1")
    approve_first(flight)
    assert flight.where == (-1, "armed")


def test_evidence_of_an_unnamed_release_does_not_outlive_the_release_and_what_speaks_against_a_claim_does() -> None:
    flight = at_second_stage()
    flight.say("safe", "good")
    flight.say("other", "bad")
    change(flight, "r2")
    assert [each.claim for each in flight.launch.evidence] == ["other"]
    change(flight, "r1")
    approve_first(flight)
    assert sorted(each.claim for each in flight.launch.evidence) == ["one", "other"]


def test_a_waiver_is_of_the_release_that_it_was_granted_for() -> None:
    flight = at_second_stage()
    waiver = launch_events.Waiver(
        claim="x", reason="later", asked_by="a", granted_by="b", at=flight.now, ends_at=flight.now + HOUR
    )
    flight.take(launch_events.WaiverGranted(waiver=waiver))
    change(flight, "r2")
    assert flight.launch.waivers == []


def test_a_launch_that_was_given_up_stays_so_when_the_release_changes() -> None:
    flight = at_second_stage()
    flight.tick(("eve", said.Abort(reason="enough")))
    change(flight, "r2")
    assert flight.where == (1, "aborted")


def test_a_hold_for_limits_not_in_force_ends_with_the_stage_that_it_was_about() -> None:
    flight = at_second_stage()
    flight.entries = 1
    flight.cap("kill account")
    flight.fly(6 * MINUTE)
    assert "effect engine" in flight.launch.holds
    change(flight, "r2")
    assert "effect engine" not in flight.launch.holds


def test_status_and_explain_say_what_a_changed_release_needs() -> None:
    flight = at_second_stage()
    change(flight, "r2")
    told = [line for line in lines(flight) if "ARMED AGAIN" in line]
    assert len(told) == 2, "in status and in explain"
    for line in told:
        assert "release r2 runs, and not r1" in line
        assert "fairway launch approve CONFIG small --role owner" in line
        assert "fairway launch evidence CONFIG" in line


def test_a_journal_of_a_changed_release_is_read_to_the_same_state() -> None:
    flight = at_second_stage()
    change(flight, "r2")
    change(flight, "r1")
    launch = Launch()
    for event, at in zip(flight.events, flight.ats, strict=True):
        launch.apply(event, at)
    assert (launch.track("engine"), launch.evidence, launch.other_evidence) == (
        flight.track,
        flight.launch.evidence,
        flight.launch.other_evidence,
    )
