"""Where an incident is, and by what it gets there: the table is total, and time and alerts move it as the clocks say."""

from dataclasses import replace
from itertools import product

import pytest
from tests.pure.incidents.responses import P0, P1, P2, P3, POLICY, Desk, alert

from fairway.incidents.incident_commands import Acknowledge, AddNote, ChangeSeverity, Declare, MovePhase, TakeOver
from fairway.incidents.incident_events import CommandAnswered, EscalationRaised, MitigationDone, ResponseClock
from fairway.incidents.lifecycle import (
    INCIDENT_MOVES,
    TRANSITIONS,
    IncidentMove,
    IncidentMoveRefused,
    IncidentPhase,
    IncidentResolved,
    can_move,
    phase_after,
)
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import HOUR, MINUTE, SECOND

LEADS = {
    "MitigationBegan": {"declared": "mitigating", "stable": "mitigating"},
    "IncidentStabilised": {"declared": "stable", "mitigating": "stable"},
    "IncidentWorsened": {"stable": "mitigating"},
    "IncidentResolved": {"declared": "resolved", "mitigating": "resolved", "stable": "resolved"},
    "IncidentReopened": {"resolved": "mitigating", "postmortem": "mitigating"},
    "PostmortemBegan": {"resolved": "postmortem"},
    "IncidentClosed": {"resolved": "closed", "postmortem": "closed"},
}


@pytest.mark.parametrize(("phase", "move"), list(product(IncidentPhase, INCIDENT_MOVES)))
def test_every_phase_takes_every_move_or_refuses_it(phase: IncidentPhase, move: type[IncidentMove]) -> None:
    wanted = LEADS[move.__name__].get(phase.value)
    made = move(incident="INC-1", by="ann", why="a test")
    assert can_move(phase, move) is (wanted is not None)
    if wanted is not None:
        assert phase_after(phase, made).value == wanted
    else:
        with pytest.raises(IncidentMoveRefused, match=f"INC-1 is {phase.value}, and {move.__name__} is no move"):
            phase_after(phase, made)


def test_every_phase_but_the_last_has_a_way_on() -> None:
    assert {phase for phase, _ in TRANSITIONS} == set(IncidentPhase) - {IncidentPhase.CLOSED}


def test_alerts_lead_an_incident_of_p2_from_declared_to_closed_by_themselves() -> None:
    desk = Desk()
    desk.fire(alert("slow-orders", severity=P2))
    phases = [desk.incident.phase.value]
    desk.clear("slow-orders")
    for wait in (0, 30 * MINUTE - SECOND, SECOND, 30 * MINUTE):
        desk.later(wait)
        phases.append(desk.incident.phase.value)
    assert desk.incident.id == "INC-20260105-1"
    assert phases == ["declared", "stable", "stable", "resolved", "closed"]


@pytest.mark.parametrize("severity", [P0, P1])
def test_an_urgent_incident_is_resolved_by_a_person_alone_and_closed_with_a_postmortem(severity: AlertSeverity) -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=severity))
    desk.clear("orders-failing")
    desk.later(9 * HOUR)
    assert desk.incident.phase.value == "stable"
    assert desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="the venue answers")) == ""
    incident = desk.incident.id
    closing = MovePhase(incident=incident, phase=IncidentPhase.CLOSED, reason="done")
    assert desk.say(closing) == f"POSTMORTEM_MISSING: incident={incident} severity={severity.value}"
    desk.later(9 * HOUR)
    assert desk.incident.phase.value == "resolved"
    assert desk.say(MovePhase(incident=incident, phase=IncidentPhase.POSTMORTEM, reason="written")) == ""
    assert desk.say(closing) == ""
    assert desk.incident.phase is IncidentPhase.CLOSED


def test_an_alert_that_fires_again_leads_a_stable_incident_back() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.clear("orders-failing")
    desk.later(2 * MINUTE)
    desk.fire(alert("orders-failing"))
    assert desk.incident.phase is IncidentPhase.MITIGATING


@pytest.mark.parametrize(("pause", "incidents"), [(30 * MINUTE, 1), (30 * MINUTE + SECOND, 2)])
def test_the_same_cause_within_half_an_hour_opens_the_resolved_incident_again(pause: int, incidents: int) -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.say(Acknowledge())
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="over"))
    desk.now += pause
    desk.fire(alert("cannot-place-orders"))
    assert len(desk.state.by_id) == incidents
    first = desk.state.by_id["INC-20260105-1"]
    assert (first.phase is IncidentPhase.MITIGATING, first.acknowledged_at) == (
        (True, 0) if incidents == 1 else (False, first.acknowledged_at)
    )


def test_a_person_resolves_an_incident_whose_last_alerts_were_silenced() -> None:
    """Such as one that looks back for a day, and fires long after its cause is gone."""
    desk = Desk()
    desk.fire(alert("orders-failing-1"))
    key, firing = next(iter(desk.firing.items()))
    desk.firing[key] = replace(firing, silenced=True)
    assert desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="the venue is back")) == ""
    desk.later(MINUTE)
    assert desk.incident.phase is IncidentPhase.RESOLVED
    desk.firing[key] = firing
    desk.later(MINUTE)
    assert desk.incident.phase is IncidentPhase.RESOLVED


