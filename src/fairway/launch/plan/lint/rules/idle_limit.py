"""A limit that is never reached, because a smaller one beside it, such as the stage's total loss, is reached first."""

from collections.abc import Iterator

from fairway.launch.plan.limits import StageLimits, as_counted
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.texts.located_yaml import Path


def look(draft: Draft) -> Iterator[RuleFinding]:
    for _, stage, path in draft.plan.walk():
        limits, here = stage.limits, (*path, "limits")
        yield from _above_loss(limits, here, "daily_loss")
        yield from _above_loss(limits, here, "drawdown")
        daily, fall = limits.daily_loss, limits.drawdown
        if daily is not None and fall is not None and daily > fall:
            what = f"daily_loss is {daily} and drawdown {fall}: what falls so far within a day has passed the drawdown before"
            yield RuleFinding((*here, "daily_loss"), what, f"daily_loss: {fall} or less")


def _above_loss(limits: StageLimits, path: Path, key: str) -> Iterator[RuleFinding]:
    """One account alone would lose more than all may together."""
    share: Fraction | None = getattr(limits, key)
    capital = _of_one_account(limits)
    if share is None or limits.loss is None or capital is None or limits.loss.value <= 0 or capital.value <= 0:
        return
    loss = as_counted(limits.loss)
    reached = Amount(capital.value * share.value, capital.asset)
    if reached.asset == loss.asset and reached > loss:
        told = f"{key} {share} of {capital} is {reached}, and all accounts may lose {limits.loss} in the whole stage"
        what = f"{told}: it never counts"
        yield RuleFinding((*path, key), what, f"{key}: {_below(loss, capital)} or less")


def _of_one_account(limits: StageLimits) -> Amount | None:
    """The most that one account puts to work."""
    parts = [as_counted(each) for each in (limits.capital, limits.capital_per_user.at_most) if each is not None]
    return min(parts) if parts and len({each.asset for each in parts}) == 1 else None


def _below(loss: Amount, capital: Amount) -> str:
    """The largest share in whole percent that is below the loss."""
    return f"{max(1, int(loss.value * 100 / capital.value))} %"


RULE = Rule(
    "idle-limit",
    Severity.REFUSE,
    "A limit that is read as a second line of defence protects nothing where another limit is always reached first.",
    look,
    yields_to=("senseless-limit",),
)
