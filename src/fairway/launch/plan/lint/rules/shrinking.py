"""Limits that shrink on promotion."""

from collections.abc import Iterator
from typing import Any, Final

from fairway.launch.plan.limits import Between, Mode, StageLimits, as_counted
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.money.amount import Amount
from fairway.people.account import Cohort

PRINCIPAL: Final = (
    "mode",
    "capital",
    "capital_per_user",
    "per_symbol",
    "symbols",
    "strategies",
    "profiles",
    "cohort",
    "users",
    "users_a_day",
    "order_value",
    "open_orders",
    "orders_a_minute",
    "positions",
    "leverage",
    "loss",
    "daily_loss",
    "drawdown",
    "http_weight",
)


def look(draft: Draft) -> Iterator[RuleFinding]:
    for _, old, new, path in draft.steps_up():
        is_first_live = new.limits.mode is Mode.LIVE and old.limits.mode is not Mode.LIVE
        if is_first_live:
            continue  # where money becomes real everything begins small
        for key in PRINCIPAL:
            before, after = getattr(old.limits, key), getattr(new.limits, key)
            if _shrinks(before, after):
                what = f"{key} goes from {_told(before)} in {old.name} to {_told(after)} in {new.name}"
                yield RuleFinding((*path, "limits", key), what, f"{key}: {_told(after)} or narrower in {old.name}, too")


def widens(old: StageLimits, new: StageLimits) -> bool:
    """Whether anything is allowed that was not."""
    return any(_shrinks(getattr(new, key), getattr(old, key)) for key in PRINCIPAL)


def _shrinks(before: Any, after: Any) -> bool:
    if before == after:
        return False
    if isinstance(before, Between):
        return _shrinks(before.at_most, after.at_most)
    if isinstance(before, Mode):
        return bool(after.rank < before.rank)
    if after is None or after == "all":
        return False
    if before is None or before == "all":
        return True
    if isinstance(before, Cohort):
        return not before.and_nearer() <= after.and_nearer()
    if isinstance(before, tuple):
        return not set(before) <= set(after)
    if isinstance(before, Amount):
        before, after = as_counted(before), as_counted(after)
        return bool(before.asset == after.asset and after < before)  # of several currencies mixed-money tells
    return bool(after < before)


def _told(value: Any) -> str:
    match value:
        case None:
            return "no bound"
        case Between():
            return _told(value.at_most)
        case tuple():
            return "[" + ", ".join(map(str, value)) + "]"
    return str(value)


assert set(PRINCIPAL) <= set(StageLimits.model_fields)
RULE = Rule(
    "shrinking",
    Severity.REFUSE,
    "Promotion widens; a bound that shrinks on the way up takes back in silence what evidence had earned, and is mostly a slip.",
    look,
)
