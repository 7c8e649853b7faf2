"""A NautilusTrader node with one strategy on the served practice exchange. Prints what it saw as one line of JSON, then ends.

Run by test_nautilus_trader.py: python nautilus_bot.py HTTP_URL STREAMS_URL WS_API_URL KEY SECRET_FILE
"""

import asyncio
import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from nautilus_trader.adapters.binance import (
    BINANCE,
    BinanceAccountType,
    BinanceDataClientConfig,
    BinanceExecClientConfig,
    BinanceInstrumentProviderConfig,
    BinanceLiveDataClientFactory,
    BinanceLiveExecClientFactory,
)
from nautilus_trader.config import LiveExecEngineConfig, LoggingConfig, StrategyConfig, TradingNodeConfig
from nautilus_trader.live.node import TradingNode
from nautilus_trader.model.data import BarType
from nautilus_trader.model.enums import OrderSide, OrderType, TimeInForce, TriggerType, order_side_to_str, order_type_to_str
from nautilus_trader.model.identifiers import InstrumentId, TraderId
from nautilus_trader.trading.strategy import Strategy

BTC = InstrumentId.from_str("BTCUSDT.BINANCE")
PATIENCE_S = 60


class ScriptConfig(StrategyConfig, frozen=True):
    pass


class Script(Strategy):
    """Waits for a quote; rests an order, amends nothing, cancels it; buys at market; protects with a stop; sells."""

    def __init__(self) -> None:
        super().__init__(ScriptConfig())
        self.seen: dict[str, Any] = {"quotes": 0, "trades": 0, "deltas": 0, "bars": 0, "events": []}
        self.done = asyncio.Event()
        self._began = False

    def on_start(self) -> None:
        self.subscribe_quote_ticks(BTC)
        self.subscribe_trade_ticks(BTC)
        self.subscribe_order_book_deltas(BTC)
        bars = BarType.from_str("BTCUSDT.BINANCE-1-MINUTE-LAST-EXTERNAL")
        self.request_bars(bars, start=self.clock.utc_now().floor("D"), callback=lambda _: None)
        self.subscribe_bars(bars)

    def on_historical_data(self, data: Any) -> None:
        self.seen["bars"] += 1

    def on_quote_tick(self, tick: Any) -> None:
        self.seen["quotes"] += 1
        if not self._began:
            self._began = True
            instrument = self.cache.instrument(BTC)
            self._bid = tick.bid_price.as_decimal()
            resting = self.order_factory.limit(
                BTC, OrderSide.BUY, instrument.make_qty(0.01), instrument.make_price(self._bid * Decimal("0.8")),
                time_in_force=TimeInForce.GTC,
            )  # fmt: skip
            self._resting = resting.client_order_id
            self.submit_order(resting)

    def on_trade_tick(self, tick: Any) -> None:
        self.seen["trades"] += 1

    def on_order_book_deltas(self, deltas: Any) -> None:
        self.seen["deltas"] += 1

    def on_order_accepted(self, event: Any) -> None:
        self._note("accepted", event)
        order = self.cache.order(event.client_order_id)
        if event.client_order_id == self._resting or order.order_type == OrderType.STOP_LIMIT:
            self.cancel_order(order)

    def on_order_canceled(self, event: Any) -> None:
        self._note("canceled", event)
        instrument = self.cache.instrument(BTC)
        if event.client_order_id == self._resting:
            self.submit_order(self.order_factory.market(BTC, OrderSide.BUY, instrument.make_qty(0.01)))
        else:
            self.submit_order(self.order_factory.market(BTC, OrderSide.SELL, instrument.make_qty(0.00999)))

    def on_order_filled(self, event: Any) -> None:
        self._note("filled", event)
        order = self.cache.order(event.client_order_id)
        if not order.is_closed:
            return
        if order.side == OrderSide.BUY:
            instrument = self.cache.instrument(BTC)
            stop = self.order_factory.stop_limit(
                BTC, OrderSide.SELL, instrument.make_qty(0.00999), instrument.make_price(self._bid * Decimal("0.89")),
                instrument.make_price(self._bid * Decimal("0.9")), trigger_type=TriggerType.LAST_PRICE,
            )  # fmt: skip
            self.submit_order(stop)
        else:
            self.done.set()

    def on_order_rejected(self, event: Any) -> None:
        self._note(f"rejected: {event.reason}", event)
        self.done.set()

    def on_order_denied(self, event: Any) -> None:
        self._note(f"denied: {event.reason}", event)
        self.done.set()

    def _note(self, what: str, event: Any) -> None:
        order = self.cache.order(event.client_order_id)
        self.seen["events"].append(f"{order_type_to_str(order.order_type)} {order_side_to_str(order.side)} {what}")


def node_of(http: str, streams: str, ws_api: str, key: str, secret: str) -> TradingNode:
    instruments = BinanceInstrumentProviderConfig(load_ids=frozenset({BTC}))
    keys: dict[str, Any] = {"api_key": key, "api_secret": secret, "account_type": BinanceAccountType.SPOT}
    node = TradingNode(
        TradingNodeConfig(
            trader_id=TraderId("PRACTICE-001"),
            logging=LoggingConfig(log_level="WARNING"),
            exec_engine=LiveExecEngineConfig(reconciliation=True),
            data_clients={
                BINANCE: BinanceDataClientConfig(**keys, base_url_http=http, base_url_ws=streams, instrument_provider=instruments)
            },
            exec_clients={
                BINANCE: BinanceExecClientConfig(**keys, base_url_http=http, base_url_ws=ws_api, instrument_provider=instruments)
            },
            timeout_connection=30.0,
            timeout_disconnection=5.0,
            timeout_post_stop=1.0,
        )
    )
    node.add_data_client_factory(BINANCE, BinanceLiveDataClientFactory)
    node.add_exec_client_factory(BINANCE, BinanceLiveExecClientFactory)
    return node


async def play(node: TradingNode, script: Script) -> None:
    running = asyncio.create_task(node.run_async())
    try:
        await asyncio.wait_for(script.done.wait(), PATIENCE_S)
        while not (script.seen["trades"] and script.seen["deltas"]):
            await asyncio.sleep(0.1)
        await asyncio.sleep(1)  # the account's state comes after the fill that ends the script
        account = script.portfolio.account(BTC.venue)
        script.seen["balances"] = {str(it): str(total) for it, total in account.balances_total().items()} if account else {}
        script.seen["locked"] = {str(it): str(total) for it, total in account.balances_locked().items()} if account else {}
        script.seen["net"] = str(script.portfolio.net_position(BTC))
    finally:
        print(json.dumps(script.seen), flush=True)
        await node.stop_async()
        running.cancel()


def main() -> None:
    http, streams, ws_api, key, secret_file = sys.argv[1:]
    node = node_of(http, streams, ws_api, key, Path(secret_file).read_text().strip())
    script = Script()
    node.trader.add_strategy(script)
    node.build()
    try:
        node.get_event_loop().run_until_complete(play(node, script))
    finally:
        node.dispose()


if __name__ == "__main__":
    main()
