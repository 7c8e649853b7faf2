"""How far the venue's clock is ahead of ours is known from a question, and stays known when our own clock is set."""

import asyncio

import pytest
from tests.conformance.practice_ground import Ground, in_simulated_time
from tests.pure.venues.scripted_venue import says, scene

from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.orders.order import OrderType, Side
from fairway.venues.skew import VenueClockSkew
from fairway.world.clock import MILLISECOND, MINUTE, SECOND, SimClock
from fairway.world.loop import run, running


class Hands:
    """A clock's two hands, moved by hand."""

    wall_ns = 1_000 * SECOND
    elapsed_ns = 0


def test_before_the_first_measurement_nothing_is_known() -> None:
    """Zero would be a claim."""
    assert VenueClockSkew(SimClock(Hands())).ahead_ns() is None


@pytest.mark.parametrize("ahead", [-2 * SECOND, 0, 2 * SECOND])
def test_the_way_there_is_taken_for_as_long_as_the_way_back(ahead: int) -> None:
    """The venue's word belongs to the middle between asking and hearing."""
    it = VenueClockSkew(SimClock(Hands()))
    it.measured(1_000 * SECOND + ahead, 1_000 * SECOND - 50 * MILLISECOND, 1_000 * SECOND + 50 * MILLISECOND)
    assert it.ahead_ns() == ahead


@pytest.mark.parametrize("jump", [-3_600 * SECOND, -2 * SECOND, 2 * SECOND])
def test_a_jump_of_our_own_clock_is_counted_in_at_once(jump: int) -> None:
    """Our clock was set ahead, so the venue's is behind by as much; that time merely passes changes nothing."""
    hands = Hands()
    clock = SimClock(hands)
    it = VenueClockSkew(clock)
    it.measured(1_000 * SECOND, 1_000 * SECOND, 1_000 * SECOND)
    hands.wall_ns += MINUTE
    hands.elapsed_ns += MINUTE
    assert it.ahead_ns() == 0
    clock.jump(jump)
    assert it.ahead_ns() == -jump


def test_it_is_measured_once_a_minute_by_one_of_all() -> None:
    """Whoever asks first does it."""
    hands = Hands()
    it = VenueClockSkew(SimClock(hands))
    assert [it.is_due(), it.is_due()] == [True, False]
    hands.elapsed_ns += MINUTE
    assert [it.is_due(), it.is_due()] == [True, False]


@pytest.mark.parametrize("ahead_ms", [-2_000, 2_000])
def test_a_venue_whose_clock_is_set_is_found_out_within_a_minute(ahead_ms: int) -> None:
    """By the question that a catch-up asks first, once a minute; and orders go on, signed by the venue's time."""

    async def story(ground: Ground) -> None:
        assert -MILLISECOND < known(ground) <= 0  # the venue tells whole milliseconds
        ground.exchange.context.faults.add(make("clock_skew", FaultScope(), {"ahead_ms": ahead_ms}, running().chance))
        await asyncio.sleep(60)
        await ground.venue.open_orders()
        assert -MILLISECOND < known(ground) - ahead_ms * MILLISECOND <= 0
        await ground.venue.place(ground.order(Side.BUY, OrderType.MARKET, "1"))

    in_simulated_time(story)


def test_our_own_clock_that_jumps_is_found_out_at_once() -> None:
    """Without asking anybody."""

    async def story(ground: Ground) -> None:
        before = known(ground)
        running().clock.jump(2 * SECOND)
        assert known(ground) == before - 2 * SECOND

    in_simulated_time(story)


def test_catching_up_often_does_not_ask_for_the_time_often() -> None:
    """One question of weight one a minute; where it fails nothing is claimed, and the catch-up goes on."""

    async def main() -> None:
        async with scene() as (exchange, venue, _):
            exchange.on("GET", "/api/v3/openOrders", says([]))
            for _ in range(100):
                await venue.open_orders()
                await asyncio.sleep(1)
            assert len(exchange.questions("/api/v3/time")) == 2
            assert venue.clock_skew() is None

    run(main)


def known(ground: Ground) -> int:
    skew = ground.venue.clock_skew()
    assert skew is not None
    return skew
