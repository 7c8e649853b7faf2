"""What a rule of the linter is: a question about a plan, and what it found, with the smallest change that mends it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fairway.launch.plan.lint.draft import Draft
from fairway.plugins import BrokenPlugin, Kind, UnknownPlugin
from fairway.texts.located_yaml import Path


class Severity(StrEnum):
    """What a finding means."""

    REFUSE = "refuse"
    """Such a plan is not launched, unless it accepts the finding by name and with a reason."""
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class RuleFinding:
    """path: where in the plan. what: in one sentence, with the arithmetic. mend: the smallest change.

    severity: where it is not the rule's own. about: the key in that place that is missing, where it is about one.
    """

    path: Path
    what: str
    mend: str
    severity: Severity | None = None
    about: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """name as a plan accepts it. because: one sentence that explains the rule to a reader who has never met its case.

    may_stay: whether a plan may accept what it finds. names: of a rule that looks at names alone, so that it can be asked of a
    plan in which other places could not be read: what must have been readable for that, such as `checklist.id`. yields_to: rules
    that say more where both find something at one place, so that a cause is told once.
    """

    name: str
    severity: Severity
    because: str
    look: Callable[[Draft], Iterable[RuleFinding]]
    may_stay: bool = True
    names: tuple[str, ...] | None = None
    yields_to: tuple[str, ...] = ()


class UnknownRule(UnknownPlugin):
    """A rule that is named and not installed."""


class BrokenRule(BrokenPlugin):
    """A rule that cannot be used."""


KIND: Final = Kind("rule", "fairway.launch.plan.lint.rules", "RULE", Rule, "fairway.rules", UnknownRule, BrokenRule)


def rules() -> list[Rule]:
    """Every rule, by name."""
    return [rule for _, rule in sorted(KIND.installed().plugins.items())]
