"""Builds the operational log of a process, and puts it around the process's venue, journal, inboxes and loop."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from fairway.journal.kinds import Event
from fairway.journal.port import Journal
from fairway.logs.event_lines import EventLines
from fairway.logs.log import LogForm, Logger, Process, new_log
from fairway.logs.log_file import DELAY_S, LogFile
from fairway.logs.redaction import Redaction
from fairway.logs.slow_calls import SlowLimits, logged_calls, logged_journal, logged_venue, watch_loop
from fairway.settings import Settings
from fairway.venues.port import Venue
from fairway.world.clock import Clock, text_of

T = TypeVar("T")

DEVICES: Final = Path("/dev")


class LogOptions(NamedTuple):
    """Where a log is written, from which level on, and in which form."""

    file: Path
    level: str = "info"
    form: LogForm = LogForm.JSON


class OperationalLog:
    """Without a log it passes everything on as it is."""

    def __init__(
        self,
        clock: Clock,
        log: Logger | None = None,
        file: LogFile | None = None,
        redaction: Redaction | None = None,
    ) -> None:
        self._clock, self.log, self._file = clock, log, file
        self.limits, self.redaction = SlowLimits(), redaction or Redaction()
        self._lines = EventLines(log, _later) if log is not None else None

    def venue(self, venue: Venue, **fields: str) -> Venue:
        """The venue, with each request timed; the fields stand in each line."""
        return logged_venue(venue, self.log.bind(**fields), self._clock, self.limits) if self.log is not None else venue

    def journal(self, journal: Journal) -> Journal:
        return logged_journal(journal, self.log, self._clock, self.limits) if self.log is not None else journal

    def reader(self, reader: T, event: str, *names: str) -> T:
        """A port that reads what others wrote, with these coroutines timed under the name of an event."""
        return self._timed(reader, event, names, self.limits.read_ns)

    def served(self, server: T, event: str, *names: str) -> T:
        """What answers requests of others, with these coroutines timed under the name of an event."""
        return self._timed(server, event, names, self.limits.served_ns)

    def _timed(self, inner: T, event: str, names: Sequence[str], limit_ns: int) -> T:
        return logged_calls(inner, self.log, self._clock, event, names, limit_ns) if self.log is not None else inner

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        """Logs what happened to an account; it is durable now."""
        if self._lines is not None:
            self._lines.hear(account, events, at)

    def tell(self, what: str) -> None:
        """Logs what no event can say, such as that the journal cannot be written."""
        if self.log is not None:
            self.log.error("notice", text=what)

    async def watching(self, work: Coroutine[object, object, T]) -> T:
        """Does the work; logs how it ends, and stalls of the loop meanwhile. Raises what the work raises."""
        if self.log is None or self._file is None:
            return await work
        self._file.start(asyncio.get_running_loop())
        watch = asyncio.ensure_future(watch_loop(self.log, self._clock, self.limits))
        self.log.info("process_started")
        try:
            return await work
        except Exception as error:
            self._flush()
            self.log.error("process_failed", exc_info=error)
            raise
        finally:
            watch.cancel()
            self._flush()
            self.log.info("process_stopped")

    def close(self) -> None:
        self._flush()
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if self._lines is not None:
            self._lines.flush()


def operational_log(settings: Settings, clock: Clock, process: Process = Process.TRADER, suffix: str = "") -> OperationalLog:
    """The log of a process of these settings; one that writes nothing where they name no file. Raises SecretMissing.

    suffix: tells processes of one kind apart that may run at the same time.
    """
    if settings.log.file is None:
        return OperationalLog(clock)
    file = file_of(settings.log.file, process, suffix)
    log = opened_log(LogOptions(file, settings.log.level, LogForm(settings.log.format)), clock, process)
    if process is not Process.METRICS:  # it connects to no venue, and may run where the keys are not
        log.redaction.hide(*(each.reveal() for each in (settings.venue.key, settings.venue.secret) if each is not None))
    return log


def opened_log(options: LogOptions, clock: Clock, process: Process) -> OperationalLog:
    """The log of one process. Nothing is opened before its first line."""
    redaction = Redaction()
    file = LogFile(options.file, lambda count: _lost(count, clock, process))
    log = new_log(file.write, clock, level=options.level, form=options.form, redaction=redaction)
    return OperationalLog(clock, log.bind(process=process.value), file, redaction)


def file_of(file: Path, process: Process, suffix: str = "") -> Path:
    """The file of one process: the trader's is the configured one, another's has its name behind, for no two write one file.

    A device, such as a terminal, is shared.
    """
    if process is Process.TRADER or file.parent == DEVICES:
        return file
    return file.with_name(".".join(filter(None, (file.name, process.value, suffix))))


def _lost(count: int, clock: Clock, process: Process) -> str:
    fields = {"at": text_of(clock.now()), "level": "warning", "event": "log_lines_lost"}
    return json.dumps(fields | {"process": process.value, "count": count})


def _later(call: Callable[[], None]) -> object:
    """A moment later: the orders that follow from an event leave first."""
    return asyncio.get_running_loop().call_later(DELAY_S, call)
