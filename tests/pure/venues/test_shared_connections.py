"""Connections that accounts behind one address share: when they are dialled and closed, and when one account fails."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.conformance.practice_ground import SYMBOL, Ground, in_simulated_time
from tests.pure.venues.accounts_of_one_address import ACCOUNT_PATH, accounts, settings_of
from tests.pure.venues.scripted_venue import account_answer, says

from fairway.exchange.answers import KeyPermissions
from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.exchange.units import ONE
from fairway.market.candles import Quote
from fairway.orders.order import OrderType, Side
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import (
    KeyRefused,
    StreamChannel,
    StreamDown,
    StreamUp,
    VenueEvent,
)
from fairway.world.clock import MILLISECOND, MINUTE, SECOND
from fairway.world.loop import run, running


def test_connections_live_as_long_as_the_last_account() -> None:
    """The first may leave before the others; when all have left nothing is open, and one may come again."""

    async def main() -> None:
        async with accounts(3) as (exchange, venues, _):
            exchange.on("GET", ACCOUNT_PATH, says(account_answer()))
            await venues[0].close()
            await venues[1].close()
            await venues[2].balances()
            session = venues[2]._client.session
            await venues[2].close()
            assert session.closed
            assert "BTC/USDT" in await venues[1].open()
            assert len(exchange.questions("/api/v3/exchangeInfo")) == 2
            await venues[1].balances()

    run(main)


@asynccontextmanager
async def all_streaming(venues: Sequence[CcxtVenue], told: list[VenueEvent]) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(venue.account_stream(told.append)) for venue in venues]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_many_that_lose_the_same_venue_do_not_come_back_in_one_instant() -> None:
    """While it is not reached one dials after each growing pause; the first that reaches it brings the others, one by one."""

    async def main() -> None:
        async with accounts(40) as (exchange, venues, _):
            told: list[VenueEvent] = []
            async with all_streaming(venues, told):
                await asyncio.sleep(10)
                assert len(exchange.open_sockets("/ws-api")) == 40
                exchange.takes_sockets = False
                exchange.dialled.clear()
                running().network.cut("world", "venue.test")
                await asyncio.sleep(600)
                gaps = [later - earlier for earlier, later in pairwise(exchange.dialled)]
                assert 20 <= len(exchange.dialled) <= 50  # forty accounts, and yet as if they were one
                assert max(gaps) <= 31 * SECOND
                assert min(gaps[8:]) >= 15 * SECOND
                exchange.takes_sockets = True
                exchange.dialled.clear()
                await asyncio.sleep(35)
                assert len(exchange.open_sockets("/ws-api")) == 40
                assert min(later - earlier for earlier, later in pairwise(exchange.dialled)) >= 15 * MILLISECOND

    run(main)


def test_no_more_connections_are_dialled_than_the_venue_takes() -> None:
    """Three hundred in five minutes; who comes later waits, and is served when they are over."""

    async def main() -> None:
        async with accounts(2) as (exchange, venues, _):
            venues[0]._address.budget.connects.dialled(running().elapsed_ns)
            for _ in range(298):
                venues[0]._address.budget.connects.dialled(running().elapsed_ns)
            told: list[VenueEvent] = []
            async with all_streaming(venues, told):
                await asyncio.sleep(299)
                assert len(exchange.dialled) == 1
                await asyncio.sleep(5)
                assert len(exchange.dialled) == 2

    run(main)


def test_a_revoked_key_harms_no_other_account() -> None:
    """Its requests and its stream are refused; the others trade, and their streams stay as they are."""

    async def story(ground: Ground) -> None:
        loop = running()
        other = ground.exchange.open_account("other", {"USDT": 100_000 * ONE})
        first = ground.venue
        assert isinstance(first, CcxtVenue)
        second = CcxtVenue(
            replace(settings_of(ground), key=other.key, secret=other.secret), loop.clock, loop.chance.child("second"), like=first
        )
        await second.open()
        heard: dict[str, list[VenueEvent]] = {"first": [], "second": []}
        tasks = [
            asyncio.create_task(first.account_stream(heard["first"].append)),
            asyncio.create_task(second.account_stream(heard["second"].append)),
        ]
        try:
            await asyncio.sleep(1)
            revoked = make("key_revoked", FaultScope(account="main"), {}, loop.chance)
            ground.exchange.context.faults.add(revoked)
            ground.exchange.set_rights("main", KeyPermissions(reading=False))
            await asyncio.sleep(120)
            with pytest.raises(KeyRefused):
                await first.balances()
            assert isinstance(heard["first"][-1], StreamDown)
            assert heard["second"] == [StreamUp(StreamChannel.ACCOUNT)]
            await second.place(ground.order(Side.BUY, OrderType.MARKET, "1"))
            assert (await second.balances()).balances["BTC"][0].value > 0
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await second.close()

    in_simulated_time(story)


def test_a_venue_without_a_key_tells_of_the_market() -> None:
    """Instruments, quotes, candles and the venue's time; of an account it can tell nothing, and says so."""

    async def story(ground: Ground) -> None:
        loop = running()
        keyless = replace(settings_of(ground), key="", secret="")
        public = CcxtVenue(keyless, loop.clock, loop.chance.child("public"))
        heard: list[VenueEvent] = []
        assert SYMBOL in await public.open()
        task = asyncio.create_task(public.market_stream([SYMBOL], "1m", heard.append))
        try:
            await asyncio.sleep(90)
            assert sum(isinstance(event, Quote) for event in heard) > 80
            assert set(public.ages()) == {f"quotes {SYMBOL}", f"candles {SYMBOL}"}
            assert max(public.ages().values()) < MINUTE
            assert public.clock_skew() is not None
            with pytest.raises(KeyRefused):
                await public.balances()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await public.close()

    in_simulated_time(story)
