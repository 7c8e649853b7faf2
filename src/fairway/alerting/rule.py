"""An alert rule: a condition, for how long it must hold, how urgent it is, and what Fairway and a person do about it."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from fairway.alerting.condition import Condition, condition_words, labels_of
from fairway.risk.causes import AlertSeverity
from fairway.texts.places import Place
from fairway.texts.quantities import Duration, Measure, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.world.clock import MINUTE

CLEARS_AFTER_NS: Final = MINUTE
"""For so long the condition must be false before an alert clears, where a rule names no other time."""
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def _named(value: str) -> str:
    if _NAME.fullmatch(value) is None:
        raise ValueError("is no name; write small letters and digits, and hyphens between words")
    return value


RuleName = Annotated[str, AfterValidator(_named)]


class AlertAction(StrEnum):
    """What Fairway does by itself while an alert fires. It lowers exposure or repairs, and never raises exposure."""

    NONE = "none"
    RECONNECT = "reconnect"
    SWITCH_OVER = "switch over"
    HOLD = "hold"
    REDUCE = "reduce"
    KILL = "kill"


class AlertRule(Section):
    """One alert rule. Its name is what people, runbooks and settings call it."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: RuleName = Field(description="What it is called", examples=["orders-failing"])
    says: str = Field(min_length=1, description="One sentence for a person", examples=["Orders fail."])
    when: Condition | None = Field(
        default=None,
        description="Its condition",
        examples=["{bad_share: order_success, within: 15m, at_least_n: 10, above: 10 %}"],
    )
    any_of: tuple[Condition, ...] = Field(
        default=(), description="Several conditions, of which one is enough", examples=["[{gauge: fairway_safe_mode, above: 0}]"]
    )
    only_while: Condition | None = Field(
        default=None,
        description="Another condition, without which it does not fire",
        examples=["{gauge: fairway_launch_read_ok, above: 0}"],
    )
    lasts: Duration = Field(default=0, alias="for", description="For how long the condition must hold", examples=["2m"])
    clears_after: Duration = Field(
        default=CLEARS_AFTER_NS, description="For how long it must be false before the alert clears", examples=["1m"]
    )
    severity: AlertSeverity = Field(description="P0, P1, P2 or P3", examples=["P1"])
    incident: RuleName = Field(description="The cause that groups alerts into one incident", examples=["orders"])
    each: str = Field(default="", description="A label: one alert for each of its values", examples=["account"])
    does: AlertAction = Field(
        default=AlertAction.NONE, description="What Fairway does: " + ", ".join(AlertAction), examples=["hold"]
    )
    runbook: RuleName = Field(description="The runbook that says what a person does", examples=["orders-failing"])
    is_money: Switch = Field(default=False, description="Whether money may be lost while it fires", examples=["true"])
    inhibited_by: tuple[str, ...] = Field(
        default=(), description="Rules while which it notifies no person by itself", examples=["[trader-silent]"]
    )
    source: str = Field(default="", description="Where it is demanded", examples=["our agreement with investors"])
    enabled: Switch = Field(default=True, description="Whether it is evaluated", examples=["true"])
    only_in_prometheus: Switch = Field(
        default=False, description="Whether it is left to Prometheus, because Fairway cannot see it itself", examples=["true"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.when is None) == (not self.any_of):
            raise misfit("when", "stands beside any_of, or both are missing")
        if self.each:
            for condition in self.alternatives:
                _check_each(self.each, condition)
        if self.inhibited_by and self.is_money and self.severity is AlertSeverity.P0:
            raise misfit("inhibited_by", "is given, and nothing may keep an alert about money (P0) from people", "")
        return self

    @property
    def alternatives(self) -> tuple[Condition, ...]:
        """Its conditions, of which one is enough."""
        return (self.when,) if self.when is not None else self.any_of

    @property
    def may_be_silenced(self) -> bool:
        return not (self.is_money and self.severity is AlertSeverity.P0)


def _check_each(each: str, condition: Condition) -> None:
    known = labels_of(condition)
    if known and each not in known:
        raise misfit("each", f"is no label of {condition.of}, which has {', '.join(known)}", f"each: {known[0]}")
    if not known and condition.of.startswith("fairway_"):
        raise misfit("each", f"is given, and {condition.of} has no label", "")


def rule_words(rule: AlertRule) -> str:
    """The condition of a rule for people."""
    words = " or ".join(condition_words(each) for each in rule.alternatives)
    return f"{words}, while {condition_words(rule.only_while)}" if rule.only_while is not None else words


class RuleChange(Section):
    """What a configuration changes of a rule that comes with Fairway."""

    model_config = ConfigDict(serialize_by_alias=True)

    above: Measure | None = Field(default=None, description="Another upper bound", examples=["15 %"])
    below: Measure | None = Field(default=None, description="Another lower bound", examples=["5 %"])
    at_least_n: int | None = Field(default=None, ge=1, description="Fewer observations do not fire", examples=["20"])
    lasts: Duration | None = Field(default=None, alias="for", description="For how long it must hold", examples=["5m"])
    severity: AlertSeverity | None = Field(default=None, description="P0, P1, P2 or P3", examples=["P2"])
    enabled: Switch | None = Field(default=None, description="Whether it is evaluated", examples=["false"])


class AlertRuleSettings(Section):
    """The rules of a configuration: files of its own, and changes of those that come with Fairway."""

    files: tuple[Place, ...] = Field(
        default=(), max_length=20, description="Files with rules of your own; relative to this file", examples=["[my-rules.yaml]"]
    )
    change: Mapping[str, RuleChange] = Field(
        default={},
        description="Changes of rules that come with Fairway, by name",
        examples=["{orders-failing-5: {above: 8 %}}"],
    )
