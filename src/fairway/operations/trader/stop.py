"""Stop: asks a running trader to stop in an orderly way. Stops and targets stay at the venue.

The trader is asked by SIGTERM, sent to the process that holds the writer lock of its journal. It has stopped once that process
has released the lock.
"""

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.refusal import Ground, Refusal, against_rule
from fairway.operations.trader.accounts_of_trader import permissions_of
from fairway.operations.trader.instruct import settings_to_lower
from fairway.people.roles import UserAct
from fairway.settings import Settings
from fairway.texts.messages.catalogue import rendered
from fairway.texts.messages.message import message
from fairway.texts.messages.stop_messages import StopMessage

if TYPE_CHECKING:
    from fairway.journal.writer_lock import LockHolder

LOOKS_MAX: Final = 150
NAP_S: Final = 0.1
"""Fifteen seconds in all: a trader stops within two, where its venue and its disk answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StopOutcome(Outcome):
    """is_done: whether the trader has released the lock of its journal. pid: of its process."""

    pid: int
    without_stop: tuple[str, ...] = ()
    """Account and symbol of each position that no stop protects wholly, by the journal."""


def perform_stop(call: Call[StopRequest]) -> StopOutcome:
    """Raises Refusal where no trader runs, or where it cannot be reached from here."""
    config = call.request.config
    settings = settings_to_lower(config)
    journal = _journal_file(settings)
    holder = _running(journal)
    call.tell(Progress(f"asking the trader to stop: {holder}"))
    _ask(holder)
    if not _is_released(journal, holder):
        waited = message(StopMessage.STILL_STOPPING, process=str(holder), seconds=round(LOOKS_MAX * NAP_S), config=str(config))
        return StopOutcome(is_done=False, pid=holder.pid, lines=(rendered(waited).sentence,))
    stopped = message(StopMessage.TRADER_STOPPED, process=str(holder), config=str(config))
    return _stopped(settings, holder, rendered(stopped).sentence)


def _journal_file(settings: Settings) -> Path:
    if not isinstance(settings.journal, Path):
        raise against_rule(
            "JOURNAL_NOT_A_FILE: operation=stop",
            "the journal is in PostgreSQL, which does not say which process writes it now; "
            "press Ctrl-C in the trader's terminal, or send SIGTERM to its process",
        )
    return settings.journal


def _running(journal: Path) -> "LockHolder":
    """The process of the trader. Raises Refusal."""
    from fairway.journal.writer_lock import holder_of

    holder = holder_of(journal)
    if holder is None:
        raise against_rule("TRADER_NOT_RUNNING: journal", f"no trader writes {journal}; nothing was stopped")
    if not holder.is_here:
        raise against_rule(
            f"TRADER_ELSEWHERE: host={holder.host}", f"the trader runs as {holder}; give this command on that machine"
        )
    return holder


def _ask(holder: "LockHolder") -> None:
    """Sends SIGTERM. A process that has just ended is no error."""
    try:
        os.kill(holder.pid, signal.SIGTERM)
    except ProcessLookupError:
        return
    except PermissionError:
        what = f"the system does not let this user stop {holder}; give this command as the user that runs the trader"
        raise Refusal(f"STOP_FORBIDDEN: pid={holder.pid}", what, Ground.PERMISSION) from None


def _is_released(journal: Path, holder: "LockHolder") -> bool:
    """Whether this process lets the lock go in time; another trader that takes it meanwhile is another one."""
    from fairway.journal.writer_lock import holder_of

    for _ in range(LOOKS_MAX):
        if holder_of(journal) != holder:
            return True
        time.sleep(NAP_S)
    return False


def _stopped(settings: Settings, holder: "LockHolder", line: str) -> StopOutcome:
    """Positions without a stop, by the journal, come first. A journal that cannot be read changes nothing of the stop."""
    from fairway.journal.port import JournalError

    try:
        found = tuple(_without_stop(settings))
    except JournalError as error:
        return StopOutcome(pid=holder.pid, lines=(line, f"whether each position has its stop cannot be read: {error}"))
    warnings = (
        rendered(message(StopMessage.HELD_WITHOUT_STOP, account=account, symbol=symbol)).sentence for account, symbol in found
    )
    return StopOutcome(
        pid=holder.pid, lines=(*warnings, line), without_stop=tuple(f"{account} {symbol}" for account, symbol in found)
    )


def _without_stop(settings: Settings) -> Iterator[tuple[str, str]]:
    """Account and symbol. Raises JournalErrors."""
    from fairway.operations.trader.status import holdings_of
    from fairway.world.clock import SystemClock

    now = SystemClock().now()
    for account in permissions_of(settings):
        for held in holdings_of(settings, account, now).held:
            if held.stop is None or not held.is_covered:
                yield account, held.symbol


def preview_stop(call: Call[StopRequest]) -> Preview:
    """Which process would be stopped, and what stays. Raises Refusal, JournalErrors."""
    settings = settings_to_lower(call.request.config)
    holder = _running(_journal_file(settings))
    effect = f"{holder} stops: nothing is opened, closed or trailed; stops and targets that rest at the venue go on working"
    return Preview(effect=effect, accounts=tuple(permissions_of(settings)))


STOP = Operation(
    name="stop",
    summary="Ask a running trader to stop in an orderly way; stops and targets stay at the venue.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=StopRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_stop,
    perform=perform_stop,
)
OPERATIONS: Final = (STOP,)
