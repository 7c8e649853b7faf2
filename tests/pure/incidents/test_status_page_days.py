"""The days of the status page: the worst that was told of each; unknown where nobody watched."""

from tests.pure.incidents.responses import BEGAN, POLICY

from fairway.incidents.incident import Incident, Incidents
from fairway.incidents.lifecycle import IncidentPhase
from fairway.incidents.status_page import ComponentState, StatusFacts, status_document
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import DAY, HOUR

NOON = BEGAN - BEGAN % DAY + 12 * HOUR
CAUSE, COMPONENT = next(iter(POLICY.components.items()))


def days(facts: StatusFacts, *incidents: Incident) -> list[ComponentState]:
    state = Incidents(by_id={each.id: each for each in incidents})
    document = status_document(POLICY, state, facts, NOON, title="", fresh_ns=HOUR)
    return list(next(each for each in document.components if each.name == COMPONENT).days)


def past(severity: AlertSeverity, began_at: int, ended_at: int) -> Incident:
    return Incident(
        id=f"{began_at}",
        cause=CAUSE,
        title="",
        severity=severity,
        by="",
        declared_at=began_at,
        since=began_at,
        phase=IncidentPhase.RESOLVED,
        resolved_at=ended_at,
    )


def test_a_day_that_nobody_watched_is_unknown_and_today_is_as_it_is_now() -> None:
    found = days(StatusFacts(known={COMPONENT: True}, watched_since=NOON - 2 * DAY))
    assert len(found) == 90
    assert set(found[:-3]) == {ComponentState.UNKNOWN}
    assert found[-3:] == [ComponentState.OPERATIONAL] * 3
    assert days(StatusFacts())[-1] is ComponentState.UNKNOWN


def test_an_incident_marks_each_day_on_which_it_lasted_with_the_worst() -> None:
    facts = StatusFacts(known={COMPONENT: True}, watched_since=NOON - 80 * DAY)
    long = past(AlertSeverity.P1, NOON - 4 * DAY, NOON - 2 * DAY)
    worse = past(AlertSeverity.P0, NOON - 3 * DAY, NOON - 3 * DAY + HOUR)
    down, degraded, well = ComponentState.DOWN, ComponentState.DEGRADED, ComponentState.OPERATIONAL
    assert days(facts, long, worse)[-6:] == [well, degraded, down, degraded, well, well]
