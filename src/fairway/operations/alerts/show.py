"""Alerts: shows which alerts fire, which are silenced, and who is on call."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import load
from fairway.world.clock import text_of

if TYPE_CHECKING:
    from fairway.alerting.alert_events import AlertFired, Silence
    from fairway.assembly.system_alerts import ShownAlert
    from fairway.incidents.troubles import Trouble


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsRequest:
    """config: of the bot."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsOutcome(Outcome):
    """alerts: those that fire, the most urgent first. on_call: who is called now, as a sentence; "" without a schedule.

    evaluated_at: when the rules were last evaluated (ns), 0 where never. is_silent: what fires now is unknown. survey_at: when
    users are asked next (ns), 0 where that is not known or not planned. troubles: of the alerting process itself.
    """

    alerts: "tuple[ShownAlert, ...]"
    silences: "tuple[Silence, ...]"
    on_call: str
    evaluated_at: int
    is_silent: bool
    survey_at: int = 0
    troubles: "tuple[Trouble, ...]" = ()


def perform_alerts(call: Call[AlertsRequest]) -> AlertsOutcome:
    """Raises SettingsError, RuleError, JournalErrors."""
    from fairway.assembly.system_alerts import alerts_now
    from fairway.world.clock import SystemClock

    found = alerts_now(load(call.request.config), SystemClock().now())
    lines = [_silent_line(found.evaluated_at)] if found.is_silent else []
    lines += [f"! alerting itself: {each.why} (since {text_of(each.since)[:19]})" for each in found.troubles]
    lines += [_line(each) for each in found.alerts] or ([] if found.is_silent else ["no alert fires"])
    lines += [_silence_line(each) for each in found.silences]
    lines += [found.on_call] if found.on_call else []
    return AlertsOutcome(
        alerts=found.alerts,
        silences=found.silences,
        on_call=found.on_call,
        evaluated_at=found.evaluated_at,
        is_silent=found.is_silent,
        survey_at=found.survey_at,
        troubles=found.troubles,
        lines=tuple(lines),
    )


def _silent_line(evaluated_at: int) -> str:
    since = f"has evaluated no rule since {text_of(evaluated_at)[:19]}" if evaluated_at else "has never run"
    return f"! alerting {since}: what fires now is unknown; fairway up status shows whether it runs"


def _line(shown: "ShownAlert") -> str:
    fired: AlertFired = shown.fired
    quiet = f"; follows from {', '.join(map(str, shown.inhibited_by))}" if shown.inhibited_by else ""
    quiet = f"; silenced until {text_of(shown.silenced_until)[:16]}" if shown.silenced_until else quiet
    return f"{fired.severity.value}  {fired.key}  since {text_of(fired.since)[:19]}  {fired.sentence}{quiet}"


def _silence_line(silence: "Silence") -> str:
    what = " ".join(filter(None, (silence.rule or "every rule", silence.subject)))
    return f"silence {silence.id}: {what} until {text_of(silence.until)[:16]}, by {silence.by}: {silence.reason}"


ALERTS: Final = Operation(
    name="alerts",
    summary="Show which alerts fire, which are silenced, and who is on call.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=AlertsRequest,
    subject=lambda asked: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the journal of alerting; nothing is changed"),
    perform=perform_alerts,
)
OPERATIONS: Final = (ALERTS,)
