"""Invariant: every single observation is good; one bad observation fails."""

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.series_gate import Assessment, SeriesSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict
from fairway.watch.indicators import Measures


class InvariantSettings(SeriesSettings):
    MEASURES = (Measures.GOOD,)


def statistics(window: Window) -> Assessment:
    n = window.n
    bad = n - round(window.total)
    if bad:
        return Assessment(Result.FAIL, "INVARIANT_BROKEN", {"n": n, "bad": bad})
    return Assessment(Result.PASS, "INVARIANT_HELD", {"n": n})


def judge(settings: InvariantSettings, facts: Facts) -> Verdict:
    return judge_series(settings, facts, statistics)


def passing_facts(settings: InvariantSettings) -> Facts:
    return facts_of(settings, 1, 1.0)


def failing_facts(settings: InvariantSettings) -> Facts:
    """One bad observation among all: the newest."""
    last = len(passing_facts(settings).series[settings.of]) - 1
    return facts_of(settings, 1, lambda number: float(number != last))


GATE = Gate(
    "invariant",
    InvariantSettings,
    judge,
    indicators,
    question="Did something hold every single time, such as our books being the venue's?",
    formula="bad = 0, with no tolerance, in a window that was watched for at least 95 % of its time.",
    reference="Exact; reconciliation after Delegated Regulation (EU) 2017/589, article 17",
    example="{name: recon, gate: invariant, of: reconciled, at_least_n: 60}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    may_judge_profit=True,
    assumptions="The minutes that were not measured, a twentieth at most, were like the others",
    limitations="A bad minute among those that were not measured is not found",
)
