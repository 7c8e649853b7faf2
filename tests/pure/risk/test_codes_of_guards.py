"""What each guard says when it is alarmed: its code, with its figure by name and its bound."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace
from tests.pure.risk.guard_ground import LOOK, Ground, usdt
from tests.pure.risk.test_guards_of_execution import answered, grow, price, sent

from fairway.money.fraction import Fraction
from fairway.risk.guards.port import Bought, Held, Measured, Planned
from fairway.world.clock import HOUR, MILLISECOND, MINUTE, SECOND


def percent(text: str) -> Fraction:
    return Fraction.parse(f"{text} %")


def bought(ground: Ground) -> None:
    ground.roster.observe(Planned("BTC/USDT", price("100"), price("98"), price("104"), ground.now))
    for _ in range(10):
        ground.roster.observe(Bought("BTC/USDT", price("101"), ground.now))


def churned(ground: Ground, gross: str = "10") -> None:
    for _ in range(10):
        ground.close("4", gross=gross)


def lost(ground: Ground) -> None:
    for _ in range(4):
        ground.close("-1", risks="-1")


def edgeless(ground: Ground) -> None:
    for _ in range(20):
        ground.close("-1", risks="-1")


def marked(ground: Ground) -> None:
    ground.mark("1000")


SAID: list[tuple[dict[str, object], Callable[[Ground], None], dict[str, object], str]] = [
    ({"daily_loss": percent("2")}, marked, {"worth": usdt("970")}, "GUARD_DAILY_LOSS: lost_24h=0.03 limit=0.02"),
    ({"drawdown": percent("15")}, marked, {"worth": usdt("800")}, "GUARD_DRAWDOWN: below_peak=0.2 limit=0.15"),
    (
        {"drawdown": percent("15")},
        marked,
        {"worth": usdt("980"), "capital": usdt("100")},
        "GUARD_DRAWDOWN: below_peak=0.2 limit=0.15",
    ),
    ({"edge": True}, edgeless, {}, "GUARD_EDGE_HEALTH: without_edge=1 limit=1"),
    ({"losses_in_a_row": 4}, lost, {}, "GUARD_LOSSES_IN_A_ROW: losses=4 limit=4"),
    (
        {"position_loss": usdt("50")},
        marked,
        {"held": {"BTC/USDT": Held(usdt("-60"), usdt("500"), usdt("440"), 0)}},
        "GUARD_POSITION_LOSS: loss=60 limit=50 symbol=BTC/USDT",
    ),
    ({"orders_a_minute": 30}, lambda it: sent(it, 31), {}, "GUARD_RUNAWAY_RATE: orders_a_minute=31 limit=30"),
    ({"errors": percent("5")}, lambda it: sent(it, 20, fails=4), {}, "GUARD_ERRORS: failed=0.2 limit=0.1"),
    ({"latency_ns": SECOND}, lambda it: answered(it, 1500), {}, "GUARD_LATENCY: latency_ms=1500 limit=1000"),
    ({"slippage": percent("0.35")}, bought, {}, "GUARD_SLIPPAGE: slippage=0.01 limit=0.007"),
    ({"fees": percent("50")}, churned, {}, "GUARD_FEE_CHURN: fees=0.6 limit=0.5"),
    (
        {"skew_ns": 500 * MILLISECOND},
        lambda it: it.roster.observe(Measured(-600 * MILLISECOND, None, it.now)),
        {},
        "GUARD_CLOCK_SKEW: skew_ms=600 limit=500",
    ),
    (
        {"memory_a_day": percent("2")},
        lambda it: grow(it, hours=7, start=10**9, mebibytes_an_hour=0.9),
        {},
        "GUARD_MEMORY: growth_a_day=0.022628 limit=0.02",
    ),
]


@pytest.mark.parametrize(("rules", "happened", "seen", "code"), SAID, ids=[code.partition(":")[0] for *_, code in SAID])
def test_a_guard_names_its_figure_and_its_bound(
    rules: dict[str, object], happened: Callable[[Ground], None], seen: dict[str, object], code: str
) -> None:
    ground = Ground(**rules)
    happened(ground)
    look = replace(LOOK, now=ground.now, **seen)
    assert [verdict.code for verdict in ground.roster.verdicts(look) if "UNKNOWN_WORTH" not in verdict.code] == [code]


def test_trades_that_moved_nothing_have_no_churn() -> None:
    """Of nothing no share can be told; nor of nine trips."""
    ground = Ground(fees=percent("50"))
    churned(ground, gross="0")
    assert ground.look() == []


def test_memory_is_sampled_by_time_alone() -> None:
    """A sample that comes too soon after the last one is left out, however much it shows; one at the instant is taken."""
    ground = Ground(memory_a_day=percent("2"))
    start = ground.now
    for at, memory in ((0, 2**27), (HOUR, 2**27), (HOUR + 5 * MINUTE - 1, 2**30), (2 * HOUR, 2**27)):
        ground.roster.observe(Measured(None, memory, start + at))
    ground.now = start + 2 * HOUR
    assert ground.look() == []


@pytest.mark.parametrize(("result", "counts"), [("0.5", True), ("0", False)])
def test_a_win_is_whatever_is_above_nothing(result: str, counts: bool) -> None:
    ground = Ground(edge=True)
    ground.close("1", risks=result)
    assert ground.roster.record is not None
    assert (ground.roster.record.wins == 1) is counts
