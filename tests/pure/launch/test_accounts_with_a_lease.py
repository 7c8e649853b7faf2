"""Which accounts have a lease: who was let in first, with which guards, and within the limits of which stage."""

from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as changed
from tests.pure.launch.launches import SMALL, STAGES, Flight, at_middle, plan
from tests.pure.launch.test_leases import LEASE, blind, looked, seen, with_lease

from fairway.launch.control import launch_events, leases
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledTrack
from fairway.risk.limits import Limits
from fairway.world.clock import MINUTE

ONE_USER = changed(SMALL, users=1)


def crowded(limits: Limits, *accounts: str, **more: Any) -> Flight:
    """A launch with these limits in its first stage, of which each account is another user's."""
    stages = (replace(STAGES[0], limits=limits), *STAGES[1:])
    flight = Flight(plan=plan(CompiledTrack("engine", stages), **more), accounts=accounts)
    flight.fly(2 * MINUTE)
    return flight


def let_in(flight: Flight) -> dict[str, str]:
    """By account, "" or why not."""
    return {each.account: each.refused.partition(":")[0] for each in seen(flight, leases.admission_results)}


def test_who_was_let_in_first_stays_when_others_come() -> None:
    """Whatever their names, and in whatever order they are told."""
    flight = crowded(ONE_USER, "b")
    flight.take(
        launch_events.AccountsSeen(accounts=tuple(launch_events.LaunchAccount(account=each, user=each) for each in ("a", "b")))
    )
    assert let_in(flight) == {"b": "", "a": "USERS_MAX"}
    assert seen(flight, leases.admitted) == ["b"]


def test_who_has_left_was_a_new_user_of_the_day_all_the_same() -> None:
    flight = crowded(changed(SMALL, users_a_day=1), "a")
    flight.take(launch_events.AccountsSeen(accounts=(launch_events.LaunchAccount(account="b", user="b"),)))
    assert let_in(flight) == {"b": "USERS_A_DAY_MAX"}


def test_an_account_without_the_guards_of_the_plan_is_not_let_in() -> None:
    """Nor one that has not told which are on."""
    flight = crowded(SMALL, "a", "b", guards=("drawdown",))
    flight.guards = {"a": ("drawdown", "latency")}
    told = let_in(flight)
    assert told["a"] == ""
    assert told["b"] != ""


def test_before_the_first_stage_the_accounts_are_measured_by_it() -> None:
    """Not by a later one that lets in more."""
    stages = (replace(STAGES[0], limits=ONE_USER), *STAGES[1:])
    flight = Flight(plan=plan(CompiledTrack("engine", stages)), accounts=("a", "b"))
    assert flight.track.stage == -1
    assert let_in(flight) == {"a": "", "b": "USERS_MAX"}


def test_a_stage_that_nobody_flies_opens_nothing() -> None:
    stages = (replace(STAGES[0], is_flown=False), *STAGES[1:])
    flight = Flight(plan=plan(CompiledTrack("engine", stages)))
    flight.fly(2 * MINUTE)
    assert flight.track.stage == 0
    assert leases.allowed_limits(flight.plan.tracks[0], flight.launch) == REDUCE_ONLY


def test_what_is_taken_back_before_the_first_stage_counts_on_in_the_stage_that_was_left() -> None:
    flight = with_lease(LEASE)
    stage, flight.track.stage = flight.launch.leases["main"].stage, -1
    [lease] = seen(flight, leases.leases_due)
    assert (lease.limits, lease.stage) == (REDUCE_ONLY, stage)


def test_an_account_that_was_given_nothing_has_nothing_to_take() -> None:
    flight = at_middle()
    flight.now += 1
    looked(flight)
    flight.launch.leases.clear()
    flight.leases.clear()
    assert seen(flight, leases.is_settled) is True
    assert blind(flight) == {}


@pytest.mark.parametrize(("users", "killed", "is_blind"), [(1, "a0", True), (1, "a4", False), (2, "a1", True), (5, "a1", False)])
def test_a_kill_of_many_of_those_that_the_stage_lets_in_blinds(users: int, killed: str, is_blind: bool) -> None:
    """Of five accounts one is its own trouble; of the one or two that the stage lets in it is the launch's."""
    flight = crowded(changed(SMALL, users=users), *(f"a{number}" for number in range(5)))
    flight.take(launch_events.KillOrdered(accounts=(killed,), why="enough", stays=True))
    for account in flight.accounts:
        looked(flight, account)
    assert ("blind kill" in blind(flight)) is is_blind


def test_a_kill_of_a_quarter_of_all_blinds_though_the_stage_lets_in_none_of_them() -> None:
    flight = crowded(ONE_USER, "a", "b", "c", "d")
    flight.take(launch_events.KillOrdered(accounts=("b",), why="enough", stays=True))
    assert "blind kill" in blind(flight)
