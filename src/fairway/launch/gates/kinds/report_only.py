"""Report only: a number that is shown beside a decision and decides nothing; but it must be there to be shown."""

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.means import mean_of
from fairway.launch.gates.statistics.series_gate import Found, SeriesSettings, Window, asks, judged
from fairway.launch.gates.verdict import Result, Verdict


class ReportOnlySettings(SeriesSettings):
    """Which number."""


def statistics(window: Window) -> Found:
    return Found(Result.PASS, "REPORTED_ONLY", {"n": window.n, "mean": mean_of(window)})


def judge(settings: ReportOnlySettings, facts: Facts) -> Verdict:
    return judged(settings, facts, statistics)


def flawless(settings: ReportOnlySettings) -> Facts:
    return facts_of(settings, 1, 1.0)


def spoiled(settings: ReportOnlySettings) -> Facts:
    """Nothing to report."""
    made = flawless(settings)
    return Facts(now=made.now, since=made.now, release=made.release, series=made.series)


GATE = Gate(
    "report_only",
    ReportOnlySettings,
    judge,
    asks,
    means="What is this number, such as profit, which is shown and decides nothing?",
    formula="n and mean. It passes whatever they are, and blocks only where nothing is measured.",
    source="Descriptive",
    example="{name: pnl, gate: report_only, of: trade_pnl_r}",
    flawless=flawless,
    spoiled=spoiled,
    assumes="Nothing: it decides nothing",
)
