"""Streams come back from every kind of loss, say so each time, and never pretend to live."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest
from tests.pure.venues.scripted_venue import ScriptedVenue, refuses, says, scene

from fairway.market.candles import Quote, Trade
from fairway.orders.order import Side
from fairway.venues.ccxt import CcxtVenue
from fairway.venues.port import (
    BalanceReport,
    Channel,
    FillReport,
    OrderReport,
    ReportStatus,
    StreamDown,
    StreamUp,
    VenueEvent,
)
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.loop import run, running

MARKET, ACCOUNT = "/ws/", "/ws-api"
RECONNECTIONS = 100
BOOK = "/api/v3/ticker/bookTicker"


def top(bid: str = "100.00", ask: str = "101.00", symbol: str = "BTCUSDT") -> dict[str, Any]:
    return {"u": 7, "s": symbol, "b": bid, "B": "1.50000000", "a": ask, "A": "0.00000001"}


def execution(**changes: Any) -> dict[str, Any]:
    event = {
        "e": "executionReport",
        "E": 1_640_995_200_100,
        "s": "BTCUSDT",
        "c": "fw-main-1-1-e",
        "S": "BUY",
        "o": "LIMIT",
        "f": "GTC",
        "q": "2.00000000",
        "p": "100.10000000",
        "P": "0.00000000",
        "g": -1,
        "C": "",
        "x": "NEW",
        "X": "NEW",
        "r": "NONE",
        "i": 11,
        "l": "0.00000000",
        "z": "0.00000000",
        "L": "0.00000000",
        "n": "0",
        "N": None,
        "T": 1_640_995_200_099,
        "t": -1,
        "m": False,
        "Z": "0.00000000",
        "Y": "0.00000000",
        **changes,
    }
    return {"subscriptionId": 0, "event": event}


class Listener:
    """Runs the streams and keeps what they tell."""

    def __init__(self, exchange: ScriptedVenue, venue: CcxtVenue) -> None:
        self.exchange, self.venue = exchange, venue
        self.told: list[VenueEvent] = []
        self.tasks: list[asyncio.Task[None]] = []

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.told if isinstance(event, kind)]

    def states(self, channel: Channel) -> list[str]:
        """ "up", or why it is down, in order."""
        told = [event for event in self.told if isinstance(event, StreamUp | StreamDown) and event.channel is channel]
        return ["up" if isinstance(event, StreamUp) else event.why for event in told]


@asynccontextmanager
async def listening(*, sink: Callable[[VenueEvent], None] | None = None, **settings: Any) -> AsyncIterator[Listener]:
    async with scene(**settings) as (exchange, venue, _):
        exchange.on("GET", "/api/v3/klines", refuses(-1121, "Invalid symbol."))
        listener = Listener(exchange, venue)
        take = sink or listener.told.append
        listener.tasks = [
            asyncio.create_task(venue.market_stream(["BTC/USDT", "ETH/USDT"], "1m", take)),
            asyncio.create_task(venue.account_stream(take)),
        ]
        try:
            await asyncio.sleep(1)
            yield listener
        finally:
            for task in listener.tasks:
                task.cancel()
            await asyncio.gather(*listener.tasks, return_exceptions=True)


def test_one_connection_carries_all_quotes_and_is_up_when_acknowledged() -> None:
    """Subscribed once for all symbols; up comes with the acknowledgement and not before."""

    async def main() -> None:
        async with listening() as it:
            subscribed = [frame["params"] for path, frame in it.exchange.said if path.startswith(MARKET)]
            assert subscribed == [["btcusdt@bookTicker", "ethusdt@bookTicker"]]
            assert it.states(Channel.MARKET) == it.states(Channel.ACCOUNT) == ["up"]

    run(main)


def test_every_quote_is_told_exactly_even_when_they_come_in_one_piece() -> None:
    """Two frames in one segment are two quotes, and each figure is the venue's."""

    async def main() -> None:
        async with listening() as it:
            await asyncio.gather(*(it.exchange.tell(MARKET, top(bid=f"{price}.12345678")) for price in (97, 98, 99)))
            await it.exchange.tell(MARKET, top(symbol="ETHUSDT"))
            await asyncio.sleep(0.01)
            assert [(quote.symbol, str(quote.bid)) for quote in it.of(Quote)] == [
                ("BTC/USDT", "97.12345678"),
                ("BTC/USDT", "98.12345678"),
                ("BTC/USDT", "99.12345678"),
                ("ETH/USDT", "100.00"),
            ]
            assert it.of(Quote)[0].ask_quantity == Decimal("0.00000001")
            assert it.of(Quote)[0].seen_at <= running().wall_ns

    run(main)


