"""Incidents: what is open in a sentence, which phases a person may move to, and clocks that still run."""

from fairway.alerting.alert_events import AlertKey
from fairway.incidents.incident import Incident, JoinedAlert
from fairway.incidents.lifecycle import IncidentPhase
from fairway.incidents.timeline import IncidentTimeline, MoneyImpact, TimelineLine
from fairway.operations.alerts.show import AlertsOutcome
from fairway.panel.pages.incident_facts import LINES_SHOWN, IncidentPageFacts, incident_facts
from fairway.panel.pages.incidents_facts import headline_of, incident_line
from fairway.panel.state_marks import Mark
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import MINUTE

QUIET = AlertsOutcome(alerts=(), silences=(), on_call="", evaluated_at=1, is_silent=False)


def incident(phase: IncidentPhase = IncidentPhase.DECLARED, *, acknowledged_at: int = 0) -> Incident:
    found = Incident(
        id="INC-20261125-1",
        cause="venue",
        title="<b>the venue is down</b>",
        severity=AlertSeverity.P1,
        by="alerting",
        declared_at=10 * MINUTE,
        since=9 * MINUTE,
        phase=phase,
        phase_at=12 * MINUTE,
        acknowledged_at=acknowledged_at,
        first_acknowledged_at=acknowledged_at,
        response_since=10 * MINUTE,
        commander="ann" if acknowledged_at else "",
    )
    found.alerts[AlertKey("venue-down")] = JoinedAlert(
        severity=AlertSeverity.P1,
        reason="no answer",
        since=9 * MINUTE,
        event_at=9 * MINUTE,
        joined_at=10 * MINUTE,
        runbook="venue-unreachable",
        is_money=False,
        notifies=True,
    )
    return found


def facts(found: Incident, *lines: TimelineLine) -> IncidentPageFacts:
    return incident_facts(found, IncidentTimeline(0, 1, lines, MoneyImpact()), ())


def test_the_headline_says_how_many_wait_for_a_person() -> None:
    assert headline_of((), QUIET, "") == ("No incident is open.", Mark.GOOD)
    words, mark = headline_of((incident(), incident(acknowledged_at=11 * MINUTE)), QUIET, "")
    assert (words, mark) == ("2 incidents open, the most urgent P1, 1 of them not acknowledged.", Mark.BAD)


def test_silent_alerting_is_unknown_and_not_calm() -> None:
    silent = AlertsOutcome(alerts=(), silences=(), on_call="", evaluated_at=0, is_silent=True)
    assert headline_of((), silent, "")[1] is Mark.UNKNOWN
    assert headline_of((), QUIET, "no alerting process has run")[1] is Mark.UNKNOWN


def test_an_open_incident_is_bad_until_a_person_has_seen_it() -> None:
    assert incident_line(incident()).mark is Mark.BAD
    assert incident_line(incident(acknowledged_at=11 * MINUTE)).mark is Mark.HELD
    assert incident_line(incident(IncidentPhase.RESOLVED)).mark is Mark.GOOD


def test_only_moves_of_the_table_are_offered() -> None:
    assert facts(incident()).possible == {"mitigating", "stable", "resolved"}
    assert facts(incident(IncidentPhase.RESOLVED)).possible == {"postmortem", "closed"}
    assert facts(incident(IncidentPhase.CLOSED)).possible == frozenset()


def test_a_clock_runs_until_its_step_is_taken() -> None:
    open_clocks = {clock.name: clock for clock in facts(incident()).clocks}
    assert open_clocks["detected"].words == "1 min after it began"
    assert (open_clocks["acknowledged"].since, open_clocks["acknowledged"].mark) == (10 * MINUTE, Mark.PENDING)
    seen = {clock.name: clock for clock in facts(incident(acknowledged_at=13 * MINUTE)).clocks}
    assert (seen["acknowledged"].words, seen["acknowledged"].since) == ("3 min after it was declared", 0)


def test_phases_show_where_it_is() -> None:
    steps = facts(incident(IncidentPhase.MITIGATING)).steps
    assert [step.phase for step in steps if step.is_now] == ["mitigating"]
    assert [step.mark for step in steps][:3] == [Mark.GOOD, Mark.HELD, Mark.PENDING]


def test_the_timeline_is_newest_first_and_tells_what_it_leaves_out() -> None:
    lines = [TimelineLine(at, "trader", "ann1", "alike") for at in (1, 1, *range(2, LINES_SHOWN + 3))]
    found = facts(incident(), *lines)
    assert len(found.lines) == LINES_SHOWN
    assert len(set(found.lines)) == LINES_SHOWN
    assert found.lines[0].at == LINES_SHOWN + 2
    assert found.notes == ("3 earlier lines are not shown here",)
