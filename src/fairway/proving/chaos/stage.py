"""The stage of a chaos scene: a harness with a command inbox for people and, where a scene needs it, a database on the disk."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, cast

from fairway.assembly import CODEC
from fairway.exchange.terms import OrderRef
from fairway.journal.commands import Instruction, LiftCap, Pause
from fairway.journal.port import Journal, JournalError
from fairway.journal.sql import open_journal, open_reader
from fairway.proving.chaos.alerting_beside import AlertingBeside
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.harness import Harness
from fairway.proving.harness_result import ACCOUNT
from fairway.proving.person_faults import done
from fairway.risk.caps import Cap, CapSource
from fairway.strategies.api import Strategy
from fairway.world.clock import SECOND, SystemClock

PERSON: Final = "ann"


class ChaosHarness(Harness):
    """Plays one part of a scene. `make_strategy`: None for the scripted one."""

    has_database = False
    """Whether the journal is a database on the disk, which another program can lock."""
    make_strategy: Callable[[], Strategy] | None = None

    def __init__(self, *signals: Any, **more: Any) -> None:
        super().__init__(*signals, **more)
        self.delayed_inbox = DelayedInbox()
        self.failed_commits = 0
        """Times that the trader tried to write its journal and could not."""
        self.alerting: AlertingBeside | None = None
        """Beside a trader whose journal is a database on the disk, in a scene about alerting."""
        self.real_s = 0.0
        """Real seconds that the play took on this machine."""
        self._journal_file = Path()
        self._other_program: sqlite3.Connection | None = None

    def run(self, minutes: float) -> None:
        began = SystemClock().monotonic()
        try:
            self._run(minutes)
        finally:
            self.real_s = (SystemClock().monotonic() - began) / SECOND

    def _run(self, minutes: float) -> None:
        if not self.has_database:
            super().run(minutes)
            return
        with TemporaryDirectory() as folder:
            self._journal_file = Path(folder) / "fairway.journal"
            try:
                super().run(minutes)
            finally:
                with open_reader(self._journal_file) as reader:
                    self.file.records = list(reader.read())
                if self.alerting is not None:
                    self.alerting.read()

    def strategy(self) -> Strategy:
        return self.make_strategy() if self.make_strategy is not None else super().strategy()

    def open_journal(self) -> Journal:
        if not self.has_database:
            return cast(Journal, _CountedCommits(super().open_journal(), self))
        opened = open_journal(self._journal_file, CODEC, mode=self.mode, trader=self.name, synchronous="OFF")
        return cast(Journal, _CountedCommits(opened, self))

    # -- the database ----------------------------------------------------------------------------------------------

    def lock_database(self) -> None:
        """Another program, such as a backup, takes the lock of the journal's file."""
        self._other_program = sqlite3.connect(self._journal_file, isolation_level=None)
        self._other_program.execute("BEGIN IMMEDIATE")

    def unlock_database(self) -> None:
        assert self._other_program is not None, "the database is unlocked after it was locked"
        with closing(self._other_program) as other:
            other.execute("ROLLBACK")

    def fill_disk(self) -> None:
        self.file.records_max = len(self.file.records)

    def make_room(self) -> None:
        self.file.records_max = None

    # -- alerting ---------------------------------------------------------------------------------------------------

    def begin_alerting(self) -> None:
        """Starts the alerting service beside the trader, to be ended with the play."""
        assert self.has_database, "alerting reads the trader's journal from the disk"
        self.alerting = AlertingBeside(self._journal_file.parent)
        self.alerting.begin()
        self._companions.append(asyncio.ensure_future(self._end_alerting(self.alerting)))

    async def _end_alerting(self, alerting: AlertingBeside) -> None:
        """Waits for the end of the play, ends what runs then, and keeps what ended by itself before."""
        try:
            await asyncio.Event().wait()
        finally:
            tasks = list(alerting.tasks.values())
            for task in tasks:
                task.cancel()
            alerting.ended = [
                each for each in await asyncio.gather(*tasks, return_exceptions=True) if isinstance(each, Exception)
            ]

    # -- people ----------------------------------------------------------------------------------------------------

    def tell(self, instruction: Instruction) -> None:
        """What a person says at the trader's command inbox."""
        assert self.delayed_inbox is not None
        self.delayed_inbox.say(PERSON, instruction)

    def pause_by_hand(self) -> None:
        self.tell(Pause(reason="a look first"))

    def lift_by_hand(self) -> None:
        """Every cap that a person has raised, such as a pause; what the trader raised by itself stays."""
        self._lift(lambda cap: cap.kind.source is CapSource.PERSON)

    def lift_all_by_hand(self) -> None:
        """Every cap, what the trader raised by itself too: a person has looked at all of it."""
        self._lift(lambda cap: True)

    def _lift(self, wanted: Callable[[Cap], bool]) -> None:
        for cap in list(self.account_state.limits.caps.values()):
            if wanted(cap):
                self.tell(LiftCap(reason="looked at", cap_id=cap.id))

    def cancel_by_hand(self, symbol: str) -> None:
        """A person cancels all orders of a symbol on the exchange's page. symbol: by the exchange's name."""
        for order in done(self.exchange.backend.open_orders(ACCOUNT, symbol)):
            done(self.exchange.backend.cancel(ACCOUNT, symbol, OrderRef(order.order_id)))


class _CountedCommits:
    """A journal that counts how often it could not be written."""

    def __init__(self, journal: Journal, stage: ChaosHarness) -> None:
        self._journal, self._stage = journal, stage
        self.mode, self.trader = journal.mode, journal.trader

    async def commit(self) -> None:
        try:
            await self._journal.commit()
        except JournalError:
            self._stage.failed_commits += 1
            raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)
