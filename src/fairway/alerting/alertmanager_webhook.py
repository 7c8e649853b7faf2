"""Reads what Alertmanager posts (version 4 of its webhook), and makes of it the events of alerts that Prometheus has found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import msgspec
from msgspec import Struct

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertCleared, AlertEvent, AlertFired, AlertKey
from fairway.alerting.promql import public
from fairway.alerting.rule import AlertRule
from fairway.texts.nearest import nearest
from fairway.texts.problems import Problem
from fairway.world.clock import parse_instant

BODY_MAX: Final = 1_000_000
"""Bytes of one message."""
ALERTS_MAX: Final = 1_000
"""Alerts of one message."""
_EXPECTED: Final = ("alertname", "rule", "severity", "incident")


class WebhookAlert(Struct, frozen=True, rename="camel"):
    """One alert of a message, as Alertmanager names its fields."""

    status: Literal["firing", "resolved"]
    labels: dict[str, str]
    starts_at: str
    annotations: dict[str, str] = {}
    fingerprint: str = ""


class WebhookMessage(Struct, frozen=True, rename="camel"):
    """One message."""

    version: Literal["4"]
    alerts: list[WebhookAlert]


@dataclass(frozen=True, slots=True)
class WebhookReading:
    """events: to be journaled; a message that is delivered again gives none. problems: what in the message is not understood.

    understood: how many alerts are, also those that say nothing new.
    """

    events: tuple[AlertEvent, ...] = ()
    problems: tuple[Problem, ...] = ()
    understood: int = 0

    @property
    def refused(self) -> tuple[Problem, ...]:
        """The problems that keep an alert, or the whole message, from being taken."""
        return tuple(each for each in self.problems if each.path != _IGNORED)


def read_webhook(body: bytes, rules: Sequence[AlertRule], book: AlertBook) -> WebhookReading:
    """The events of a message, and what is wrong in it. An alert of a rule that Fairway does not know gives no event."""
    if len(body) > BODY_MAX:
        return _wrong("", f"the message is longer than {BODY_MAX:,} bytes")
    try:
        message = msgspec.json.decode(body, type=WebhookMessage)
    except msgspec.ValidationError as error:
        what, _, place = str(error).partition(" - at ")
        return _wrong(place.strip("`").removeprefix("$").lstrip("."), what)
    except msgspec.DecodeError as error:
        return _wrong("", f"the message is no JSON: {error}")
    if len(message.alerts) > ALERTS_MAX:
        return _wrong("alerts", f"are more than {ALERTS_MAX:,}")
    by_name = {rule.name: rule for rule in rules}
    events: dict[tuple[AlertKey, bool], AlertEvent] = {}
    problems: list[Problem] = []
    understood = 0
    for index, alert in enumerate(message.alerts):
        wrong = _problems(alert, f"alerts[{index}]", by_name)
        problems += wrong
        if any(each.path != _IGNORED for each in wrong):
            continue
        understood += 1
        event = _event(alert, by_name[alert.labels["rule"]], book)
        if event is not None:
            events[event.key, isinstance(event, AlertFired)] = event
    return WebhookReading(tuple(events.values()), tuple(problems), understood)


_IGNORED: Final = ("ignored",)
"""Marks a problem that keeps no alert from being taken."""


def _wrong(key: str, what: str) -> WebhookReading:
    return WebhookReading(problems=(Problem(key=key, what=what),))


def _problems(alert: WebhookAlert, place: str, rules: dict[str, AlertRule]) -> list[Problem]:
    name = alert.labels.get("rule", "")
    rule = rules.get(name)
    if rule is None:
        meant = nearest(name, rules)
        example = f"rule: {meant}" if meant else "the rules that `fairway alerts export` writes"
        what = f"{name!r} is no rule of Fairway" if name else "is missing"
        return [Problem(key=f"{place}.labels.rule", what=what, example=example)]
    found = []
    each = public(rule.each)
    if each and each not in alert.labels:
        found.append(Problem(key=f"{place}.labels.{each}", what=f"is missing: the rule {name} is evaluated for each {each}"))
    try:
        parse_instant(alert.starts_at)
    except ValueError:
        found.append(Problem(key=f"{place}.startsAt", what=f"{alert.starts_at!r} is no instant", example="2026-11-28T09:00:00Z"))
    for label in alert.labels:
        if label not in (*_EXPECTED, each):
            what = f"is no label of the rule {name}; the alert is taken without it"
            found.append(Problem(key=f"{place}.labels.{label}", what=what, path=_IGNORED))
    return found


def _event(alert: WebhookAlert, rule: AlertRule, book: AlertBook) -> AlertFired | AlertCleared | None:
    """None where the message says nothing new: the alert fires already, or has ended."""
    each = public(rule.each)
    key, since = AlertKey(rule.name, alert.labels.get(each, "") if each else ""), parse_instant(alert.starts_at)
    fires = book.firing.get(key)
    if alert.status == "resolved":
        if fires is None or not fires.is_from_prometheus or fires.since > since:
            return None
        return AlertCleared(key=key, reason="Prometheus says that its condition holds no longer")
    if fires is not None or book.ended.get(key, 0) >= since:
        return None
    return AlertFired(
        key=key,
        severity=rule.severity,
        incident=rule.incident,
        reason=alert.annotations.get("description") or "Prometheus says that its condition holds",
        since=since,
        event_at=since,
        runbook=rule.runbook,
        is_money=rule.is_money,
        says=rule.says,
        is_from_prometheus=True,
    )
