"""A thousand accounts in one trader: from one signal to a thousand orders, sized, reviewed, journaled and handed over.

The venue takes an order and answers nothing, so what is measured is all that is ours; ccxt's own share is told beside it.
"""

import asyncio
import tempfile
import time
import timeit
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from statistics import median

from msgspec.structs import replace

from bench.latency import TimedVenue
from bench.venue import aiohttp_posts, best, order_through_all
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import open_journal
from fairway.ledger.marking import Marking
from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter, Intent
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits
from fairway.risk.rules import RiskRules
from fairway.strategies.api import Remembered, View
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.latch import FileLatch
from fairway.trading.market_cache import MarketCache
from fairway.trading.market_feed import MarketFeed
from fairway.trading.price_watch import PriceWatch
from fairway.trading.trader import Trader
from fairway.trading.trader_config import TraderConfig
from fairway.venues.port import NewOrder, OrderReport, Rejected
from fairway.world.chance import SystemChance
from fairway.world.clock import MINUTE, SystemClock
from fairway.world.garbage import settle
from fairway.world.process_memory import SystemProcessMemory
from fairway.world.realtime import run_real

ACCOUNTS = 1_000
SIGNALS = 9
PAIRS = tuple(
    Instrument(
        symbol=f"{base}/USDT", venue_symbol=f"{base}USDT", base=base, quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
    )
    for base in ("BTC", "ETH", "SOL")
)
SYMBOLS = tuple(pair.symbol for pair in PAIRS)
PLAIN = RiskRules(per_trade=Fraction.parse("1 %"), position_max=Fraction.parse("30 %"), positions_max=3)
STAGED = replace(
    PLAIN,
    limits=Limits(
        symbols=frozenset(SYMBOLS),
        hours=Hours.parse("00:00-24:00"),
        open_orders=3,
        leverage=Decimal(1),
        loss=Amount.of(5_000, "USDT"),
        daily_loss=Fraction.parse("50 %"),
        drawdown=Fraction.parse("50 %"),
        capital_total=Amount.of(10**9, "USDT"),
        loss_total=Amount.of(10**9, "USDT"),
    ),
)
"""Limits of a stage, those of all accounts together too."""


class AlwaysEnter:
    """The cheapest strategy, so that the trader's own time is what is measured."""

    warm_up = 1

    def decide(self, view: View) -> Sequence[Intent]:
        close, pair = view.candles[-1].close, view.instrument
        stop, target = Price(close - 2, pair.base, pair.quote), Price(close + 4, pair.base, pair.quote)
        return [Enter(symbol=view.symbol, stop=stop, target=target, reason="bench")]


class Counting(TimedVenue):
    """Holds the orders of all accounts until the last is there, and refuses them then, so that the next signal finds none."""

    handed = 0
    all_handed: "asyncio.Future[int]"
    may_answer: asyncio.Event

    async def place(self, order: NewOrder) -> OrderReport:
        Counting.handed += 1
        if Counting.handed == ACCOUNTS:
            Counting.all_handed.set_result(time.process_time_ns())
        await Counting.may_answer.wait()
        raise Rejected("measured")


def terms(account: str, strategy: Remembered, rules: RiskRules = PLAIN) -> AccountConfig:
    fees = Fees(Decimal("0.001"), Decimal("0.001"))
    return AccountConfig(
        account=account,
        quote="USDT",
        symbols=SYMBOLS,
        interval="1m",
        interval_ns=MINUTE,
        instruments={pair.symbol: pair for pair in PAIRS},
        fees=dict.fromkeys(SYMBOLS, fees),
        strategy=strategy,
        rules=rules,
    )


def trader_of_many(folder: Path, rules: RiskRules, venue: Callable[[], TimedVenue]) -> Trader:
    clock, strategy, cache = SystemClock(), Remembered(AlwaysEnter()), MarketCache(1)
    latch = FileLatch(folder, "main", SYMBOLS)
    executors = [
        AccountExecutor(AccountState(terms(f"a{number}", strategy, rules), cache), venue(), latch, clock)
        for number in range(ACCOUNTS)
    ]
    journal = open_journal(folder / "bench.db", Codec(*EVENTS), mode="practice", trader="main")
    return Trader(
        executors,
        MarketFeed(executors[0].venue, cache, PriceWatch(PAIRS), SYMBOLS, "1m"),
        journal,
        clock,
        SystemChance(),
        SystemProcessMemory(),
        TraderConfig(release="bench", strategy="bench", rebuild=lambda _: executors[0].state),
    )


async def _measure(folder: Path, rules: RiskRules) -> list[int]:
    """CPU nanoseconds from a signal to the last order handed over."""
    trader, took = trader_of_many(folder, rules, Counting), list[int]()
    running = asyncio.create_task(trader.run())
    await asyncio.sleep(5)
    settle()
    for number in range(SIGNALS):
        symbol, now = SYMBOLS[number % len(SYMBOLS)], SystemClock().now()
        trader.take_market(Quote(symbol, Decimal(100), Decimal(number + 1), Decimal("100.01"), Decimal(10_000), now, now))
        Counting.handed, Counting.all_handed, Counting.may_answer = 0, asyncio.get_running_loop().create_future(), asyncio.Event()
        began = time.process_time_ns()
        trader.take_market(candle(symbol, now))
        took.append(await asyncio.wait_for(Counting.all_handed, 30) - began)
        Counting.may_answer.set()
        while any(executor.state.orders.blotter.live for executor in trader.executors.values()):
            await asyncio.sleep(0.1)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took


def candle(symbol: str, now: int) -> Candle:
    price = Decimal(100)
    return Candle(
        symbol=symbol,
        open_at=now - MINUTE,
        close_at=now,
        open=price,
        high=price,
        low=price,
        close=price,
        volume=Decimal(1),
    )


def rows() -> Sequence[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    what = f"one signal to {ACCOUNTS:,} orders handed over, CPU"
    return [
        (what, f"{_signal_ms(PLAIN):.0f} ms", "at most 250 ms"),
        (f"{what}, in a stage with limits of all", f"{_signal_ms(STAGED):.0f} ms", "at most 250 ms"),
        ("ccxt's share of them: signing, sending, reading the answer", f"{_ccxt_ms():.0f} ms", "not in the figure above"),
        (f"marking {ACCOUNTS:,} accounts to market, a tick", f"{_marking_us():.1f} µs", "at most 50 µs"),
    ]


def _signal_ms(rules: RiskRules) -> float:
    with tempfile.TemporaryDirectory() as folder:
        return median(run_real(lambda: _measure(Path(folder), rules))) / 1e6


def _ccxt_ms() -> float:
    """ACCOUNTS times what one order takes through the venue, without the two ends of its connection."""
    return (best(order_through_all) - best(aiohttp_posts)) * ACCOUNTS / 1000


def _marking_us() -> float:
    marking = Marking(PAIRS)
    for number in range(ACCOUNTS):
        marking.hold(f"a{number}", Decimal(100), dict.fromkeys(SYMBOLS, Decimal(1)))
        marking.watch(f"a{number}", Decimal(50), dict.fromkeys(SYMBOLS, Decimal(50)))
    prices = [(Decimal(100 + number % 7), Decimal("100.01") + number % 7) for number in range(7)]

    def tick() -> None:
        for bid, ask in prices:
            marking.mark(SYMBOLS[0], bid, ask)

    return min(timeit.repeat(tick, number=200, repeat=5)) / 200 / len(prices) * 1e6


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
