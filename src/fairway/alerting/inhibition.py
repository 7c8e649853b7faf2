"""Inhibition: an alert that follows from another one is recorded, and notifies no person by itself."""

from collections.abc import Mapping, Sequence

from fairway.alerting.alert_book import AlertBook
from fairway.alerting.alert_events import AlertFired, AlertKey
from fairway.alerting.rule import AlertRule
from fairway.alerting.silences import may_be_silenced


def inhibitors(alert: AlertFired, rules: Sequence[AlertRule] | Mapping[str, AlertRule], book: AlertBook) -> tuple[AlertKey, ...]:
    """The firing alerts by which an alert is inhibited; none for a P0 about money.

    Where both rules are evaluated for each value of the same label, only the alert of the same value inhibits. A rule about
    some values of a label, such as one process, inhibits the alerts of these values alone.
    """
    by_name = rules if isinstance(rules, Mapping) else {rule.name: rule for rule in rules}
    rule = by_name.get(alert.key.rule)
    if rule is None or not may_be_silenced(alert):
        return ()
    return tuple(
        key
        for key in book.firing
        if key.rule in rule.inhibited_by
        and (not _same_label(rule, by_name.get(key.rule)) or key.subject == alert.key.subject)
        and alert.key.subject in (subjects_named(by_name.get(key.rule), rule.each) or (alert.key.subject,))
    )


def subjects_named(rule: AlertRule | None, label: str) -> tuple[str, ...]:
    """The values of a label that a rule's conditions name: it is about these alone. None where it names none."""
    conditions = rule.alternatives if rule is not None and label else ()
    return tuple(value for each in conditions for value in each.labels.get(label, ()))


def _same_label(rule: AlertRule, other: AlertRule | None) -> bool:
    return bool(rule.each) and other is not None and rule.each == other.each
