"""How a drill pages people: it opens an incident that only tests the way to them, and reads who acknowledged it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fairway.operations.drills.drill_run import DrillNotPossible
from fairway.operations.operation import Call

if TYPE_CHECKING:
    from fairway.incidents.incident import Incident
    from fairway.risk.causes import AlertSeverity
    from fairway.settings import Settings


@dataclass(frozen=True, slots=True)
class PageSeen:
    """What became of a page. at: when the incident was opened (ns); by: who acknowledged it, "" while nobody has.

    sent: the channels that delivered it; took_ns: from its opening until it was acknowledged.
    """

    at: int
    sent: tuple[str, ...] = ()
    by: str = ""
    took_ns: int = 0


class Pager(Protocol):
    async def page(self, severity: "AlertSeverity", title: str) -> str:
        """Opens an incident that is a drill. Returns its id. Raises DrillNotPossible where alerting does not do it."""
        ...

    async def seen(self, incident: str) -> PageSeen:
        """Raises JournalErrors."""
        ...

    async def end(self, incident: str, reason: str) -> str:
        """Resolves it. Returns why it is not resolved, "" where it is."""
        ...


def page_of(incident: "Incident") -> PageSeen:
    """What is known of an incident as a page."""
    acknowledged_at = incident.first_acknowledged_at
    by = incident.commander if acknowledged_at else ""
    took = max(acknowledged_at - incident.declared_at, 0) if acknowledged_at else 0
    return PageSeen(incident.declared_at, incident.report.delivered, by, took)


class RealPager:
    """Pages through the alerting process of a configuration. call: of the person who drills."""

    def __init__(self, settings: "Settings", config: Path, call: Call[Any]) -> None:
        self._settings, self._config, self._call = settings, config, call

    async def page(self, severity: "AlertSeverity", title: str) -> str:
        from fairway.incidents.incident_commands import Declare
        from fairway.operations.incidents.instruct import instruct_alerting

        command = Declare(title=title, severity=severity, is_drill=True)
        answer = await asyncio.to_thread(instruct_alerting, self._settings, command, self._call)
        if not answer.is_done:
            raise DrillNotPossible("; ".join(answer.lines))
        return answer.made

    async def seen(self, incident: str) -> PageSeen:
        from fairway.operations.incidents.reading import incident_named, incidents_now

        return page_of(incident_named(await asyncio.to_thread(incidents_now, self._settings), incident))

    async def end(self, incident: str, reason: str) -> str:
        from fairway.incidents.incident_commands import MovePhase
        from fairway.incidents.lifecycle import IncidentPhase
        from fairway.operations.incidents.instruct import instruct_alerting

        command = MovePhase(incident=incident, phase=IncidentPhase.RESOLVED, reason=reason)
        answer = await asyncio.to_thread(instruct_alerting, self._settings, command, self._call)
        return "" if answer.is_done else "; ".join(answer.lines)
