"""An entry waits for the journal, and meanwhile the world goes on: a kill comes, or the price that it was decided on is old."""

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter
from tests.scenes.test_a_person_kills_it import kill

from fairway.journal.kinds import CapRaised
from fairway.journal.port import Journal
from fairway.orders.order import OrderState
from fairway.world.loop import running

pytestmark = pytest.mark.in_memory

DECIDES_S = 60.5
"""When the first candle is decided on."""


class SlowJournal:
    """A journal that takes so long for a commit of the second in which the entry is decided on, as a busy server does."""

    def __init__(self, journal: Journal, takes_s: float) -> None:
        self._journal, self._takes_s = journal, takes_s

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    async def commit(self) -> None:
        if DECIDES_S - 0.4 < running().time() < DECIDES_S + 0.4:
            await asyncio.sleep(self._takes_s)
        await self._journal.commit()


class SlowHarness(Scene):
    def __init__(self, takes_s: float, acts: dict[float, Callable[[Scene], object]] | None = None) -> None:
        super().__init__(enter(0), acts=acts or {})
        self._takes_s = takes_s

    def open_journal(self) -> Journal:
        return cast(Journal, SlowJournal(super().open_journal(), self._takes_s))


def test_a_wait_that_is_short_keeps_nothing_back() -> None:
    stage = SlowHarness(takes_s=0.8)
    stage.run(minutes=3)
    assert len(stage.bought()) == 1


def test_a_kill_that_comes_while_an_entry_waits_for_the_journal_keeps_it_from_leaving() -> None:
    """It is durable, but it has not left; whoever killed has looked at the venue by then, and believes that nothing comes."""
    stage = SlowHarness(takes_s=0.8, acts={DECIDES_S + 0.5: kill()})
    stage.run(minutes=3)
    assert stage.orders == []
    [entry] = stage.account_state.orders.blotter.ended.values()
    assert (entry.state, entry.reason) == (
        OrderState.REJECTED,
        "it was not sent, for it was killed while it waited to be journaled",
    )


def test_an_entry_that_waited_too_long_is_not_sent_at_old_prices() -> None:
    """Three seconds: it became durable after all, and all the same the price that it was decided on is gone."""
    stage = SlowHarness(takes_s=3.0)
    stage.run(minutes=3)
    assert stage.orders == []
    [raised] = [event.cap for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert (raised.id, raised.reason) == ("journal", "the journal took 3.0 s to write")
