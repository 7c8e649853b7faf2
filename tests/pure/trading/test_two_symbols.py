"""An account of two symbols: what is in doubt in one of them holds nothing up in the other."""

from dataclasses import replace
from decimal import Decimal

from msgspec.structs import replace as changed
from tests.pure.trading.test_reconciliation import by_hand, of, totals
from tests.pure.trading.test_step import ENTER, PAIR, SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import ExternalFill
from fairway.market.candles import Candle, Quote
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.order import Order, Side
from fairway.risk.disposal import Disposal
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import KillLatchRead, OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.latch import Killed, KillScope
from fairway.trading.venue_requests import Place
from fairway.venues.port import Ambiguous, FillReport, OrderReport, ReportStatus
from fairway.world.clock import MINUTE, SECOND

ETH = replace(PAIR, symbol="ETH/USDT", venue_symbol="ETHUSDT", base="ETH")


class Both(Scene):
    def _state(self) -> AccountState:
        terms = super()._state().config
        fees = Fees(Decimal("0.001"), Decimal("0.001"))
        rules = changed(terms.rules, positions_max=2, per_trade=Fraction.of("0.001"))
        symbols, instruments = (SYMBOL, ETH.symbol), {SYMBOL: PAIR, ETH.symbol: ETH}
        return AccountState(
            replace(terms, symbols=symbols, instruments=instruments, fees=dict.fromkeys(symbols, fees), rules=rules)
        )

    def enter_eth(self) -> Order:
        """At the same prices as the other."""
        self.news(Quote(ETH.symbol, Decimal(100), Decimal(1), Decimal("100.02"), Decimal(1), self.now, self.now))
        stop, target = (Price(level.value, "ETH", "USDT") for level in (ENTER.stop, ENTER.target))
        self.strategy.wish = [changed(ENTER, symbol=ETH.symbol, stop=stop, target=target)]
        close = Decimal(100)
        prices = {"open": close, "high": close, "low": close, "close": close, "volume": close}
        [place] = self.news(Candle(symbol=ETH.symbol, open_at=0, close_at=MINUTE, **prices)).commands  # type: ignore[arg-type]
        assert isinstance(place, Place)
        return place.order


def in_eth(told: FillReport) -> FillReport:
    """The same fill in the other symbol."""
    amount, price = Amount(told.fill.quantity.value, "ETH"), Price(told.fill.price.value, "ETH", "USDT")
    fee = Amount(told.fill.fee.value, "ETH") if told.fill.fee.asset == "BTC" else told.fill.fee
    return replace(told, symbol=ETH.symbol, fill=changed(told.fill, quantity=amount, price=price, fee=fee))


def doubted() -> tuple[Both, FillReport, Order]:
    """An entry of unknown fate in one symbol, a fill there that names no order, and an open entry in the other symbol."""
    scene = Both()
    other = scene.enter_eth()
    scene.news(OrdersAcknowledged([report_of(other)]))
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("reset")))
    return scene, replace(filled(entry, "1", entry.quantity.value), client_id="", venue_id="?"), other


def report_of(order: Order, status: ReportStatus = ReportStatus.OPEN) -> OrderReport:
    return replace(report(order, status), filled=Amount(Decimal(0), "ETH"))


def test_a_trade_of_somebody_else_in_one_symbol_is_booked_while_the_other_is_in_doubt() -> None:
    scene, unnamed, other = doubted()
    theirs = in_eth(by_hand("9", Side.BUY, "1", at=scene.now))
    told = caught(totals(scene, ETH="1", USDT="-100.1"), scene.now + SECOND, report_of(other), fills=[unnamed, theirs])
    events = scene.news(told, after=SECOND).events
    assert [event.symbol for event in of(events, ExternalFill) if isinstance(event, ExternalFill)] == [ETH.symbol]


def test_a_trade_in_one_symbol_is_booked_beside_one_whose_order_the_venue_does_not_know_yet() -> None:
    scene = Both()
    strange, theirs = by_hand("8", Side.BUY, "1", at=scene.now), in_eth(by_hand("9", Side.BUY, "1", at=scene.now))
    told = caught(totals(scene, ETH="1", BTC="1", USDT="-200.2"), scene.now + SECOND, fills=[strange, theirs])
    events = scene.news(changed(told, ownerless=[strange]), after=SECOND).events
    assert [event.symbol for event in of(events, ExternalFill) if isinstance(event, ExternalFill)] == [ETH.symbol]


def test_a_position_in_one_symbol_gets_its_stop_while_the_other_is_in_doubt() -> None:
    scene, unnamed, other = doubted()
    scene.news(caught(totals(scene), scene.now + SECOND, report_of(other), fills=[unnamed]), after=SECOND)
    assert scene.state.orders.is_doubted(scene.now, SYMBOL)
    scene.news(OrdersAcknowledged([replace(report_of(other, ReportStatus.FILLED), filled=other.quantity)]))
    outcome = scene.news(in_eth(filled(other, "5", other.quantity.value)))
    assert "PlacePair" in kinds(outcome.commands)


def test_where_one_symbol_is_killed_and_sold_the_trader_sends_no_stop_for_it() -> None:
    """Its stop is cancelled by the kill, which has not said that it is over; the trader would lock what is just being sold."""
    scene = Scene()
    pair = scene.protected()
    killed = Killed(scope=KillScope.SYMBOL, symbol=SYMBOL, reason="enough", by="ann", disposal=Disposal.FLATTEN, at=scene.now)
    scene.news(KillLatchRead([killed]))
    for leg in (pair.stop, pair.target):
        outcome = scene.news(report(leg, ReportStatus.CANCELLED))
        assert kinds(outcome.commands) == []
    assert kinds(scene.news(Tick(), after=SECOND).commands) == []
    over = scene.news(KillLatchRead([changed(killed, is_over=True)]))
    assert "PlacePair" in [*kinds(over.commands), *kinds(scene.news(Tick(), after=SECOND).commands)]
