"""Amounts and prices are exact, know their assets, and have one text for each number."""

import operator
from collections.abc import Callable, Iterator
from decimal import Decimal, FloatOperation, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from tests.pure.money.drawn_numbers import assets, positive, values

from fairway.money.amount import CONTEXT, Amount, Price, exact, text_of


@pytest.fixture(autouse=True, scope="module")
def _exact_decimals() -> Iterator[None]:
    with localcontext(CONTEXT):
        yield


@given(values, values, assets)
def test_sums_are_exact_and_undo_themselves(first: Decimal, second: Decimal, asset: str) -> None:
    """Nothing is lost by adding, and taking away again gives the same amount."""
    total = Amount(first, asset) + Amount(second, asset)
    assert Fraction(total.value) == Fraction(first) + Fraction(second)
    assert total - Amount(second, asset) == Amount(first, asset)
    assert total + -total == Amount(Decimal(0), asset)


@given(positive, values)
def test_what_something_costs_is_exact(price: Decimal, quantity: Decimal) -> None:
    """The product of any price and any quantity that a venue can name keeps all its digits."""
    cost = Price(price, "BTC", "USDT") * Amount(quantity, "BTC")
    assert cost.asset == "USDT"
    assert Fraction(cost.value) == Fraction(price) * Fraction(quantity)


@given(positive, positive)
def test_what_money_buys_costs_that_money_again(price: Decimal, money: Decimal) -> None:
    """Dividing by a price and multiplying by it again is off by less than a unit of 10⁻²⁵."""
    bought = Amount(money, "USDT").over(Price(price, "BTC", "USDT"))
    assert bought.asset == "BTC"
    assert abs((Price(price, "BTC", "USDT") * bought - Amount(money, "USDT")).value) < Decimal("1e-25")


@given(values, values, assets)
def test_order_is_the_order_of_the_numbers(first: Decimal, second: Decimal, asset: str) -> None:
    """Amounts of one asset compare as their values do."""
    one, other = Amount(first, asset), Amount(second, asset)
    assert (one < other, one <= other, one > other, one >= other) == (
        first < second,
        first <= second,
        first > second,
        first >= second,
    )
    assert abs(one) >= one
    assert bool(one) == (first != 0)


@pytest.mark.parametrize("act", [operator.add, operator.sub, operator.lt, operator.ge, operator.truediv])
@pytest.mark.parametrize("other", [Amount.of(1, "USDT"), Decimal(1), 1, Price.of(1, "BTC", "USDT")])
def test_amounts_of_different_assets_do_not_mix(act: Callable[[Any, Any], object], other: object) -> None:
    """Adding or comparing BTC with anything but BTC is a TypeError."""
    with pytest.raises(TypeError, match="BTC"):
        act(Amount.of(1, "BTC"), other)


def test_prices_know_both_their_assets() -> None:
    """A price of BTC in USDT prices no ETH, pays no EUR, and is not compared with another pair's."""
    price = Price.of("46319.5", "BTC", "USDT")
    for act in (
        lambda: price * Amount.of(1, "ETH"),
        lambda: Amount.of(1, "EUR").over(price),
        lambda: price.moved(Amount.of(1, "BTC")),
        lambda: price < Price.of(1, "ETH", "USDT"),
        lambda: price - Price.of(1, "BTC", "EUR"),
    ):
        with pytest.raises(TypeError):
            act()
    assert price.moved(Price.of("46320", "BTC", "USDT") - price) == Price.of(46320, "BTC", "USDT")
    assert price * Amount.of(2, "BTC") == Amount.of(92639, "USDT")


@given(values)
def test_text_is_canonical_and_read_back_the_same(value: Decimal) -> None:
    """No exponent, no trailing zeros, `0` for zero; equal numbers give equal texts, whatever their digits."""
    text = text_of(value)
    assert exact(text) == value
    assert text == text_of(value.quantize(Decimal("1e-20"))) == text_of(value.normalize())
    assert "E" not in text.upper()
    assert text == "0" or not text.startswith("-0") or "." in text
    assert not ("." in text and text[-1] in "0.")


@pytest.mark.parametrize("value", ["-0", "0.000", "0E+5", "-0E-9"])
def test_every_zero_is_the_same_text(value: str) -> None:
    """There is one zero on paper."""
    assert text_of(Decimal(value)) == "0"


@pytest.mark.parametrize("value", [0.1, 1.0, float("nan"), True])
def test_floats_are_refused_by_name(value: Any) -> None:
    """The message shows the float and how to write it instead."""
    for make in (exact, lambda number: Amount.of(number, "BTC"), lambda number: Amount.of(1, "BTC") * number):
        with pytest.raises(TypeError, match="write it as text"):
            make(value)


def test_the_context_itself_refuses_floats() -> None:
    """Where a float slips past `exact`, decimal's own trap catches it."""
    with pytest.raises(FloatOperation):
        Decimal(sum([0.1]))


@given(some.text(max_size=12))
def test_text_is_a_finite_number_or_a_clear_error(text: str) -> None:
    """Whatever text comes in: a finite Decimal, or a ValueError that shows it with a right example."""
    try:
        number = exact(text)
    except ValueError as error:
        message = str(error)
    else:
        assert number.is_finite()
        return
    assert repr(text) in message
    assert "a right one is" in message


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "sNaN", "", "1,5", "0x10"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    """Numbers that are not finite are no money."""
    with pytest.raises(ValueError, match="a right one is"):
        Amount.of(text, "BTC")
