"""Selling as the answer to a cause in which a sale cannot work, or would be a guess."""

import shlex
from collections.abc import Iterator
from typing import Final

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.rules.broken_command import commands
from fairway.launch.plan.watching import NEVER_SELLS
from fairway.risk.causes import CauseCategory
from fairway.texts.located_yaml import Path

WHY = {
    CauseCategory.CANNOT_PLACE: "an order that closes is refused like any other, and its stop was cancelled for it",
    CauseCategory.MISMATCH: "how much is held is not known, so the sale is a guess and may open a position",
    CauseCategory.BLIND: "the price is not known, so anything may be sold at any price",
    CauseCategory.DATABASE: "the sale could not be written down; stops at the venue hold without it",
    CauseCategory.MAINTENANCE: "the venue takes no orders, and the stops are with it",
}

SIGNS: Final = {
    "order_success": CauseCategory.CANNOT_PLACE,
    "venue_api": CauseCategory.CANNOT_PLACE,
    "data_age": CauseCategory.BLIND,
    "db_ok": CauseCategory.DATABASE,
    "reconciled": CauseCategory.MISMATCH,
    "tied_out": CauseCategory.MISMATCH,
}
"""Indicators that are bad where such a cause is there, whatever an alarm on them says that it is a sign of."""
OF_A_KILL: Final = {"cannot-place": CauseCategory.CANNOT_PLACE, "mismatch": CauseCategory.MISMATCH, "blind": CauseCategory.BLIND}
"""The words of `fairway kill --cause`."""
MEND: Final = "reduce only: stops and targets stay at the venue"


def look(draft: Draft) -> Iterator[RuleFinding]:
    for cause, answer in draft.plan.causes.items():
        if cause in NEVER_SELLS and answer.sells:
            yield _found(("causes", str(cause)), str(cause), cause, answer)
    for index, alarm in enumerate(draft.plan.alarms):
        sign = alarm.cause if alarm.cause in NEVER_SELLS else SIGNS.get(alarm.of)
        if sign is not None and alarm.does.sells:
            yield _found(("alarms", index), _named(alarm.cause, alarm.of), sign, alarm.does)
    for index, objective in enumerate(draft.plan.objectives):
        for at, burn in enumerate(objective.burns or ()):
            if burn.does.sells and objective.of in SIGNS:
                yield _found(("objectives", index, "burns", at), _named(None, objective.of), SIGNS[objective.of], burn.does)
    yield from _of_stages(draft)
    yield from _of_commands(draft)


def _of_stages(draft: Draft) -> Iterator[RuleFinding]:
    """A stage that sells where a gate fails which fails where nothing can be sold."""
    for _, stage, path in draft.plan.walk():
        gates = [each for each in draft.asked if each.stage is stage and each.of in SIGNS and each.decides]
        if stage.on_fail.sells and gates:
            first = gates[0]
            told = f"a failure of {first.entry.name} ({first.of})"
            yield _found((*path, "on_fail"), told, SIGNS[first.of], stage.on_fail)


def _of_commands(draft: Draft) -> Iterator[RuleFinding]:
    """Commands that sell, in a runbook for such a cause or with such a cause of their own."""
    when: dict[Path, str] = {("runbooks", index): each.when for index, each in enumerate(draft.plan.runbooks)}
    for path, command in commands(draft):
        words = shlex.split(command) if _can_be_split(command) else []
        if words[:1] != ["fairway"] or "--flatten" not in words:
            continue
        told = [OF_A_KILL[each] for each in words if each in OF_A_KILL]
        told += [cause for cause in NEVER_SELLS if when.get(path[:2], "").strip().casefold() == cause.value]
        if told:
            what = f"{command!r} sells where the cause is {told[0]!s}: {WHY[told[0]]}"
            yield RuleFinding(path, what, " ".join(command.replace("--flatten", "--keep-stops").split()))


def _can_be_split(command: str) -> bool:
    try:
        shlex.split(command)
    except ValueError:
        return False  # broken-command tells of it
    return True


def _named(cause: CauseCategory | None, of: str) -> str:
    return str(cause) if cause in NEVER_SELLS else f"a bad {of}"


def _found(path: Path, to: str, cause: CauseCategory, answer: str) -> RuleFinding:
    return RuleFinding(path, f"the answer to {to} is {answer!s}: {WHY[cause]}", MEND)


RULE = Rule(
    "blind-sale",
    Severity.REFUSE,
    "If orders do not arrive, or the positions are unknown, a sale of everything only removes the stops.",
    look,
)
