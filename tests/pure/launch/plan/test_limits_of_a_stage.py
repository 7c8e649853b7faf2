"""What a stage allows becomes the limits of an account: nothing is lost on the way."""

from decimal import Decimal

import pytest

from fairway.launch.plan.limits import Mode, StageLimits, limits_of
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits, TradingState

FULL = {
    "mode": "live",
    "capital": "1000 USD",
    "capital_per_user": {"at_least": "100 USD", "at_most": "500 USD"},
    "per_symbol": "200 USD",
    "symbols": ["BTC/USDT"],
    "strategies": ["trend"],
    "profiles": ["conservative"],
    "cohort": "team",
    "users": "2",
    "users_a_day": "1",
    "order_value": "50 USD",
    "open_orders": "4",
    "orders_a_minute": "3",
    "positions": "2",
    "leverage": "1",
    "loss": "100 USD",
    "daily_loss": "3 %",
    "drawdown": "8 %",
    "hours": "08:00-20:00",
    "http_weight": "10 %",
}


def usdt(value: int) -> Amount:
    return Amount.of(value, "USDT")


def test_every_key_of_a_stage_is_in_the_limits_of_its_accounts() -> None:
    """All but the share of requests, which is no account's."""
    assert set(FULL) == set(StageLimits.model_fields)
    assert limits_of(StageLimits.model_validate(FULL), quote="USDT") == Limits(
        capital_total=usdt(1000),
        capital_min=usdt(100),
        capital=usdt(500),
        position_value=usdt(200),
        symbols=frozenset({"BTC/USDT"}),
        strategies=frozenset({"trend"}),
        profiles=frozenset({"conservative"}),
        cohorts=frozenset({"team"}),
        users=2,
        users_a_day=1,
        order_value=usdt(50),
        open_orders=4,
        orders_a_minute=3,
        positions=2,
        leverage=Decimal(1),
        loss_total=usdt(100),
        daily_loss=Fraction.parse("3 %"),
        drawdown=Fraction.parse("8 %"),
        hours=Hours.parse("08:00-20:00"),
    )


def test_without_a_capital_of_a_user_the_stages_own_bounds_it() -> None:
    limits = limits_of(StageLimits.model_validate({"mode": "live", "capital": "100 USD"}), quote="USDT")
    assert (limits.capital, limits.capital_total) == (usdt(100), usdt(100))


@pytest.mark.parametrize("stage", list(Mode))
@pytest.mark.parametrize("account", [Mode.PAPER, Mode.TESTNET, Mode.LIVE])
def test_an_account_that_is_more_real_than_its_stage_opens_nothing(stage: Mode, account: Mode) -> None:
    limits = limits_of(StageLimits(mode=stage), quote="USDT", mode=account)
    assert (limits.state is TradingState.REDUCE_ONLY) == (account.rank > stage.rank)


def test_money_that_an_account_cannot_count_in_is_refused() -> None:
    with pytest.raises(ValueError, match="is no amount of BTC"):
        limits_of(StageLimits.model_validate({"mode": "live", "capital": "100 USD"}), quote="BTC")
