"""A limit that allows nothing, that no number can keep, or that is larger than the whole of which it is a part."""

from collections.abc import Iterator
from typing import Any, Final

from fairway.launch.plan.limits import StageLimits, as_counted
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.texts.located_yaml import Path

MONEY: Final = ("capital", "capital_per_user.at_least", "capital_per_user.at_most", "per_symbol", "order_value", "loss")
SHARES: Final = ("daily_loss", "drawdown", "http_weight")
WHOLES: Final = {
    "capital_per_user.at_least": ("capital_per_user.at_most", "capital"),
    "capital_per_user.at_most": ("capital",),
    "per_symbol": ("capital_per_user.at_most", "capital"),
    "order_value": ("per_symbol", "capital_per_user.at_most", "capital"),
}
"""A limit, and those of which it is a part, smallest first."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for _, stage, path in draft.plan.walk():
        yield from _of_stage(stage.limits, (*path, "limits"))
    alone = draft.plan.approvals.alone
    if alone is not None:
        yield from _above_zero(("approvals", "alone", "capital"), alone.capital)
    for place, time in _times(draft):
        if time == 0:
            yield RuleFinding(
                place, f"{place[-1]} is no time at all, so nothing ever counts in it", f"{place[-1]}: 1h, or longer"
            )
    yield from _never_kept(draft)


def _of_stage(limits: StageLimits, path: Path) -> Iterator[RuleFinding]:
    for key in MONEY:
        yield from _above_zero((*path, *key.split(".")), _at(limits, key))
    for key in SHARES:
        share = _at(limits, key)
        if share is not None and (share.value > 1 or share.value < 0 or (not share.value and key != "http_weight")):
            least = "at least 0 %" if key == "http_weight" else "above 0 %"
            yield RuleFinding((*path, key), f"{key} is {share}, and must be {least} and at most 100 %", f"{key}: 10 %")
    for key, wholes in WHOLES.items():
        yield from _part(limits, path, key, wholes)
    a_day, users = limits.users_a_day, limits.users
    if a_day is not None and users is not None and a_day > users:
        what = f"users_a_day is {a_day}, and no more than {users} users are let in at all"
        yield RuleFinding((*path, "users_a_day"), what, f"users_a_day: {users} or fewer")


def _part(limits: StageLimits, path: Path, key: str, wholes: tuple[str, ...]) -> Iterator[RuleFinding]:
    """The first whole that is smaller than its part is told. What is borrowed makes a whole larger."""
    part = _at(limits, key)
    for whole in wholes:
        bound = _at(limits, whole)
        if part is None or bound is None or bound.value <= 0:  # of such a whole it is told that it is none
            continue
        counted, most = as_counted(part), as_counted(bound) * (limits.leverage or 1)
        if counted.asset == most.asset and counted > most:
            what = f"{key} is {part}, and {whole} {bound}: the part is larger than the whole"
            name = key.rpartition(".")[2]
            yield RuleFinding((*path, *key.split(".")), what, f"{name}: {bound} or less")
            return


def _above_zero(path: Path, amount: Amount | None) -> Iterator[RuleFinding]:
    if amount is not None and amount.value <= 0:
        right = f"100 {amount.asset}" if not amount.value else str(Amount(-amount.value, amount.asset))
        yield RuleFinding(path, f"{path[-1]} is {amount}, and must be above 0", f"{path[-1]}: {right}")


def _at(limits: StageLimits, key: str) -> Any:
    found: Any = limits
    for part in key.split("."):
        found = getattr(found, part)
    return found


def _times(draft: Draft) -> Iterator[tuple[Path, int | None]]:
    plan = draft.plan
    yield ("approvals", "expires"), plan.approvals.expires
    for index, objective in enumerate(plan.objectives):
        yield ("objectives", index, "within"), objective.within
    for index, alarm in enumerate(plan.alarms):
        yield ("alarms", index, "within"), alarm.within
    for _, stage, path in plan.walk():
        yield (*path, "review"), stage.review


def _never_kept(draft: Draft) -> Iterator[RuleFinding]:
    """Objectives with impossible shares, and targets whose least is above their most."""
    for index, objective in enumerate(draft.plan.objectives):
        for key in ("at_least", "share", "loss"):
            share: Fraction | None = getattr(objective, key)
            if share is not None and not 0 < share.value <= 1:
                what = f"{key} is {share}, and must be above 0 % and at most 100 %"
                yield RuleFinding(("objectives", index, key), what, f"{key}: 99 %" if key != "loss" else "loss: 8 %")
    for index, target in enumerate(draft.plan.targets):
        least, most = target.at_least, target.at_most
        if least is not None and most is not None and least.unit == most.unit and least.value > most.value:
            what = f"{target.name} should be {least} at least and {most} at most"
            yield RuleFinding(("targets", index, "at_most"), what, f"at_most: {least} or more")


RULE = Rule(
    "senseless-limit",
    Severity.REFUSE,
    "The reader of a limit relies on it, and a limit that no number can keep or reach bounds nothing or stops everything.",
    look,
    may_stay=False,
)
