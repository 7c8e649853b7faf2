"""From a market event in the trader to the order handed to the venue client; the journal's commit is taken out and shown beside.

ccxt's own time for the order is in the table of the venue.
"""

import asyncio
import tempfile
import time
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import median, quantiles

from msgspec import Struct

from fairway.journal.events import Codec, Record
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import SqlJournal, open_journal
from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter, Intent
from fairway.risk.rules import RiskRules
from fairway.strategies.api import View
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.latch import FileLatch
from fairway.trading.market_feed import MarketFeed
from fairway.trading.price_watch import PriceWatch
from fairway.trading.trader import Trader
from fairway.trading.trader_config import TraderConfig
from fairway.venues.port import (
    BalanceReport,
    FillReport,
    KeyRights,
    NewOrder,
    NewPair,
    OrderReport,
    Rejected,
    Sink,
    StreamChannel,
    StreamUp,
    VenueFeatures,
)
from fairway.world.chance import SystemChance
from fairway.world.clock import MINUTE, SystemClock
from fairway.world.garbage import settle
from fairway.world.process_memory import SystemProcessMemory
from fairway.world.realtime import run_real
from fairway.world.tasks import Tasks

ORDERS = 1000
BURST = 50
"""Quotes before a signal: markets are busiest when a candle closes (BTCUSDT has been seen to send 593 frames in 10 ms)."""
IDLE_S = 0.002
PAIR = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)


class AlwaysEnter:
    """The cheapest strategy, so that the trader's own time is what is measured."""

    warm_up = 1

    def decide(self, view: View) -> Sequence[Intent]:
        close = view.candles[-1].close
        stop, target = Price(close - 2, "BTC", "USDT"), Price(close + 4, "BTC", "USDT")
        return [Enter(symbol=view.symbol, stop=stop, target=target, reason="bench")]


class TimedVenue:
    """A venue that notes when an order is handed to it, and refuses it so that the next may come."""

    name = "timed"
    promises = VenueFeatures(pairs=True, key_rights=False, finds_by_client_id=True, order_history=True)

    def __init__(self) -> None:
        self.handed_at = asyncio.get_running_loop().create_future()

    async def open(self) -> Mapping[str, Instrument]:
        return {PAIR.symbol: PAIR}

    async def close(self) -> None: ...

    async def market_stream(self, symbols: Sequence[str], interval: str, sink: Sink) -> None:
        sink(StreamUp(StreamChannel.MARKET))
        await asyncio.Event().wait()

    async def account_stream(self, sink: Sink) -> None:
        sink(StreamUp(StreamChannel.ACCOUNT))
        await asyncio.Event().wait()

    def reconnect(self, channel: StreamChannel, why: str) -> None: ...

    def ages(self) -> Mapping[str, int]:
        return {}

    def clock_skew(self) -> int | None:
        return 0

    async def place(self, order: NewOrder) -> OrderReport:
        self.handed_at.set_result(time.perf_counter_ns())
        raise Rejected("measured")

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        raise Rejected("not measured")

    async def cancel(self, symbol: str, client_id: str) -> OrderReport:
        raise Rejected("not measured")

    async def find(self, symbol: str, client_id: str) -> OrderReport | None:
        return None

    async def order_of(self, symbol: str, venue_id: str) -> OrderReport | None:
        return None

    async def open_orders(self, symbols: Sequence[str] = ()) -> Sequence[OrderReport]:
        return []

    async def newest_orders(self, symbol: str) -> Sequence[OrderReport]:
        return []

    async def fills_since(self, symbol: str, trade_id: str, since: int) -> Sequence[FillReport]:
        return []

    async def candles(self, symbol: str, interval: str, limit: int) -> Sequence[Candle]:
        return []

    async def quote(self, symbol: str) -> Quote:
        raise Rejected("this venue shows no book")

    async def balances(self) -> BalanceReport:
        balances = {"USDT": (Amount.of(10_000, "USDT"), Amount.of(0, "USDT"))}
        return BalanceReport(balances=balances, is_complete=True, at=0)

    async def second_balances(self) -> BalanceReport:
        return await self.balances()

    async def fees(self, symbol: str) -> Fees:
        return Fees(Decimal("0.001"), Decimal("0.001"))

    async def server_time(self) -> int:
        return 0

    async def key_rights(self) -> KeyRights:
        raise Rejected("not measured")


