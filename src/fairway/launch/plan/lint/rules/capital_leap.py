"""Capital, or what may be lost, that grows more than tenfold from one stage with real money to the next."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.plan.limits import Mode, StageLimits, as_counted
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.money.amount import Amount
from fairway.texts.located_yaml import Path

TIMES: Final = 10
MONEY: Final[tuple[Path, ...]] = (("capital",), ("loss",), ("capital_per_user", "at_most"))


def look(draft: Draft) -> Iterator[RuleFinding]:
    for _, old, new, path in draft.steps_up():
        if old.limits.mode is not Mode.LIVE or new.limits.mode is not Mode.LIVE:
            continue
        for key in MONEY:
            before, after = _at(old.limits, key), _at(new.limits, key)
            if before is None or before.value <= 0:
                continue
            named, most = ".".join(map(str, key)), Amount(before.value * TIMES, before.asset)
            if after is None and key == ("capital",) and new.limits.users is not None:  # else unbounded-loss tells of it
                what = f"{named} goes from {before} in {old.name} to no bound in {new.name}"
                yield RuleFinding((*path, "limits"), what, f"{named}: {most} or less", about=named)
            elif after is not None and as_counted(after).asset == as_counted(most).asset and as_counted(after) > as_counted(most):
                what = (
                    f"{named} goes from {before} in {old.name} to {after} in {new.name}: {after.value / before.value:.3g} times"
                )
                yield RuleFinding((*path, "limits", *key), what, f"{key[-1]}: {most} or less, with a stage between them for more")


def _at(limits: StageLimits, key: Path) -> Amount | None:
    found: object = limits
    for part in key:
        found = getattr(found, str(part))
    return found if isinstance(found, Amount) else None


RULE = Rule(
    "capital-leap",
    Severity.REFUSE,
    "A bot that works with a hundred dollars was never tried with thousands; slippage grows with size, and so does a mistake.",
    look,
)
