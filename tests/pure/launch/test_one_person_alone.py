"""Where one person is alone, time is the second one: twelve hours and a new login later, and not a moment or a terminal less."""

from dataclasses import replace
from typing import Any

import pytest
from tests.pure.launch.launches import LARGE, STAGES, Flight, dollars, plan

from fairway.launch.control.commands import Approve
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.views.status_text import LaunchStatus, explain
from fairway.world.clock import HOUR, MINUTE, SECOND

MONEY = CompiledStage("money", LARGE, approvals={"owner": 2}, capital=dollars("100"))


def ready(**more: Any) -> Flight:
    """Its first stage is passed; the second asks for two owners, and there is one person."""
    terms: dict[str, Any] = {
        "alone": True,
        "capital_alone_max": dollars("1000"),
        "approval_ns": 24 * HOUR,
        "author": "ann",
    } | more
    flight = Flight(plan=replace(plan(CompiledTrack("engine", (STAGES[0], MONEY))), **terms))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (0, "ready")
    return flight


def approve(flight: Flight, login: str) -> None:
    [(by, wish)] = flight.approve_all("money", {"owner": "ann"})
    assert isinstance(wish, Approve)
    flight.tick((by, Approve(reason="seen", stage="money", role="owner", login=login, binds=wish.binds)))


def wait(flight: Flight, ns: int) -> None:
    """The evidence is the same, and so is what was approved."""
    flight.now += ns - 2 * MINUTE
    flight.tick()
    flight.fly(2 * MINUTE)


@pytest.mark.parametrize(
    ("after", "login", "enters"), [(12 * HOUR, "s2", True), (12 * HOUR - SECOND, "s2", False), (12 * HOUR, "s1", False)]
)
def test_the_second_word_counts_twelve_hours_later_in_a_new_login(after: int, login: str, enters: bool) -> None:
    flight = ready()
    approve(flight, "s1")
    given_at = flight.now
    wait(flight, after)
    assert flight.now - given_at == after
    assert flight.where == (0, "ready")
    approve(flight, login)
    flight.fly(MINUTE)
    assert (flight.track.stage == 1) is enters


def test_two_words_at_once_are_one() -> None:
    flight = ready()
    approve(flight, "s1")
    approve(flight, "s2")
    assert flight.where == (0, "ready")
    observation = flight.observation()
    words = "\n".join(explain(LaunchStatus(flight.plan, flight.launch, observation, {})))
    assert "your own once more, at least 12 hours after the first and after a new login" in words


def test_the_first_word_runs_out() -> None:
    flight = ready()
    approve(flight, "s1")
    wait(flight, 25 * HOUR)
    approve(flight, "s2")
    flight.fly(MINUTE)
    assert flight.where == (0, "ready")


def test_above_the_ceiling_it_takes_a_second_person() -> None:
    flight = ready(capital_alone_max=dollars("99"))
    approve(flight, "s1")
    wait(flight, 12 * HOUR)
    approve(flight, "s2")
    flight.fly(MINUTE)
    assert flight.where == (0, "ready")
