"""The market stream: what it tells, and how a mute channel is told from a quiet market."""

import asyncio
from decimal import Decimal

import pytest
from tests.pure.venues.listening import BOOK, MARKET, asked, listening, top
from tests.pure.venues.scripted_venue import refuses, says

from fairway.market.candles import Quote, Trade
from fairway.venues.port import (
    StreamChannel,
)
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.loop import run, running


def test_one_connection_carries_all_quotes_and_is_up_when_acknowledged() -> None:
    """Subscribed once for all symbols; up comes with the acknowledgement and not before."""

    async def main() -> None:
        async with listening() as it:
            subscribed = [frame["params"] for path, frame in it.exchange.said if path.startswith(MARKET)]
            assert subscribed == [["btcusdt@bookTicker", "ethusdt@bookTicker"]]
            assert it.states(StreamChannel.MARKET) == it.states(StreamChannel.ACCOUNT) == ["up"]

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
            assert it.states(StreamChannel.MARKET) == ["up"]

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
            assert it.states(StreamChannel.MARKET) == ["up"]

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
            assert it.states(StreamChannel.MARKET) == ["up"]
            assert it.venue.ages()["quotes BTC/USDT"] > 17 * SECOND
            await asyncio.sleep(5)
            assert it.states(StreamChannel.MARKET) == ["up", "silent for 20 s about BTC/USDT, and yet it moved", "up"]
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
            assert it.states(StreamChannel.MARKET) == ["up"]

    run(main)


def test_what_moved_while_the_stream_was_down_is_no_proof_against_the_new_one() -> None:
    """A new connection has told nothing yet; what is asked for is the first of it, and only what differs from that is."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            await it.exchange.tell(MARKET, top())
            await asyncio.sleep(0.01)
            it.venue.reconnect(StreamChannel.MARKET, "to begin anew")
            it.exchange.on("GET", BOOK, says(asked(bid="99.00")))
            await asyncio.sleep(60)
            assert it.states(StreamChannel.MARKET) == ["up", "to begin anew", "up"]
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
            assert len(it.states(StreamChannel.MARKET)) >= 2
            assert it.of(Quote) == []

    run(main)


def test_where_the_venue_does_not_say_whether_it_is_quiet_silence_is_death() -> None:
    """Unknown is not quiet."""

    async def main() -> None:
        async with listening(market_silence_s=20) as it:
            it.exchange.on("GET", BOOK, says("<html>gateway</html>", 502))
            await asyncio.sleep(21)
            assert [state.split(":")[0] for state in it.states(StreamChannel.MARKET)] == [
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
            assert it.states(StreamChannel.MARKET) == ["up"]

    run(main)