@pytest.mark.parametrize("absurd", ["NaN", "", "0.00000000", "Infinity", "null"])
def test_an_absurd_price_is_a_flaw_and_stops_nobody_else(absurd: str) -> None:
    """The quote is told as one without a price, which is never traded on; the other symbol goes on."""

    async def main() -> None:
        async with listening() as it:
            await it.exchange.tell(MARKET, top(bid=absurd))
            await it.exchange.tell(MARKET, top(symbol="ETHUSDT"))
            await asyncio.sleep(0.01)
            assert [(quote.symbol, quote.flaw()) for quote in it.of(Quote)] == [
                ("BTC/USDT", "a side has no price"),
                ("ETH/USDT", None),
            ]
            assert it.states(Channel.MARKET) == ["up"]

    run(main)


def test_public_trades_are_told_where_wanted() -> None:
    """Off unless set."""

    async def main() -> None:
        async with listening(with_trades=True) as it:
            frame = {"e": "trade", "E": 5, "s": "BTCUSDT", "t": 9, "p": "100.10", "q": "0.20", "T": 4, "m": True, "M": True}
            await it.exchange.tell(MARKET, frame)
            await asyncio.sleep(0.01)
            assert it.of(Trade) == [Trade("BTC/USDT", "9", 4 * MILLISECOND, Decimal("100.10"), Decimal("0.20"), True)]

    run(main)


def asked(bid: str = "100.00", ask: str = "101.00") -> dict[str, str]:
    """The top of the book as a request answers it."""
    return {"symbol": "BTCUSDT", "bidPrice": bid, "bidQty": "1.50000000", "askPrice": ask, "askQty": "0.00000001"}


def test_a_quiet_market_is_asked_for_and_left_alone() -> None:
    """The same figures by request as by the stream: they are told again as seen now, and nobody dials."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says(asked()))
            await it.exchange.tell(MARKET, top())
            await asyncio.sleep(61)
            quotes = [quote for quote in it.of(Quote) if quote.symbol == "BTC/USDT"]
            assert {(quote.bid, quote.ask) for quote in quotes} == {(100, 101)}
            assert len(quotes) == 4
            assert it.venue.ages()["quotes BTC/USDT"] < 2 * SECOND
            assert it.states(Channel.MARKET) == ["up"]

    run(main)


def test_a_mute_channel_is_dead_although_its_connection_lives() -> None:
    """One symbol is told of all the time and its connection answers; the other moved unheard: the stream is dialled anew."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says(asked(bid="99.00")))
            await it.exchange.tell(MARKET, top())
            for _ in range(18):
                await it.exchange.tell(MARKET, top(symbol="ETHUSDT"))
                await asyncio.sleep(1)
            assert it.states(Channel.MARKET) == ["up"]
            assert it.venue.ages()["quotes BTC/USDT"] > 17 * SECOND
            await asyncio.sleep(5)
            assert it.states(Channel.MARKET) == ["up", "silent for 20 s about BTC/USDT, and yet it moved", "up"]
            assert len(it.exchange.open_sockets(MARKET)) == 1

    run(main)


