"""Writes the status page as static files, at each change and once a minute, so that any web server or CDN can serve them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from fairway.incidents.alerting_service import AlertingService
from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.protection import PositionProtection
from fairway.incidents.status_page import StatusFacts, status_page
from fairway.watch.series import Spell
from fairway.world.clock import MINUTE
from fairway.world.files import replaced

HTML: Final = "index.html"
JSON: Final = "status.json"
READABLE: Final = 0o644
"""Unlike all other files of Fairway, everyone may read these."""


class StatusPageFiles:
    """folder: made where it is missing. maintenance: planned spells (ns). `note` follows a service."""

    def __init__(self, folder: Path, service: AlertingService, maintenance: Sequence[Spell]) -> None:
        self._folder, self._service, self._maintenance = folder, service, tuple(maintenance)
        self._written: StatusFacts | None = None
        self._written_at = 0
        self.trouble = ""
        """Why the page could not be written the last time; "" where it could. The page then shows by itself that it is stale."""

    def note(self, now: int, events: Sequence[Struct]) -> None:
        """Called after each tick with its instant (ns) and its events."""
        facts = self._facts()
        if not events and facts == self._written and now - self._written_at < MINUTE:
            return
        self._written, self._written_at = facts, now
        try:
            self._write(facts, now)
            self.trouble = ""
        except OSError as error:
            self.trouble = f"the status page cannot be written: {error.strerror or error}"

    def _write(self, facts: StatusFacts, now: int) -> None:
        page = status_page(self._service.policy, self._service.state.incidents, facts, now)
        self._folder.mkdir(parents=True, exist_ok=True)
        for name, content in ((HTML, page.html), (JSON, page.json)):
            with replaced(self._folder / name, is_durable=False) as draft:
                draft.write_bytes(content)
                draft.chmod(READABLE)

    def _facts(self) -> StatusFacts:
        """A part of the service is known to work only while the trader says how it is."""
        facts: IncidentFacts = self._service.facts
        is_known = facts.protection is not PositionProtection.UNKNOWN
        parts = dict.fromkeys(self._service.policy.components.values(), is_known)
        return StatusFacts(
            known=parts,
            maintenance=self._maintenance,
            protection=facts.protection,
            watched_since=self._service.state.began_at,
        )
