"""Looks a value up in an answer by a path, and compares it as a check of a runbook says. Unknown never counts as right."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from fairway.incidents.runbooks.runbook import RunbookCheck

NOTHING_TEXT: Final = "nothing"
_PART: Final = re.compile(r"([A-Za-z][A-Za-z0-9_ ]*)?((?:\[[^\]]+\])*)")
_SHOWN_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswer:
    """What a step or a check was answered. document: an object, or JSON. trouble: why there is no answer, "" for none."""

    document: object = None
    lines: tuple[str, ...] = ()
    exit: int | None = None
    is_done: bool = True
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RunbookCheckResult:
    """what: what was seen, as a sentence for people."""

    holds: bool
    what: str


def path_trouble(path: str) -> str:
    """What is wrong with a path, "" where it can be read."""
    wrong = [part for part in path.split(".") if not part or not _PART.fullmatch(part)]
    return f"{wrong[0]!r} is no part of a path" if path and wrong else ""


def values_at(document: object, path: str) -> list[object]:
    """Every value at a path; empty where the answer has none."""
    found = [document]
    for part in path.split(".") if path else []:
        match = _PART.fullmatch(part)
        if match is None:
            return []
        if match[1]:
            found = [value for each in found for value in _member(each, match[1])]
        for chosen in re.findall(r"\[([^\]]+)\]", match[2]):
            found = [value for each in found for value in _items(each, chosen)]
    return found


def _member(value: object, name: str) -> Iterator[object]:
    if isinstance(value, Mapping):
        if name in value:
            yield value[name]
    elif not name.startswith("_") and hasattr(value, name):
        yield getattr(value, name)


def _items(value: object, chosen: str) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        return
    name, _, wanted = chosen.partition("=")
    for each in value:
        if chosen == "*" or (wanted and [value_text(found) for found in _member(each, name)] == [wanted]):
            yield each


def value_text(value: object) -> str:
    """A value as a check writes it."""
    if value is None or (isinstance(value, str | bytes | Sequence | Mapping) and not value):
        return NOTHING_TEXT
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def compared(check: RunbookCheck, answer: StepAnswer) -> RunbookCheckResult:
    """Whether an answer is as the check says."""
    if answer.trouble:
        return RunbookCheckResult(False, answer.trouble)
    if check.exit is not None and str(answer.exit) != check.exit:
        return RunbookCheckResult(False, f"the exit code is {answer.exit}, and should be {check.exit}")
    if check.exit is not None and not check.field:
        return RunbookCheckResult(True, f"the exit code is {answer.exit}")
    found = values_at(answer.document, check.field)
    name = check.field or "the answer"
    if not found:
        return RunbookCheckResult(check.may_be_empty, f"{name} has no value")
    wrong = [value for value in found if not _fits(check, value)]
    shown = ", ".join(dict.fromkeys(value_text(value)[:_SHOWN_MAX] for value in (wrong or found)[:5]))
    return RunbookCheckResult(not wrong, f"{name} is {shown}{f', and should be {_wanted(check)}' if wrong else ''}")


def _fits(check: RunbookCheck, value: object) -> bool:
    text = value_text(value)
    if check.equals is not None and text != check.equals:
        return False
    if check.not_equal is not None and text == check.not_equal:
        return False
    if check.one_of and text not in check.one_of:
        return False
    if check.at_least is None and check.at_most is None:
        return True
    number = _number(value)
    return (
        number is not None
        and (check.at_least is None or number >= Decimal(check.at_least))
        and (check.at_most is None or number <= Decimal(check.at_most))
    )


def _number(value: object) -> Decimal | None:
    """None for what is no finite number."""
    try:
        number = (
            Decimal(len(value)) if isinstance(value, Sequence | Mapping) and not isinstance(value, str) else Decimal(str(value))
        )
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _wanted(check: RunbookCheck) -> str:
    words = []
    if check.equals is not None:
        words.append(check.equals)
    if check.not_equal is not None:
        words.append(f"not {check.not_equal}")
    if check.one_of:
        words.append(f"one of {', '.join(check.one_of)}")
    if check.at_least is not None:
        words.append(f"at least {check.at_least}")
    if check.at_most is not None:
        words.append(f"at most {check.at_most}")
    return " and ".join(words)
