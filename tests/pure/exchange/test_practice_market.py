"""The market of the practice exchange as people move it: faster, with gaps in its prices, and what is true of accounts."""

import asyncio
from typing import Any

import pytest
from tests.pure.exchange.hand_clock import HandClock
from tests.pure.exchange.pair_rules import rules_of
from tests.pure.exchange.test_wire_practice import Desk
from tests.pure.exchange.wire_ground import START, crowd, run

from fairway.exchange.market_data import BookLevel, MarketUpdate
from fairway.exchange.market_time import MarketTime
from fairway.exchange.order_record import GapCall, OrderRecord, RecordedBackend, carry_out
from fairway.exchange.price_gap import PriceGaps
from fairway.exchange.units import ONE
from fairway.world.clock import SECOND


def test_a_faster_market_goes_on_from_where_it_is() -> None:
    clock = HandClock(START)
    time = MarketTime(clock)
    clock.at += SECOND
    time.run_at(10)
    assert time.now() == START + SECOND
    clock.at += SECOND
    assert time.now() == START + 11 * SECOND
    time.run_at(1)
    clock.at += SECOND
    assert time.now() == START + 12 * SECOND


def test_a_faster_market_says_when_the_clock_will_show_an_instant() -> None:
    clock = HandClock(START)
    time = MarketTime(clock)
    time.run_at(10)
    assert time.wall(START + 10 * SECOND) == START + SECOND
    assert time.wall(START + 10 * SECOND + 1) == START + SECOND + 1, "not before it"


def test_a_pause_and_a_jump_keep_the_speed() -> None:
    clock = HandClock(START)
    time = MarketTime(clock)
    time.run_at(5)
    time.pause()
    clock.at += SECOND
    time.resume()
    assert time.now() == START
    time.jump(START + 100 * SECOND)
    clock.at += SECOND
    assert time.now() == START + 105 * SECOND


def test_a_gap_moves_prints_and_both_sides_to_the_tick() -> None:
    gaps = PriceGaps()
    gaps.open("BTCUSDT", -5 * ONE)
    moved = gaps.altered(crowd(START, 50_000), rules_of())
    assert [each.price // ONE for each in moved.prints] == [47_500]
    assert moved.prints[0].quote == moved.prints[0].price * moved.prints[0].quantity // ONE
    assert moved.bids is not None
    assert moved.asks is not None
    assert moved.bids[0].price < 47_500 * ONE < moved.asks[0].price
    assert all(level.price % rules_of().tick == 0 for level in (*moved.bids, *moved.asks))


def test_gaps_add_up_and_one_back_ends_near_where_it_began() -> None:
    gaps = PriceGaps()
    gaps.open("BTCUSDT", -50 * ONE)
    gaps.open("BTCUSDT", 50 * ONE)
    moved = gaps.altered(crowd(START, 50_000), rules_of())
    assert moved.prints[0].price == 37_500 * ONE


def test_a_gap_waits_for_both_sides_of_the_book() -> None:
    gaps = PriceGaps()
    gaps.open("BTCUSDT", 5 * ONE)
    half = MarketUpdate("BTCUSDT", START, (), [BookLevel(49_999 * ONE, ONE)], None)
    assert gaps.altered(half, rules_of()) == half


@pytest.mark.parametrize("percent", [0, 51 * ONE, -51 * ONE])
def test_a_gap_that_is_none_or_too_wide_is_refused(percent: int) -> None:
    with pytest.raises(ValueError, match="a gap is from -50 to 50 percent"):
        PriceGaps().open("BTCUSDT", percent)


def test_levels_that_rounding_joins_become_one() -> None:
    gaps, rules = PriceGaps(), rules_of()
    gaps.open("BTCUSDT", -50 * ONE)
    bids = [BookLevel(100 * rules.tick + n * rules.tick, ONE) for n in (1, 0)]
    asks = [BookLevel(200 * rules.tick, ONE)]
    moved = gaps.altered(MarketUpdate("BTCUSDT", START, (), bids, asks), rules)
    assert moved.bids == [BookLevel(50 * rules.tick, 2 * ONE)]


def test_a_gap_is_in_the_record_and_done_again_from_it(tmp_path: Any) -> None:
    with open(tmp_path / "record", "wb") as file:
        kept = RecordedBackend([rules_of()], HandClock(START), OrderRecord(file))
        kept.open_gap("BTCUSDT", -5 * ONE)
        with pytest.raises(ValueError, match="a gap is"):
            kept.open_gap("BTCUSDT", 0)
    lines = (tmp_path / "record").read_bytes().splitlines()
    assert len(lines) == 1, "one that was refused is not in it"
    again = RecordedBackend([rules_of()], HandClock(START), OrderRecord())
    asyncio.run(carry_out(again, "", GapCall("BTCUSDT", -5 * ONE)))
    assert again.gaps.altered(crowd(START, 50_000), rules_of()).prints[0].price == 47_500 * ONE


def test_the_control_interface_moves_the_market_and_shows_what_is_true() -> None:
    async def scene() -> None:
        desk = Desk(1)
        await desk.ground.begin()
        assert (await desk.ask("POST", "/speed", {"times": 10}))["speed"] == 10
        assert await desk.ask("POST", "/speed", {"times": 0}) == (
            400,
            "the market cannot run 0 times as fast; from 1 to 60, such as 10",
        )
        await desk.ask("POST", "/gap", {"symbol": "BTCUSDT", "percent": "-5"})
        await desk.ask("POST", "/advance", {"seconds": 1})
        [market] = await desk.ask("GET", "/market")
        assert (market["symbol"], market["base"], market["last"], market["status"]) == ("BTCUSDT", "BTC", "47500.95", "TRADING")
        account = await desk.ask("GET", "/accounts/alice")
        assert account["balances"] == [
            {"asset": "USDT", "free": "100000", "locked": "0"},
            {"asset": "BTC", "free": "2", "locked": "0"},
        ]
        assert account["orders"] == []
        assert (await desk.ask("GET", "/accounts/nobody"))[0] == 400

    run(scene())


def test_an_open_order_is_shown_whatever_a_fault_hides() -> None:
    async def scene() -> None:
        desk = Desk()
        await desk.ground.begin()
        await desk.ask("POST", "/faults", {"name": "maintenance"})
        [order] = (await _placed(desk))["orders"]
        assert (order["client_id"], order["side"], order["price"], order["executed"]) == ("mine", "BUY", "49000", "0")

    run(scene())


async def _placed(desk: Desk) -> Any:
    from fairway.exchange.terms import NewOrder, OrderType, Side, TimeInForce

    order = NewOrder(
        symbol="BTCUSDT",
        side=Side.BUY,
        type=OrderType.LIMIT,
        time_in_force=TimeInForce.GTC,
        quantity=ONE,
        price=49_000 * ONE,
        client_id="mine",
    )
    await desk.ground.exchange.backend.place("alice", order)
    return await desk.ask("GET", "/accounts/alice")
