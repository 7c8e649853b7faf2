"""Binance's market and account streams: which are subscribed, and what their frames tell."""

from collections.abc import Iterable, Sequence
from typing import Any

from fairway.venues.ccxt import reading
from fairway.venues.ccxt.connection import Frame, VenueConnection
from fairway.venues.ccxt.dialect import Heard, StreamConnectionLost, Up, ignore_news
from fairway.venues.ccxt.reading import Instruments
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.port import Sink, VenueEvent
from fairway.world.clock import Clock


class BinanceStreams:
    """`bookTicker` is the cheapest channel that has both sides of the top of the book, and the only one without delay."""

    def __init__(self, client: Any, settings: CcxtSettings, clock: Clock) -> None:
        self.client, self.settings, self.clock = client, settings, clock
        self.instruments = Instruments([])

    async def market_session(self, symbols: Sequence[str], sink: Sink, up: Up) -> None:
        names = {self.instruments.by_symbol[symbol].venue_symbol: symbol for symbol in symbols}
        channels = ("bookTicker", "trade") if self.settings.with_trades else ("bookTicker",)
        streams = [f"{name.lower()}@{channel}" for name in names for channel in channels]

        def read(frame: Frame) -> Iterable[VenueEvent]:
            if "e" not in frame:  # bookTicker alone comes without the name of its kind
                return (reading.quote(frame, names[frame["s"]], self.clock.now()),)
            if frame["e"] == "trade":
                return (reading.trade(frame, names[frame["s"]]),)
            return ()

        url = f"{self.client.urls['api']['ws']['spot']}/0"
        connection = VenueConnection(self.client, url, self.clock, read, sink, heard=ignore_news)
        request = {"method": "SUBSCRIBE", "params": streams}
        await connection.live(request, up, echo="LIST_SUBSCRIPTIONS", echo_after_s=self.settings.market_silence_s)

    async def account_session(self, sink: Sink, up: Up, heard: Heard) -> None:
        url = self.client.urls["api"]["ws"]["ws-api"]["spot"]
        connection = VenueConnection(self.client, url, self.clock, self._account_news, sink, heard)
        request = {"method": "userDataStream.subscribe.signature", "params": self.client.sign_params({})}
        await connection.live(request, up, echo="ping", echo_after_s=self.settings.account_echo_s)

    def _account_news(self, frame: Frame) -> Iterable[VenueEvent]:
        event = frame["event"]
        match event["e"]:
            case "executionReport":
                # The fill first: who sees the order filled can then see by what.
                if event["x"] == "TRADE":
                    yield reading.fill_event(event, self.instruments)
                yield reading.order_event(event, self.instruments)
            case "outboundAccountPosition":
                yield reading.balances_event(event)
            case "eventStreamTerminated":
                raise StreamConnectionLost("the venue ended the account's stream")
            case _:
                pass  # balanceUpdate is told again as a position; listStatus by its orders' own reports