def test_what_the_stream_was_about_to_tell_is_no_proof_against_it() -> None:
    """The request may see a change first: the stream has two seconds to tell of it."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says(asked(bid="99.00")))
            await it.exchange.tell(MARKET, top())
            await asyncio.sleep(21)
            await it.exchange.tell(MARKET, top(bid="99.00"))
            await asyncio.sleep(15)
            assert it.states(Channel.MARKET) == ["up"]

    run(main)


def test_what_moved_while_the_stream_was_down_is_no_proof_against_the_new_one() -> None:
    """A new connection has told nothing yet; what is asked for is the first of it, and only what differs from that is."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            await it.exchange.tell(MARKET, top())
            await asyncio.sleep(0.01)
            it.venue.reconnect(Channel.MARKET, "to begin anew")
            it.exchange.on("GET", BOOK, says(asked(bid="99.00")))
            await asyncio.sleep(60)
            assert it.states(Channel.MARKET) == ["up", "to begin anew", "up"]
            assert [quote.bid for quote in it.of(Quote) if quote.symbol == "BTC/USDT"] == [100, 99, 99]

    run(main)


def test_what_was_asked_for_is_not_told_when_the_stream_ended_meanwhile() -> None:
    """Its end means that quotes are not to be relied on."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:

            async def slow(_request: object) -> object:
                for socket in it.exchange.open_sockets(MARKET):
                    await socket.close()
                await asyncio.sleep(0.2)
                return says(asked())(_request)  # type: ignore[arg-type]

            it.exchange.on("GET", BOOK, slow)
            await asyncio.sleep(22)
            assert len(it.states(Channel.MARKET)) >= 2
            assert it.of(Quote) == []

    run(main)


def test_where_the_venue_does_not_say_whether_it_is_quiet_silence_is_death() -> None:
    """Unknown is not quiet."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says("<html>gateway</html>", 502))
            await asyncio.sleep(21)
            assert [state.split(":")[0] for state in it.states(Channel.MARKET)] == [
                "up",
                "silent for 20 s about BTC/USDT, and the venue does not say whether its market is quiet",
                "up",
            ]

    run(main)


def test_a_symbol_that_is_no_longer_listed_does_not_end_the_stream_of_the_others() -> None:
    """The venue says that it knows no such symbol: there is nothing to be heard of it."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, refuses(-1121, "Invalid symbol."))
            await asyncio.sleep(100)
            assert it.states(Channel.MARKET) == ["up"]

    run(main)


def test_a_market_connection_that_is_dead_gives_no_echo() -> None:
    """Its other end is gone without a word; that no market moves is no proof that it lives."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says(asked()))
            running().network.half_open("world", "venue.test")
            await asyncio.sleep(45)
            assert "no echo within 10 s" in it.states(Channel.MARKET)

    run(main)


@pytest.mark.parametrize("channel", list(Channel))
def test_a_channel_is_reconnected_on_demand(channel: Channel) -> None:
    """Down for the reason that was given, up again on a new connection; the other channel does not notice."""

    async def main() -> None:
        async with listening() as it:
            path = MARKET if channel is Channel.MARKET else ACCOUNT
            before = it.exchange.open_sockets(path)
            it.venue.reconnect(channel, "it did not tell of fill 7")
            await asyncio.sleep(2)
            assert it.states(channel) == ["up", "it did not tell of fill 7", "up"]
            assert it.exchange.open_sockets(path) != before
            assert len(it.exchange.open_sockets(path)) == 1
            (other,) = set(Channel) - {channel}
            assert it.states(other) == ["up"]

    run(main)


def test_a_channel_that_is_down_is_not_cut_again() -> None:
    """It is being dialled already, and at its own pace."""

    async def main() -> None:
        async with listening() as it:
            for socket in it.exchange.open_sockets(ACCOUNT):
                await socket.close()
            await asyncio.sleep(0.01)
            it.venue.reconnect(Channel.ACCOUNT, "it is mute")
            await asyncio.sleep(2)
            assert len(it.states(Channel.ACCOUNT)) == 3
            assert "it is mute" not in it.states(Channel.ACCOUNT)

    run(main)


