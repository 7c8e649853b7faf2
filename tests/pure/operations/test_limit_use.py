"""How much of each limit is used, by the cap that sets it; what is unknown uses an unknown share."""

from dataclasses import replace
from decimal import Decimal

import pytest

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.operations.trader.limit_use import CountedUse, LimitUse, limit_uses
from fairway.risk.caps import limited, of_settings
from fairway.risk.limits import Limits

CALM = CountedUse(
    quote="USDT",
    capital=Decimal(1_000),
    positions=1,
    exposure=Decimal(200),
    largest=Decimal(150),
    open_entries=0,
    entries_a_minute=2,
    lost=Decimal(-5),
    lost_in_a_day=Decimal("0.01"),
    fallen=None,
    exposure_of_all=Decimal(900),
    lost_by_all=None,
)


def use_of(name: str, limits: Limits, counted: CountedUse = CALM) -> LimitUse:
    return {each.limit: each for each in limit_uses(limits, counted)}[name]


@pytest.mark.parametrize(
    ("name", "limits", "share"),
    [
        ("positions", Limits(positions=4), Decimal("0.25")),
        ("exposure", Limits(exposure=Fraction.parse("40 %")), Decimal("0.5")),
        ("position value", Limits(position_value=Amount.of("300", "USDT")), Decimal("0.5")),
        ("orders a minute", Limits(orders_a_minute=2), Decimal(1)),
        ("daily loss", Limits(daily_loss=Fraction.parse("4 %")), Decimal("0.25")),
        ("capital total", Limits(capital_total=Amount.of("1000", "USDT")), Decimal("0.9")),
    ],
)
def test_what_is_used_of_a_limit(name: str, limits: Limits, share: Decimal) -> None:
    assert use_of(name, limits).share == share


def test_a_gain_uses_nothing_of_a_loss() -> None:
    assert use_of("loss", Limits(loss=Amount.of("50", "USDT"))).share == 0


def test_what_is_unknown_uses_an_unknown_share() -> None:
    assert use_of("drawdown", Limits(drawdown=Fraction.parse("10 %"))).share is None
    unknown = replace(CALM, capital=None)
    assert use_of("exposure", Limits(exposure=Fraction.parse("40 %")), unknown).share is None


def test_a_limit_of_nothing_is_used_up_by_anything() -> None:
    assert use_of("positions", Limits(positions=0)).share == 1
    assert use_of("positions", Limits(positions=0), replace(CALM, positions=0)).share == 0


def test_each_limit_names_the_cap_that_sets_it() -> None:
    caps = (limited(2, "calm down", "ann", 0), of_settings(Limits(positions=5, orders_a_minute=9)))
    uses = limit_uses(caps[0].limits & caps[1].limits, CALM, caps)
    assert {each.limit: each.by for each in uses} == {"positions": "limited", "orders a minute": "settings"}
