"""Review: each reason not to enter is a code with its numbers, at the very boundary."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from msgspec import structs

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter
from fairway.risk.entry import EntryRefusal, Sized
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.risk.review import QUOTE_AGE_MAX_NS, ProposedEntry, review
from fairway.risk.rules import RiskRules

PAIR = Instrument(
    symbol="BTC/USDT",
    venue_symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    tick=Decimal("0.01"),
    lot=Decimal("0.001"),
    notional_min=Decimal(50),
)
NOW = 10**18
QUOTE = Quote("BTC/USDT", Decimal("100"), Decimal(1), Decimal("100.1"), Decimal(1), NOW, NOW)
GOOD = ProposedEntry(
    intent=Enter(symbol="BTC/USDT", stop=Price.of("98", "BTC", "USDT"), target=Price.of("104", "BTC", "USDT"), reason="test"),
    instrument=PAIR,
    rules=RiskRules(
        per_trade=Fraction.of("0.01"), position_max=Fraction.of("0.5"), positions_max=2, spread_max=Fraction.of("0.001")
    ),
    fees=Fees(Decimal("0.001"), Decimal("0.001")),
    quote=QUOTE,
    worth=Amount.of(10000, "USDT"),
    free=Amount.of(10000, "USDT"),
    exposure=Amount.of(0, "USDT"),
    positions=1,
    symbol_is_busy=False,
    streams_are_up=True,
    limits=NO_LIMITS,
    why_limited="",
    now=NOW,
)


def entry(**changes: Any) -> ProposedEntry:
    """A good entry with something changed."""
    return structs.replace(GOOD, **changes)


def check(judged: ProposedEntry, category: str) -> None:
    verdict = review(judged)
    assert isinstance(verdict, EntryRefusal), verdict
    assert verdict.code.startswith(category), verdict.code


def test_a_good_entry_is_sized() -> None:
    """It passes every check and comes out on the lot."""
    verdict = review(GOOD)
    assert isinstance(verdict, Sized)
    assert verdict.quantity.value % PAIR.lot == 0


def test_each_reason_not_to_enter() -> None:
    """One change to a good entry, one code."""
    check(entry(instrument=replace(PAIR, is_trading=False)), "SYMBOL_NOT_TRADING")
    reduce_only = Limits(state=TradingState.REDUCE_ONLY)
    check(entry(limits=reduce_only, why_limited="key revoked"), "STATE_REDUCE_ONLY: key revoked")
    check(entry(limits=Limits(symbols=frozenset({"ETH/USDT"}))), "SYMBOL_NOT_ALLOWED: symbol=BTC/USDT allowed=ETH/USDT")
    check(entry(limits=Limits(positions=1)), "POSITIONS_MAX: open=1 max=1")
    check(entry(streams_are_up=False), "DATA_BLIND")
    check(entry(symbol_is_busy=True), "SYMBOL_BUSY")
    check(entry(quote=None), "DATA_MISSING")
    check(entry(worth=None), "WORTH_UNKNOWN")
    check(entry(positions=2), "POSITIONS_MAX: open=2 max=2")
    check(entry(free=Amount.of(1, "USDT")), "FILTER_ENTRY_NOTIONAL")
    check(entry(free=Amount.of("0.05", "USDT")), "SIZE_BELOW_LOT")


def test_a_quote_may_be_ten_seconds_old_and_not_a_nanosecond_more() -> None:
    """The age of the data is part of the decision."""
    assert isinstance(review(entry(now=NOW + QUOTE_AGE_MAX_NS)), Sized)
    check(entry(now=NOW + QUOTE_AGE_MAX_NS + 1), "DATA_STALE")
    check(entry(now=NOW - 1), "DATA_AHEAD")


def test_a_crossed_or_wide_book_is_no_place_to_buy() -> None:
    """Crossed data is flawed data; a wide spread costs more than it may."""
    check(entry(quote=replace(QUOTE, ask=Decimal(100))), "DATA_FLAWED: crossed")
    check(entry(quote=replace(QUOTE, bid=Decimal(0))), "DATA_FLAWED: a side has no price")
    check(entry(quote=replace(QUOTE, ask=Decimal("100.11"))), "SPREAD_WIDE")


def test_a_price_that_left_the_plan_behind_is_refused() -> None:
    """The stop must be below the bid and the target above the ask as they are now."""
    check(entry(intent=structs.replace(GOOD.intent, stop=Price.of(100, "BTC", "USDT"))), "PRICE_MOVED")
    check(entry(intent=structs.replace(GOOD.intent, target=Price.of("100.1", "BTC", "USDT"))), "PRICE_MOVED")


def test_an_entry_whose_exits_the_venue_would_refuse_is_refused() -> None:
    """Stop and target are checked against the filters with what is left after the fee: no entry that cannot be protected."""
    off_grid = structs.replace(GOOD.intent, stop=Price.of("98.001", "BTC", "USDT"))
    check(entry(intent=off_grid), "FILTER_STOP_PRICE_FILTER")
    small = entry(instrument=replace(PAIR, notional_min=Decimal("3950")))
    check(small, "FILTER_STOP_NOTIONAL")
