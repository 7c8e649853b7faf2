"""Gauges of the alerting service itself: what it cannot evaluate, what it cannot deliver, and what waits for people."""

from fairway.incidents.alerting_state import AlertingState
from fairway.notify.dispatcher import Dispatcher
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.world.clock import SECOND


def own_gauges(state: AlertingState, unknown: tuple[str, ...], dispatcher: Dispatcher, now: int) -> Gauges:
    """At an instant (ns). unknown: rules that could not be evaluated in the last second."""
    failing = dispatcher.failing()
    return {
        "fairway_alerting_beat_seconds": (GaugeSample(now / SECOND),),
        "fairway_alert_rules_unknown": (GaugeSample(float(len(unknown))),),
        "fairway_notifications_failing": tuple(
            GaugeSample(float(each.name in failing), {"channel": each.name}) for each in dispatcher.statuses()
        ),
        "fairway_tickets_overdue": (GaugeSample(float(len(state.incidents.tickets.overdue(now)))),),
    }


def exposed_gauges(state: AlertingState) -> Gauges:
    """As its journal shows it to other processes: no channel and no rule is asked. Empty before its first beat."""
    if state.beat is None:
        return {}
    firing = list(state.alerts.firing.values())
    return {
        "fairway_alerting_beat_seconds": (GaugeSample(state.beat_at / SECOND),),
        "fairway_alert_rules_unknown": (GaugeSample(float(len(state.beat.unknown))),),
        "fairway_notifications_failing": tuple(GaugeSample(1.0, {"channel": name}) for name in state.beat.failing),
        "fairway_tickets_overdue": (GaugeSample(float(len(state.incidents.tickets.overdue(state.beat_at)))),),
        "fairway_alerts_firing": (GaugeSample(float(len(firing))),),
        "fairway_incidents_open": (GaugeSample(float(len(state.incidents.open()))),),
    }
