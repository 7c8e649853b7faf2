"""The time of a decision is measured from the arrival of its candle at the trader, also where the trader was busy meanwhile."""

import asyncio
from typing import Any, cast

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import EntryPlanned, EntryRefused
from fairway.journal.port import Journal
from fairway.trading.inputs import CommandInboxFailed
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.loop import running

pytestmark = pytest.mark.in_memory

BUSY_FROM_S, BUSY_S = 60.3, 0.8
"""The trader waits for its journal before the first candle arrives: it writes down that it hears no commands."""


class BusyJournal:
    def __init__(self, journal: Journal) -> None:
        self._journal, self._was_busy = journal, False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)

    async def commit(self) -> None:
        if not self._was_busy and running().time() >= BUSY_FROM_S:
            self._was_busy = True
            await asyncio.sleep(BUSY_S)
        await self._journal.commit()


class Busy(Scene):
    def open_journal(self) -> Journal:
        return cast(Journal, BusyJournal(super().open_journal()))


def deafen(stage: Scene) -> None:
    stage.trader.take(None, CommandInboxFailed("its database is gone"))


def test_a_trader_at_rest_decides_at_once_half_a_second_after_the_close() -> None:
    stage = Scene(enter(0))
    stage.run(minutes=2)
    [plan] = stage.events(EntryPlanned)
    assert isinstance(plan, EntryPlanned)
    assert plan.decision_ns == 0, "in simulated time programs take none"
    assert plan.intent_age_ns is not None
    assert 500 * MILLISECOND <= plan.intent_age_ns < SECOND


def test_a_candle_that_waits_for_a_busy_trader_is_decided_late_by_as_long() -> None:
    stage = Busy(enter(0), acts={BUSY_FROM_S: deafen})
    stage.run(minutes=2)
    [refusal] = stage.events(EntryRefused)
    assert isinstance(refusal, EntryRefused)
    assert refusal.decision_ns is not None
    waited_ns = round((BUSY_FROM_S + BUSY_S - 60.502) * SECOND)
    assert abs(refusal.decision_ns - waited_ns) <= 2 * MILLISECOND, "from its arrival until the journal let the trader go on"
