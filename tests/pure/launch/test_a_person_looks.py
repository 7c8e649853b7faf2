"""A person looks as often as a stage's plan says; while nobody does, nothing is promoted, and nothing else is changed by it."""

from dataclasses import replace

from tests.pure.launch.launches import STAGES, Flight, plan
from tests.pure.launch.test_record import record, told
from tests.pure.launch.test_waivers import answers

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.launch.views.record_forms import markdown
from fairway.launch.views.status_text import explain, status
from fairway.risk.limits import TradingState
from fairway.world.clock import HOUR, MINUTE, SECOND

REVIEWED = plan(CompiledTrack("engine", (STAGES[0], replace(STAGES[1], review_ns=30 * MINUTE), STAGES[2])))


def at_middle() -> Flight:
    """In its second stage, in which somebody looks every half an hour; entered just now."""
    flight = Flight(plan=REVIEWED)
    flight.say("one", "good")
    while flight.track.stage < 1:
        flight.fly(MINUTE)
    flight.say("two", "good")
    flight.say("harm", "good")
    return flight


def reviews(flight: Flight) -> list[str]:
    return [f"{event.by}: {event.what}" for event in flight.events if isinstance(event, launch_events.Reviewed)]


def words(flight: Flight) -> str:
    return "\n".join((*status(told(flight)), *explain(told(flight))))


def test_the_stages_clock_and_leases_go_on_while_a_review_is_overdue() -> None:
    flight = at_middle()
    flight.fly(2 * HOUR, MINUTE)
    assert "OVERDUE since" in words(flight)
    assert flight.where == (1, "ready"), "it was lived in for an hour, and its gates pass"
    assert flight.launch.leases["main"].limits.state is TradingState.ACTIVE
    assert flight.launch.holds == {}


def test_the_last_of_two_approvals_is_the_review_that_lets_it_pass() -> None:
    flight = at_middle()
    flight.fly(2 * HOUR, MINUTE)
    for word in flight.approve_all("large", {"owner": "bob", "risk": "carol"}):
        flight.tick(word)
    assert flight.track.stage == 2
    assert reviews(flight) == ["bob: approved large", "carol: approved large"]


def test_approvals_that_are_older_than_the_cadence_do_not_promote_until_somebody_looks() -> None:
    """It is asked anew at the instant of promotion: they were given an hour before the gates passed."""
    flight = at_middle()
    flight = at_middle()
    flight.tick(*flight.approve_all("large", {"owner": "bob", "risk": "carol"}))
    given_at = flight.now
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (1, "ready")
    [missing] = record(flight).sections[0].missing
    assert missing.startswith("REVIEW_OVERDUE: stage=middle every=30m since=")
    assert missing.endswith(" by carol")
    assert "next: large, which needs a review, which is overdue" in words(flight)
    flight.tick(("eve", said.Review(reason="ten trades, all with their stops")))
    assert flight.track.stage == 2
    assert flight.now - given_at > 30 * MINUTE


def test_it_is_overdue_the_instant_after_and_not_before() -> None:
    flight = at_middle()
    flight.tick(("eve", said.Review(reason="looked")))
    flight.now += 30 * MINUTE
    assert "OVERDUE" not in words(flight)
    assert "review every 30m: last by eve 30 min ago" in words(flight)
    flight.now += SECOND
    assert "OVERDUE" in words(flight)


def test_who_asks_for_promotion_or_releases_a_hold_has_looked() -> None:
    flight = at_middle()
    flight.fly(90 * MINUTE, MINUTE)
    flight.tick(("bob", said.HoldIt(reason="smells")))
    flight.tick(("eve", said.Release(hold_id="person bob", reason="it did not")))
    flight.tick(("eve", said.Promote(reason="all is there")))
    assert reviews(flight) == ["eve: released person bob", "eve: asked for the next stage"]


def test_before_the_first_stage_there_is_nothing_to_look_at() -> None:
    flight = Flight(plan=REVIEWED)
    flight.tick(("eve", said.Review(reason="looked")))
    assert answers(flight) == ["NOTHING_TO_REVIEW"]
    assert reviews(flight) == []


def test_the_record_tells_how_many_were_held_of_those_due() -> None:
    flight = at_middle()
    flight.fly(10 * MINUTE, MINUTE)
    flight.tick(("eve", said.Review(reason="looked")))
    flight.tick(("eve", said.Review(reason="and once more: it is one spell")))
    flight.fly(70 * MINUTE, MINUTE)
    flight.tick(("eve", said.Review(reason="in a spell that is not over")))
    assert record(flight).reviews == ["engine/middle, every 30m: 1 of 2 reviews were held"]
    assert "## Reviews\n\n- engine/middle, every 30m: 1 of 2 reviews were held" in markdown(record(flight))
