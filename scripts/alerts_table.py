"""Writes the tables in docs/reference/alerts.md from the rules, their model and the tables of gauges.

With --check it only says whether they are current.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel
from scripts.pages import run

from fairway.alerting.calibrate import can_be_calibrated
from fairway.alerting.condition import Condition
from fairway.alerting.escalation import DEFAULT_ESCALATION, EscalationPolicy, EscalationStep
from fairway.alerting.on_call import OnCallOverride, OnCallSchedule, Rotation
from fairway.alerting.rule import AlertRule, RuleChange, rule_words
from fairway.alerting.rule_files import rules_of_subject, subjects
from fairway.texts.durations import as_setting
from fairway.watch.external_metrics import EXTERNAL
from fairway.watch.gauges import OF_ALERTING, MetricSpec

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "alerts.md"
END: Final = "<!-- end -->"
SUBJECTS: Final = {
    "money": "Money",
    "orders": "Orders",
    "venue": "Venue and market data",
    "machine": "Machine and processes",
    "services": "Services beside",
    "alerting": "Alerting itself",
    "programs": "Other programs",
}


def page(old: str) -> str:
    """The page with its generated parts made again."""
    for name, text in parts().items():
        begin = f"<!-- from the code: scripts/alerts_table.py {name} -->"
        before, _, rest = old.partition(begin)
        _, _, after = rest.partition(END)
        old = f"{before}{begin}\n\n{text}\n\n{END}{after}"
    return old


def parts() -> dict[str, str]:
    """Each generated part of the page, by name."""
    return {
        "rules": "\n\n".join(_subject(each) for each in SUBJECTS),
        "rule": _keys(AlertRule),
        "condition": _keys(Condition),
        "change": _keys(RuleChange),
        "gauges": _metrics(OF_ALERTING),
        "external": _metrics(EXTERNAL),
        "rotation": _keys(OnCallSchedule, Rotation, OnCallOverride),
        "step": _keys(EscalationPolicy, EscalationStep),
        "escalation": _escalation(),
    }


def _subject(name: str) -> str:
    assert sorted(SUBJECTS) == subjects()
    head = (
        "rule",
        "severity",
        "what it says",
        "condition",
        "for",
        "incident",
        "Fairway does",
        "runbook",
        "inhibited by",
        "demanded in",
    )
    rows = [_row(rule) for rule in rules_of_subject(name)]
    return f"### {SUBJECTS[name]}\n\n{_table(head, rows)}"


def _row(rule: AlertRule) -> tuple[str, ...]:
    lasts = as_setting(rule.lasts) if rule.lasts else "at once"
    each = f", each {rule.each}" if rule.each else ""
    marks = ["off by default"] * (not rule.enabled) + ["only in Prometheus"] * rule.only_in_prometheus
    severity = ", ".join([rule.severity.value, *marks])
    name = f"`{rule.name}`{' ¹' if can_be_calibrated(rule) else ''}"
    inhibitors = ", ".join(f"`{other}`" for other in rule.inhibited_by) or "—"
    condition = f"{rule_words(rule)}{each}"
    return name, severity, rule.says, condition, lasts, rule.incident, rule.does.value, rule.runbook, inhibitors, rule.source


def _keys(*models: type[BaseModel]) -> str:
    rows = [(f"`{key}`", told, f"`{example}`") for model in models for key, told, example in _fields(model)]
    return _table(("key", "what it says", "example"), rows)


def _fields(model: type[BaseModel]) -> Iterator[tuple[str, str, str]]:
    for key, field in model.model_fields.items():
        name = field.alias or key
        example = next(iter(field.examples or _of_type(field.metadata)), "")
        yield name, field.description or "", f"{name}: {example}"


def _of_type(metadata: Iterable[object]) -> list[object]:
    return [example for each in metadata for example in getattr(each, "examples", None) or ()]


def _metrics(specs: Iterable[MetricSpec]) -> str:
    rows = [
        (f"`{each.name}`", each.kind.value, each.means, ", ".join(f"`{label}`" for label in each.public_labels) or "(none)")
        for each in specs
    ]
    return _table(("name", "type", "what it is", "labels"), rows)


def _escalation() -> str:
    rows = [
        (
            severity.value,
            "on the next business day at 09:00" if step.on_business_days else as_setting(step.after) if step.after else "at once",
            step.to.value,
            ", ".join(step.by),
            as_setting(step.again_every) if step.again_every is not None else "—",
        )
        for severity, policy in DEFAULT_ESCALATION.items()
        for step in policy.steps
    ]
    return _table(("severity", "sent after", "to", "by", "again every"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines)


if __name__ == "__main__":
    run(PAGE, page)
