"""Profit as a gate: it may take exposure back, and never widen it."""

import re
from collections.abc import Iterator

from fairway.launch.gates.registry import installed
from fairway.launch.plan.lint.draft import Draft, DraftGate
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.nearest import nearest
from fairway.watch.indicators import Measures

COSTS = ("fees", "llm_cost")
_WORDS = re.compile(r"pnl|profit|sharpe|sortino|return|earning|win.?rate|equity", re.IGNORECASE)
SURE = 1.645
"""Standard deviations for 95 % on one side."""
WITH_POWER = SURE + 0.842
"""… and for a chance of 80 % to see it."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for asked in draft.asked:
        if _may_look(asked) or not _is_profit(asked):
            continue
        what = f"{asked.entry.name} promotes by profit ({asked.of or asked.entry.gate}): {_arithmetic(asked)}"
        yield RuleFinding(
            asked.path, what, "gate: expectancy, which takes exposure back where harm is proven; or gate: report_only"
        )


def _may_look(asked: DraftGate) -> bool:
    """Such a gate, or one whose name is misspelt and told as such: then that is what is wrong with it."""
    plugins = installed().plugins
    meant = asked.gate or plugins.get(nearest(asked.entry.gate, plugins) or "")
    return meant is not None and meant.may_judge_profit


def _is_profit(asked: DraftGate) -> bool:
    if asked.indicator is not None:
        return asked.indicator.measures in (Measures.R, Measures.DOLLARS) and asked.of not in COSTS
    return bool(_WORDS.search(f"{asked.of} {asked.entry.name}"))


def _arithmetic(asked: DraftGate) -> str:
    """How long luck and skill look alike, by what is asked about."""
    if "sharpe" in f"{asked.of} {asked.entry.name}".lower():
        bar = _bar(asked)
        years = (SURE / bar) ** 2
        told = f"{years * 365:,.0f} days" if years < 5 else f"{years:,.0f} years"
        return f"a Sharpe ratio of {bar:g} is told from 0 after {told}, and the stage lasts {asked.lasts}"
    trades = round(WITH_POWER**2 * 0.25 / 0.05**2)
    return (
        f"a win rate of 55 % is told from 50 % after {trades} trades, and a Sharpe ratio of 1 from 0 after "
        f"{SURE**2 * 365:,.0f} days; the stage lasts {asked.lasts}"
    )


def _bar(asked: DraftGate) -> float:
    for key in ("at_least", "above", "not_below"):
        try:
            bar = float(asked.entry.text(key))
        except ValueError:
            continue
        if bar > 0:
            return bar
    return 1.0


RULE = Rule(
    "profit-promotes",
    Severity.REFUSE,
    "In the time of a stage profit is luck: a gate on it promotes lucky bots and stops unlucky good ones.",
    look,
)
