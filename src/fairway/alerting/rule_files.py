"""Reads alert rules: those that come with Fairway, those of a person's own files, and what a configuration changes of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pydantic import Field, ValidationError

from fairway.alerting.condition import limit_of, right_bound
from fairway.alerting.rule import AlertRule, AlertRuleSettings, RuleChange
from fairway.texts.located_yaml import Composed, compose
from fairway.texts.nearest import nearest
from fairway.texts.problems import FileError, Problem
from fairway.texts.quantities import Quantity
from fairway.texts.reading import read_text
from fairway.texts.section import Section
from fairway.texts.validation_errors import problems_of

_PLACE: Final = files("fairway") / "alerting" / "rules"
_EMPTY: Final = Problem(what="holds no rules", example="rules: [{name: orders-failing, ...}]")


class RuleError(FileError):
    """All the mistakes of one file of rules, in the order of its lines."""


class RuleFile(Section):
    """A file of rules."""

    rules: tuple[AlertRule, ...] = Field(description="The rules", examples=["[{name: orders-failing, ...}]"])


@dataclass(frozen=True, slots=True)
class MergedRules:
    """problems: what is wrong with the changes; their keys are paths below the section of a configuration."""

    rules: tuple[AlertRule, ...]
    problems: tuple[Problem, ...] = ()


def subjects() -> list[str]:
    """The names of the files that come with Fairway, by the alphabet."""
    return sorted(each.name.removesuffix(".yaml") for each in _PLACE.iterdir() if each.name.endswith(".yaml"))


@lru_cache(maxsize=1)
def shipped_rules() -> tuple[AlertRule, ...]:
    """The rules that come with Fairway, also those that are off by default."""
    found = [rule for subject in subjects() for rule in rules_of_subject(subject)]
    problems = problems_of_set(found)
    if problems:
        raise RuleError("the rules of Fairway", problems)
    return tuple(found)


def rules_of_subject(subject: str) -> tuple[AlertRule, ...]:
    """The rules of one file that comes with Fairway."""
    return parse_rules((_PLACE / f"{subject}.yaml").read_text(encoding="utf-8"), file=f"{subject}.yaml")


def parse_rules(text: str, *, file: str = "rules") -> tuple[AlertRule, ...]:
    """The rules of a text. Raises RuleError with every mistake in it."""
    composed = compose(text, kind="file of rules", empty=_EMPTY)
    if composed.problems:
        raise RuleError(file, composed.problems)
    try:
        rules = RuleFile.model_validate(composed.tree).rules
    except ValidationError as error:
        raise RuleError(file, problems_of(error, composed, RuleFile)) from None
    twice = [
        _at(composed, index, f"{each.name!r} stands twice") for index, each in enumerate(rules) if _is_known(rules[:index], each)
    ]
    if twice:
        raise RuleError(file, twice)
    return rules


def own_rules(file: Path, known: Sequence[AlertRule]) -> tuple[AlertRule, ...]:
    """The rules of a person's own file. known: all rules before them, whose names are taken. Raises RuleError."""
    text = read_text(file, error=RuleError)
    rules = parse_rules(text, file=str(file))
    composed = compose(text, kind="file of rules", empty=_EMPTY)
    taken = [
        _at(
            composed,
            index,
            f"{each.name!r} is a rule already: change it in the configuration under `change`, or choose another name",
        )
        for index, each in enumerate(rules)
        if _is_known(known, each)
    ]
    unknown = [
        _at(composed, index, f"names {other!r}, which is no rule", key="inhibited_by")
        for index, each in enumerate(rules)
        for other in each.inhibited_by
        if all(other != rule.name for rule in (*known, *rules))
    ]
    if taken or unknown:
        raise RuleError(str(file), [*taken, *unknown])
    circles = problems_of_set([*known, *rules])
    if circles:
        raise RuleError(str(file), circles)
    return rules


def rules_of(settings: AlertRuleSettings) -> MergedRules:
    """All rules that a configuration has. Raises RuleError for a file; changes give problems."""
    rules = shipped_rules()
    for file in settings.files:
        rules = (*rules, *own_rules(file, rules))
    return merged(rules, settings.change)


