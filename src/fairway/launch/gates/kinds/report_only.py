"""Report only: a number that is shown beside a decision and decides nothing; but it must be there to be shown."""

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.mean_test import mean_of
from fairway.launch.gates.statistics.series_gate import Assessment, SeriesSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict


class ReportOnlySettings(SeriesSettings):
    """Which number."""


def statistics(window: Window) -> Assessment:
    return Assessment(Result.PASS, "REPORTED_ONLY", {"n": window.n, "mean": mean_of(window)})


def judge(settings: ReportOnlySettings, facts: Facts) -> Verdict:
    return judge_series(settings, facts, statistics)


def passing_facts(settings: ReportOnlySettings) -> Facts:
    return facts_of(settings, 1, 1.0)


def failing_facts(settings: ReportOnlySettings) -> Facts:
    """Nothing to report."""
    made = passing_facts(settings)
    return Facts(now=made.now, since=made.now, release=made.release, series=made.series)


GATE = Gate(
    "report_only",
    ReportOnlySettings,
    judge,
    indicators,
    question="What is this number, such as profit, which is shown and decides nothing?",
    formula="n and mean. It passes whatever they are, and blocks only where nothing is measured.",
    reference="Descriptive",
    example="{name: pnl, gate: report_only, of: trade_pnl_r}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    decides=False,
    may_judge_profit=True,
    assumptions="Nothing: it decides nothing",
)
