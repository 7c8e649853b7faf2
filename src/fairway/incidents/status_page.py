"""The status page for users: one static HTML page and the same as JSON, from what is known now.

No part of it comes from an alert: it names parts of the service, what people wrote to users, and times. What is unknown is shown
as unknown. The page carries until when it is fresh, and says by itself when it is not any more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec import Struct

from fairway.incidents.incident import Incident, Incidents, urgency
from fairway.incidents.policy import IncidentPolicy
from fairway.incidents.protection import PositionProtection
from fairway.risk.causes import AlertSeverity
from fairway.texts.durations import duration_words
from fairway.world.clock import DAY, MILLISECOND, MINUTE, text_of

if TYPE_CHECKING:
    from jinja2 import Template

DAYS: Final = 90
HISTORY_NS: Final = DAYS * DAY
FRESH_NS: Final = 5 * MINUTE
INCIDENTS_MAX: Final = 200
"""Past incidents on the page, the newest first."""


class ComponentState(StrEnum):
    """How a part of the service is, worst first."""

    DOWN = "down"
    DEGRADED = "degraded"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"
    OPERATIONAL = "operational"


class PublicUpdate(Struct, frozen=True, kw_only=True):
    at: str
    text: str


class PublicIncident(Struct, frozen=True, kw_only=True):
    """An incident as users see it. ended: "" while it lasts; expected: when it should be over, "" where that is unknown."""

    component: str
    severity: str
    began: str
    ended: str
    lasted: str
    expected: str
    updates: tuple[PublicUpdate, ...]


class PublicMaintenance(Struct, frozen=True, kw_only=True):
    since: str
    until: str
    is_now: bool


class StatusComponent(Struct, frozen=True, kw_only=True):
    """days: how it was at worst on each of the last 90 UTC days, oldest first, today last; unknown before anybody watched."""

    name: str
    state: ComponentState
    days: tuple[ComponentState, ...]


class StatusDocument(Struct, frozen=True, kw_only=True):
    """What the page shows. fresh_until: ISO; after it nothing here may be relied on."""

    title: str
    made_at: str
    fresh_until: str
    state: ComponentState
    positions: PositionProtection
    components: tuple[StatusComponent, ...]
    incidents: tuple[PublicIncident, ...]
    history: tuple[PublicIncident, ...]
    maintenance: tuple[PublicMaintenance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusFacts:
    """known: by part of the service, whether it is measured now; one that is not named is unknown.

    maintenance: from, until (ns). watched_since: when the service was first watched (ns), 0 where it never was.
    """

    known: Mapping[str, bool] = field(default_factory=dict)
    maintenance: tuple[tuple[int, int], ...] = ()
    protection: PositionProtection = PositionProtection.UNKNOWN
    watched_since: int = 0


@dataclass(frozen=True, slots=True)
class StatusPage:
    """html, json: the files' bytes, UTF-8. document: the same as values."""

    document: StatusDocument
    html: bytes
    json: bytes


def status_page(
    policy: IncidentPolicy, state: Incidents, facts: StatusFacts, now: int, *, title: str = "Fairway", fresh_ns: int = FRESH_NS
) -> StatusPage:
    """The page of an instant (ns). The same input gives the same bytes."""
    document = status_document(policy, state, facts, now, title=title, fresh_ns=fresh_ns)
    until_ms = (now + fresh_ns) // MILLISECOND
    html = _template().render(
        page=document,
        until_ms=until_ms,
        positions=POSITIONS[document.positions],
        overall=OVERALL[document.state],
        days=[_iso(now - back * DAY)[:10] for back in range(DAYS - 1, -1, -1)],
        signs=SIGNS,
    )
    return StatusPage(document, html.encode(), msgspec.json.format(msgspec.json.encode(document), indent=2))


def status_document(
    policy: IncidentPolicy, state: Incidents, facts: StatusFacts, now: int, *, title: str, fresh_ns: int
) -> StatusDocument:
    shown = [each for each in state.by_id.values() if is_public(policy, each)]
    current = [each for each in shown if each.is_open]
    past = [each for each in shown if not each.is_open and each.resolved_at >= now - HISTORY_NS]
    past.sort(key=lambda each: each.declared_at, reverse=True)
    components = tuple(_components(policy, facts, [*current, *past], now))
    return StatusDocument(
        title=title,
        made_at=_iso(now),
        fresh_until=_iso(now + fresh_ns),
        state=worst([each.state for each in components]),
        positions=facts.protection,
        components=components,
        incidents=tuple(_public(policy, each, now) for each in sorted(current, key=lambda each: urgency(each.severity))),
        history=tuple(_public(policy, each, now) for each in past[:INCIDENTS_MAX]),
        maintenance=tuple(
            PublicMaintenance(since=_iso(since), until=_iso(until), is_now=since <= now)
            for since, until in sorted(facts.maintenance)
            if until > now
        ),
    )


