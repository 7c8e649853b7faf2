"""A venue that is closed leaves no connection behind, whatever was on its way; one that is not closed is found to."""

import asyncio
import gc
import warnings

import pytest
from tests.conformance.practice_ground import SYMBOL, Ground, in_simulated_time
from tests.pure.venues.accounts_of_one_address import settings_of

from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.loop import running

ROUNDS = 5
"""What a finalizer lets go of is garbage of the next round."""


def left_open(*, closes: bool) -> list[str]:
    """What Python says is still open after a venue was closed, or was not, while it asked for something."""

    async def story(ground: Ground) -> None:
        loop = running()
        kept.append(venue := CcxtVenue(settings_of(ground), loop.clock, loop.chance.child("other")))
        await venue.open()
        await venue.balances()
        asking = asyncio.ensure_future(venue.open_orders((SYMBOL,)))
        await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        if closes:
            await venue.close()

    kept: list[CcxtVenue] = []
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        in_simulated_time(story)
        kept.clear()
        for _ in range(ROUNDS):
            gc.collect()
    return [str(each.message).partition(" ")[0] for each in told if issubclass(each.category, ResourceWarning)]


def test_a_closed_venue_leaves_nothing_open() -> None:
    assert left_open(closes=True) == []


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_that_is_not_closed_is_found() -> None:
    assert "Unclosed" in left_open(closes=False)
