"""Twenty fuzzed runs, in which any fault may happen; then nothing disturbs them any more, and every invariant holds.

FAIRWAY_PROVE=whole runs a hundred, and `make prove` two thousand. A seed that fails is printed with its plan, and with the
command that shrinks it.
"""

import pytest
from tests.prove.size import IS_WHOLE

from fairway.exchange.faults.registry import faults
from fairway.proving import fuzz
from fairway.proving.draw import fault_rules, plan
from fairway.proving.fuzz import FuzzResult, shrunk
from fairway.proving.injected_fault import InjectedFault
from fairway.proving.scenario import HARNESS_FAULTS, Scenario
from fairway.proving.worker_pool import FailedRun, run_all
from fairway.risk.guards.rules import NO_GUARDS

SEEDS = 200
PLAYED = 100 if IS_WHOLE else 20


def test_no_invariant_is_broken() -> None:
    result = run_all("random faults", [FuzzResult(seed) for seed in range(PLAYED)])
    assert not result.broken, "\n".join(result.broken_lines())


def test_every_kind_of_fault_is_dealt() -> None:
    """All faults that the exchange knows, and all that is not the exchange's; each within the two hundred."""
    assert faults().keys() < fault_rules().keys()
    assert HARNESS_FAULTS.keys() < fault_rules().keys()
    assert {fault.kind for seed in range(SEEDS) for fault in plan(seed).faults} == set(fault_rules())


def test_a_seed_deals_the_same_plan_each_time() -> None:
    """In plain words, with each fault, its time and what was chosen of it."""
    assert str(plan(17)) == str(plan(17)) != str(plan(18))
    assert "reset_after times=2 on order.place" in str(InjectedFault("reset_after", 60.5, 80, ("order.place",), {"times": 2}))


def test_conditions_of_every_kind_are_dealt() -> None:
    """Intervals, profiles, guards, leases, one to three pairs, thin books; and a journal is lost once at most."""
    plans = [plan(seed) for seed in range(SEEDS)]
    given = [drawn.conditions for drawn in plans]
    assert {it.interval for it in given} == {"1m", "3m", "5m", "15m"}
    assert {it.rules.profile for it in given} == {"", "conservative", "moderate", "aggressive"}
    assert {it.telling.depth for it in given} == {"100", "20", "4"}
    assert {it.own_coins for it in given} == {0, 50}
    assert {len(drawn.prices) for drawn in plans} == {1, 2, 3}
    assert 20 < sum(it.lease is not None for it in given) < 80
    assert sum(it.rules.guards != NO_GUARDS for it in given) > 80
    assert max(sum(fault.kind == "journal lost" for fault in drawn.faults) for drawn in plans) == 1


def test_a_plan_is_shrunk_to_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Faults that the failure does not need are dropped, and the others stay."""

    def violations_of(drawn: Scenario) -> list[str]:
        kinds = {fault.kind for fault in drawn.faults}
        return ["13 cash ties out: a lot is missing"] if {"kill -9", "latency"} <= kinds else []

    monkeypatch.setattr(fuzz, "violations_of", violations_of)
    faults = [InjectedFault(kind, 60, 80) for kind in ("latency", "disk full", "kill -9", "network cut")]
    drawn = Scenario(1, [], {"BTC/USDT": {0: "100"}}, faults)
    assert [fault.kind for fault in shrunk(drawn).faults] == ["latency", "kill -9"]


def test_a_broken_play_says_how_it_is_played_again() -> None:
    """What went wrong, in words, and the command."""
    told = str(FailedRun("seed 3", FuzzResult(3).command, ["13 cash ties out: 1 BTC is missing"]))
    assert told.splitlines()[1:] == [
        "    13 cash ties out: 1 BTC is missing",
        "    again: python -m fairway.proving.fuzz --seed 3 --shrink",
    ]
