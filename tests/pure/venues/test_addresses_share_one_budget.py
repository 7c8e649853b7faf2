"""The exchange counts what comes from our address, whichever of its own it came to: a switch gives no second allowance."""

import pytest
from aiohttp import web
from tests.pure.venues.listening import BOOK, asked
from tests.pure.venues.scripted_venue import ScriptedVenue, says, settings

from fairway.venues.allowance import AddressLimits
from fairway.venues.budget import Budget
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import AddressChanged, Throttled
from fairway.world.clock import MINUTE
from fairway.world.loop import run, running

OTHER = "other.test"
LIMITS = AddressLimits(weight_a_minute=200)
QUOTE_WEIGHT, LISTED_WEIGHT, TIME_WEIGHT = 2, 20, 1


class ForgetfulVenue(CcxtVenue):
    """A planted mistake: each address has a budget of its own."""

    async def open(self):  # type: ignore[no-untyped-def]
        move = self.addresses.on_switch

        def forget(changed: AddressChanged) -> None:
            self._gate.budget = Budget(self._clock, LIMITS)
            move(changed)

        self.addresses.on_switch = forget
        return await super().open()


async def ask_on(venue: CcxtVenue) -> None:
    """Raises Throttled when the budget lets nothing out any more."""
    while running().elapsed_ns < MINUTE // 2:
        await venue.quote("BTC/USDT")


async def weight_at_both(kind: type[CcxtVenue]) -> int:
    """What the exchange counts of one minute in which everything is asked that the budget lets out, at one address and then
    at the other."""
    loop = running()
    async with ScriptedVenue() as exchange:
        await web.TCPSite(exchange._runner, OTHER, 80).start()
        exchange.on("GET", BOOK, says(asked()))
        exchange.on("GET", "/api/v3/time", says({"serverTime": loop.wall_ns // 1_000_000}))
        venue = kind(settings(fallbacks=(f"http://{OTHER}",)), loop.clock, loop.chance, budget=Budget(loop.clock, LIMITS))
        try:
            await venue.open()
            for _ in range(2):
                with pytest.raises(Throttled):
                    await ask_on(venue)
                venue.addresses.switch("ann: slow")
        finally:
            await venue.close()
        quotes, times = len(exchange.questions(BOOK)), len(exchange.questions("/api/v3/time"))
        return quotes * QUOTE_WEIGHT + times * TIME_WEIGHT + LISTED_WEIGHT


def within_the_limit(kind: type[CcxtVenue]) -> None:
    """Raises AssertionError where both addresses together were asked for more than one may be."""
    assert run(lambda: weight_at_both(kind)) <= LIMITS.weight_a_minute


def test_both_addresses_together_are_asked_for_no_more_than_one_may_be() -> None:
    within_the_limit(CcxtVenue)


def test_a_budget_for_each_address_is_found() -> None:
    with pytest.raises(AssertionError):
        within_the_limit(ForgetfulVenue)


def test_a_ban_holds_at_the_other_address() -> None:
    async def main() -> None:
        loop = running()
        async with ScriptedVenue() as exchange:
            await web.TCPSite(exchange._runner, OTHER, 80).start()
            budget = Budget(loop.clock)
            venue = CcxtVenue(settings(fallbacks=(f"http://{OTHER}",)), loop.clock, loop.chance, budget=budget)
            try:
                await venue.open()
                before = len(exchange.asked)
                budget.ban(loop.wall_ns + 2 * MINUTE)
                assert venue.addresses.switch("ann: slow")
                with pytest.raises(Throttled):
                    await venue.quote("BTC/USDT")
                assert len(exchange.asked) == before
            finally:
                await venue.close()

    run(main)
