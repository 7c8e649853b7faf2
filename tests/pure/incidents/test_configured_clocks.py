"""The clocks of incidents and tickets are those of the configuration, and the usual ones where it names none."""

import pytest
from tests.pure.incidents.responses import BEGAN, Desk, alert

from fairway.assembly.alerting_policy import policy_of
from fairway.incidents.incident_commands import Acknowledge, MovePhase, OpenTicket
from fairway.incidents.incident_events import EscalationRaised, ResponseClock
from fairway.incidents.lifecycle import IncidentPhase
from fairway.incidents.policy import IncidentPolicy
from fairway.incidents.tickets import TicketOpened, Tickets
from fairway.risk.causes import AlertSeverity
from fairway.settings import SettingsError
from fairway.settings.load import parse
from fairway.world.clock import HOUR, MINUTE, SECOND

P0, P1, P2, P3 = AlertSeverity
CONFIGURATION = """\
mode: practice
account: main
venue: {{exchange: binance, url: "http://127.0.0.1:9100", key: key-of-the-test, secret: secret-of-the-test}}
symbols: [BTC/USDT]
strategy: {{name: periodic}}
journal: main.journal
alerts: {alerts}
"""
OWN = "{clocks: {updates: {P1: 20m, P3: 8h}, quiet: 10m, reopen: 5m, postmortem: 24h, critical_tickets: 1h, tickets: 8h}}"


def policy(alerts: str = OWN) -> IncidentPolicy:
    settings = parse(CONFIGURATION.format(alerts=alerts))
    assert settings.alerts is not None
    return policy_of(settings, settings.alerts, "fairway.yaml")


def reminders(desk: Desk, clock: ResponseClock) -> list[int]:
    """After how long (ns) a person was reminded."""
    return [at - BEGAN for at, each in desk.journal if isinstance(each, EscalationRaised) and each.clock is clock]


def test_without_the_section_the_clocks_are_the_usual_ones() -> None:
    found = policy("{}")
    assert found.update_ns == {P0: 30 * MINUTE, P1: HOUR, P2: 4 * HOUR, P3: 0}
    assert (found.quiet_ns, found.reopen_ns, found.postmortem_ns) == (30 * MINUTE, 30 * MINUTE, 48 * HOUR)
    assert found.answer_within == {True: 2 * HOUR, False: 24 * HOUR}


def test_a_severity_that_is_not_named_keeps_its_clock_of_updates() -> None:
    assert policy().update_ns == {P0: 30 * MINUTE, P1: 20 * MINUTE, P2: 4 * HOUR, P3: 8 * HOUR}


def test_an_update_and_a_postmortem_are_asked_for_by_the_configured_clocks() -> None:
    desk = Desk(policy=policy())
    desk.fire(alert("orders-failing"))
    desk.say(Acknowledge())
    desk.later(20 * MINUTE - SECOND)
    assert not reminders(desk, ResponseClock.UPDATE)
    desk.later(SECOND)
    assert reminders(desk, ResponseClock.UPDATE) == [20 * MINUTE]
    desk.clear("orders-failing")
    desk.say(MovePhase(phase=IncidentPhase.RESOLVED, reason="it works again"))
    desk.later(24 * HOUR)
    assert reminders(desk, ResponseClock.POSTMORTEM) == [24 * HOUR + 20 * MINUTE]


def test_an_incident_ends_by_itself_and_is_opened_again_by_the_configured_clocks() -> None:
    desk = Desk(policy=policy())
    desk.fire(alert("slow", severity=P2))
    desk.clear("slow")
    desk.later(10 * MINUTE)
    assert desk.incident.phase is IncidentPhase.RESOLVED
    desk.later(5 * MINUTE + SECOND)
    desk.fire(alert("slow", severity=P2))
    assert len(desk.state.by_id) == 2


@pytest.mark.parametrize(("is_critical", "within"), [(True, HOUR), (False, 8 * HOUR)])
def test_a_ticket_is_due_as_was_promised_when_it_was_opened(is_critical: bool, within: int) -> None:
    desk = Desk(policy=policy())
    desk.say(OpenTicket(subject="a", text="b", is_critical=is_critical))
    desk.policy = policy("{}")
    desk.later(within)
    assert [each.id for each in desk.state.tickets.overdue(desk.now)] == ["T-1"]


def test_a_ticket_of_an_older_release_keeps_the_promise_of_that_release() -> None:
    tickets = Tickets()
    tickets.apply(TicketOpened(ticket="T-1", by="tom", user="tom", subject="", text="", is_critical=True), 0)
    assert tickets.by_id["T-1"].due_at == 2 * HOUR


@pytest.mark.parametrize("clock", ["quiet: 0s", "tickets: 5s", "postmortem: soon", "updates: {P1: 5s}", "naps: 1h"])
def test_a_clock_that_cannot_be_kept_is_refused_with_its_place(clock: str) -> None:
    with pytest.raises(SettingsError, match=r"alerts\.clocks\."):
        policy(f"{{clocks: {{{clock}}}}}")
