"""Many accounts behind one address: they share requests and bans, and they are counted together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import cast

import pytest
from msgspec.structs import replace as replace_order
from tests.conformance.practice_ground import SYMBOL, Ground, VenueInUnifiedWords, in_simulated_time, in_unified_words
from tests.pure.venues.accounts_of_one_address import ACCOUNT_PATH, ORDER, accounts, settings_of
from tests.pure.venues.scripted_venue import account_answer, order_answer, refuses, says, settings

from fairway.market.instrument import Instrument
from fairway.money.grid import Round
from fairway.orders.order import OrderType, Side
from fairway.venues.allowance import Lane
from fairway.venues.budget import Budget
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import (
    Ambiguous,
    NewOrder,
    NewPair,
    ReportStatus,
    Throttled,
)
from fairway.world.clock import MILLISECOND, MINUTE, SECOND
from fairway.world.loop import run, running


def order(btc: Instrument, side: Side = Side.BUY) -> NewOrder:
    return NewOrder(client_id="fw-main-1-1-e", symbol=btc.symbol, side=side, type=OrderType.MARKET, quantity=btc.quantity("1"))


def test_a_further_account_asks_for_nothing_that_is_known() -> None:
    """What is listed is asked for once, however many open at the same time; instruments, markets and connections are shared."""

    async def main() -> None:
        async with accounts(5) as (exchange, venues, _):
            assert len(exchange.questions("/api/v3/exchangeInfo")) == 1
            assert len(exchange.questions("/api/v3/time")) == 1
            for name in ("markets", "markets_by_id", "currencies", "session"):
                assert len({id(getattr(venue._client, name)) for venue in venues}) == 1
            assert len({id(await venue.open()) for venue in venues}) == 1

    run(main)


def test_accounts_of_another_exchange_are_refused() -> None:
    """Nothing of theirs can be shared."""

    async def main() -> None:
        loop = running()
        first = CcxtVenue(settings(), loop.clock, loop.chance)
        with pytest.raises(ValueError, match="like: it is at another exchange than kraken"):
            CcxtVenue(CcxtSettings(exchange="kraken"), loop.clock, loop.chance, like=first)

    run(main)


def test_a_ban_of_the_address_stops_every_account() -> None:
    """One is told so; none sends anything before its end, and then all go on."""

    async def main() -> None:
        async with accounts(3) as (exchange, venues, btc):
            until_ms = running().wall_ns // MILLISECOND + 120_000
            exchange.on(
                "GET", ACCOUNT_PATH, refuses(-1003, f"Way too much request weight used; IP banned until {until_ms}.", 418)
            )
            with pytest.raises(Throttled):
                await venues[1].balances()
            asked = len(exchange.asked)
            for venue in venues:
                with pytest.raises(Throttled) as caught:
                    await venue.cancel("BTC/USDT", "fw-main-1-1-e")
                assert caught.value.retry_at == until_ms * MILLISECOND
                with pytest.raises(Throttled):
                    await venue.place(order(btc, Side.SELL))
            assert len(exchange.asked) == asked
            await asyncio.sleep(120)
            exchange.on("GET", ACCOUNT_PATH, says(account_answer()))
            await venues[2].balances()

    run(main)


def test_a_ban_is_read_by_the_venues_clock() -> None:
    """It names its end in its own time, which is two minutes ahead of ours."""

    async def main() -> None:
        async with accounts(1) as (exchange, (venue,), _):
            ahead_ms = 120_000
            exchange.on("GET", "/api/v3/time", lambda _: says({"serverTime": running().wall_ns // MILLISECOND + ahead_ms})(_))
            await venue.server_time()
            now_ms = running().wall_ns // MILLISECOND
            exchange.on("GET", ACCOUNT_PATH, refuses(-1003, f"IP banned until {now_ms + ahead_ms + 60_000}.", 418))
            with pytest.raises(Throttled) as caught:
                await venue.balances()
            assert abs(caught.value.retry_at - (now_ms + 60_000) * MILLISECOND) <= 2 * MILLISECOND

    run(main)


def test_what_others_use_behind_the_address_is_counted() -> None:
    """The venue's own header says that 4,900 are used: data must wait for the next minute, a cancel need not."""

    async def main() -> None:
        async with accounts(2) as (exchange, (one, other), _):
            await asyncio.sleep((MINUTE - running().wall_ns % MINUTE) / SECOND)
            exchange.on("GET", ACCOUNT_PATH, says(account_answer(), headers={"x-mbx-used-weight-1m": "4900"}))
            await one.balances()
            exchange.on("GET", "/api/v3/klines", says([]))
            exchange.on("DELETE", ORDER, says(order_answer("x", origClientOrderId="fw-main-1-1-e", status="CANCELED")))
            with pytest.raises(Throttled):
                await other.candles("BTC/USDT", "1m", 5)
            assert exchange.questions("/api/v3/klines") == []
            await other.cancel("BTC/USDT", "fw-main-1-1-e")
            await asyncio.sleep(60)
            await other.candles("BTC/USDT", "1m", 5)

    run(main)


