"""The system of a configuration, as a drill moves it: each move is an operation, performed by the person who drills."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.drills.observed_account import ObservedAccount
from fairway.operations.drills.running_system import ObservedKill, RollbackPromise
from fairway.operations.held_processes import PILOT, TRADER, HeldProcess, hold_down, is_supervised, let_start
from fairway.operations.operation import Call, Operation
from fairway.operations.perform import perform
from fairway.operations.refusal import Refusal
from fairway.operations.trader.accounts_of_trader import permissions_of
from fairway.operations.trader.kill_latches import latch_of
from fairway.settings import Settings
from fairway.world.clock import MINUTE, SystemClock

if TYPE_CHECKING:
    from fairway.journal.writer_lock import LockHolder

STOPPED_NS: Final = 2 * MINUTE
"""A trader that is resumed is held down for no longer."""
NO_SUPERVISOR: Final = "nothing would start it again: run the system with `fairway up`"


class RealSystem:
    """See `RunningSystem`. call: of the person who drills; what that person may not do is not done."""

    def __init__(self, settings: Settings, config: Path, account: str, call: Call[Any]) -> None:
        self._settings, self._config, self._account, self._call = settings, config, account, call
        self._clock = SystemClock()

    # -- what is seen --------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def observed(self) -> AsyncIterator[ObservedAccount]:
        """Raises VenueErrors, JournalErrors, SecretMissing, StoreErrors, PeopleErrors."""
        from fairway.journal.sql import open_reader
        from fairway.operations.trader.reconcile import traded_accounts

        settings = self._settings
        with (
            traded_accounts(settings, self._account if settings.people is not None else "") as traded,
            open_reader(settings.journal, trader=settings.account) as journal,
        ):
            last = journal.last()
            permissions = permissions_of(settings)[self._account]
            _, venue = traded[self._account]
            seq = last.seq if last is not None else 0
            seen = ObservedAccount(self._account, settings.symbols, venue, journal, self._clock, permissions, seq)
            try:
                await seen.open()
                await seen.read()
                yield seen
            finally:
                await venue.close()

    def lacks_trader(self) -> str:
        """A database does not say which process writes; there a lease or an answer of the trader shows that it runs."""
        is_known = isinstance(self._settings.journal, Path)
        return "no trader runs on this machine; start it first" if is_known and not self._holder(self._settings.journal) else ""

    def lacks_pilot(self) -> str:
        from fairway.launch.control.command_inbox import launch_beside

        launch = launch_beside(self._settings.journal)
        return "no pilot flies a launch beside the trader here" if isinstance(launch, Path) and not self._holder(launch) else ""

    def lacks_supervisor(self) -> str:
        if not isinstance(self._settings.journal, Path):
            return "the journal is in PostgreSQL, which does not say which process is the pilot"
        return "" if is_supervised(self._settings) else NO_SUPERVISOR

    def lacks_free_hold(self) -> str:
        from fairway.assembly.tower import launch_now

        if self._hold_id not in launch_now(self._settings).holds:
            return ""
        return f"the launch has the hold {self._hold_id!r} already; release it first, or drill as another person"

    def is_killed(self) -> bool:
        return bool(latch_of(self._settings, self._account).read())

    async def differences(self) -> Sequence[str]:
        from fairway.journal.sql import open_reader
        from fairway.operations.drills.restore import differences
        from fairway.operations.trader.reconcile import compared_with_venue

        def compared() -> str:
            settings = self._settings
            whose = self._account if settings.people is not None else ""
            with open_reader(settings.journal, trader=settings.account) as journal:
                return differences(compared_with_venue(settings, whose, journal, "the journal"))

        found = await asyncio.to_thread(compared)
        return [found] if found else []

    def rollback_promise(self) -> RollbackPromise:
        from fairway.assembly.tower import launch_as_begun, plan_of, written_of

        rollback = plan_of(self._settings, written_of(launch_as_begun(self._settings))).rollback
        if rollback is None:
            return RollbackPromise(0, "")
        steps = ", then ".join(rollback.steps)
        return RollbackPromise(rollback.within_ns or 0, f"back to {rollback.target}{f': {steps}' if steps else ''}")

    # -- what is moved -------------------------------------------------------------------------------------------

    async def kill(self, reason: str) -> ObservedKill:
        from fairway.operations.trader.kill import KILL, KillRequest

        request = KillRequest(config=self._config, reason=reason, account=self._named)
        try:
            outcome = await asyncio.to_thread(perform, KILL, self._asking(request))
        except Refusal as error:
            return ObservedKill(is_verified=False, lines=(str(error),))
        return ObservedKill(is_verified=outcome.is_done, lines=outcome.lines)

    async def resume(self, reason: str) -> str:
        """The trader is held down meanwhile: its supervisor would take a stop for the end that a person wants."""
        from fairway.operations.trader.resume import RESUME, ResumeRequest
        from fairway.operations.trader.stop import STOP, StopRequest

        self._hold(TRADER, STOPPED_NS, reason)
        try:
            why = await self._moved(STOP, StopRequest(config=self._config))
            return why or await self._moved(RESUME, ResumeRequest(config=self._config, reason=reason, account=self._named))
        finally:
            let_start(self._settings, TRADER)

    async def contain(self, reason: str) -> str:
        from fairway.operations.launch.hold import HOLD, HoldRequest

        return await self._moved(HOLD, HoldRequest(config=self._config, reason=reason, contain=True))

    async def release(self, reason: str) -> str:
        from fairway.operations.launch.release import RELEASE, ReleaseRequest

        request = ReleaseRequest(config=self._config, hold_id=self._hold_id, reason=reason)
        return await self._moved(RELEASE, request, unless="HOLD_UNKNOWN")

    async def limit_positions(self, positions: int, reason: str) -> str:
        from fairway.journal.commands import LimitPositions
        from fairway.operations.trader.instruct import instruct

        told = LimitPositions(reason=reason, account=self._account, positions=positions)
        outcome = await asyncio.to_thread(instruct, self._settings, told, self._call, "it holds no more")
        return "" if outcome.is_done else "; ".join(outcome.lines)

    async def trial_entry(self, symbol: str, reason: str) -> None:
        from fairway.journal.command_inbox import command_inbox_beside, say
        from fairway.journal.commands import TrialEntry

        settings, asked = self._settings, TrialEntry(reason=reason, account=self._account, symbol=symbol)
        where, by, now = command_inbox_beside(settings.journal), self._call.actor.name, self._clock.now()
        await asyncio.to_thread(say, where, asked, mode=settings.mode, trader=settings.account, by=by, at=now)

    async def lift_limit(self, reason: str) -> str:
        from fairway.operations.trader.lift import LIFT, LiftRequest
        from fairway.risk import cap_kinds

        request = LiftRequest(config=self._config, cap=cap_kinds.LIMITED.id_of(), reason=reason, account=self._named)
        return await self._moved(LIFT, request, unless="CAP_UNKNOWN")

    async def end_pilot(self, down_ns: int) -> str:
        from fairway.launch.control.command_inbox import launch_beside

        pilot = self._holder(launch_beside(self._settings.journal))
        if pilot is None:
            return "no pilot flies a launch beside the trader here"
        self._hold(PILOT, down_ns, "its death is drilled")
        try:
            os.kill(pilot.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError) as error:
            let_start(self._settings, PILOT)
            return f"{pilot} cannot be killed: {error.strerror}"
        return ""

    async def let_pilot_start(self) -> str:
        try:
            let_start(self._settings, PILOT)
        except OSError as error:
            return f"its hold cannot be removed: {error.strerror}"
        return ""

    # -- how ------------------------------------------------------------------------------------------------------

    async def _moved(self, operation: Operation[Any, Any], request: Any, unless: str = "") -> str:
        """Why it was not done, "" where it was. unless: the code of a refusal that says that there is nothing to do."""
        try:
            outcome = await asyncio.to_thread(perform, operation, self._asking(request))
        except Refusal as error:
            return "" if unless and error.code.startswith(unless) else str(error)
        why = str(getattr(outcome, "refused", "") or "")
        return "" if outcome.is_done or (unless and unless in why) else "; ".join(outcome.lines)

    def _asking(self, request: Any) -> Call[Any]:
        return Call(actor=self._call.actor, request=request, tell=self._call.tell)

    def _hold(self, name: str, for_ns: int, why: str) -> None:
        now = self._clock.now()
        hold_down(self._settings, HeldProcess(name=name, since=now, until=now + for_ns, why=why))

    @property
    def _named(self) -> str:
        """As an operation of a bot of many accounts asks for it."""
        return self._account if self._settings.people is not None else ""

    @property
    def _hold_id(self) -> str:
        return f"person {self._call.actor.name}"

    @staticmethod
    def _holder(journal: Path | str) -> "LockHolder | None":
        """The process on this machine that writes a journal; a database does not say which one does."""
        from fairway.journal.writer_lock import holder_of

        holder = holder_of(journal) if isinstance(journal, Path) else None
        return holder if holder is not None and holder.is_here else None
