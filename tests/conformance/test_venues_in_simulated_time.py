"""Promises of every venue that take minutes, or repeat themselves: on the grounds whose time is simulated."""

from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

import pytest
from tests.conformance.practice_ground import (
    SYMBOL,
    Ground,
    Story,
    in_memory,
    in_simulated_time,
    in_unified_words,
)

from fairway.market.candles import Candle, Quote
from fairway.orders.order import OrderType, Side
from fairway.venues.port import (
    OrderReport,
    StreamUp,
)
from fairway.world.clock import SECOND

Play = Callable[[Story], None]


@pytest.fixture(params=[in_simulated_time, in_unified_words, in_memory])
def play_without_waiting(request: pytest.FixtureRequest) -> Play:
    """Stories in which minutes pass are played in simulated time only."""
    chosen: Play = request.param
    return chosen


def test_closed_candles_come_once_and_in_order(play_without_waiting: Play) -> None:
    """History first, then each candle soon after its end; the history's last is not told again, and none is missing."""

    async def story(ground: Ground) -> None:
        history = await ground.venue.candles(SYMBOL, "1m", 5)
        assert len(history) == 5
        async with ground.streaming():
            await ground.until(lambda: len(ground.all_heard(Candle)) == 3, within_s=200)
            assert ground.clock.now() - ground.all_heard(Candle)[-1].close_at < 3 * SECOND
        candles = [*history, *ground.all_heard(Candle)]
        assert all(candle.flaw() is None for candle in candles)
        assert [after.open_at - before.close_at for before, after in pairwise(candles)] == [0] * 7
        assert {candle.close for candle in candles} == {Decimal(30_000)}
        assert candles[-1].volume == 6
        assert candles[-1].close_at <= ground.clock.now()

    play_without_waiting(story)


def test_the_book_is_told_when_it_is_asked_for(play_without_waiting: Play) -> None:
    """Its top, as of the question."""

    async def story(ground: Ground) -> None:
        asked_at = ground.clock.now()
        quote = await ground.venue.quote(SYMBOL)
        assert quote.flaw() is None
        assert quote.bid < 30_000 < quote.ask
        assert asked_at <= quote.seen_at <= ground.clock.now()

    play_without_waiting(story)


def test_both_orders_of_a_pair_name_one_list_and_an_order_alone_none(play_without_waiting: Play) -> None:
    """Where the venue holds pairs: by each way in which it tells of orders."""

    async def story(ground: Ground) -> None:
        if not ground.venue.promises.pairs:
            return
        async with ground.streaming():
            await ground.until(lambda: len(ground.all_heard(StreamUp)) == 2)
            await ground.venue.place(ground.order(Side.BUY, OrderType.LIMIT, "1", price="20000"))
            stop, target = await ground.venue.place_pair(ground.pair("1"))
            listed = {order.client_id: order.list_id for order in await ground.venue.open_orders()}
            assert listed[stop.client_id] == listed[target.client_id] == stop.list_id == target.list_id != ""
            assert sorted(listed.values())[0] == ""
            await ground.until(lambda: len({report.client_id for report in ground.all_heard(OrderReport)}) == 3)
            assert {report.client_id: report.list_id for report in ground.all_heard(OrderReport)} == listed

    play_without_waiting(story)


def test_simulated_time_repeats_itself() -> None:
    """The same orders in the same world are told in the same words, to the nanosecond."""

    def tell() -> list[str]:
        words: list[str] = []

        async def story(ground: Ground) -> None:
            async with ground.streaming():
                await ground.until(lambda: len(ground.all_heard(StreamUp)) == 2)
                for _ in range(3):
                    await ground.venue.place(ground.order(Side.BUY, OrderType.MARKET, "1"))
                await ground.until(lambda: len(ground.all_heard(Quote)) == 10)
            words.extend(repr(event) for event in ground.heard)

        in_simulated_time(story)
        return words

    assert tell() == tell()
