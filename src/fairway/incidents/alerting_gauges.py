"""Gauges of the alerting service itself: what it cannot evaluate, what it cannot deliver, and what waits for people."""

from collections.abc import Mapping

from fairway.incidents.alerting_state import AlertingState
from fairway.notify.dispatcher import Dispatcher
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.world.clock import SECOND


def own_gauges(
    state: AlertingState, unknown: tuple[str, ...], troubles: Mapping[str, str], dispatcher: Dispatcher, now: int
) -> Gauges:
    """At an instant (ns). unknown: rules that could not be evaluated at the last tick. troubles: by part, "" for none."""
    failing, incidents = dispatcher.failing(), state.incidents
    return {
        "fairway_alerting_beat_seconds": (GaugeSample(now / SECOND),),
        "fairway_alert_rules_unknown": (GaugeSample(float(len(unknown))),),
        "fairway_alerting_trouble": tuple(GaugeSample(float(bool(why)), {"part": part}) for part, why in troubles.items()),
        "fairway_notifications_failing": tuple(
            GaugeSample(float(each.name in failing), {"channel": each.name}) for each in dispatcher.statuses()
        ),
        "fairway_tickets_overdue": (GaugeSample(float(len(incidents.tickets.overdue(now)))),),
        "fairway_alerts_firing": (GaugeSample(float(len(state.alerts.firing))),),
        "fairway_incidents_open": (GaugeSample(float(len(incidents.open()))),),
    }
