"""Entries: what the state knows when it asks for review: other symbols, entries in flight, its own orders, its clock."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs
from tests.pure.trading.test_guard_evaluation import Guarded
from tests.pure.trading.test_step import ENTER, PAIR, SYMBOL, report

from fairway.journal.kinds import EntryPlanned, EntryRefused
from fairway.market.candles import Candle, Quote
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter, Intent
from fairway.risk.guards.port import Measured
from fairway.risk.guards.rules import NO_GUARDS
from fairway.risk.limits import Limits
from fairway.strategies.api import View
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import OrdersAcknowledged
from fairway.trading.venue_requests import Place
from fairway.venues.port import ReportStatus
from fairway.world.clock import MILLISECOND, MINUTE

OTHER = replace(PAIR, symbol="ETH/USDT", venue_symbol="ETHUSDT", base="ETH")
OTHER_ENTER = Enter(symbol=OTHER.symbol, stop=Price.of("50", "ETH", "USDT"), target=Price.of("200", "ETH", "USDT"), reason="test")
FAR = structs.replace(ENTER, stop=Price.of("50", "BTC", "USDT"), target=Price.of("200", "BTC", "USDT"))


class Two(Guarded):
    """An account state that trades two symbols, both at about 100."""

    def __init__(self, **rules: object) -> None:
        super().__init__(NO_GUARDS, **({"per_trade": Fraction.parse("100 %"), "positions_max": 2} | rules))
        self.quote_both()

    def _state(self) -> AccountState:
        terms = super()._state().config
        changed = {name: getattr(terms, name) for name in AccountConfig.__slots__}
        changed |= {"symbols": (SYMBOL, OTHER.symbol), "instruments": {SYMBOL: PAIR, OTHER.symbol: OTHER}}
        changed |= {"fees": dict.fromkeys((SYMBOL, OTHER.symbol), terms.fees[SYMBOL])}
        return AccountState(AccountConfig(**changed))

    def quote_both(self) -> None:
        """The quantity changes: a book that says the same again is frozen."""
        for symbol in (SYMBOL, OTHER.symbol):
            self.news(Quote(symbol, Decimal(100), Decimal(self.now), Decimal("100.02"), Decimal(1), self.now, self.now))

    def bar(self, symbol: str, close: int, number: int, *intents: Intent) -> EntryPlanned | EntryRefused | None:
        """A candle of a symbol, and what the wish that it brings leads to."""
        self.strategy.wish = intents
        price = Decimal(close)
        opened = number * MINUTE
        candle = Candle(
            symbol=symbol,
            open_at=opened,
            close_at=opened + MINUTE,
            open=price,
            high=price,
            low=price,
            close=price,
            volume=Decimal(1),
        )
        self.now = max(self.now, opened + MINUTE)
        self.quote_both()
        found = [event for event in self.news(candle).events if isinstance(event, EntryPlanned | EntryRefused)]
        return found[0] if found else None

    def both(self) -> tuple[EntryPlanned | EntryRefused | None, EntryPlanned | EntryRefused | None]:
        """A wish for each of them; the first is still in flight when the second is reviewed."""
        self.strategy.wish = ()
        return self.bar(SYMBOL, 100, 2, FAR), self.bar(OTHER.symbol, 100, 2, OTHER_ENTER)


def bound(event: EntryPlanned | EntryRefused | None) -> str:
    assert event is not None
    return event.bound if isinstance(event, EntryPlanned) else event.code.split(":")[0]


def test_what_is_promised_to_an_entry_in_flight_is_not_free() -> None:
    """60 % for the first; for the second 40 % are left, although nothing has been paid yet."""
    first, second = Two(position_max=Fraction.parse("60 %")).both()
    assert (bound(first), bound(second)) == ("position_max", "free")


def test_an_entry_in_flight_counts_as_exposure_and_as_a_position() -> None:
    """Before anything has filled."""
    limits = Limits(exposure_value=Amount.of(6_000, "USDT"))
    first, second = Two(limits=limits).both()
    assert (bound(first), bound(second)) == ("position_max", "limits.exposure_value")
    first, second = Two(positions_max=1).both()
    assert (bound(first), bound(second)) == ("position_max", "POSITIONS_MAX")


UP = [100 + number % 3 for number in range(40)]
APART = [100 + (number * number) % 7 for number in range(40)]


@pytest.mark.parametrize(
    ("bars", "other", "expected"),
    [(40, UP, "FILTER_STOP_NOTIONAL"), (40, APART, "position_max"), (20, APART, "FILTER_STOP_NOTIONAL")],
)
def test_symbols_that_move_alike_or_may_are_bounded_together(bars: int, other: Sequence[int], expected: str) -> None:
    """By the candles on the cache: once the first has its whole share, only crumbs are left for a twin."""
    scene = Two(correlated_max=Fraction.parse("50 %"))
    assert scene.state.market.gauges.correlation(SYMBOL, OTHER.symbol) is None
    for number in range(bars):
        scene.bar(SYMBOL, UP[number], 2 + number)
        scene.bar(OTHER.symbol, other[number], 2 + number)
        scene.state.market.gauges.correlation(OTHER.symbol, SYMBOL)
    assert bound(scene.bar(SYMBOL, 100, 2 + bars, FAR)) == "position_max"
    assert bound(scene.bar(OTHER.symbol, 100, 2 + bars, OTHER_ENTER)) == expected


def test_nobody_buys_from_his_own_target() -> None:
    """It rests at 104, and the market has come to it."""
    scene = Guarded(NO_GUARDS)
    pair = scene.protected()
    scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
    scene.quote("103.99", "104.01")
    [refused] = [event for event in scene.wish(ENTER).events if isinstance(event, EntryRefused)]
    assert refused.code == "SELF_TRADE: own_sale=104 ask=104.01"


def test_a_clock_that_was_measured_wrong_refuses() -> None:
    """And one that was put right does not."""
    scene = Guarded(NO_GUARDS, skew_max_ns=500 * MILLISECOND)
    scene.news(Measured(-600 * MILLISECOND, None, scene.now))
    [refused] = [event for event in scene.wish(ENTER).events if isinstance(event, EntryRefused)]
    assert refused.code == "CLOCK_SKEWED: skew_ms=-600 max_ms=500"
    scene.news(Measured(None, 10**9, scene.now))
    assert any(isinstance(event, EntryRefused) for event in scene.wish(ENTER).events)
    scene.news(Measured(0, None, scene.now))
    assert any(isinstance(event, EntryPlanned) for event in scene.wish(ENTER).events)


def test_a_strategy_sees_as_many_candles_as_it_asked_for() -> None:
    """However many the cache keeps for others."""
    scene, seen = Guarded(NO_GUARDS), list[int]()

    def decide(view: View) -> Sequence[Intent]:
        seen.append(len(view.candles))
        return ()

    scene.strategy.decide = decide  # type: ignore[method-assign]
    for _ in range(3):
        scene.wish()
    assert seen == [1, 1, 1]
    assert len(scene.state.market.candles[SYMBOL]) == 3


def test_nothing_more_is_bought_while_fills_of_an_entry_are_missing() -> None:
    """The book took a part of it, the rest expired, and the part is not booked yet: it is a position that nobody has counted."""
    scene = Guarded(NO_GUARDS)
    [place] = scene.wish(ENTER).commands
    assert isinstance(place, Place)
    half = place.order.quantity.value / 2
    scene.news(OrdersAcknowledged([report(place.order, ReportStatus.EXPIRED, filled=half)]))
    assert scene.state.money.ledger.positions == {}
    assert scene.state.orders.lacks_fills(SYMBOL)
    [refused] = [event for event in scene.wish(ENTER).events if isinstance(event, EntryPlanned | EntryRefused)]
    assert bound(refused) == "SYMBOL_BUSY"
