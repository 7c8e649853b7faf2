"""What each guard says when it is alarmed: its code, with its figure by name and its bound."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.risk.guard_ground import LOOK, MIDNIGHT, Ground, usdt
from tests.pure.risk.test_guards_of_execution import answered, grow, price, sent

from fairway.money.fraction import Fraction
from fairway.risk.escalation import Level
from fairway.risk.guards.port import Bought, MarketActivity, Measured, Planned, PositionValue
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


def risen(ground: Ground) -> None:
    """From 900 to 1,000 before midnight."""
    ground.mark("900", MIDNIGHT - 23 * HOUR)
    ground.mark("1000", MIDNIGHT - HOUR)
    ground.mark("1000", MIDNIGHT)
    ground.now = MIDNIGHT + MINUTE


SAID: list[tuple[dict[str, object], Callable[[Ground], None], dict[str, object], str]] = [
    ({"daily_loss": percent("2")}, marked, {"worth": usdt("970")}, "GUARD_DAILY_LOSS: lost_24h=0.03 limit=0.02"),
    ({"daily_loss": percent("2")}, risen, {"worth": usdt("950")}, "GUARD_DAILY_LOSS: lost_today=0.05 limit=0.02"),
    (
        {"daily_loss": percent("2")},
        marked,
        {"worth": usdt("995"), "capital": usdt("100")},
        "GUARD_DAILY_LOSS: lost_24h=0.05 limit=0.02",
    ),
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
        {"held": {"BTC/USDT": PositionValue(usdt("-60"), usdt("500"), usdt("440"), 0)}},
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


def test_how_long_a_worth_is_unknown_is_told_in_whole_seconds() -> None:
    ground = Ground(drawdown=percent("15"), worth_unknown_ns=10 * SECOND)
    ground.look()
    look = replace(LOOK, now=ground.now + 11_900 * MILLISECOND)
    assert [verdict.code for verdict in ground.roster.verdicts(look)] == ["GUARD_UNKNOWN_WORTH: unknown_s=11 limit=10"]


def test_trades_that_moved_nothing_have_no_churn() -> None:
    """Of nothing no share can be told; nor of nine trips."""
    ground = Ground(fees=percent("50"))
    churned(ground, gross="0")
    assert ground.look() == []


@pytest.mark.parametrize(
    ("step", "until", "grown", "warned"),
    [
        (30, 3 * HOUR, 2**26, True),
        (300, 2 * HOUR, 2 * 2**20, True),
        (300, 2 * HOUR, 2 * 2**20 - 1, False),
        (300, 2 * HOUR - 5 * MINUTE, 2**26, False),
    ],
)
def test_memory_is_told_by_an_hour_and_two_mebibytes(step: int, until: int, grown: int, warned: bool) -> None:
    """After a first hour, and however often it is measured: samples are five minutes apart."""
    ground = Ground(memory_a_day=percent("2"))
    for at in range(0, until + 1, step * SECOND):
        share = max(at - HOUR, 0) / (until - HOUR)
        ground.roster.observe(Measured(None, 2**27 + int(grown * share), ground.now + at))
    ground.now += until
    assert bool(ground.look()) is warned


def test_of_many_symbols_each_is_judged() -> None:
    """The first is calm, the second is not."""
    ground = Ground(outlier_bar=percent("5"))
    calm, wild = (MarketActivity(Decimal(move), usdt("1000000")) for move in ("0.01", "0.06"))
    assert ground.look(markets={"BTC/USDT": calm, "ETH/USDT": wild}) == [("outlier bar ETH/USDT", Level.CRITICAL)]


def test_how_far_positions_have_fallen() -> None:
    """One, all together, or none."""
    half, whole = PositionValue(usdt("0"), usdt("100"), usdt("50"), 0), PositionValue(usdt("0"), usdt("300"), usdt("300"), 0)
    look = replace(LOOK, held={"BTC/USDT": half, "ETH/USDT": whole})
    told = [look.fallen("BTC/USDT"), look.fallen("ETH/USDT"), look.fallen(""), LOOK.fallen("")]
    assert told == [Decimal("0.5"), 0, Decimal("0.125"), 0]
    free = replace(LOOK, held={"BTC/USDT": PositionValue(usdt("5"), usdt("0"), usdt("5"), 0)})
    assert free.fallen("BTC/USDT") == 0


def test_an_account_of_nothing_has_lost_nothing() -> None:
    """And one of a dollar can lose a tenth."""
    empty, small = Ground(breaker_loss=percent("5")), Ground(breaker_loss=percent("5"))
    empty.mark("0")
    assert empty.worth("0") == []
    small.mark("1")
    assert small.worth("0.9") == [("daily loss", Level.EMERGENCY)]


@pytest.mark.parametrize(("result", "counts"), [("0.5", True), ("0", False)])
def test_a_win_is_whatever_is_above_nothing(result: str, counts: bool) -> None:
    ground = Ground(edge=True)
    ground.close("1", risks=result)
    assert ground.roster.record is not None
    assert (ground.roster.record.wins == 1) is counts