def test_the_age_of_an_account_counts_from_its_last_echo() -> None:
    """An account without news is young as long as its connection answers."""

    async def main() -> None:
        async with listening(account_echo_s=30) as it:
            await asyncio.sleep(28)
            assert it.venue.ages()["account"] > 28 * SECOND
            await asyncio.sleep(2)
            assert it.venue.ages()["account"] < 2 * SECOND

    run(main)


def test_an_account_may_be_silent_as_long_as_it_echoes() -> None:
    """It is asked for an echo; when that stays away, the connection was dead."""

    async def main() -> None:
        async with listening(account_echo_s=30) as it:
            await asyncio.sleep(300)
            assert it.states(Channel.ACCOUNT) == ["up"]
            assert [frame["method"] for path, frame in it.exchange.said if path.startswith(ACCOUNT)].count("ping") == 10
            running().network.half_open("world", "venue.test")
            await asyncio.sleep(45)
            assert it.states(Channel.ACCOUNT) == ["up", "no echo within 10 s", "up"]

    run(main)


@pytest.mark.parametrize("channel", [Channel.MARKET, Channel.ACCOUNT])
def test_a_closed_connection_comes_back(channel: Channel) -> None:
    """Closed by the venue, as after 24 hours, or reset on the way: down with a reason, then up."""

    async def main() -> None:
        path = MARKET if channel is Channel.MARKET else ACCOUNT
        async with listening() as it:
            for socket in it.exchange.open_sockets(path):
                await socket.close(code=1008, message=b"24 hours")
            await asyncio.sleep(2)
            states = it.states(channel)
            assert (states[0], states[2]) == ("up", "up")
            assert "losed" in states[1]
            running().network.cut("world", "venue.test")
            await asyncio.sleep(3)
            assert it.states(channel)[4:] == ["up"]
            assert len(it.exchange.open_sockets(path)) == 1

    run(main)


@pytest.mark.parametrize(("channel", "wrapped"), [(Channel.MARKET, False), (Channel.ACCOUNT, True)])
def test_an_announced_end_is_not_waited_for(channel: Channel, wrapped: bool) -> None:
    """The venue says that the connection will end: a new one is made at once, and that is told as planned."""

    async def main() -> None:
        path = MARKET if channel is Channel.MARKET else ACCOUNT
        announcement: dict[str, Any] = {"e": "serverShutdown", "E": 1_640_995_200_100}
        async with listening() as it:
            await it.exchange.tell(path, {"event": announcement} if wrapped else announcement)
            await asyncio.sleep(2)
            assert [down.is_planned for down in it.of(StreamDown)] == [True]
            assert [state for state in it.states(channel) if state == "up"] == ["up", "up"]

    run(main)


def test_pauses_grow_and_a_string_of_failures_is_told_once() -> None:
    """A venue that refuses connections is not hammered, and people are not told the same thing again and again."""

    async def main() -> None:
        async with listening() as it:
            network = running().network
            network.names.in_order = False
            network.cut("world", "venue.test")
            await asyncio.sleep(600)
            states = it.states(Channel.MARKET)
            assert len(states) == 3
            assert states[2].startswith("NetworkError")
            network.names.in_order = True
            await asyncio.sleep(31)
            assert it.states(Channel.MARKET)[3:] == ["up"]

    run(main)


def test_a_stream_that_is_refused_says_why() -> None:
    """A wrong key is told in the venue's words."""

    async def main() -> None:
        async with listening() as it:
            it.exchange.subscription_error = {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}
            running().network.cut("world", "venue.test")
            await asyncio.sleep(10)
            assert it.states(Channel.ACCOUNT)[-1] == "Invalid API-key, IP, or permissions for action."
            it.exchange.subscription_error = None
            await asyncio.sleep(20)
            assert it.states(Channel.ACCOUNT)[-1] == "up"

    run(main)


def test_a_subscription_that_is_not_acknowledged_is_no_subscription() -> None:
    """Connected is not subscribed."""

    async def main() -> None:
        async with listening() as it:
            it.exchange.acknowledges = False
            running().network.cut("world", "venue.test")
            await asyncio.sleep(15)
            for channel in Channel:
                assert it.states(channel)[-1] == "the subscription was not acknowledged within 10 s"

    run(main)