def test_an_accounts_orders_are_its_own() -> None:
    """One that placed too many in ten seconds waits; a stop and a sale of its own still leave, and others do not notice."""

    async def main() -> None:
        async with accounts(2) as (exchange, (one, other), btc):
            await asyncio.sleep((10 * SECOND - running().wall_ns % (10 * SECOND)) / SECOND)
            exchange.on("POST", ORDER, says(order_answer("fw-main-1-1-e")))
            for _ in range(37):  # three quarters of fifty
                await one.place(order(btc))
            with pytest.raises(Throttled) as caught:
                await one.place(order(btc))
            assert len(exchange.questions(ORDER)) == 37
            assert caught.value.retry_at % (10 * SECOND) == 0
            await one.place(order(btc, Side.SELL))
            await other.place(order(btc))
            await asyncio.sleep((caught.value.retry_at - running().wall_ns) / SECOND)
            await one.place(order(btc))

    run(main)


def test_a_pair_counts_as_two_orders() -> None:
    """At the venue it does; stops may use ninety-five of a hundred, which are forty-seven of fifty."""

    async def main() -> None:
        async with accounts(1) as (exchange, (venue,), btc):
            await asyncio.sleep((10 * SECOND - running().wall_ns % (10 * SECOND)) / SECOND)
            stop = replace_order(order(btc, Side.SELL), type=OrderType.STOP, stop_price=btc.price("90", Round.DOWN))
            target = replace_order(order(btc, Side.SELL), type=OrderType.LIMIT, price=btc.price("110", Round.DOWN), client_id="t")
            reports = [order_answer(it.client_id) for it in (stop, target)]
            exchange.on("POST", "/api/v3/orderList/oco", says({"orderListId": 7, "orderReports": reports}))
            pair = NewPair(client_id="p", stop=stop, target=target)
            for _ in range(23):
                await venue.place_pair(pair)
            with pytest.raises(Throttled):
                await venue.place_pair(pair)

    run(main)


def test_the_venues_own_count_of_orders_is_believed() -> None:
    """Another program trades on the same account."""

    async def main() -> None:
        async with accounts(1) as (exchange, (venue,), btc):
            headers = {"x-mbx-order-count-10s": "49", "x-mbx-order-count-1d": "49"}
            exchange.on("POST", ORDER, says(order_answer("fw-main-1-1-e"), headers=headers))
            await asyncio.sleep((10 * SECOND - running().wall_ns % (10 * SECOND)) / SECOND)
            await venue.place(order(btc))
            with pytest.raises(Throttled):
                await venue.place(order(btc))

    run(main)


class Deaf(Budget):
    """A budget that does not let the venue correct it."""

    heard = 0

    def report_used(self, used: int, asked_at: int) -> None:
        self.heard = used


