"""Performs commands in threads of their own: it is answered at once that one was accepted, and later what became of it."""

import asyncio
import logging
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import fields
from typing import Any, Final

import msgspec

from fairway.api.authentication import Caller
from fairway.api.command_record import CommandRecord, Commands
from fairway.api.problems import HttpProblem, problem_of
from fairway.api.server_events import CommandAccepted, CommandEnded, CommandProgressed, ServerEvent
from fairway.api.server_journal import ServerJournal
from fairway.api.threads import short
from fairway.journal.port import JournalError
from fairway.operations.operation import Call, Exposure, Outcome, Progress
from fairway.operations.perform import perform
from fairway.operations.permissions import check_permission
from fairway.operations.registry import AnyOperation
from fairway.people.master_key import Fresh
from fairway.people.token import new_id
from fairway.world.clock import Clock

LOWERING_THREADS: Final = 16
"""For what lowers exposure; nothing else ever takes one of these."""
OTHER_THREADS: Final = 4
WAITING_MAX: Final = 32
"""Commands that may wait for one of the other threads; one more is refused."""
_LOG: Final = logging.getLogger(__name__)
_PLAIN: Final = frozenset(field.name for field in fields(Outcome))
_BUG: Final = "SERVER_FAILED"


class CommandRunner:
    """Of one server. Its journal has a command before it is performed, and its end when it has ended."""

    def __init__(self, journal: ServerJournal, clock: Clock, fresh: Fresh) -> None:
        self._journal, self._clock, self._fresh = journal, clock, fresh
        self._commands = Commands(journal.recent())
        self._turn = threading.Lock()
        self._lowering = ThreadPoolExecutor(LOWERING_THREADS, thread_name_prefix="lowering")
        self._others = ThreadPoolExecutor(OTHER_THREADS, thread_name_prefix="command")
        self._futures: dict[str, Future[None]] = {}

    def accept(self, operation: AnyOperation, request: Any, shown: str, caller: Caller, key: str) -> CommandRecord:
        """Writes the command down and begins it; the one that was sent with the same key, where there is one.

        shown: the request as JSON. Raises HttpProblem, Refusal where the role, the scope or the age of the sign-in forbids it,
        JournalErrors.
        """
        call = Call(actor=caller.actor, request=request, key=key)
        check_permission(operation, call)
        lowers = operation.exposure is Exposure.LOWERS
        with self._turn:
            known = self._commands.by_key(caller.actor.name, key) if key else None
            if known is not None:
                return _same(known, operation, shown)
            if not lowers and len(self._futures) >= OTHER_THREADS + WAITING_MAX:
                raise HttpProblem(
                    503, "COMMANDS_TOO_MANY", "too many commands are being performed; try again", headers={"Retry-After": "5"}
                )
            command_id = new_id(self._fresh)
            accepted = CommandAccepted(
                id=command_id, operation=operation.name, request=shown, shell=caller.actor.shell.value, key=key
            )
            self._write(accepted, caller.actor.name, must=not lowers)
            pool = self._lowering if lowers else self._others
            self._futures[command_id] = pool.submit(self._perform, command_id, operation, call)
            found = self._commands.get(command_id)
        assert found is not None
        return found

    def get(self, command_id: str) -> CommandRecord | None:
        """The command with this id, as it stands now."""
        with self._turn:
            return self._commands.get(command_id)

    def newest(self, count: int) -> list[CommandRecord]:
        """The newest commands, the newest first."""
        with self._turn:
            return self._commands.newest(count)

    async def ended(self, command_id: str, within_s: float) -> CommandRecord:
        """The command as it stands after its end, or after this time."""
        with self._turn:
            future = self._futures.get(command_id)
        if future is not None:
            await asyncio.wait([asyncio.wrap_future(future)], timeout=within_s)
        found = await short(self.get, command_id)
        assert found is not None
        return found

    def close(self) -> None:
        """Waits for what is being performed; nothing that waits is begun."""
        for pool in (self._others, self._lowering):
            pool.shutdown(wait=True, cancel_futures=pool is self._others)

    def _perform(self, command_id: str, operation: AnyOperation, call: Call[Any]) -> None:
        by = call.actor.name

        def tell(progress: Progress) -> None:
            with self._turn:
                self._write(CommandProgressed(id=command_id, sentence=progress.sentence), by, must=False)

        told = Call(actor=call.actor, request=call.request, key=call.key, tell=tell)
        try:
            ended = _ended(command_id, perform(operation, told))
        except Exception as error:  # whatever it was, the sender must learn that it ended
            ended = _refused(command_id, error)
            if ended.code == _BUG:
                _LOG.exception("the command %s failed by a mistake in Fairway itself", command_id)
        finally:
            with self._turn:
                self._write(ended, by, must=False)
                self._futures.pop(command_id, None)

    def _write(self, event: ServerEvent, by: str, *, must: bool) -> None:
        """Within the lock. What lowers exposure goes on where the disk is full; it is remembered in memory then."""
        try:
            self._journal.record(event, by=by)
        except JournalError:
            if must:
                raise
        self._commands.apply(event, by, self._clock.now())


def _same(known: CommandRecord, operation: AnyOperation, shown: str) -> CommandRecord:
    """Raises HttpProblem where the key was used for another command."""
    if (known.operation, known.request) != (operation.name, shown):
        what = f"the idempotency key {known.key!r} belongs to another command, {known.operation} {known.id}; take a new key"
        raise HttpProblem(409, f"KEY_REUSED: command={known.id}", what)
    return known


def _ended(command_id: str, outcome: Outcome) -> CommandEnded:
    own = {field.name: getattr(outcome, field.name) for field in fields(outcome) if field.name not in _PLAIN}
    return CommandEnded(
        id=command_id,
        is_done=outcome.is_done,
        code="",
        sentences=outcome.lines,
        outcome=msgspec.json.encode(own, enc_hook=str).decode(),
    )


def _refused(command_id: str, error: Exception) -> CommandEnded:
    problem = problem_of(error)
    if problem is None:
        what = f"a mistake in Fairway itself ended it ({type(error).__name__}); look at the venue before it is repeated"
        return CommandEnded(id=command_id, is_done=False, code=_BUG, sentences=(what,), outcome="")
    return CommandEnded(id=command_id, is_done=False, code=problem.code, sentences=(problem.detail,), outcome="")