@pytest.mark.parametrize(
    "frame", ["{ not json", '{"u": NaN}', "[1, 2]", '"text"', {"u": 1, "s": "DOGEUSDT", "b": "1"}, {"e": "trade"}]
)
def test_a_frame_that_cannot_be_read_ends_the_connection(frame: Any) -> None:
    """What else it might hide is unknown, so the channel goes down and comes back; it never lives on unread."""

    async def main() -> None:
        async with listening(with_trades=True) as it:
            await it.exchange.tell(MARKET, frame)
            await asyncio.sleep(45)
            assert it.states(Channel.MARKET)[:3:2] == ["up", "up"]
            await it.exchange.tell(MARKET, top())
            await asyncio.sleep(0.01)
            assert len(it.of(Quote)) == 1

    run(main, seed=1)


@pytest.mark.parametrize("frame", ["{ not json", {"subscriptionId": 0}, execution(s="DOGEUSDT"), execution(X="DREAMING")])
def test_an_account_stream_that_cannot_be_read_is_not_left_for_dead(frame: Any) -> None:
    """Whether we cannot read it or ccxt cannot: the channel comes back, and the echo finds a connection that nobody reads."""

    async def main() -> None:
        async with listening() as it:
            await it.exchange.tell(ACCOUNT, frame)
            await asyncio.sleep(45)
            states = it.states(Channel.ACCOUNT)
            assert len(states) == 3
            assert states[::2] == ["up", "up"]
            await it.exchange.tell(ACCOUNT, execution())
            await asyncio.sleep(0.01)
            assert len(it.of(OrderReport)) == 1

    run(main)


def test_orders_fills_and_balances_are_told_exactly_and_in_order() -> None:
    """Each execution report is an order's state, and a fill where it is a trade, with the venue's quote and commission."""

    async def main() -> None:
        async with listening() as it:
            say = it.exchange.tell
            await say(ACCOUNT, execution())
            first = {"x": "TRADE", "X": "PARTIALLY_FILLED", "l": "0.50000000", "z": "0.50000000", "L": "100.10000000", "t": 71}
            # Two commissions in an asset without a market: with ccxt's own handlers the second one ends the stream.
            await say(ACCOUNT, execution(**first, Y="50.05000001", n="0.00007000", N="BNB"))
            second = {**first, "t": 72, "z": "1.00000000"}
            await say(ACCOUNT, execution(**second, Y="50.05000000", n="0.00008000", N="BNB"))
            await say(ACCOUNT, execution(x="CANCELED", X="CANCELED", c="someone", C="fw-main-1-1-e", z="1.00000000"))
            position = {"e": "outboundAccountPosition", "E": 8, "u": 7, "B": [{"a": "BTC", "f": "1.1", "l": "0.00000001"}]}
            await say(ACCOUNT, {"subscriptionId": 0, "event": position})
            await say(ACCOUNT, {"subscriptionId": 0, "event": {"e": "balanceUpdate", "E": 8, "a": "BTC", "d": "5", "T": 7}})
            await asyncio.sleep(0.01)
            orders: list[OrderReport] = it.of(OrderReport)
            assert [order.status for order in orders] == [
                ReportStatus.OPEN,
                ReportStatus.PARTLY,
                ReportStatus.PARTLY,
                ReportStatus.CANCELLED,
            ]
            assert {order.client_id for order in orders} == {"fw-main-1-1-e"}
            assert {order.venue_id for order in orders} == {"11"}
            assert [str(order.filled) for order in orders] == ["0 BTC", "0.5 BTC", "1 BTC", "1 BTC"]
            fills: list[FillReport] = it.of(FillReport)
            assert [(it.fill.trade_id, str(it.fill.quote), str(it.fill.fee)) for it in fills] == [
                ("71", "50.05000001 USDT", "0.00007 BNB"),
                ("72", "50.05 USDT", "0.00008 BNB"),
            ]
            assert (fills[0].client_id, fills[0].side, fills[0].fill.at) == (
                "fw-main-1-1-e",
                Side.BUY,
                1_640_995_200_099 * MILLISECOND,
            )
            (balances,) = it.of(BalanceReport)
            assert not balances.is_complete
            assert {asset: (str(free), str(locked)) for asset, (free, locked) in balances.balances.items()} == {
                "BTC": ("1.1 BTC", "0.00000001 BTC")
            }

    run(main)