def merged(rules: Sequence[AlertRule], changes: Mapping[str, RuleChange]) -> MergedRules:
    """The rules with their changes; a change that is wrong is left out and reported."""
    by_name, problems = {rule.name: rule for rule in rules}, []
    for name, change in changes.items():
        if name not in by_name:
            meant = nearest(name, by_name)
            problems.append(_of_change(name, "", f"there is no rule {name!r}", meant))
            continue
        changed = _changed(by_name[name], change)
        if isinstance(changed, Problem):
            problems.append(changed)
        else:
            by_name[name] = changed
    return MergedRules(tuple(by_name.values()), tuple(problems))


def placed(problems: Sequence[Problem], composed: Composed, prefix: tuple[str | int, ...]) -> list[Problem]:
    """Problems of changes with their lines in a configuration. prefix: the path of the section of rules."""
    found = []
    for each in problems:
        path = (*prefix, *each.path)
        line, column = composed.place(path)
        key = ".".join(str(part) for part in path)
        found.append(Problem(line=line, column=column, key=key, what=each.what, example=each.example, path=path))
    return found


def _changed(rule: AlertRule, change: RuleChange) -> AlertRule | Problem:
    keys: dict[str, Any] = {}
    bounds = change.above, change.below, change.at_least_n
    if any(each is not None for each in bounds):
        if rule.when is None:
            return _of_change(rule.name, "above", "has several conditions: switch it off, and write one of your own", "")
        wrong = _wrong_bound(rule, change)
        if wrong is not None:
            return wrong
        condition = {key: each for key, each in zip(("above", "below", "at_least_n"), bounds, strict=True) if each is not None}
        keys["when"] = rule.when.model_copy(update=condition)
        keys["when"].__dict__.pop("limit", None)  # it was computed from the bound before
    keys |= {
        key: each
        for key, each in (("lasts", change.lasts), ("severity", change.severity), ("enabled", change.enabled))
        if each is not None
    }
    return rule.model_copy(update=keys)


def _wrong_bound(rule: AlertRule, change: RuleChange) -> Problem | None:
    assert rule.when is not None
    key, other = ("above", "below") if rule.when.above is not None else ("below", "above")
    if getattr(change, other) is not None:
        return _of_change(rule.name, other, f"is given, and the rule has the bound `{key}`", f"{key}: {rule.when.bound}")
    bound: Quantity | None = getattr(change, key)
    if bound is None:
        return None
    try:
        limit_of(rule.when, bound)
    except ValueError as error:
        return _of_change(rule.name, key, f"'{bound}' {error}", f"{key}: {right_bound(rule.when)}")
    return None


def _of_change(name: str, key: str, what: str, example: str) -> Problem:
    path = ("change", name, key) if key else ("change", name)
    return Problem(key=".".join(path), what=what, example=example, path=path)


def problems_of_set(rules: Sequence[AlertRule]) -> list[Problem]:
    """What is wrong with rules together: names that stand twice, unknown names, and rules that inhibit each other."""
    names = [rule.name for rule in rules]
    found = [Problem(what=f"the rule {name!r} stands twice") for name in dict.fromkeys(names) if names.count(name) > 1]
    for rule in rules:
        found += [
            Problem(what=f"the rule {rule.name!r} is inhibited by {other!r}, which is no rule")
            for other in rule.inhibited_by
            if other not in names
        ]
    by_name = {rule.name: rule for rule in rules}
    found += [
        Problem(what=f"the rule {rule.name!r} is inhibited by a rule that it inhibits: neither would notify a person")
        for rule in rules
        if _inhibits_itself(rule, by_name)
    ]
    return found


def _inhibits_itself(rule: AlertRule, by_name: Mapping[str, AlertRule]) -> bool:
    """Whether the way along inhibited_by leads back to a rule."""
    seen: dict[str, None] = {}
    waiting = list(rule.inhibited_by)
    while waiting:
        name = waiting.pop()
        if name == rule.name:
            return True
        if name not in seen and name in by_name:
            seen[name] = None
            waiting += by_name[name].inhibited_by
    return False


def _is_known(rules: Sequence[AlertRule], rule: AlertRule) -> bool:
    return any(each.name == rule.name for each in rules)


def _at(composed: Composed, index: int, what: str, key: str = "name") -> Problem:
    path = ("rules", index, key)
    line, column = composed.place(path)
    return Problem(line=line, column=column, key=f"rules[{index}].{key}", what=what, path=path)