def test_each_request_weighs_what_the_venue_says_that_it_weighs() -> None:
    """Our count and the practice exchange's agree after whatever was asked."""

    async def story(ground: Ground) -> None:
        loop = running()
        await asyncio.sleep((MINUTE - ground.clock.now() % MINUTE) / SECOND)
        budget = Deaf(loop.clock)
        venue = CcxtVenue(settings_of(ground), loop.clock, loop.chance.child("counted"), budget=budget)
        await venue.open()
        resting = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000")
        asks: dict[str, Callable[[], Awaitable[object]]] = {
            "balances": venue.balances,
            "second balances": venue.second_balances,
            "newest orders": lambda: venue.newest_orders(SYMBOL),
            "open orders": venue.open_orders,
            "time": venue.server_time,
            "key rights": venue.key_rights,
            "fees": lambda: venue.fees(SYMBOL),
            "candles": lambda: venue.candles(SYMBOL, "1m", 5),
            "fills": lambda: venue.fills_since(SYMBOL, "", ground.clock.now() - MINUTE),
            "order": lambda: venue.place(resting),
            "find": lambda: venue.find(SYMBOL, resting.client_id),
            "pair": lambda: venue.place_pair(ground.pair("1")),
            "cancel": lambda: venue.cancel(SYMBOL, resting.client_id),
        }
        theirs = budget.heard - budget.used  # the ground's own venue asked too
        try:
            for name, ask in asks.items():
                await ask()
                assert budget.used + theirs == budget.heard, name
        finally:
            await venue.close()

    in_simulated_time(story)


@pytest.mark.parametrize(("looks", "weight"), [(Lane.QUERY, 80), (Lane.CLOSE, 12)])
def test_only_who_has_no_hurry_spends_an_address_on_all_open_orders(looks: Lane, weight: int) -> None:
    """With a whole minute free, a trader asks for all pairs at once; a kill of many accounts could then not end within it."""

    async def story(ground: Ground) -> None:
        loop = running()
        await asyncio.sleep((MINUTE - ground.clock.now() % MINUTE) / SECOND)
        venue = CcxtVenue(
            settings_of(ground), loop.clock, loop.chance.child("counted"), budget=(budget := Deaf(loop.clock)), looks=looks
        )
        await venue.open()
        before = budget.used
        try:
            await venue.open_orders((SYMBOL, SYMBOL))  # the ground has one pair: it stands for two
            assert budget.used - before == weight
        finally:
            await venue.close()

    in_simulated_time(story)


def test_a_call_of_which_a_part_has_left_is_in_doubt() -> None:
    """The cancel was sent, the question that follows it is not let out any more: nobody may say that nothing was done."""

    async def story(ground: Ground) -> None:
        venue, limits = ground.venue, ground.exchange.context.limits
        resting = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000")
        await asyncio.sleep((MINUTE - ground.clock.now() % MINUTE) / SECOND)
        await venue.place(resting)
        (address,) = limits.addresses
        limits.charge(address, 5_992 - limits.used(address, ground.clock.now()), ground.clock.now())
        with pytest.raises(Ambiguous, match="only a part of it was sent"):
            await venue.cancel(SYMBOL, resting.client_id)
        await asyncio.sleep(60)
        found = await venue.find(SYMBOL, resting.client_id)
        assert found is not None
        assert found.status is ReportStatus.CANCELLED

    in_unified_words(story)


def test_the_time_in_line_is_not_the_venues_time_to_answer() -> None:
    """A deadline of two seconds counts from when each request leaves; here one waits five for the venue's next minute."""

    async def story(ground: Ground) -> None:
        loop, limits = running(), ground.exchange.context.limits
        hasty = replace(settings_of(ground), timeout_s=1.0)
        venue = VenueInUnifiedWords(hasty, loop.clock, loop.chance.child("hasty"), like=cast(CcxtVenue, ground.venue))
        await venue.open()
        resting = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000")
        await asyncio.sleep((MINUTE - ground.clock.now() % MINUTE) / SECOND + 55)
        await venue.place(resting)
        (address,) = limits.addresses
        limits.charge(address, 5_992 - limits.used(address, ground.clock.now()), ground.clock.now())
        assert (await venue.cancel(SYMBOL, resting.client_id)).status is ReportStatus.CANCELLED
        assert ground.clock.now() % MINUTE < SECOND
        await venue.close()

    in_unified_words(story)
