"""What a venue says is a figure that can be, or it is refused at the border: never a zero in place of nonsense."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pure.venues.scripted_venue import account_answer, order_answer

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.venues.ccxt import reading, unified_reading
from fairway.venues.ccxt.reading import UNREADABLE, Instruments

BTC = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)
LISTED = Instruments([BTC])

ABSENT = "(absent)"
NONSENSE: list[object] = ["NaN", "sNaN", "Infinity", "-Infinity", "", "many", None, "-1", "-0.00000001", True, [], ABSENT]
"""What no price and no quantity may be; beside zero, which some may."""

OWN_TRADE = {
    "symbol": "BTCUSDT",
    "id": 5,
    "orderId": 3,
    "price": "42000.10",
    "qty": "0.01000000",
    "quoteQty": "420.00100000",
    "commission": "0.00001000",
    "commissionAsset": "BTC",
    "time": 1_700_000_000_000,
    "isBuyer": True,
    "isMaker": False,
}
EXECUTION = {
    "s": "BTCUSDT",
    "c": "fw-main-1-1-e",
    "i": 3,
    "S": "BUY",
    "X": "FILLED",
    "q": "0.01000000",
    "z": "0.01000000",
    "p": "0.00000000",
    "T": 1_700_000_000_000,
    "t": 5,
    "L": "42000.10",
    "l": "0.01000000",
    "Y": "420.00100000",
    "n": "0.00001000",
    "N": "BTC",
    "m": False,
}
BALANCES = account_answer(balances=[{"asset": "BTC", "free": "1.5", "locked": "0"}])
CANDLE = [1_700_000_040_000, "10.0", "12.0", "9.0", "11.0", "5.0", 1_700_000_099_999, "50.0", 7, "2.0", "20.0", "0"]
UNIFIED_TRADE = {
    "id": "7",
    "order": "3",
    "symbol": "BTC/USDT",
    "side": "buy",
    "timestamp": 1_700_000_000_000,
    "price": "42000",
    "amount": "0.01",
    "cost": "420",
    "fees": [{"cost": "0.42", "currency": "USDT"}],
}

Read = Callable[[Any], object]
READERS: list[tuple[Read, Mapping[str, Any], dict[str, bool]]] = [
    (lambda raw: reading.fill(raw, LISTED), OWN_TRADE, {"price": False, "qty": False, "quoteQty": True}),
    (lambda raw: reading.fill_event(raw, LISTED), EXECUTION, {"L": False, "l": False, "Y": True}),
    (lambda raw: reading.order_event(raw, LISTED), EXECUTION, {"q": False, "z": True}),
    (lambda raw: reading.order(raw, LISTED), order_answer("x"), {"origQty": False, "executedQty": True}),
    (lambda raw: unified_reading.fill(raw, {"BTC/USDT": BTC}), UNIFIED_TRADE, {"price": False, "amount": False}),
]
"""(how it is read, a right one, its figures and whether each may be zero)"""
FIGURES = [(read, right, name, may_be_zero) for read, right, names in READERS for name, may_be_zero in names.items()]


def changed(raw: Mapping[str, Any], name: str, value: object) -> dict[str, Any]:
    return {key: it for key, it in raw.items() if key != name} | ({} if value == ABSENT else {name: value})


@pytest.mark.parametrize(("read", "right", "name", "may_be_zero"), FIGURES, ids=[f"{it[2]}-{n}" for n, it in enumerate(FIGURES)])
def test_a_figure_of_an_order_or_a_fill_can_be_or_is_refused(
    read: Read, right: Mapping[str, Any], name: str, may_be_zero: bool
) -> None:
    """Absent, not a number, infinite or below zero: the answer is not read at all, so that nothing is booked from it."""
    read(right)
    for value in (*NONSENSE, *([] if may_be_zero else ["0", "0.00000000"])):
        with pytest.raises(UNREADABLE):
            read(changed(right, name, value))
    if may_be_zero:
        read(changed(right, name, "0.00000000"))


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("name", ["free", "locked"])
def test_a_balance_that_cannot_be_is_not_zero(name: str, value: object) -> None:
    """One absurd figure, and the whole answer is none: the account is not believed to be empty."""
    reading.balances(BALANCES)
    with pytest.raises(UNREADABLE):
        reading.balances({**BALANCES, "balances": [changed(BALANCES["balances"][0], name, value)]})


@pytest.mark.parametrize("name", ["balances", "canTrade", "accountType", "updateTime"])
def test_an_account_that_leaves_something_out_has_not_answered(name: str) -> None:
    """Whether it may trade is not guessed either."""
    with pytest.raises(UNREADABLE):
        reading.balances(changed(BALANCES, name, ABSENT))
    with pytest.raises(UNREADABLE):
        reading.balances(changed(BALANCES, "canTrade", "yes"))


@pytest.mark.parametrize("value", [*(it for it in NONSENSE if it != ABSENT), "0"])
@pytest.mark.parametrize("name", ["b", "B", "a", "A"])
def test_an_absurd_side_of_a_quote_is_a_flaw(name: str, value: object) -> None:
    """Price or quantity: the quote comes, so that its age is known, and is never traded on."""
    right = {"s": "BTCUSDT", "b": "10.0", "B": "1.0", "a": "11.0", "A": "2.0"}
    assert reading.quote(right, "BTC/USDT", 1).flaw() is None
    assert reading.quote({**right, name: value}, "BTC/USDT", 1).flaw() is not None
    with pytest.raises(KeyError):
        reading.quote(changed(right, name, ABSENT), "BTC/USDT", 1)


@pytest.mark.parametrize("column", range(1, 6))
@pytest.mark.parametrize("value", ["NaN", "Infinity", "", "many", None, True])
def test_a_candle_without_a_figure_is_refused(column: int, value: object) -> None:
    """A price or a volume that is no number."""
    with pytest.raises(UNREADABLE):
        reading.candle([value if number == column else it for number, it in enumerate(CANDLE)], "BTC/USDT", "1m")


@pytest.mark.parametrize("column", range(1, 5))
@pytest.mark.parametrize("value", ["0", "-1"])
def test_a_candle_without_a_price_is_flawed(column: int, value: str) -> None:
    """A number that no price can be."""
    row = [value if number == column else it for number, it in enumerate(CANDLE)]
    assert reading.candle(row, "BTC/USDT", "1m").flaw() is not None
    assert reading.candle(CANDLE, "BTC/USDT", "1m").flaw() is None


TEXTS = st.one_of(st.text(max_size=12), st.decimals().map(str), st.none(), st.floats(), st.booleans(), st.integers())


@given(bid=TEXTS, bid_quantity=TEXTS, ask=TEXTS, ask_quantity=TEXTS)
def test_every_quote_is_sound_or_flawed(bid: Any, bid_quantity: Any, ask: Any, ask_quantity: Any) -> None:
    """Whatever the four figures are, nothing raises, and what passes for sound is made of finite numbers above zero."""
    quote: Quote = reading.quote({"b": bid, "B": bid_quantity, "a": ask, "A": ask_quantity}, "BTC/USDT", 1)
    figures = (quote.bid, quote.bid_quantity, quote.ask, quote.ask_quantity)
    assert all(figure.is_finite() and figure >= 0 for figure in figures)
    assert quote.flaw() is not None or min(figures) > 0


@given(price=TEXTS, quantity=TEXTS, value=TEXTS)
def test_every_fill_is_sound_or_refused(price: Any, quantity: Any, value: Any) -> None:
    """What is booked has a price and a quantity above zero, and a value that is not below."""
    try:
        fill = reading.fill({**OWN_TRADE, "price": price, "qty": quantity, "quoteQty": value}, LISTED).fill
    except UNREADABLE:
        return
    assert min(fill.price.value, fill.quantity.value) > 0
    assert fill.quote.value >= 0
