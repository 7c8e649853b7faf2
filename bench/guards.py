"""From what goes wrong to the cap in force in the journal: of prices that fall, and of trades that end with a loss.

In simulated time through the wire, with 50 ms each way, where only what is waited for takes time; and in real time with a
thousand accounts that hold something and fall together, where all takes as long as it takes.
"""

import asyncio
import tempfile
import time
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path

from msgspec import structs
from tests.scenes.harness import HOST
from tests.scenes.script import ScriptedSignal, enter, falls
from tests.scenes.test_all_accounts_have_limits_together import Leased

from bench.accounts import ACCOUNTS, PLAIN, SYMBOLS, candle, trader_of_many
from bench.latency import TimedVenue
from fairway.assembly import CODEC
from fairway.exchange.practice_exchange import Credentials
from fairway.journal.kinds import CapRaised, Event
from fairway.market.candles import Quote
from fairway.money.amount import Amount, Price
from fairway.orders.order import Fill
from fairway.proving.harness import TRADER
from fairway.risk.limits import Limits
from fairway.trading.trader import Trader
from fairway.venues.port import FillReport, NewOrder, NewPair, OrderReport, ReportStatus, Sink, StreamChannel, StreamUp
from fairway.world.clock import MILLISECOND, SECOND, SystemClock
from fairway.world.garbage import settle
from fairway.world.loop import EPOCH_NS, running
from fairway.world.realtime import run_real

CROWD, PLAYS = 20, 10
ASKED = "p99 at most 5 s"
FALLS_AT_S, STAYS_S = 150, 10
PRICE_EVERY_S = 0.05
LOSSES = {
    "a price that spends what a stage may lose": Limits(loss=Amount.of(25, "USDT")),
    "a price that spends what all together may lose": Limits(loss_total=Amount.of(25 * CROWD, "USDT")),
}


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    told = [
        (f"{what}, {CROWD} accounts, simulated", _spread(_simulated(limits, enter(stop="60", target="140"), "94")), ASKED)
        for what, limits in LOSSES.items()
    ]
    stopped = _simulated(Limits(loss=Amount.of(50, "USDT")), enter(stop="95", target="140"), "88")
    with tempfile.TemporaryDirectory() as folder:
        real = run_real(lambda: _real(Path(folder)))
    return [
        *told,
        (f"stops that sell at a loss, {CROWD} accounts, simulated", _spread(stopped), ASKED),
        (f"{ACCOUNTS:,} accounts that fall together, real time", _spread(real), f"{ASKED}; it takes two prices"),
    ]


def _spread(seconds: Sequence[float]) -> str:
    seconds = sorted(seconds)
    return f"p50 {seconds[len(seconds) // 2]:.2f} s, p99 {seconds[len(seconds) * 99 // 100]:.2f} s"


# -- simulated -----------------------------------------------------------------------------------------------------


class Falling(Leased):
    """Prices ten times a second, far away, of which one falls."""

    names = ("main", *(f"a{number}" for number in range(1, CROWD)))
    updates_a_second = 10

    async def _trade(self, credentials: Credentials) -> None:
        running().network.shape(TRADER, HOST, latency=50 * MILLISECOND)
        await super()._trade(credentials)


def _simulated(limits: Limits, wish: ScriptedSignal, to: str) -> list[float]:
    """Seconds from the fall at the exchange to each account's cap in the journal; at another tenth of a second in each play."""
    took: list[float] = []
    for play in range(PLAYS):
        falls_at = FALLS_AT_S + play / PLAYS
        small = Limits(order_value=Amount.of(500, "USDT"))  # twenty of them are all that is offered
        stage = Falling(wish, leases={40: small, 140: small & limits}, prices={"BTC/USDT": falls(falls_at, to)})
        stage.run(minutes=(FALLS_AT_S + STAYS_S) / 60)
        raised = [
            (record.at - EPOCH_NS) / SECOND - falls_at
            for record in stage.file.records
            if isinstance(event := CODEC.decode(record), CapRaised) and event.cap.id != "lease"
        ]
        assert len(raised) == CROWD, f"{len(raised)} caps of {CROWD}"
        took += raised
    return took


# -- real ----------------------------------------------------------------------------------------------------------


class Filling(TimedVenue):
    """Fills every entry at once, and takes every stop."""

    _numbers = count(1)

    async def account_stream(self, sink: Sink) -> None:
        self._sink = sink
        sink(StreamUp(StreamChannel.ACCOUNT))
        await asyncio.Event().wait()

    async def place(self, order: NewOrder) -> OrderReport:
        price, number = Price.of(Decimal("100.01"), order.quantity.asset, "USDT"), next(self._numbers)
        cost = price * order.quantity
        fee = order.quantity * Decimal("0.001")
        fill = Fill(
            trade_id=str(number),
            price=price,
            quantity=order.quantity,
            quote=cost,
            fee=fee,
            is_maker=False,
            at=SystemClock().now(),
        )
        report = FillReport(client_id=order.client_id, venue_id=order.client_id, symbol=order.symbol, side=order.side, fill=fill)
        asyncio.get_running_loop().call_soon(self._sink, report)
        return _report(order, ReportStatus.FILLED)

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        return _report(pair.stop, ReportStatus.OPEN), _report(pair.target, ReportStatus.OPEN)


def _report(order: NewOrder, status: ReportStatus) -> OrderReport:
    filled = order.quantity if status is ReportStatus.FILLED else order.quantity * 0
    return OrderReport(
        client_id=order.client_id,
        venue_id=order.client_id,
        symbol=order.symbol,
        side=order.side,
        status=status,
        quantity=order.quantity,
        filled=filled,
        price=order.price,
        stop_price=order.stop_price,
        at=SystemClock().now(),
    )


async def _real(folder: Path) -> list[float]:
    """Seconds from the first price that spends what a stage may lose to each account's cap, durable."""
    raised: dict[str, float] = {}

    def hear(account: str, events: Sequence[Event], at: int) -> None:
        if any(isinstance(event, CapRaised) for event in events):
            raised.setdefault(account, time.perf_counter())

    rules = structs.replace(PLAIN, limits=Limits(loss=Amount.of(80, "USDT")))
    trader = trader_of_many(folder, rules, Filling)
    trader.watchers.append(hear)
    working = asyncio.create_task(trader.run())
    await asyncio.sleep(3)
    settle()
    _price(trader, Decimal(100))
    trader.take_market(candle(SYMBOLS[0], SystemClock().now()))
    await _until(lambda: all(len(executor.state.orders.blotter.live) == 2 for executor in trader.executors.values()))
    raised.clear()
    began = time.perf_counter()
    while len(raised) < ACCOUNTS:
        _price(trader, Decimal(96) - next(Filling._numbers) % 7 * Decimal("0.01"))
        await asyncio.sleep(PRICE_EVERY_S)
        assert time.perf_counter() - began < 60, f"{len(raised)} of {ACCOUNTS} caps after a minute"
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)
    return [at - began for at in raised.values()]


def _price(trader: Trader, bid: Decimal) -> None:
    now = SystemClock().now()
    trader.take_market(Quote(SYMBOLS[0], bid, Decimal(10_000), bid + Decimal("0.01"), Decimal(10_000), now, now))


async def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(600):
        if is_so():
            return
        await asyncio.sleep(0.1)
    raise AssertionError("the accounts never held anything")


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
