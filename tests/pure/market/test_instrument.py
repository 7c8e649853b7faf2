"""An instrument puts numbers on its grid and tells which filter an order breaks."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from tests.pure.money.drawn_numbers import positive

from fairway.market.instrument import Instrument
from fairway.money.amount import CONTEXT, Amount, Price
from fairway.money.grid import Round, is_on_grid

BTC = Instrument(
    symbol="BTC/USDT",
    venue_symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    tick=Decimal("0.01"),
    lot=Decimal("0.00001"),
    price_min=Decimal("0.01"),
    price_max=Decimal(1_000_000),
    quantity_min=Decimal("0.00001"),
    quantity_max=Decimal(9000),
    notional_min=Decimal(5),
    notional_max=Decimal(9_000_000),
)


@pytest.fixture(autouse=True, scope="module")
def _exact_decimals() -> Iterator[None]:
    with localcontext(CONTEXT):
        yield


@given(positive)
def test_prices_land_on_ticks(value: Decimal) -> None:
    """In the direction asked for, and in the instrument's assets."""
    low, high = BTC.price(value, Round.DOWN), BTC.price(value, Round.UP)
    assert is_on_grid(low.value, BTC.tick)
    assert low.value <= value <= high.value
    assert high.value - low.value in (0, BTC.tick)
    assert (low.base, low.quote) == ("BTC", "USDT")


@given(positive)
def test_a_quantity_is_never_more_than_was_meant(value: Decimal) -> None:
    """Unless told otherwise, quantities go down."""
    quantity = BTC.quantity(value)
    assert quantity.asset == "BTC"
    assert value - BTC.lot < quantity.value <= value


def check(quantity: str, price: str, expected: str | None) -> None:
    breach = BTC.breach(Amount.of(quantity, "BTC"), Price.of(price, "BTC", "USDT"))
    assert breach == expected


def test_each_filter_names_itself_and_its_values() -> None:
    """A refusal tells the filter, the number, and the bound that it broke."""
    check("1", "50000", None)
    check("1", "0", "PRICE_FILTER: price=0 min=0.01 max=1000000")
    check("1", "1000000.01", "PRICE_FILTER: price=1000000.01 min=0.01 max=1000000")
    check("1", "50000.005", "PRICE_FILTER: price=50000.005 tick=0.01")
    check("0", "50000", "LOT_SIZE: quantity=0 min=0.00001 max=9000")
    check("9000.00001", "50000", "LOT_SIZE: quantity=9000.00001 min=0.00001 max=9000")
    check("0.000015", "50000", "LOT_SIZE: quantity=0.000015 lot=0.00001")
    check("0.00009", "50000", "NOTIONAL: value=4.5 min=5 max=9000000")
    check("8000", "50000", "NOTIONAL: value=400000000 min=5 max=9000000")


def test_what_is_just_within_passes() -> None:
    """The bounds themselves are allowed."""
    check("0.0001", "50000", None)
    check("9000", "1000", None)
    check("0.00001", "1000000", None)


def test_zero_as_a_maximum_means_none() -> None:
    """An instrument without maxima takes any size."""
    free = Instrument(
        symbol="ETH/BTC", venue_symbol="ETHBTC", base="ETH", quote="BTC", tick=Decimal("0.00001"), lot=Decimal("0.0001")
    )
    assert free.breach(Amount.of(10**12, "ETH"), Price.of(10**6, "ETH", "BTC")) is None


def test_a_price_of_another_pair_is_no_breach_but_a_bug() -> None:
    """Mixing assets is a TypeError, not a refusal."""
    with pytest.raises(TypeError):
        BTC.breach(Amount.of(1, "ETH"), Price.of(50000, "BTC", "USDT"))
