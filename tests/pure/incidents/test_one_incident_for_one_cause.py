"""Which incident an alert belongs to: that of its cause, or that of the alert from which it follows."""

from tests.pure.incidents.responses import P0, P1, P2, Desk, alert

from fairway.alerting.alert_events import AlertKey
from fairway.incidents.incident_commands import Declare
from fairway.incidents.incident_events import SeverityChanged
from fairway.incidents.incident_tick import FiringAlert
from fairway.risk.causes import AlertSeverity


def test_alerts_of_one_cause_join_one_incident() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing-5"))
    desk.fire(alert("orders-failing-10"), alert("cannot-place-orders", severity=P0))
    assert [str(key) for key in desk.incident.alerts] == ["orders-failing-5", "orders-failing-10", "cannot-place-orders"]
    assert desk.incident.severity is P0


def test_alerts_of_two_causes_are_two_incidents() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing"), alert("venue-errors", "venue"))
    assert [each.cause for each in desk.state.open()] == ["orders", "venue"]
    assert list(desk.state.by_id) == ["INC-20260105-1", "INC-20260105-2"]


def test_an_alert_that_follows_from_another_one_joins_its_incident_and_raises_nothing() -> None:
    desk = Desk()
    desk.fire(alert("trader-silent", "trader", P1))
    desk.fire(alert("data-dead", "data", P0), inhibited_by=(AlertKey("trader-silent"),))
    assert desk.incident.cause == "trader"
    assert desk.incident.severity is P1
    assert [each.notifies for each in desk.incident.alerts.values()] == [True, False]


def test_an_alert_that_follows_in_the_same_tick_or_over_another_one_joins_too() -> None:
    desk = Desk()
    silent, stale, slow = alert("trader-silent", "trader"), alert("data-stale", "data"), alert("data-slow", "data")
    desk.fire(silent)
    desk.clear("trader-silent")
    desk.firing = {
        slow.key: FiringAlert(fired=slow, inhibited_by=(stale.key,)),
        stale.key: FiringAlert(fired=stale, inhibited_by=(silent.key,)),
        silent.key: FiringAlert(fired=silent),
    }
    desk.tick()
    assert set(desk.incident.alerts) == {silent.key, stale.key, slow.key}


def test_an_alert_that_no_longer_follows_from_another_one_opens_an_incident_of_its_own() -> None:
    desk = Desk()
    stale = alert("data-stale", "data")
    desk.fire(stale, inhibited_by=(AlertKey("trader-silent"),))
    assert not desk.state.by_id
    desk.fire(stale)
    assert desk.incident.cause == "data"


def test_a_silenced_alert_opens_no_incident_until_its_silence_ends_and_is_shown_in_an_open_one() -> None:
    desk = Desk()
    slow = alert("slow-orders", severity=P2)
    desk.fire(slow, silenced=True)
    assert not desk.state.by_id
    desk.fire(alert("orders-failing"))
    assert [each.notifies for each in desk.incident.alerts.values()] == [False, True]
    desk = Desk()
    desk.fire(slow, silenced=True)
    desk.fire(slow)
    assert desk.incident.alerts[slow.key].notifies


def test_what_a_missed_tick_has_not_seen_the_next_one_does() -> None:
    """The alerts that fire are what counts, and not the events that say so."""
    desk = Desk()
    desk.firing = {AlertKey("orders-failing"): FiringAlert(fired=alert("orders-failing"))}
    desk.tick()
    assert desk.incident.firing == [AlertKey("orders-failing")]
    desk.firing = {}
    desk.tick()
    assert desk.incident.firing == []


def test_a_person_who_declares_a_known_cause_adds_to_its_incident() -> None:
    desk = Desk()
    desk.fire(alert("orders-failing", severity=P2))
    assert desk.say(Declare(title="users see it too", severity=P1, cause="orders")) == ""
    assert desk.incident.severity is P1
    desk.say(Declare(title="not so bad", severity=AlertSeverity.P3, cause="orders"))
    assert desk.incident.severity is P1
    changes = [event for _, event in desk.journal if isinstance(event, SeverityChanged)]
    assert [(each.was, each.now, each.by) for each in changes] == [(P2, P1, "ann")]
