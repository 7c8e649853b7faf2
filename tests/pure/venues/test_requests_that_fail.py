"""Real transports failing in every way, and what the caller is told: in simulated time, through the unmodified client."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.pure.venues.scripted_venue import (
    KEY,
    SECRET,
    ScriptedVenue,
    account_answer,
    never,
    order_answer,
    refuses,
    resets,
    says,
    scene,
)

from fairway.market.instrument import Instrument
from fairway.orders.order import OrderType, Side
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import Ambiguous, KeyRefused, NewOrder, Rejected, Throttled, Unreachable, VenueError
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.loop import run, running

Story = Callable[[ScriptedVenue, CcxtVenue, Instrument], Awaitable[None]]
ORDER = "/api/v3/order"


def play(story: Story, **settings: Any) -> None:
    async def main() -> None:
        async with scene(**settings) as (exchange, venue, btc):
            await story(exchange, venue, btc)

    run(main)


async def place(venue: CcxtVenue, btc: Instrument) -> None:
    quantity = btc.quantity("1")
    await venue.place(
        NewOrder(client_id="fw-main-1-1-e", symbol=btc.symbol, side=Side.BUY, type=OrderType.MARKET, quantity=quantity)
    )


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (resets, Ambiguous),
        (never, Ambiguous),
        (says("<html>gateway</html>", 502), Ambiguous),
        (says("", 504), Ambiguous),
        (says("not { json", 200), Ambiguous),
        (says({"surprise": 1}, 200), Ambiguous),
        (says(order_answer("fw-main-1-1-e", status="DREAMING")), Ambiguous),
        (says(order_answer("fw-main-1-1-e", origQty="NaN")), Ambiguous),
        (refuses(-1007, "Timeout waiting for response from backend server.", 504), Ambiguous),
        (refuses(-1008, "Server is currently overloaded.", 503), Ambiguous),
        (refuses(-1016, "This service is no longer available.", 503), Ambiguous),
        (refuses(-2010, "Account has insufficient balance for requested action."), Rejected),
        (refuses(-1013, "Filter failure: NOTIONAL"), Rejected),
        (refuses(-1021, "Timestamp for this request is outside of the recvWindow."), Rejected),
        (refuses(-2015, "Invalid API-key, IP, or permissions for action.", 401), KeyRefused),
        (refuses(-1015, "Too many new orders; current limit is 100 orders per 10 SECOND.", 429), Throttled),
    ],
)
def test_an_order_that_fails_says_what_may_be_done(answer: Callable[..., Any], expected: type[VenueError]) -> None:
    """A no is certain, and everything that is not a no is doubtful once the order has left."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("POST", ORDER, answer)
        with pytest.raises(VenueError) as caught:
            await place(venue, btc)
        assert type(caught.value) is expected
        assert "signature" not in str(caught.value)
        assert len(exchange.questions(ORDER)) == 1  # neither ccxt nor aiohttp sends an order twice

    play(story)


