"""Rules about limits: a limit that makes no sense is refused with a right one, and a later stage allows no less."""

import pytest
from tests.pure.launch.lint.drafts import SOUND, changed, check, findings, quiet


def limits(text: str) -> str:
    """The sound plan with these limits in its stage with money."""
    return SOUND.replace("capital: 100 USD, loss: 20 USD", text)


@pytest.mark.parametrize(
    ("written", "told", "mend"),
    [
        ("capital: 0 USD, loss: 20 USD", "capital is 0 USD, and must be above 0", "capital: 100 USD"),
        ("capital: 100 USD, loss: -20 USD", "loss is -20 USD, and must be above 0", "loss: 20 USD"),
        ("capital: 100 USD, order_value: 500 USD", "order_value is 500 USD, and capital 100 USD", "order_value: 100 USD or less"),
        ("capital: 100 USDT, per_symbol: 101 USD", "per_symbol is 101 USD, and capital 100 USDT", "per_symbol: 100 USDT or less"),
        (
            "per_symbol: 50 USD, order_value: 51 USD",
            "order_value is 51 USD, and per_symbol 50 USD",
            "order_value: 50 USD or less",
        ),
        ("capital_per_user: {at_least: 9 USD, at_most: 8 USD}", "capital_per_user.at_least is 9 USD", "at_least: 8 USD or less"),
        ("capital: 5 USD, capital_per_user: {at_least: 9 USD}", "and capital 5 USD", "at_least: 5 USD or less"),
        ("capital: 100 USD, daily_loss: 0 %", "daily_loss is 0 %, and must be above 0 %", "daily_loss: 10 %"),
        ("capital: 100 USD, drawdown: 101 %", "drawdown is 101 %, and must be above 0 % and at most 100 %", "drawdown: 10 %"),
        ("users: 2, users_a_day: 3", "users_a_day is 3, and no more than 2 users", "users_a_day: 2 or fewer"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_with_a_right_one(written: str, told: str, mend: str) -> None:
    found = check(limits(written), "senseless-limit", told)
    assert found.refuses
    assert found.mend.startswith(mend)


def test_of_a_whole_that_is_none_no_part_is_told() -> None:
    text = limits("capital: 0 USD, order_value: 50 USD, loss: 20 USD")
    assert [each.place for each in findings(text) if each.rule == "senseless-limit"] == ["stages[live].limits.capital"]


def test_limits_that_are_as_large_as_their_whole_make_sense() -> None:
    same = "capital: 100 USD, per_symbol: 100 USDT, order_value: 100 USD, capital_per_user: {at_least: 100 USD, at_most: 100 USD}"
    quiet(limits(f"{same}, loss: 20 USD, daily_loss: 100 %, drawdown: 100 %, users: 2, users_a_day: 2"), "senseless-limit")
    quiet(limits("capital: 100 USD, per_symbol: 150 USD, leverage: 2"), "senseless-limit")


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"approvals": "{need: {owner: 1}, expires: 0h}"}, "expires is no time at all"),
        ({"approvals": "{need: {owner: 1}, alone: {capital: 0 USD}}"}, "capital is 0 USD"),
        ({"objectives": "[{name: a, of: uptime, at_least: 101 %, within: 1d}]"}, "at_least is 101 %"),
        ({"objectives": "[{name: a, of: uptime, at_least: 99 %, within: 0d}]"}, "within is no time at all"),
        ({"targets": "[{name: a, within: 1d, at_least: 9 x, at_most: 8 x}]"}, "a should be 9 x at least and 8 x at most"),
    ],
)
def test_what_no_number_can_keep_is_refused_elsewhere_too(keys: dict[str, str], told: str) -> None:
    assert check(changed(**keys), "senseless-limit", told).refuses


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("cohort: public", "cohort: team"),
        ("users: 10", "users: 5"),
        ("symbols: all", "symbols: [BTC/USDT]"),
        ("symbols: [BTC/USDT, ETH/USDT]", "symbols: [ETH/USDT]"),
        ("capital_per_user: {at_most: 500 USD}", "capital_per_user: {at_most: 100 USD}"),
        ("daily_loss: 3 %", "daily_loss: 2 %"),
        ("positions: 3", "positions: 2"),
    ],
)
def test_a_limit_may_stay_or_widen_and_not_shrink(wide: str, narrow: str) -> None:
    def two(first: str, second: str) -> str:
        each = "{{name: {}, limits: {{mode: live, loss: 20 USD, {}}}, stay: {{at_least: 1d}}}}"
        return changed(stages=f"[{each.format('a', first)}, {each.format('live', second)}]")

    check(two(wide, narrow), "shrinking", f"{wide.partition(':')[0]} goes from")
    quiet(two(narrow, wide), "shrinking")
    quiet(two(wide, wide), "shrinking")