def is_public(policy: IncidentPolicy, incident: Incident) -> bool:
    """Users see what they were told of, and what is severe enough to tell them."""
    return not incident.is_drill and (incident.severity in policy.users_for or bool(incident.updates))


def worst(states: list[ComponentState]) -> ComponentState:
    """The worst of them; unknown where there are none."""
    return min(states, key=list(ComponentState).index, default=ComponentState.UNKNOWN)


def _components(policy: IncidentPolicy, facts: StatusFacts, shown: list[Incident], now: int) -> Iterator[StatusComponent]:
    """shown: open incidents, and those of the last 90 days."""
    current = [each for each in shown if each.is_open]
    names = dict.fromkeys([*policy.components.values(), *facts.known, *(policy.component(each.cause) for each in current)])
    for name in names:
        own = [each for each in shown if policy.component(each.cause) == name]
        state = _state(name, [each.severity for each in own if each.is_open], facts, now)
        yield StatusComponent(name=name, state=state, days=tuple(_days(own, state, facts, now)))


def _days(own: list[Incident], today: ComponentState, facts: StatusFacts, now: int) -> Iterator[ComponentState]:
    """By day, the worst that was told of it. A day that nobody watched is unknown, even where no incident is known of it."""
    begin = now - now % DAY
    for since in range(begin - (DAYS - 1) * DAY, begin + DAY, DAY):
        severities = [each.severity for each in own if each.declared_at < since + DAY and (each.resolved_at or now) >= since]
        if severities:
            yield ComponentState.DOWN if AlertSeverity.P0 in severities else ComponentState.DEGRADED
        elif since == begin:
            yield today
        else:
            is_watched = 0 < facts.watched_since < since + DAY
            yield ComponentState.OPERATIONAL if is_watched else ComponentState.UNKNOWN


def _state(name: str, severities: list[AlertSeverity], facts: StatusFacts, now: int) -> ComponentState:
    if AlertSeverity.P0 in severities:
        return ComponentState.DOWN
    if severities:
        return ComponentState.DEGRADED
    if any(since <= now < until for since, until in facts.maintenance):
        return ComponentState.MAINTENANCE
    return ComponentState.OPERATIONAL if facts.known.get(name) else ComponentState.UNKNOWN


def _public(policy: IncidentPolicy, incident: Incident, now: int) -> PublicIncident:
    end = incident.resolved_at if not incident.is_open else now
    eta = incident.updates[-1][1].eta if incident.updates and incident.is_open else 0
    return PublicIncident(
        component=policy.component(incident.cause),
        severity=incident.severity.value,
        began=_iso(incident.declared_at),
        ended=_iso(incident.resolved_at) if not incident.is_open else "",
        lasted=duration_words(end - incident.declared_at),
        expected=_iso(eta) if eta > now else "",  # an end that has passed is none in sight
        updates=tuple(PublicUpdate(at=_iso(at), text=said.impact) for at, said in reversed(incident.updates)),
    )


def _iso(at: int) -> str:
    return f"{text_of(at)[:19]}Z"


POSITIONS: Final = {
    PositionProtection.PROTECTED: "Positions are protected: their stops rest at the exchange.",
    PositionProtection.UNPROTECTED: "Not all positions have their stops at the exchange; they are being placed.",
    PositionProtection.UNKNOWN: "Whether all positions have their stops is unknown at the moment.",
}
SIGNS: Final = {
    ComponentState.DOWN: "✗",
    ComponentState.DEGRADED: "!",
    ComponentState.MAINTENANCE: "‖",
    ComponentState.UNKNOWN: "?",
    ComponentState.OPERATIONAL: "✓",
}
"""So that nobody needs to tell colours apart."""
OVERALL: Final = {
    ComponentState.DOWN: "A part of the service is down",
    ComponentState.DEGRADED: "A part of the service is disturbed",
    ComponentState.MAINTENANCE: "Maintenance",
    ComponentState.UNKNOWN: "The state of a part of the service is unknown",
    ComponentState.OPERATIONAL: "Everything works",
}


@cache
def _template() -> "Template":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    found = Environment(
        loader=PackageLoader("fairway.incidents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return found.get_template("status.html.jinja")
