"""Shows incidents: a list, and one with its timeline."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.incidents.instruct import incident_subject
from fairway.operations.incidents.reading import incident_named, incidents_now
from fairway.operations.incidents.timelines import timeline_now
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import load
from fairway.texts.durations import duration_words
from fairway.world.clock import text_of

if TYPE_CHECKING:
    from fairway.incidents.incident import Incident
    from fairway.incidents.timeline import IncidentTimeline


@dataclass(frozen=True, slots=True, kw_only=True)
class ListIncidentsRequest:
    """all_incidents: those that are closed, too."""

    config: Path
    all_incidents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowIncidentRequest:
    config: Path
    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsOutcome(Outcome):
    """incidents: the newest first."""

    incidents: "tuple[Incident, ...]"


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOutcome(Outcome):
    incident: "Incident"
    timeline: "IncidentTimeline"


def perform_list(call: Call[ListIncidentsRequest]) -> IncidentsOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    state = incidents_now(load(call.request.config))
    shown = list(state.by_id.values()) if call.request.all_incidents else list(state.living())
    shown.sort(key=lambda each: each.declared_at, reverse=True)
    none = "no incident was ever declared" if call.request.all_incidents else "no incident is open"
    return IncidentsOutcome(incidents=tuple(shown), lines=tuple(map(_line, shown)) or (none,))


def _line(incident: "Incident") -> str:
    commander = incident.commander or "not acknowledged"
    return (
        f"{incident.id}  {incident.severity.value}  {incident.phase.value:10}  since {text_of(incident.declared_at)[:16]}  "
        f"{len(incident.firing)} of {len(incident.alerts)} alerts fire  {commander}  {' '.join(incident.title.split())}"
    )


def perform_show(call: Call[ShowIncidentRequest]) -> IncidentOutcome:
    """Raises Refusal, SettingsError, JournalErrors of the alerting journal; another journal that cannot be read is named."""
    settings = load(call.request.config)
    incident = incident_named(incidents_now(settings), call.request.incident)
    timeline = timeline_now(settings, incident)
    lines = [
        _line(incident),
        *_facts(incident),
        *(f"{text_of(each.at)[:19]}  {_of(each.source, each.account)}  {each.what}" for each in timeline.lines),
    ]
    lines += [f"{count:,} more lines of {name} are left out" for name, count in timeline.left_out.items()]
    lines += [f"{name}: UNKNOWN, {why}" for name, why in timeline.unread.items()]
    return IncidentOutcome(incident=incident, timeline=timeline, lines=tuple(lines))


def _of(source: str, account: str) -> str:
    return f"{source} {account}" if account else source


def _facts(incident: "Incident") -> list[str]:
    detected = duration_words(incident.first_seen_at - incident.since)
    found = [f"  detected {detected} after it began; runbook {incident.runbook or 'none'}; cause {incident.cause or 'not known'}"]
    return found + [f"  fires: {key}: {incident.alerts[key].reason}" for key in incident.firing]


def _preview(call: object) -> Preview:
    return Preview(effect="reads the journals; nothing is changed")


LIST_INCIDENTS: Final = Operation(
    name="incident list",
    summary="List the incidents that are not closed, the newest first.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ListIncidentsRequest,
    subject=incident_subject,
    preview=_preview,
    perform=perform_list,
)
SHOW_INCIDENT: Final = Operation(
    name="incident show",
    summary="Show an incident, with its timeline from all journals.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ShowIncidentRequest,
    subject=incident_subject,
    preview=_preview,
    perform=perform_show,
)
OPERATIONS: Final = (LIST_INCIDENTS, SHOW_INCIDENT)
