"""Round trips have numbers: over all accounts, by the record that opened them, and they keep them as the journal grows."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import Struct

from fairway.journal import kinds
from fairway.journal.events import Codec
from fairway.journal.sql import SqlJournal, open_journal
from fairway.money.amount import Amount, Price
from fairway.operations.actor import Actor, Shell
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.recent_events import RECENT_EVENTS, RecentEventsRequest
from fairway.operations.trader.round_trips import ROUND_TRIPS, NumberedTrip, RoundTripsRequest
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderFilled, OrderSent
from fairway.orders.order import Fill, Order, OrderType, Side
from fairway.people.roles import UserRole
from fairway.world.clock import SECOND

CONFIG = """
mode: practice
account: main
venue: {exchange: binance, url: "http://127.0.0.1:9"}
symbols: [BTC/USDT]
strategy: {name: periodic}
people: people
"""
ADMIN = Actor(name="ada", shell=Shell.API, role=UserRole.ADMIN)
TOM = Actor(name="tom", shell=Shell.API, role=UserRole.TRADER, accounts=frozenset({"tom1"}))


class Trader:
    """Writes what a trader of several accounts would."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "fairway.yaml"
        self.config.write_text(CONFIG)
        self._journal: SqlJournal = open_journal(folder / "fairway.journal", Codec(*kinds.EVENTS), mode="practice", trader="main")
        self._now, self._orders = 1_795_000_000 * SECOND, 0
        for account in ("tim1", "tom1"):
            self._write(account, _begun(account))

    def trade(self, account: str, side: Side, *, at: int = 0) -> None:
        """One order that is filled. at: seconds by which the venue's time is before the journal's."""
        self._orders += 1
        self._now += SECOND
        role = Role.ENTRY if side is Side.BUY else Role.EXIT
        order_id = f"fw-{account}-abcde-1-{self._orders}-{role.value}"
        order = Order(
            id=order_id,
            symbol="BTC/USDT",
            side=side,
            type=OrderType.MARKET,
            role=role,
            quantity=Amount.of("0.5", "BTC"),
            filled=Amount.of(0, "BTC"),
            cost=Amount.of(0, "USDT"),
            created_at=self._now,
        )
        fill = Fill(
            trade_id=str(self._orders),
            price=Price.of(100 + self._orders, "BTC", "USDT"),
            quantity=Amount.of("0.5", "BTC"),
            quote=Amount.of(Decimal(100 + self._orders) / 2, "USDT"),
            fee=Amount.of("0.01", "USDT"),
            is_maker=False,
            at=self._now - at * SECOND,
        )
        sent = OrderSent(order_id=order_id, order=order)
        self._write(account, (sent, OrderAccepted(order_id=order_id, venue_id="7"), OrderFilled(order_id=order_id, fill=fill)))

    def trips(self, actor: Actor) -> Sequence[NumberedTrip]:
        return perform(ROUND_TRIPS, Call(actor=actor, request=RoundTripsRequest(config=self.config))).trips

    def close(self) -> None:
        self._journal.close()

    def _write(self, account: str, events: Sequence[Struct]) -> None:
        self._journal.append(events, account=account, author="trader", at=self._now)
        self._journal.sync()


def _begun(account: str) -> Sequence[Struct]:
    started = kinds.TraderStarted(
        account=account,
        epoch=1,
        release="1",
        venue="binance",
        strategy="periodic",
        symbols=("BTC/USDT",),
        lots={"BTC/USDT": Decimal("0.0001")},
    )
    return started, kinds.BalancesOpened(balances={"USDT": Decimal(1000)})


@pytest.fixture
def trader(tmp_path: Path) -> Trader:
    return Trader(tmp_path)


def told(trips: Sequence[NumberedTrip]) -> list[tuple[int, str, bool]]:
    return [(each.number, each.account, each.is_open) for each in trips]


def test_numbers_count_over_all_accounts_and_stay(trader: Trader) -> None:
    trader.trade("tim1", Side.BUY)
    trader.trade("tom1", Side.BUY)
    assert told(trader.trips(ADMIN)) == [(1, "tim1", True), (2, "tom1", True)]
    trader.trade("tim1", Side.SELL)
    trader.trade("tim1", Side.BUY)
    assert told(trader.trips(ADMIN)) == [(1, "tim1", False), (2, "tom1", True), (3, "tim1", True)]
    assert told(trader.trips(TOM)) == [(2, "tom1", True)], "a user sees the own trips alone, under the same numbers"
    trader.close()


def test_a_fill_that_is_booked_late_changes_no_number(trader: Trader) -> None:
    trader.trade("tim1", Side.BUY)
    trader.trade("tom1", Side.BUY, at=60)
    assert told(trader.trips(ADMIN)) == [(1, "tim1", True), (2, "tom1", True)]
    trader.close()


def test_a_trip_has_its_own_fills_and_orders(trader: Trader) -> None:
    for side in (Side.BUY, Side.SELL, Side.BUY):
        trader.trade("tom1", side)
    first, second = trader.trips(TOM)
    assert [booked.fill.trade_id for booked in first.fills] == ["1", "2"]
    assert [booked.fill.trade_id for booked in second.fills] == ["3"]
    assert [row.order_id[-3:] for row in first.orders] == ["1-e", "2-x"]
    trader.close()


def test_recent_events_are_those_of_the_actor(trader: Trader) -> None:
    trader.trade("tim1", Side.BUY)
    trader.trade("tom1", Side.BUY)
    found = perform(RECENT_EVENTS, Call(actor=TOM, request=RecentEventsRequest(config=trader.config))).events
    assert {each.account for each in found} == {"tom1"}
    assert any("bought 0.5" in each.text.what for each in found)
    newest = perform(RECENT_EVENTS, Call(actor=ADMIN, request=RecentEventsRequest(config=trader.config, limit=1))).events
    assert [each.account for each in newest] == ["tom1"]
    trader.close()