def test_a_key_that_worked_and_is_revoked_is_refused() -> None:
    """ccxt takes -2015 for a passing ban once a key has worked; we do not."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("GET", "/api/v3/account", says(account_answer()))
        await venue.balances()
        exchange.on("GET", "/api/v3/account", refuses(-2015, "Invalid API-key, IP, or permissions for action.", 401))
        with pytest.raises(KeyRefused):
            await venue.balances()

    play(story)


def test_what_cannot_be_sent_is_unreachable() -> None:
    """No name, no listener: certainly not sent, so it may be repeated."""

    async def main() -> None:
        loop = running()
        async with scene() as (exchange, venue, btc):
            loop.network.names.in_order = False
            loop.network.cut("world", "venue.test")
            await asyncio.sleep(1)
            with pytest.raises(Unreachable):
                await place(venue, btc)
            loop.network.names.in_order = True
            assert exchange.questions(ORDER) == []
        async with scene() as (_, venue, btc):
            pass
        with pytest.raises(Unreachable, match="is not open"):
            await place(venue, btc)

    run(main)


def test_a_partition_while_connecting_is_unreachable_and_while_waiting_ambiguous() -> None:
    """A connection that never came about carried nothing; one that stood may have."""

    async def main() -> None:
        loop = running()
        async with scene(timeout_s=5) as (_, venue, btc):
            loop.network.partition("world", "venue.test")
            began = loop.elapsed_ns
            with pytest.raises(Ambiguous):
                await place(venue, btc)
            assert loop.elapsed_ns - began == 5 * SECOND
            await asyncio.sleep(60)
            with pytest.raises(Unreachable):
                await place(venue, btc)
            loop.network.heal("world", "venue.test")

    run(main)


@pytest.mark.parametrize(
    ("answer", "rest_s"),
    [
        (refuses(-1003, "Too much request weight used.", 429, {"Retry-After": "7"}), 7),
        (refuses(-1003, "Too much request weight used.", 429), 10),
        (says("slow down", 429, {"Retry-After": "3"}), 3),
    ],
)
def test_nothing_leaves_before_the_venues_time(answer: Callable[..., Any], rest_s: int) -> None:
    """Who goes on asking is banned; so the venue is left alone until it said, and not longer."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("GET", "/api/v3/time", answer)
        with pytest.raises(Throttled) as caught:
            await venue.server_time()
        now = running().wall_ns
        assert rest_s * SECOND - 10 * MILLISECOND <= caught.value.retry_at - now <= rest_s * SECOND
        exchange.on("GET", "/api/v3/time", says({"serverTime": 1}))
        asked = len(exchange.asked)
        with pytest.raises(Throttled) as again:
            await place(venue, btc)
        assert again.value.retry_at == caught.value.retry_at
        assert len(exchange.asked) == asked
        await asyncio.sleep((caught.value.retry_at - now) / SECOND)
        assert await venue.server_time() == MILLISECOND

    play(story)


def test_a_ban_holds_until_its_own_instant() -> None:
    """418 names it in milliseconds."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        until_ms = running().wall_ns // MILLISECOND + 120_000
        exchange.on("GET", "/api/v3/time", refuses(-1003, f"Way too much request weight used; IP banned until {until_ms}.", 418))
        with pytest.raises(Throttled) as caught:
            await venue.server_time()
        assert caught.value.retry_at == until_ms * MILLISECOND

    play(story)


def test_too_many_orders_stops_new_orders_only() -> None:
    """Cancels and questions are not counted against the limit of orders, so they go on."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("POST", ORDER, refuses(-1015, "Too many new orders.", 429, {"Retry-After": "8"}))
        for _ in range(2):
            with pytest.raises(Throttled):
                await place(venue, btc)
        assert len(exchange.questions(ORDER)) == 1
        exchange.on("DELETE", ORDER, says(order_answer("x", origClientOrderId="fw-main-1-1-e", status="CANCELED")))
        assert (await venue.cancel("BTC/USDT", "fw-main-1-1-e")).client_id == "fw-main-1-1-e"

    play(story)


def test_no_secret_is_ever_written(caplog: pytest.LogCaptureFixture) -> None:
    """Not in the settings' text, not in an error, not in the most talkative log."""
    caplog.set_level(logging.DEBUG)
    texts: list[str] = []

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        texts.extend(repr(it) for it in (venue, venue._settings))
        for answer in (resets, refuses(-1022, "Signature for this request is not valid."), says("<html>", 500)):
            exchange.on("POST", ORDER, answer)
            with pytest.raises(VenueError) as caught:
                await place(venue, btc)
            texts.append(repr(caught.value) + str(caught.value))

    play(story)
    texts += [record.getMessage() for record in caplog.records]
    assert texts
    for text in texts:
        assert KEY not in text
        assert SECRET not in text
        assert "signature=" not in text
