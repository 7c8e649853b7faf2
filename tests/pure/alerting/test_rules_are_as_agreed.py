"""The rules are those of agreed_rules.txt; a test that is made from a rule's own words finds no rule that decides otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml
from tests.pure.alerting.agreed import agreed, as_agreed, line_of
from tests.pure.alerting.test_every_rule import WRITTEN, dumped

from fairway.alerting.condition import FigureKind, SampleChoice
from fairway.alerting.rule import AlertAction, AlertRule
from fairway.alerting.rule_files import parse_rules, shipped_rules
from fairway.money.fraction import Fraction
from fairway.risk.causes import AlertSeverity
from fairway.texts.quantities import Quantity
from fairway.world.clock import HOUR

SHIPPED = shipped_rules()
Written = dict[str, Any]


def test_the_rules_are_those_that_were_agreed() -> None:
    as_agreed(SHIPPED)


def test_every_line_names_the_document_or_the_law_that_demands_it() -> None:
    for line in agreed().values():
        demand = line.rpartition(" | ")[2]
        assert demand.startswith(("000: ", "001: ", "003: ", "004: ", "law: ", "invariants: ", "ours, ")), line


def another_bound(rule: Written) -> None:
    rule["any_of"][0]["above"] = "50 %"


def a_longer_time(rule: Written) -> None:
    rule["for"] = "30m"


def no_other_condition(rule: Written) -> None:
    del rule["only_while"]


def one_alert_for_all(rule: Written) -> None:
    del rule["each"]


def no_inhibition(rule: Written) -> None:
    del rule["inhibited_by"]


def a_longer_window(rule: Written) -> None:
    rule["when"]["within"] = "2h"


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("drawdown", another_bound),
        ("position-loss", a_longer_time),
        ("pilot-silent", no_other_condition),
        ("drawdown-deep", one_alert_for_all),
        ("process-down", no_inhibition),
        ("venue-unreachable", a_longer_window),
    ],
)
def test_a_rule_that_decides_otherwise_is_found(name: str, change: Callable[[Written], None]) -> None:
    """Each of these changes passes every test that is made from the rule's own words."""
    _, rule = WRITTEN[name]
    changed = yaml.safe_load(yaml.safe_dump(rule))
    as_agreed(with_rule(dumped(changed)))
    change(changed)
    with pytest.raises(AssertionError):
        as_agreed(with_rule(dumped(changed)))


def with_rule(text: str) -> list[AlertRule]:
    """The shipped rules, one of them as a text has it."""
    [rule] = parse_rules(text)
    return [rule if each.name == rule.name else each for each in SHIPPED]


CHANGES: dict[str, Callable[[AlertRule], Any]] = {
    "lasts": lambda rule: rule.lasts + HOUR,
    "clears_after": lambda rule: rule.clears_after + HOUR,
    "severity": lambda rule: next(each for each in AlertSeverity if each is not rule.severity),
    "incident": lambda rule: f"{rule.incident}-x",
    "each": lambda rule: f"{rule.each}x",
    "does": lambda rule: next(each for each in AlertAction if each is not rule.does),
    "runbook": lambda rule: f"{rule.runbook}-x",
    "is_money": lambda rule: not rule.is_money,
    "inhibited_by": lambda rule: (*rule.inhibited_by, "uptime"),
    "source": lambda rule: f"{rule.source} x",
    "enabled": lambda rule: not rule.enabled,
    "only_in_prometheus": lambda rule: not rule.only_in_prometheus,
    "only_while": lambda rule: SHIPPED[0].alternatives[0] if rule.only_while is None else None,
}
SHOWN_OTHERWISE = {"name", "says", "when", "any_of"}


def test_the_file_has_everything_that_a_rule_decides_by() -> None:
    assert CHANGES.keys() | SHOWN_OTHERWISE == AlertRule.model_fields.keys()
    for rule in SHIPPED:
        for field, other in CHANGES.items():
            assert line_of(rule.model_copy(update={field: other(rule)})) != line_of(rule), (rule.name, field)


def test_the_file_has_everything_that_a_condition_is_made_of() -> None:
    for rule in SHIPPED:
        for place, condition in enumerate(rule.alternatives):
            key = "above" if condition.above is not None else "below"
            bound = Quantity(condition.bound.value + 1, condition.bound.unit)
            changes: list[Written] = [{key: bound}, {"at_least_n": (condition.at_least_n or 0) + 1}]
            changes += [{"within": (condition.within or 0) + HOUR}] * (condition.within is not None)
            changes += [{"q": Fraction.parse("50 %")}] * (condition.kind is FigureKind.QUANTILE)
            changes += [{"samples": SampleChoice.WORST}] * (condition.samples is SampleChoice.SUM)
            changes += [{"labels": dict.fromkeys(condition.labels, ("x",))}] * bool(condition.labels)
            for change in changes:
                other = [*rule.alternatives]
                other[place] = condition.model_copy(update=change)
                changed = rule.model_copy(update={"when": None, "any_of": tuple(other)})
                assert line_of(changed) != line_of(rule), (rule.name, change)
