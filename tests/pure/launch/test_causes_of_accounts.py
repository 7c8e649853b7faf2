"""What a trouble of the traders leads to: a row of the table of causes, for one account of many or for the launch."""

from dataclasses import replace

import msgspec
import pytest
from tests.pure.launch.launches import MIDDLE, SMALL, STAGES, Flight, at_middle, plan

from fairway.launch.control import launch_events
from fairway.launch.control.causes import known_causes
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledStage, CompiledTrack
from fairway.risk.cap_kinds import PAUSED
from fairway.risk.caps import Lifting
from fairway.risk.causes import Cause, Effect
from fairway.world.clock import HOUR, MINUTE, SECOND


@pytest.mark.parametrize("cause", known_causes(), ids=lambda each: each.name)
def test_every_cause_does_what_its_row_says(cause: Cause) -> None:
    flight = at_middle()
    flight.cap_of(msgspec.structs.replace(PAUSED, name=cause.name, cause=cause), cause.name)
    flight.now += SECOND
    flight.tick()
    holds = [each for each in flight.launch.holds.values() if each.id.startswith("cause ")]
    assert len(holds) == 1
    contains = cause.effect is not Effect.HOLD
    assert holds[0].contains == contains
    assert flight.limits == (REDUCE_ONLY if contains else MIDDLE)
    stage = 0 if cause.effect in (Effect.DEMOTE, Effect.SMALLEST) else 1
    assert flight.track.stage == stage


def test_a_trouble_goes_and_the_launch_goes_on_where_it_was_put() -> None:
    flight = at_middle()
    flight.cap("unexplained USDT")
    flight.fly(10 * MINUTE)
    assert flight.limits == REDUCE_ONLY
    flight.caps.clear()
    flight.fly(MINUTE)
    assert (flight.where, flight.limits) == ((1, "dwelling"), MIDDLE)


def test_what_flutters_stays_until_a_person_lifts_it() -> None:
    flight = at_middle()
    for _ in range(3):
        flight.cap("journal", Lifting.ITSELF)
        flight.fly(MINUTE)
        flight.caps.clear()
        flight.fly(MINUTE)
        assert not flight.launch.holds
    flight.cap("journal", Lifting.ITSELF)
    flight.fly(MINUTE)
    flight.caps.clear()
    flight.fly(10 * MINUTE)
    assert flight.launch.holds["cause journal"].lifting is Lifting.PERSON
    assert flight.limits == REDUCE_ONLY


def test_one_account_of_many_is_its_own_trouble() -> None:
    flight = Flight(accounts=tuple(f"a{each}" for each in range(12)))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.track.stage == 1
    flight.cap("breaker L2", account="a3")
    flight.fly(MINUTE)
    assert flight.track.stage == 1
    assert not flight.launch.holds["cause breaker L2"].contains
    flight.caps.clear()
    flight.fly(MINUTE)
    for each in ("a3", "a4", "a5"):
        flight.cap("breaker L2", account=each)
    flight.fly(MINUTE)
    assert flight.track.stage == 0, "three of twelve are the launch's"


def crowd(*stages: CompiledStage) -> Flight:
    """Twelve users in the second stage."""
    flight = Flight(plan=plan(CompiledTrack("engine", stages or STAGES)), accounts=tuple(f"a{each}" for each in range(12)))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (1, "dwelling")
    return flight


@pytest.mark.parametrize(("cap_id", "stage"), [("breaker L2", 0), ("kill account", 0), ("unexplained USDT", 1)])
def test_what_befalls_one_account_after_the_other_becomes_the_launch_s(cap_id: str, stage: int) -> None:
    flight = crowd()
    for each in ("a3", "a4"):
        flight.cap(cap_id, account=each)
        flight.fly(MINUTE)
    [hold] = flight.launch.holds.values()
    assert (flight.track.stage, hold.contains) == (1, False)
    flight.cap(cap_id, account="a5")
    flight.fly(MINUTE)
    [hold] = flight.launch.holds.values()
    assert (flight.track.stage, hold.contains) == (stage, True)
    assert flight.launch.leases["a0"].limits == REDUCE_ONLY


def test_what_waits_for_a_person_still_does_when_it_becomes_the_launch_s() -> None:
    flight = crowd()
    for _ in range(4):
        flight.cap("naked BTC/USDT", account="a3", lifting=Lifting.ITSELF)
        flight.fly(MINUTE)
        flight.caps.pop("a3")
        flight.fly(MINUTE)
    for each in ("a3", "a4", "a5"):
        flight.cap("naked BTC/USDT", account=each, lifting=Lifting.ITSELF)
    flight.fly(2 * HOUR, MINUTE)
    assert flight.launch.holds["cause naked"].contains
    flight.caps.clear()
    flight.fly(MINUTE)
    assert flight.launch.holds["cause naked"].lifting is Lifting.PERSON


def test_the_one_account_that_a_stage_lets_in_speaks_for_it() -> None:
    """Eleven that wait outside do not outvote the only one that trades."""
    few = [replace(stage, limits=msgspec.structs.replace(stage.limits, users=1)) for stage in STAGES[:2]]
    flight = crowd(*few)
    assert list(flight.launch.leases) == ["a0"]
    flight.cap("guard drawdown", account="a7")
    flight.fly(MINUTE)
    assert flight.track.stage == 1, "it is not in the stage"
    flight.cap("guard drawdown", account="a0")
    flight.fly(MINUTE)
    assert flight.track.stage == 0


def test_nobody_takes_the_place_of_a_user_of_today_who_has_left() -> None:
    slow = replace(STAGES[0], limits=msgspec.structs.replace(SMALL, users_a_day=1))
    flight = Flight(plan=plan(CompiledTrack("engine", (slow,))), accounts=("a0", "a1"))
    flight.fly(MINUTE)
    assert list(flight.launch.leases) == ["a0"]
    flight.take(launch_events.AccountsSeen(accounts=(launch_events.LaunchAccount(account="a1", user="a1"),)))
    flight.fly(23 * HOUR, HOUR)
    assert "a1" not in flight.launch.leases
    flight.fly(HOUR)
    assert "a1" in flight.launch.leases


def test_accounts_that_have_left_outvote_nobody_and_trouble_nobody() -> None:
    flight = crowd()
    stay = tuple(launch_events.LaunchAccount(account=each, user=each) for each in ("a0", "a1", "a2"))
    flight.cap("unexplained USDT", account="a9")
    flight.fly(MINUTE)
    flight.take(launch_events.AccountsSeen(accounts=stay))
    flight.fly(MINUTE)
    assert not flight.launch.holds, "whoever has left is a person's to look after"
    flight.cap("breaker L2", account="a1")
    flight.fly(MINUTE)
    assert flight.track.stage == 0, "one of three, where the trader's journal knows twelve"