def test_no_person_resolves_an_incident_whose_alerts_fire() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    for phase in (IncidentPhase.STABLE, IncidentPhase.RESOLVED):
        refused = desk.say(MovePhase(phase=phase, reason="I think so"))
        assert refused == "ALERTS_FIRE: incident=INC-20260105-1 alerts=1 first=orders-failing"
    assert desk.incident.phase is IncidentPhase.DECLARED


def test_what_fairway_did_by_itself_begins_the_response() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.tick(done=[MitigationDone(incident=desk.incident.id, action="hold", outcome="the pilot is held")])
    assert desk.incident.phase is IncidentPhase.MITIGATING
    desk.tick(done=[MitigationDone(incident="INC-unknown", action="hold", outcome="x")])
    assert len(desk.state.by_id) == 1


def test_a_failed_action_of_fairway_is_no_response_and_is_said_at_once() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    before = len(desk.to("chat"))
    desk.tick(done=[MitigationDone(incident=desk.incident.id, action="hold", outcome="no pilot answers", is_done=False)])
    assert desk.incident.phase is IncidentPhase.DECLARED
    assert "hold, NOT DONE: no pilot answers" in desk.to("chat")[before].lines


def test_the_first_who_acknowledges_commands_until_it_is_handed_over() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.say(Acknowledge(), by="ann")
    desk.say(Acknowledge(), by="ben")
    assert desk.incident.commander == "ann"
    desk.say(TakeOver(person="eve", reason="end of the shift"), by="ann")
    assert desk.incident.commander == "eve"
    desk.say(TakeOver(reason="I am here now"), by="ben")
    assert desk.incident.commander == "ben"
    assert "ben commands it now, and not eve" in desk.to("chat")[-1].lines


@pytest.mark.parametrize(("severity", "every"), [(P0, 30 * MINUTE), (P1, 60 * MINUTE), (P2, 4 * HOUR)])
def test_an_update_is_asked_for_as_often_as_the_severity_says(severity: AlertSeverity, every: int) -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=severity))
    desk.say(Acknowledge())

    def asked() -> int:
        found = [event for _, event in desk.journal if isinstance(event, EscalationRaised)]
        return sum(each.clock is ResponseClock.UPDATE for each in found)

    desk.later(every - SECOND)
    assert asked() == 0
    desk.later(SECOND)
    assert asked() == 1
    desk.later(SECOND)
    assert asked() == 1
    desk.say(AddNote(text="the venue is asked"))
    desk.later(every - SECOND)
    assert asked() == 1
    desk.later(SECOND)
    assert asked() == 2


def test_the_postmortem_is_asked_for_two_days_after_the_end() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="over"))
    before = len(desk.to("chat"))
    desk.later(48 * HOUR - SECOND)
    assert len(desk.to("chat")) == before
    desk.later(SECOND)
    assert desk.to("chat")[-1].lines[0] == "resolved 2 d ago, and its postmortem is not finished"


def test_people_lower_the_severity_with_a_reason_but_not_below_alerts_about_money() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=P1), alert("drawdown", "losses", P0))
    losses, orders = desk.state.open_of("losses"), desk.state.open_of("orders")
    assert losses is not None
    assert orders is not None
    assert desk.say(ChangeSeverity(incident=orders.id, severity=P3, reason="a test order")) == ""
    assert desk.say(ChangeSeverity(incident=orders.id, severity=P2, reason=" ")).startswith("REASON_MISSING")
    assert desk.say(ChangeSeverity(incident=orders.id, severity=P3, reason="x")).startswith("SEVERITY_SAME")
    assert desk.say(ChangeSeverity(incident=losses.id, severity=P2, reason="x")).startswith("SEVERITY_BELOW_ALERTS")


def test_a_command_is_answered_once_although_it_is_read_again() -> None:
    desk = Desk()
    desk.say(Declare(title="a user sees no orders", severity=P2))
    again = [event for _, event in desk.journal if isinstance(event, CommandAnswered)]
    assert [(each.made, each.refused) for each in again] == [("INC-20260105-1", "")]
    desk.numbers = 0
    with pytest.raises(AssertionError):
        desk.say(Declare(title="a user sees no orders", severity=P2))
    assert len(desk.state.by_id) == 1


def test_a_command_without_an_incident_means_the_only_open_one() -> None:
    desk = Desk()
    assert desk.say(Acknowledge()) == "INCIDENT_NOT_NAMED: open=none"
    desk.fire(alert("orders-failing"), alert("venue-errors", "venue"))
    assert desk.say(Acknowledge()) == "INCIDENT_NOT_NAMED: open=INC-20260105-1,INC-20260105-2"
    assert desk.say(Acknowledge(incident="INC-1")) == "INCIDENT_UNKNOWN: incident=INC-1"
    assert desk.say(Acknowledge(incident="INC-20260105-2")) == ""


def test_an_incident_that_a_person_declares_does_not_end_by_itself() -> None:
    desk = Desk()
    desk.say(Declare(title="a user sees no orders", severity=P3))
    desk.later(100 * HOUR)
    assert desk.incident.phase is IncidentPhase.DECLARED
    assert POLICY.quiet_ns < 100 * HOUR
    assert IncidentResolved not in {type(event) for _, event in desk.journal}
