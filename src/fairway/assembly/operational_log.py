"""Builds the operational log that the settings ask for, and puts it around a trader's venue, journal and loop."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Sequence

from fairway.journal.kinds import Event
from fairway.journal.port import Journal
from fairway.logs.event_lines import EventLines
from fairway.logs.log import LogForm, Logger, new_log
from fairway.logs.log_file import DELAY_S, LogFile
from fairway.logs.redaction import Redaction
from fairway.logs.slow_calls import SlowLimits, logged_journal, logged_venue, watch_loop
from fairway.settings import Settings
from fairway.venues.port import Venue
from fairway.world.clock import Clock, text_of


class OperationalLog:
    """Without a log it passes everything on as it is."""

    def __init__(
        self, clock: Clock, log: Logger | None = None, file: LogFile | None = None, redaction: Redaction | None = None
    ) -> None:
        self._clock, self._log, self._file = clock, log, file
        self._limits, self.redaction = SlowLimits(), redaction or Redaction()
        self._lines = EventLines(log, _later) if log is not None else None

    def venue(self, venue: Venue) -> Venue:
        return logged_venue(venue, self._log, self._clock, self._limits) if self._log is not None else venue

    def journal(self, journal: Journal) -> Journal:
        return logged_journal(journal, self._log, self._clock, self._limits) if self._log is not None else journal

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        """Logs what happened to an account; it is durable now."""
        if self._lines is not None:
            self._lines.hear(account, events, at)

    def tell(self, what: str) -> None:
        """Logs what no event can say, such as that the journal cannot be written."""
        if self._log is not None:
            self._log.error("notice", text=what)

    async def watching(self, work: Coroutine[object, object, None]) -> None:
        """Does the work; logs how it ends, and stalls of the loop meanwhile. Raises what the work raises."""
        if self._log is None or self._file is None:
            return await work
        self._file.start(asyncio.get_running_loop())
        watch = asyncio.ensure_future(watch_loop(self._log, self._clock, self._limits))
        self._log.info("trader_started")
        try:
            await work
        except Exception as error:
            self._flush()
            self._log.error("trader_failed", exc_info=error)
            raise
        finally:
            watch.cancel()
            self._flush()
            self._log.info("trader_stopped")

    def close(self) -> None:
        self._flush()
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if self._lines is not None:
            self._lines.flush()


def operational_log(settings: Settings, clock: Clock) -> OperationalLog:
    """The log of these settings; one that writes nothing where they name no file. Raises SecretMissing."""
    if settings.log.file is None:
        return OperationalLog(clock)
    redaction = Redaction()
    redaction.hide(*(each.reveal() for each in (settings.venue.key, settings.venue.secret) if each is not None))
    file = LogFile(settings.log.file, lambda count: _lost(count, clock))
    log = new_log(file.write, clock, level=settings.log.level, form=LogForm(settings.log.format), redaction=redaction)
    return OperationalLog(clock, log, file, redaction)


def _lost(count: int, clock: Clock) -> str:
    return json.dumps({"at": text_of(clock.now()), "level": "warning", "event": "log_lines_lost", "count": count})


def _later(call: Callable[[], None]) -> object:
    """A moment later: the orders that follow from an event leave first."""
    return asyncio.get_running_loop().call_later(DELAY_S, call)
