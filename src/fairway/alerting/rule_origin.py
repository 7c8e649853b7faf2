"""Says of each rule where it comes from, and what a configuration has changed of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from fairway.alerting.rule import AlertRule, RuleChange
from fairway.alerting.rule_files import shipped_rules
from fairway.texts.durations import as_setting


class RuleOrigin(StrEnum):
    SHIPPED = "fairway"
    """It comes with Fairway, and is as it comes."""
    CHANGED = "changed"
    """It comes with Fairway, and the configuration changes it."""
    OWN = "own"
    """It stands in a file of the person's own."""


@dataclass(frozen=True, slots=True)
class ChangedKey:
    """now, before: the value as a file of rules writes it; before is "" where it is not known, as of a rule of one's own."""

    key: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class ListedRule:
    """changed: the keys that the configuration names under `change`, in the order of the page."""

    rule: AlertRule
    origin: RuleOrigin
    changed: tuple[ChangedKey, ...] = ()


def listed(rules: Sequence[AlertRule], changes: Mapping[str, RuleChange]) -> list[ListedRule]:
    """The rules of a configuration in their order. changes: what it changes, by name; it has been applied to the rules."""
    shipped = {each.name: each for each in shipped_rules()}
    return [_listed(rule, shipped.get(rule.name), changes.get(rule.name)) for rule in rules]


def _listed(rule: AlertRule, shipped: AlertRule | None, change: RuleChange | None) -> ListedRule:
    changed = tuple(_changed(rule, shipped, change)) if change is not None else ()
    if shipped is None:
        return ListedRule(rule, RuleOrigin.OWN, changed)
    return ListedRule(rule, RuleOrigin.CHANGED if changed else RuleOrigin.SHIPPED, changed)


def _changed(rule: AlertRule, shipped: AlertRule | None, change: RuleChange) -> Iterator[ChangedKey]:
    before = _values(shipped) if shipped is not None else {}
    for name, now in _values(rule).items():
        if getattr(change, name) is not None:
            yield ChangedKey(RuleChange.model_fields[name].alias or name, now, before.get(name, ""))


def _values(rule: AlertRule) -> dict[str, str]:
    """By the name of a field of RuleChange, the value as text; "" where it has none."""
    bounds = {name: getattr(rule.when, name, None) for name in ("above", "below", "at_least_n")}
    return {
        **{name: "" if value is None else str(value) for name, value in bounds.items()},
        "lasts": as_setting(rule.lasts) if rule.lasts else "0s",
        "severity": rule.severity.value,
        "enabled": "true" if rule.enabled else "false",
    }
