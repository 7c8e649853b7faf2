"""The children of one configuration, in the order in which they start, and the safe mode of its trader."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from fairway.assembly.direct_page import page_directly
from fairway.assembly.system_status import SystemStatus, place_of, write_status
from fairway.incidents.alerting_journal import alerting_beside
from fairway.journal.port import JournalError
from fairway.journal.sql import open_reader
from fairway.journal.writer_lock import holder_of
from fairway.launch.control.command_inbox import launch_beside
from fairway.operations.actor import owner_of_machine
from fairway.operations.held_processes import PILOT, TRADER, held_down, take_start
from fairway.operations.launch.begin_files import pilot_plan, why_no_plan
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.pause import PAUSE, PauseRequest
from fairway.settings import Settings
from fairway.settings.server import server_journal_beside
from fairway.store.failures import StoreError
from fairway.supervision.child import ChildSpec, Readiness, Show
from fairway.supervision.supervisor import NAME
from fairway.world.clock import SystemClock

EXCHANGE: Final = "exchange"
ALERTING: Final = "alerting"
SERVER: Final = "server"
ANSWERS_WITHIN_S: Final = 2.0
PAGES_AFTER_S: Final = 5.0
"""So long a page waits for what came of the pause, which it tells."""
NO_RESTART: Final = frozenset({0, 3, 16})
"""Ends that are no crash: a person stopped it; the configuration has mistakes; a later start has taken over the account."""


WAITS: Final = frozenset({9})
"""The end of a trader that cannot reach the venue: an outage there is no mistake of the trader, and brings no safe mode."""


def children(config: Path, settings: Settings) -> Iterator[ChildSpec]:
    """In the order of their start: the exchange, the trader, the pilot, alerting, the server."""
    practice = settings.up.exchange
    if practice is not None:
        words = f"exchange serve --hide-keys --port {practice.port} --seed {practice.seed} --keep".split()
        words.append(str(practice.keep))
        for account in practice.accounts:
            words += ["--account", account]
        url = f"http://127.0.0.1:{practice.port}/api/v3/ping"
        yield ChildSpec(name=EXCHANGE, words=tuple(words), is_ready=_answers(url), final=frozenset())
    yield ChildSpec(name=TRADER, words=("run", str(config)), is_ready=_has_started(settings), final=NO_RESTART, waits=WAITS)
    if settings.up.plan or settings.lease:
        words = ["launch", "start", str(config), *filter(None, [pilot_plan(config, settings)])]
        is_ready = _writes(launch_beside(settings.journal))
        yield ChildSpec(name=PILOT, words=tuple(words), is_ready=is_ready, final=NO_RESTART)
    if settings.alerts is not None:
        is_ready = _writes(alerting_beside(settings.journal))
        yield ChildSpec(name=ALERTING, words=("alerts", "run", str(config)), is_ready=is_ready, final=frozenset({0, 3}))
    if settings.server is not None:
        is_ready = _writes(server_journal_beside(settings.journal))
        yield ChildSpec(name=SERVER, words=("server", str(config)), is_ready=is_ready, final=frozenset({0, 3}))


def _answers(url: str) -> Readiness:
    """Ready once a request is answered."""

    async def is_ready(process_id: int) -> bool:
        return await asyncio.to_thread(_is_answered, url)

    return is_ready


def _is_answered(url: str) -> bool:
    with suppress(URLError, OSError), urlopen(url, timeout=ANSWERS_WITHIN_S):
        return True
    return False


def _writes(journal: Path | str) -> Readiness:
    """Ready once the process holds the writer lock of its journal. A database does not say who holds it."""

    async def is_ready(process_id: int) -> bool:
        if not isinstance(journal, Path):
            return True
        holder = holder_of(journal)
        return holder is not None and holder.pid == process_id

    return is_ready


def _has_started(settings: Settings) -> Readiness:
    """Ready once the trader has written to its journal, which it does when it has replayed it and has asked the venue."""
    writes, first_seen_at = _writes(settings.journal), dict[int, int]()

    async def is_ready(process_id: int) -> bool:
        began_at = first_seen_at.setdefault(process_id, SystemClock().now())
        return await writes(process_id) and await asyncio.to_thread(_last_at, settings) >= began_at

    return is_ready


def _last_at(settings: Settings) -> int:
    """When the trader last wrote (ns); 0 where that cannot be read."""
    with suppress(JournalError), open_reader(settings.journal, trader=settings.account) as journal:
        last = journal.last()
        return last.at if last is not None else 0
    return 0


@dataclass(frozen=True, slots=True)
class ConfiguredSystem:
    """The system of a configuration, as its supervisor needs it."""

    config: Path
    settings: Settings
    show: Show

    async def enter_safe_mode(self, reason: str) -> str:
        """Pauses every account of the trader, and pages people: the process that was given up may be the alerting process.

        Nothing is opened until a person lifts it, and stops stay in place. A pause that takes its time delays no page for long.
        """
        pausing = asyncio.create_task(self._pause(reason), name="pause")
        await asyncio.wait([pausing], timeout=PAGES_AFTER_S)
        paused = pausing.result() if pausing.done() else "whether the trader has been told to open nothing is not known yet"
        lines = (reason, paused, "stops and targets stay at the venue")
        paged = await page_directly(self.settings, "Fairway is in safe mode", lines, SystemClock().now())
        return f"{await pausing} {paged}"

    async def _pause(self, reason: str) -> str:
        request = PauseRequest(config=self.config, reason=f"safe mode: {reason}", everyone=self.settings.people is not None)
        call = Call(actor=owner_of_machine("fairway up"), request=request, key=f"safe mode {os.getpid()}")
        try:
            outcome = await asyncio.to_thread(perform, PAUSE, call)
        except Exception as error:  # whatever failed, the children must go on being supervised, and a person be called
            return f"the trader could not be told to open nothing: {error}; give it yourself: fairway kill {self.config}"
        return " ".join(outcome.lines)

    def why_held(self, name: str) -> str:
        """Why a child is not started now; "" where nothing holds it down."""
        found = held_down(self.settings, name, SystemClock().now())
        return str(found) if found is not None else ""

    def why_idle(self, name: str) -> str:
        """Why a child has nothing to do; "" where it has. A journal that cannot be read is for the child itself to tell."""
        with suppress(JournalError, StoreError):
            return why_no_plan(self.config, self.settings) if name == PILOT else ""
        return ""

    def is_asked_to_start(self, name: str) -> bool:
        """Whether a person has asked to start a child that ended for good."""
        return take_start(self.settings, name, SystemClock().now())

    def keep(self, status: SystemStatus) -> None:
        """Keeps the status beside the journal; a disk that is full stops nothing."""
        try:
            write_status(place_of(self.settings), status)
        except OSError as error:
            self.show(NAME, f"! the status cannot be written: {error.strerror or error}")
