"""The time axis of a launch: spans of stages and gates, holds, limits in force."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from tests.pure.launch.launches import BEGIN, Flight, at_middle

from fairway.api.context import ServerContext
from fairway.launch.control import commands as said
from fairway.launch.control.launch_events import Decided
from fairway.launch.control.lifecycle import StageEntered
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.views.track_history import LaunchHistory, launch_history
from fairway.operations.actor import owner_of_machine
from fairway.operations.launch.history import SHOW_HISTORY, LaunchHistoryOutcome, LaunchHistoryRequest
from fairway.operations.operation import Call
from fairway.panel.facts.launch_axis import axis_facts
from fairway.panel.pages.launch_facts import turning_points
from fairway.panel.sources import Sources
from fairway.reports.story import WorthPoint
from fairway.reports.worth_curve import WorthCurve
from fairway.world.clock import HOUR, MILLISECOND, MINUTE, SystemClock


def history(flight: Flight) -> LaunchHistory:
    return launch_history(zip(flight.ats, flight.events, strict=True))


def decided(result: Result) -> Decided:
    verdict = Verdict(gate="two", result=result, reason="SAID")
    return Decided(
        number=1,
        now=1,
        read_to=0,
        inputs="",
        commands=(),
        verdicts={"engine": (verdict,)},
        results={},
        served_ns={},
        outcome=(),
    )


def test_a_stage_lasts_until_the_next_is_entered() -> None:
    first, second = history(at_middle()).tracks["engine"].stages
    assert (first.name, second.name, second.until) == ("small", "middle", 0)
    assert first.until == second.since


def test_results_of_a_gate_are_joined_while_they_stay() -> None:
    words = (Result.INSUFFICIENT, Result.PASS, Result.PASS, Result.FAIL)
    judged = [(at, decided(result)) for at, result in enumerate(words, start=1)]
    entered = StageEntered(track="engine", by="pilot", why="every gate passes", stage=1, name="middle")
    found = launch_history([*judged, (5, entered)]).tracks["engine"].gates["two"]
    assert [(each.name, each.since, each.until) for each in found] == [("INSUFFICIENT", 1, 2), ("PASS", 2, 4), ("FAIL", 4, 5)]


def test_a_hold_ends_when_it_is_released() -> None:
    flight = at_middle()
    flight.tick(("eve", said.HoldIt(reason="I want to look", contains=True)))
    since = flight.now
    assert [(each.name, each.since, each.until) for each in history(flight).holds] == [("I want to look", since, 0)]
    flight.fly(5 * MINUTE)
    flight.tick(("eve", said.Release(reason="seen", hold_id=next(iter(flight.launch.holds)))))
    assert [(each.until, each.contains) for each in history(flight).holds] == [(flight.now, True)]


def test_limits_in_force_end_with_the_lease() -> None:
    flight = at_middle()
    assert [value for _, value in history(flight).allowed][-1] == Decimal(300)
    last = flight.launch.leases["main"].until
    flight.now += HOUR
    flight.tick()
    assert (last, Decimal(0)) in history(flight).allowed, "nothing was renewed for an hour"


def test_what_happened_is_told_in_words() -> None:
    assert any("middle" in words for _, words in history(at_middle()).news)


def test_the_axis_reaches_from_the_begin_until_now() -> None:
    flight = at_middle()
    curve = WorthCurve(quote="USDT", points=(WorthPoint(BEGIN - HOUR, Decimal(9)), WorthPoint(flight.now, Decimal(10))))
    found = axis_facts(flight.plan, history(flight), curve, flight.now)
    assert (found.begin, found.end) == (BEGIN // MILLISECOND, flight.now // MILLISECOND)
    assert found.rows[-3:] == ("small", "middle", "large")
    assert found.worth == ((flight.now // MILLISECOND, 10.0),), "what was before the launch is not drawn"
    assert found.allowed[-1] == (found.end, 300.0)
    assert found.told == "engine went through small, middle; it was held 0 times"


def test_the_axis_is_asked_again_where_a_stage_a_hold_or_a_result_has_changed() -> None:
    flight = at_middle()
    seen = turning_points(flight.launch)
    flight.fly(MINUTE)
    assert turning_points(flight.launch) == seen, "measurements alone change no span"
    flight.tick(("eve", said.HoldIt(reason="I want to look", contains=True)))
    held = turning_points(flight.launch)
    assert held != seen
    flight.tick(("eve", said.Demote(reason="too much", stage="small")))
    assert turning_points(flight.launch) != held


def test_an_answer_from_before_something_else_was_known_is_old() -> None:
    asked = list[LaunchHistoryOutcome]()

    def perform(call: Call[LaunchHistoryRequest]) -> LaunchHistoryOutcome:
        asked.append(LaunchHistoryOutcome(now=0, history=history(at_middle())))
        return asked[-1]

    show = replace(SHOW_HISTORY, perform=perform)
    sources = Sources(cast(ServerContext, SimpleNamespace(clock=SystemClock())))
    request = LaunchHistoryRequest(config=Path("fairway.yaml"))
    for since in ("held", "held", "released", "released"):
        sources.outcome(owner_of_machine("me"), show, request, HOUR, since=since)
    assert len(asked) == 2
