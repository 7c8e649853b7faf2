"""Compares rules with the file of what was agreed: one line for each rule, with everything that a rule decides by."""

from collections.abc import Iterable
from pathlib import Path

from fairway.alerting.rule import AlertRule, rule_words
from fairway.texts.durations import as_setting

AGREED = Path(__file__).parent / "agreed_rules.txt"


def agreed() -> dict[str, str]:
    """Each line, by the rule's name."""
    lines = [line for line in AGREED.read_text().splitlines() if line and not line.startswith("#")]
    return {line.partition(" | ")[0]: line for line in lines}


def line_of(rule: AlertRule) -> str:
    """What a rule is, in the words of the file."""
    urgency = (
        rule.severity.value,
        *["about money"] * rule.is_money,
        *["off"] * (not rule.enabled),
        *["only in Prometheus"] * rule.only_in_prometheus,
    )
    parts = (
        rule.name,
        " ".join(urgency),
        rule_words(rule) + (f", each {rule.each}" if rule.each else ""),
        f"for {as_setting(rule.lasts) if rule.lasts else '0s'}",
        f"clears after {as_setting(rule.clears_after)}",
        f"does {rule.does.value}",
        f"incident {rule.incident}",
        f"runbook {rule.runbook}",
        f"inhibited by {', '.join(rule.inhibited_by) or 'none'}",
        rule.source,
    )
    return " | ".join(parts)


def as_agreed(rules: Iterable[AlertRule]) -> None:
    """Raises where a rule is another than was agreed, or one of them has no line."""
    assert {rule.name: line_of(rule) for rule in rules} == agreed()
