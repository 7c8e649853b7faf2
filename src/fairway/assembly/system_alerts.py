"""The alerts of a configuration as the alerting journal has them, with what keeps each from people, and who is on call."""

from dataclasses import dataclass
from typing import Final

from fairway.alerting.alert_events import AlertFired, AlertKey, Silence
from fairway.alerting.inhibition import inhibitors
from fairway.alerting.on_call import turn_words
from fairway.alerting.silences import silence_of
from fairway.assembly.alerting_policy import rules_of_settings
from fairway.assembly.alerting_process import alerting_now
from fairway.assembly.gauge_file import gauge_file_of, read_gauges
from fairway.incidents.tickets import survey_at
from fairway.incidents.troubles import Trouble
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.world.clock import SECOND

SILENT_NS: Final = 30 * SECOND
"""An alerting process that has evaluated nothing for so long is silent; it notes every few seconds that it has."""


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """silenced_until: ns, 0 where no silence covers it. incident: the id of the one that handles it, "" for none."""

    fired: AlertFired
    inhibited_by: tuple[AlertKey, ...]
    silenced_until: int
    incident: str


@dataclass(frozen=True, slots=True)
class SystemAlerts:
    """alerts: the most urgent first. on_call: a sentence, "" without a schedule.

    evaluated_at: when the rules were last evaluated (ns), 0 where never. is_silent: that is long ago, so that what fires now is
    unknown. troubles: of the alerting process itself. survey_at: when users are asked next (ns), 0 where no survey is planned or
    alerting never ran.
    """

    alerts: tuple[ShownAlert, ...]
    silences: tuple[Silence, ...]
    on_call: str
    evaluated_at: int
    is_silent: bool
    survey_at: int
    troubles: tuple[Trouble, ...]


def alerts_now(settings: Settings, now: int) -> SystemAlerts:
    """At an instant (ns). Empty where alerting never ran. Raises RuleError, JournalErrors."""
    alerts, state = settings.alerts or AlertSettings(), alerting_now(settings)
    rules, book = rules_of_settings(alerts), state.alerts
    shown = []
    for fired in sorted(book.firing.values(), key=lambda each: (each.severity.value, each.since)):
        silence = silence_of(fired, book, now)
        shown.append(
            ShownAlert(
                fired,
                inhibitors(fired, rules, book),
                silence.until if silence is not None else 0,
                state.incidents.incident_of(fired.key),
            )
        )
    on_call = turn_words(alerts.on_call, now) if alerts.on_call is not None else ""
    evaluated_at = _evaluated_at(settings)
    return SystemAlerts(
        alerts=tuple(shown),
        silences=tuple(book.silences.values()),
        on_call=on_call,
        evaluated_at=evaluated_at,
        is_silent=now - evaluated_at > SILENT_NS,
        survey_at=survey_at(state.incidents.tickets, alerts.surveys.every, state.began_at) if alerts.surveys is not None else 0,
        troubles=tuple(state.troubles.by_part.values()),
    )


def _evaluated_at(settings: Settings) -> int:
    beats = read_gauges(gauge_file_of(settings)).get("fairway_alerting_beat_seconds", ())
    return max((int(each.value * SECOND) for each in beats), default=0)
