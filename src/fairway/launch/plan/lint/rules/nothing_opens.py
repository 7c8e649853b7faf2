"""A stage that waits for orders of the bot, and in which a limit lets nothing be opened."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import Split

LISTS: Final = ("symbols", "strategies", "profiles")
NUMBERS: Final = ("open_orders", "orders_a_minute", "positions")


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, stage, path in draft.plan.walk():
        trades = draft.plan.rows[track].splits is Split.CAPITAL and stage.limits.mode is not Mode.OBSERVE
        if not trades or not stage.expects_activity:
            continue
        for key in (*LISTS, *NUMBERS):
            if getattr(stage.limits, key) in ((), 0):
                told = f"{key} is {'[]' if key in LISTS else 0}, so {stage.name} opens nothing"
                what = f"{told}, and it is not passed without an order of the bot"
                yield RuleFinding((*path, "limits", key), what, "mode: observe, where nothing is to be opened")


RULE = Rule(
    "nothing-opens",
    Severity.REFUSE,
    "A stage that waits for an order which its own limits forbid is never left.",
    look,
)