class TimedJournal:
    """The real journal; what its sync took is kept."""

    def __init__(self, inner: SqlJournal) -> None:
        self._inner = inner
        self.mode, self.trader = inner.mode, inner.trader
        self.sync_ns = 0

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        return self._inner.append(events, account=account, author=author, at=at)

    async def commit(self) -> None:
        began = time.perf_counter_ns()
        await self._inner.commit()
        self.sync_ns = time.perf_counter_ns() - began

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)


def _terms() -> AccountConfig:
    return AccountConfig(
        account="main",
        quote="USDT",
        symbols=(PAIR.symbol,),
        interval="1m",
        interval_ns=MINUTE,
        instruments={PAIR.symbol: PAIR},
        fees={PAIR.symbol: Fees(Decimal("0.001"), Decimal("0.001"))},
        strategy=AlwaysEnter(),
        rules=RiskRules(per_trade=Fraction.of("0.01"), position_max=Fraction.of("0.5"), positions_max=1),
    )


async def measure(folder: Path, *, busy: bool, orders: int = ORDERS) -> tuple[list[int], list[int]]:
    """Nanoseconds from signal to venue without the sync, and of the sync, for each order."""
    clock, venue = SystemClock(), TimedVenue()
    journal = TimedJournal(open_journal(folder / "bench.db", Codec(*EVENTS), mode="practice", trader="main"))
    latch = FileLatch(folder, "main", (PAIR.symbol,))
    state = AccountState(_terms())
    trader = Trader(
        [AccountExecutor(state, venue, latch, clock)],
        MarketFeed(venue, state.market, PriceWatch([PAIR]), (PAIR.symbol,), "1m"),
        journal,  # type: ignore[arg-type]
        clock,
        SystemChance(),
        SystemProcessMemory(),
        TraderConfig(release="bench", strategy="bench", rebuild=lambda _account: state),
    )
    running = asyncio.create_task(trader.run())
    await asyncio.sleep(0.1)
    settle()
    took, synced = [], []
    for number in range(orders):
        while state.orders.blotter.live:  # until the trader has noted that the last order was refused
            await asyncio.sleep(0 if busy else IDLE_S)
        for change in range(BURST if busy else 1):
            trader.take_market(_quote(number * BURST + change, clock.now()))
            await asyncio.sleep(0)
        state.retries.wait_until.clear()
        began = time.perf_counter_ns()
        trader.take_market(_candle(clock.now()))
        handed_at = await venue.handed_at
        took.append(handed_at - began - journal.sync_ns)
        synced.append(journal.sync_ns)
        venue.handed_at = asyncio.get_running_loop().create_future()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took, synced


async def _floor() -> list[int]:
    """The same hops on an idle machine with nothing done in them: one task wakes another, which starts a third."""
    news, took = asyncio.Event(), list[int]()

    async def note(began: int) -> None:
        took.append(time.perf_counter_ns() - began)

    async def inbox(tasks: Tasks) -> None:
        while True:
            await news.wait()
            news.clear()
            tasks.spawn("note", note(began))

    async with Tasks("floor") as tasks:
        tasks.spawn("inbox", inbox(tasks))
        for _ in range(ORDERS):
            await asyncio.sleep(IDLE_S)
            began = time.perf_counter_ns()
            news.set()
        await asyncio.sleep(IDLE_S)
        tasks.cancel()
    return took


def _quote(number: int, now: int) -> Quote:
    return Quote(PAIR.symbol, Decimal(100), Decimal(number + 1), Decimal("100.01"), Decimal(1), now, now)


def _candle(now: int) -> Candle:
    price = Decimal(100)
    return Candle(
        symbol=PAIR.symbol,
        open_at=now - MINUTE,
        close_at=now,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=Decimal(1),
    )


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        busy, synced = run_real(lambda: measure(Path(one), busy=True))
        idle, _ = run_real(lambda: measure(Path(other), busy=False))
    floor = median(run_real(_floor))
    return [
        (f"closed candle to order handed over, after {BURST} quotes, p50", _us(median(busy)), "at most 200 µs"),
        ("the same, p99", _us(_p99(busy)), "at most 1,000 µs"),
        (
            f"the same on a machine that slept {1000 * IDLE_S:.0f} ms before, p50",
            _us(median(idle)),
            f"three idle tasks that wake each other {_us(floor)}, ratio {median(idle) / floor:.1f}",
        ),
        ("the journal's commit meanwhile, p50 / p99 (not in it)", f"{_us(median(synced))} / {_us(_p99(synced))}", ""),
    ]


def _p99(took: Sequence[int]) -> float:
    return quantiles(took, n=100)[98]


def _us(nanoseconds: float) -> str:
    return f"{nanoseconds / 1000:.0f} µs"


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
