"""NautilusTrader's live engines with one strategy, from a bar to the order handed to the execution client.

Run by bench/nautilus.py. For each line on its input it prints the nanoseconds of each order as one line of JSON. Every order is
refused, so that the next may come.
"""

import asyncio
import json
import sys
import time
from typing import Any

import uvloop
from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import LiveClock, MessageBus, init_logging
from nautilus_trader.common.enums import LogLevel
from nautilus_trader.config import LiveDataEngineConfig, LiveExecEngineConfig, LiveRiskEngineConfig
from nautilus_trader.data.client import MarketDataClient
from nautilus_trader.execution.client import ExecutionClient
from nautilus_trader.live.data_engine import LiveDataEngine
from nautilus_trader.live.execution_engine import LiveExecutionEngine
from nautilus_trader.live.risk_engine import LiveRiskEngine
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.data import Bar, BarType, QuoteTick
from nautilus_trader.model.enums import AccountType, OmsType, OrderSide
from nautilus_trader.model.identifiers import AccountId, ClientId, TraderId, Venue
from nautilus_trader.model.objects import AccountBalance, Money, Price, Quantity
from nautilus_trader.portfolio.portfolio import Portfolio
from nautilus_trader.test_kit.providers import TestInstrumentProvider
from nautilus_trader.trading.strategy import Strategy

BURST = 50
VENUE = Venue("BINANCE")
PAIR = TestInstrumentProvider.btcusdt_binance()
BARS = BarType.from_str(f"{PAIR.id}-1-MINUTE-LAST-EXTERNAL")
MINUTE = 60_000_000_000


class AlwaysEnter(Strategy):
    """The cheapest strategy, as on the other side."""

    def on_start(self) -> None:
        self.subscribe_bars(BARS)
        self.subscribe_quote_ticks(PAIR.id)

    def on_bar(self, bar: Bar) -> None:
        self.submit_order(self.order_factory.market(PAIR.id, OrderSide.BUY, Quantity(1, PAIR.size_precision)))


class SilentClient(MarketDataClient):
    """Asks nobody for data: it is handed to the engine."""

    def subscribe_bars(self, command: Any) -> None: ...

    def subscribe_quote_ticks(self, command: Any) -> None: ...


class TimedClient(ExecutionClient):
    """Notes when an order is handed to it, and refuses it."""

    handed: "asyncio.Future[int]"

    def submit_order(self, command: Any) -> None:
        at, order, now = time.perf_counter_ns(), command.order, self._clock.timestamp_ns()
        self.generate_order_submitted(order.strategy_id, order.instrument_id, order.client_order_id, now)
        self.generate_order_rejected(order.strategy_id, order.instrument_id, order.client_order_id, "measured", now)
        self.handed.set_result(at)


class Node:
    """The engines of a live node, without its adapters. Made in the running loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.clock, trader = LiveClock(), TraderId("BENCH-001")
        bus, cache = MessageBus(trader_id=trader, clock=self.clock), Cache()
        portfolio = Portfolio(msgbus=bus, cache=cache, clock=self.clock)
        wired: dict[str, Any] = {"loop": loop, "msgbus": bus, "cache": cache, "clock": self.clock}
        self.data = LiveDataEngine(**wired, config=LiveDataEngineConfig())
        self._orders = LiveExecutionEngine(**wired, config=LiveExecEngineConfig(reconciliation=False))
        risk = LiveRiskEngine(
            **wired,
            portfolio=portfolio,
            config=LiveRiskEngineConfig(max_order_submit_rate="1000000/00:00:01", max_order_modify_rate="1000000/00:00:01"),
        )
        cache.add_instrument(PAIR)
        self.data.register_client(SilentClient(ClientId("BINANCE"), bus, cache, self.clock, VENUE))
        self.client = TimedClient(ClientId("BINANCE"), VENUE, OmsType.NETTING, AccountType.CASH, None, bus, cache, self.clock)
        self._orders.register_client(self.client)
        self._pay_in()
        strategy = AlwaysEnter()
        strategy.register(trader, portfolio, bus, cache, self.clock)
        for part in (self.data, risk, self._orders, strategy):
            part.start()

    def _pay_in(self) -> None:
        self.client._set_account_id(AccountId("BINANCE-001"))
        money = AccountBalance(Money(1_000_000, USDT), Money(0, USDT), Money(1_000_000, USDT))
        self.client.generate_account_state([money], [], True, self.clock.timestamp_ns())

    async def order(self, number: int) -> int:
        """Nanoseconds from a bar to the order, after a burst of quotes."""
        for change in range(BURST):
            self.data.process(_quote(number * BURST + change, self.clock.timestamp_ns()))
            await asyncio.sleep(0)
        while self.data.data_qsize():
            await asyncio.sleep(0)
        self.client.handed = asyncio.get_running_loop().create_future()
        bar = _bar(self.clock.timestamp_ns())
        began = time.perf_counter_ns()
        self.data.process(bar)
        took = await self.client.handed - began
        await asyncio.sleep(0.001)  # until the refusal has gone its way
        return took


def _quote(number: int, now: int) -> QuoteTick:
    size = Quantity(number % 1_000 + 1, PAIR.size_precision)
    bid, ask = Price(100, PAIR.price_precision), Price(100.01, PAIR.price_precision)
    return QuoteTick(PAIR.id, bid, ask, size, size, now, now)


def _bar(now: int) -> Bar:
    price = Price(100, PAIR.price_precision)
    return Bar(BARS, price, price, price, price, Quantity(1, PAIR.size_precision), now, now)


async def play(orders: int) -> None:
    loop = asyncio.get_running_loop()
    node = Node(loop)
    while await loop.run_in_executor(None, sys.stdin.readline):
        print(json.dumps([await node.order(number) for number in range(orders)]), flush=True)


if __name__ == "__main__":
    _guard = init_logging(level_stdout=LogLevel.ERROR)
    uvloop.run(play(int(sys.argv[1])))
