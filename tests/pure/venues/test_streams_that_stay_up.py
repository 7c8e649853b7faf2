"""Streams come back from every kind of loss, say so each time, and never pretend to live."""

import asyncio
import gc
from typing import Any

import pytest
from tests.pure.venues.listening import ACCOUNT, BOOK, MARKET, RECONNECTIONS, asked, execution, listening, top
from tests.pure.venues.scripted_venue import says

from fairway.market.candles import Quote
from fairway.orders.order import Side
from fairway.venues.port import (
    BalanceReport,
    FillReport,
    OrderReport,
    ReportStatus,
    StreamChannel,
    StreamDown,
    VenueEvent,
)
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.loop import run, running


def test_a_market_connection_that_is_dead_gives_no_echo() -> None:
    """Its other end is gone without a word; that no market moves is no proof that it lives."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says(asked()))
            running().network.half_open("world", "venue.test")
            await asyncio.sleep(45)
            assert "no echo within 10 s" in it.states(StreamChannel.MARKET)

    run(main)


@pytest.mark.parametrize("channel", list(StreamChannel))
def test_a_channel_is_reconnected_on_demand(channel: StreamChannel) -> None:
    """Down for the reason that was given, up again on a new connection; the other channel does not notice."""

    async def main() -> None:
        async with listening() as it:
            path = MARKET if channel is StreamChannel.MARKET else ACCOUNT
            before = it.exchange.open_sockets(path)
            it.venue.reconnect(channel, "it did not tell of fill 7")
            await asyncio.sleep(2)
            assert it.states(channel) == ["up", "it did not tell of fill 7", "up"]
            assert it.exchange.open_sockets(path) != before
            assert len(it.exchange.open_sockets(path)) == 1
            (other,) = set(StreamChannel) - {channel}
            assert it.states(other) == ["up"]

    run(main)


def test_a_channel_that_is_down_is_not_cut_again() -> None:
    """It is being dialled already, and at its own pace."""

    async def main() -> None:
        async with listening() as it:
            for socket in it.exchange.open_sockets(ACCOUNT):
                await socket.close()
            await asyncio.sleep(0.01)
            it.venue.reconnect(StreamChannel.ACCOUNT, "it is mute")
            await asyncio.sleep(2)
            assert len(it.states(StreamChannel.ACCOUNT)) == 3
            assert "it is mute" not in it.states(StreamChannel.ACCOUNT)

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
            assert it.states(StreamChannel.ACCOUNT) == ["up"]
            assert [frame["method"] for path, frame in it.exchange.said if path.startswith(ACCOUNT)].count("ping") == 10
            running().network.half_open("world", "venue.test")
            await asyncio.sleep(45)
            assert it.states(StreamChannel.ACCOUNT) == ["up", "no echo within 10 s", "up"]

    run(main)


@pytest.mark.parametrize("channel", [StreamChannel.MARKET, StreamChannel.ACCOUNT])
def test_a_closed_connection_comes_back(channel: StreamChannel) -> None:
    """Closed by the venue, as after 24 hours, or reset on the way: down with a reason, then up."""

    async def main() -> None:
        path = MARKET if channel is StreamChannel.MARKET else ACCOUNT
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


@pytest.mark.parametrize(("channel", "wrapped"), [(StreamChannel.MARKET, False), (StreamChannel.ACCOUNT, True)])
def test_an_announced_end_is_not_waited_for(channel: StreamChannel, wrapped: bool) -> None:
    """The venue says that the connection will end: a new one is made at once, and that is told as planned."""

    async def main() -> None:
        path = MARKET if channel is StreamChannel.MARKET else ACCOUNT
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
            states = it.states(StreamChannel.MARKET)
            assert len(states) == 3
            assert states[2].startswith("NetworkError")
            network.names.in_order = True
            await asyncio.sleep(31)
            assert it.states(StreamChannel.MARKET)[3:] == ["up"]

    run(main)


def test_a_stream_that_is_refused_says_why() -> None:
    """A wrong key is told in the venue's words."""

    async def main() -> None:
        async with listening() as it:
            it.exchange.subscription_error = {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}
            running().network.cut("world", "venue.test")
            await asyncio.sleep(10)
            assert it.states(StreamChannel.ACCOUNT)[-1] == "Invalid API-key, IP, or permissions for action."
            it.exchange.subscription_error = None
            await asyncio.sleep(20)
            assert it.states(StreamChannel.ACCOUNT)[-1] == "up"

    run(main)


def test_a_subscription_that_is_not_acknowledged_is_no_subscription() -> None:
    """Connected is not subscribed."""

    async def main() -> None:
        async with listening() as it:
            it.exchange.acknowledges = False
            running().network.cut("world", "venue.test")
            await asyncio.sleep(15)
            for channel in StreamChannel:
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
            assert it.states(StreamChannel.MARKET)[:3:2] == ["up", "up"]
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
            states = it.states(StreamChannel.ACCOUNT)
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
            assert it.states(StreamChannel.ACCOUNT) == ["up", "the venue ended the account's stream", "up"]

    run(main)


def test_an_account_stream_whose_echo_is_an_error_is_subscribed_again() -> None:
    """The connection answers, but not as one that is in order: down with the venue's words, and up on a new one."""

    async def main() -> None:
        async with listening(account_echo_s=30) as it:
            it.exchange.subscription_error = {"code": -1125, "msg": "This listenKey does not exist."}
            await asyncio.sleep(31)
            it.exchange.subscription_error = None
            await asyncio.sleep(60)
            assert it.states(StreamChannel.ACCOUNT) == ["up", "This listenKey does not exist.", "up"]

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
