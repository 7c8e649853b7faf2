"""Keeps the transcript of an execution: in the journal of executed runbooks, and as notes in the timeline of its incident."""

from collections.abc import Callable
from dataclasses import dataclass

from fairway.incidents.alerting_journal import tell_alerting
from fairway.incidents.incident_commands import AddNote
from fairway.incidents.runbooks.runbook_events import RunbookEvent, sentence_of
from fairway.incidents.runbooks.runbook_journal import record_runbook
from fairway.settings import Settings
from fairway.world.clock import Clock


@dataclass(frozen=True, slots=True)
class JournaledTranscript:
    """Of one execution."""

    settings: Settings
    clock: Clock
    by: str

    def write(self, event: RunbookEvent) -> None:
        """Durable when this returns. Raises JournalErrors."""
        settings, now = self.settings, self.clock.now()
        record_runbook(settings.journal, [event], mode=settings.mode, trader=settings.account, by=self.by, at=now)
        if event.incident:
            note = AddNote(incident=event.incident, text=sentence_of(event))
            tell_alerting(settings.journal, note, mode=settings.mode, trader=settings.account, by=self.by, at=now)


@dataclass(frozen=True, slots=True)
class UnjournaledTranscript:
    """Where the configuration cannot be read, so that it is not known where the journal is: every write fails."""

    why: Callable[[], Exception]

    def write(self, event: RunbookEvent) -> None:
        """Raises what keeps the journal from being found."""
        raise self.why()