def test_an_ended_account_stream_is_subscribed_again() -> None:
    """The venue says that it ended the stream: down, and up again on a new connection."""

    async def main() -> None:
        async with listening() as it:
            await it.exchange.tell(ACCOUNT, {"subscriptionId": 0, "event": {"e": "eventStreamTerminated", "E": 1}})
            await asyncio.sleep(2)
            assert it.states(Channel.ACCOUNT) == ["up", "the venue ended the account's stream", "up"]

    run(main)


def test_an_account_stream_whose_echo_is_an_error_is_subscribed_again() -> None:
    """The connection answers, but not as one that is in order: down with the venue's words, and up on a new one."""

    async def main() -> None:
        async with listening(account_echo_s=30) as it:
            it.exchange.subscription_error = {"code": -1125, "msg": "This listenKey does not exist."}
            await asyncio.sleep(31)
            it.exchange.subscription_error = None
            await asyncio.sleep(60)
            assert it.states(Channel.ACCOUNT) == ["up", "This listenKey does not exist.", "up"]

    run(main)


def test_what_the_receiver_raises_reaches_the_streams_owner() -> None:
    """A full inbox must stop the trader; it is not swallowed by a callback of ccxt's."""

    class InboxFull(Exception):
        pass

    def full(event: VenueEvent) -> None:
        if isinstance(event, OrderReport):
            raise InboxFull

    async def main() -> None:
        async with listening(sink=full) as it:
            await it.exchange.tell(ACCOUNT, execution())
            await asyncio.sleep(1)
            assert isinstance(it.tasks[1].exception(), InboxFull)

    run(main)


def test_cancelling_ends_a_stream_at_once_even_while_it_dials() -> None:
    """Within two seconds, whatever the venue does, and nothing goes on in the background."""

    async def main() -> None:
        loop = running()
        async with listening() as it:
            loop.network.partition("world", "venue.test")
            await asyncio.sleep(60)
            began = loop.elapsed_ns
            for task in it.tasks:
                task.cancel()
            await asyncio.gather(*it.tasks, return_exceptions=True)
            assert loop.elapsed_ns - began <= 2 * SECOND
            left = [task for task in asyncio.all_tasks() if "ccxt" in str(task.get_coro())]
            assert left == []
            loop.network.heal("world", "venue.test")

    run(main)


def test_a_hundred_reconnections_leave_nothing_behind() -> None:
    """Connections, futures, tasks, and objects of every kind are as many after as before."""

    async def main() -> None:
        async with listening() as it:
            it.exchange.on("GET", BOOK, says(asked()))
            client = it.venue._client

            def kept() -> tuple[int, ...]:
                futures = sum(len(socket.futures) + len(socket.subscriptions) for socket in client.clients.values())
                return len(client.clients), futures, len(client.options["requestId"]), len(asyncio.all_tasks())

            def objects() -> int:
                for record in (it.told, it.exchange.asked, it.exchange.said, it.exchange.dialled):
                    record.clear()
                gc.collect()
                return len(gc.get_objects())

            async def reconnect(times: int) -> None:
                for _ in range(times):
                    running().network.cut("world", "venue.test")
                    await asyncio.sleep(62)  # steady again: the next pause is short

            await reconnect(50)  # until the timers of the simulated world are as many as they ever are
            before, objects_before = kept(), objects()
            await reconnect(RECONNECTIONS)
            assert kept() == before
            assert objects() - objects_before < RECONNECTIONS

    run(main)
