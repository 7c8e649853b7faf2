"""Whoever sells for a pilot: one at a time for an account, never without its latch, and a venue's failure is nobody's crash."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from fairway.assembly.sellers import Sellers
from fairway.launch.control.launch_events import KillOrdered
from fairway.market.instrument import Instrument
from fairway.risk.disposal import Disposal
from fairway.trading.latch import FileLatch, KillCause, Killed, KillScope
from fairway.venues.port import KeyRefused, Venue
from fairway.world.chance import SystemChance
from fairway.world.clock import SystemClock


class Refusing:
    """A venue that takes its time, and then refuses the key."""

    def __init__(self) -> None:
        self.opened, self.closed = asyncio.Event(), 0
        self.goes_on = asyncio.Event()

    async def open(self) -> Mapping[str, Instrument]:
        self.opened.set()
        await self.goes_on.wait()
        raise KeyRefused("no such key")

    async def close(self) -> None:
        self.closed += 1


class Openings:
    def __init__(self, folder: Path) -> None:
        self.folder, self.venues = folder, list[Refusing]()

    def latch(self, account: str) -> FileLatch:
        return FileLatch(self.folder, account, ["BTC/USDT"])

    def venue(self, account: str) -> Venue:
        self.venues.append(Refusing())
        return cast(Venue, self.venues[-1])


def order(disposal: Disposal) -> KillOrdered:
    return KillOrdered(accounts=("main",), why="the plan says so", disposal=disposal, stays=True)


def sellers(openings: Openings) -> Sellers:
    return Sellers(openings, SystemClock(), lambda: ("BTC/USDT",), SystemChance())


def test_one_that_sells_goes_on_and_is_not_told_twice(tmp_path: Path) -> None:
    async def play() -> None:
        openings = Openings(tmp_path)
        at_work = sellers(openings)
        at_work.obey("main", order(Disposal.FLATTEN), 1)
        await asyncio.sleep(0)
        await openings.venues[0].opened.wait()
        at_work.obey("main", order(Disposal.FLATTEN), 2)
        assert len(openings.venues) == 1
        (killed,) = openings.latch("main").read()
        assert (killed.at, killed.disposal, killed.by) == (1, Disposal.FLATTEN, "pilot")
        openings.venues[0].goes_on.set()
        await at_work.close()
        assert openings.venues[0].closed == 1
        at_work.obey("main", order(Disposal.FLATTEN), 3)
        assert openings.latch("main").read()[0].at == 3
        await asyncio.sleep(0)
        openings.venues[1].goes_on.set()
        await at_work.close()

    asyncio.run(play())


@pytest.mark.parametrize("disposal", Disposal)
def test_without_a_latch_nothing_is_sold_and_nothing_breaks(disposal: Disposal, tmp_path: Path) -> None:
    async def play() -> None:
        openings = Openings(tmp_path / "is not there")
        at_work = sellers(openings)
        at_work.obey("main", order(disposal), 1)
        await asyncio.sleep(0)
        await at_work.close()
        assert openings.venues == []

    asyncio.run(play())


def test_a_kill_that_keeps_stops_asks_no_venue(tmp_path: Path) -> None:
    async def play() -> None:
        openings = Openings(tmp_path)
        at_work = sellers(openings)
        at_work.obey("main", order(Disposal.KEEP_STOPS), 1)
        await asyncio.sleep(0)
        assert openings.venues == []
        assert openings.latch("main").read()[0].disposal is Disposal.KEEP_STOPS

    asyncio.run(play())


@pytest.mark.parametrize("disposal", Disposal)
@pytest.mark.parametrize("cause", [each for each in KillCause if each.forbids_selling])
def test_what_a_person_says_must_not_be_sold_is_not_sold_and_the_word_stays(
    cause: KillCause, disposal: Disposal, tmp_path: Path
) -> None:
    async def play() -> None:
        openings = Openings(tmp_path)
        by_eve = Killed(scope=KillScope.ACCOUNT, reason="the books are wrong", by="eve", cause=cause, at=1)
        openings.latch("main").set(by_eve)
        at_work = sellers(openings)
        at_work.obey("main", order(disposal), 2)
        await asyncio.sleep(0)
        assert openings.latch("main").read() == [by_eve]
        assert openings.venues == []

    asyncio.run(play())


def test_where_one_symbol_must_not_be_sold_its_account_may_still_be_killed(tmp_path: Path) -> None:
    async def play() -> None:
        openings = Openings(tmp_path)
        openings.latch("main").set(
            Killed(scope=KillScope.SYMBOL, symbol="BTC/USDT", reason="a guess", by="eve", cause=KillCause.MISMATCH, at=1)
        )
        at_work = sellers(openings)
        at_work.obey("main", order(Disposal.FLATTEN), 2)
        await asyncio.sleep(0)
        assert (openings.venues, [each.by for each in openings.latch("main").read()]) == ([], ["eve"])
        at_work.obey("main", order(Disposal.KEEP_STOPS), 3)
        assert {each.by for each in openings.latch("main").read()} == {"eve", "pilot"}

    asyncio.run(play())
