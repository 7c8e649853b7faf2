"""Silences: a person's wish not to be notified of alerts for a time, and which alerts no wish covers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertFired, AlertKey, Silence, SilenceBegan, SilenceEnded
from fairway.alerting.rule import AlertRule
from fairway.risk.causes import AlertSeverity
from fairway.texts.durations import as_setting, duration_words
from fairway.texts.nearest import nearest
from fairway.world.clock import DAY

LONGEST_NS: Final = DAY
"""A silence ends at most so long after it begins."""
SILENCES_MAX: Final = 200
"""Silences at the same time."""


@dataclass(frozen=True, slots=True)
class SilenceRefused:
    """code: `CATEGORY_CONDITION` or `CATEGORY_CONDITION: key=value`. what: why, as a sentence for people."""

    code: str
    what: str


def silence(asked: Silence, rules: Sequence[AlertRule], book: AlertBook, now: int) -> SilenceBegan | SilenceRefused:
    """The event that begins a silence, or why it is refused."""
    if not asked.reason.strip():
        return SilenceRefused("SILENCE_REASON_EMPTY", "a silence needs a reason, so that a later reader knows why")
    if not asked.by.strip():
        return SilenceRefused("SILENCE_AUTHOR_EMPTY", "a silence needs the name of the person who asks for it")
    if asked.until <= max(now, asked.since):
        return SilenceRefused("SILENCE_OVER", "a silence ends after it begins, and after now")
    if asked.until - min(now, asked.since) > LONGEST_NS:
        code = f"SILENCE_TOO_LONG: at_most={as_setting(LONGEST_NS)}"
        return SilenceRefused(code, f"a silence ends at most {duration_words(LONGEST_NS)} from now; ask again when it has ended")
    if len(book.silences) >= SILENCES_MAX:
        return SilenceRefused(f"SILENCE_MANY: at_most={SILENCES_MAX}", "too many silences hold; end one first")
    return _of_rule(asked, rules, book)


def _of_rule(asked: Silence, rules: Sequence[AlertRule], book: AlertBook) -> SilenceBegan | SilenceRefused:
    rule = next((each for each in rules if each.name == asked.rule), None)
    if asked.rule and rule is None:
        meant = nearest(asked.rule, (each.name for each in rules))
        hint = f"; did you mean {meant}?" if meant else ""
        return SilenceRefused(f"SILENCE_RULE_UNKNOWN: rule={asked.rule}", f"there is no rule {asked.rule!r}{hint}")
    fires = book.firing.get(AlertKey(asked.rule, asked.subject))
    if (rule is not None and not rule.may_be_silenced) or (fires is not None and not may_be_silenced(fires)):
        what = f"{asked.rule} is about money (P0): it cannot be silenced; acknowledge it, and end its cause"
        return SilenceRefused(f"SILENCE_MONEY_ALERT: rule={asked.rule}", what)
    return SilenceBegan(silence=asked)


def end_silence(id: str, by: str, book: AlertBook) -> SilenceEnded | SilenceRefused:
    """The event that ends a silence before its time, or why there is nothing to end."""
    if id not in book.silences:
        return SilenceRefused(f"SILENCE_UNKNOWN: id={id}", f"there is no silence {id!r}")
    return SilenceEnded(id=id, by=by)


def may_be_silenced(alert: AlertFired) -> bool:
    """An alert that says that money may be lost now is never silenced."""
    return not (alert.is_money and alert.severity is AlertSeverity.P0)


def silence_of(alert: AlertFired, book: AlertBook, now: int) -> Silence | None:
    """The silence that covers an alert now; None where none does. One for all rules never covers a P0 about money."""
    if not may_be_silenced(alert):
        return None
    for each in book.silences.values():
        if each.rule in ("", alert.key.rule) and each.subject in ("", alert.key.subject) and each.since <= now < each.until:
            return each
    return None
