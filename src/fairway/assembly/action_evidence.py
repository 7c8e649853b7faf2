"""Brings the launch evidence of whether an action item of a postmortem is overdue, where its plan asks for it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from msgspec import Struct

from fairway.incidents.alerting_service import AlertingService
from fairway.journal.port import JournalError
from fairway.launch.control.command_inbox import tell
from fairway.launch.control.commands import Submit
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.postmortem_actions import CLAIM, evidence_due
from fairway.launch.views.launch_view import LaunchView
from fairway.settings import Settings
from fairway.world.clock import MINUTE

BY: Final = "alerting"


class ActionEvidence:
    """launch: the launch as alerting reads it. `note` follows a service."""

    def __init__(self, settings: Settings, launch: LaunchView, service: AlertingService) -> None:
        self._settings, self._launch, self._service = settings, launch, service
        self._last: Evidence | None = None
        self._looked_at = 0

    def note(self, now: int, events: Sequence[Struct]) -> None:
        """Called after each tick with its instant (ns) and its events. What cannot be written is written a minute later."""
        if now - self._looked_at < MINUTE and not events:
            return
        self._looked_at = now
        if CLAIM not in self._launch.claims_asked:
            return
        found = evidence_due(self._service.state.incidents, self._last, now)
        if found is not None:
            with suppress(JournalError):
                self._bring(found, now)
                self._last = found

    def _bring(self, evidence: Evidence, now: int) -> None:
        settings, submit = self._settings, Submit(reason="action items of postmortems were looked at", evidence=evidence)
        tell(settings.journal, submit, mode=settings.mode, trader=settings.account, by=BY, at=now)
