"""Survey: enough users answered, enough of them are content, and severe complaints are within their bound."""

from pydantic import Field

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.series_gate import Assessment, SeriesSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Duration, Share
from fairway.watch.indicators import Measures
from fairway.world.clock import DAY

SEVERE = "severe"
"""The label of an answer that is a severe complaint."""


class SurveySettings(SeriesSettings):
    MEASURES = (Measures.GOOD,)
    of: str = Field(default="feedback", examples=["feedback"])
    positive: Share = Field(description="Least share of positive answers", examples=["50 %"])
    severe_at_most: int = Field(default=0, description="Most answers with the label severe", ge=0, examples=["0"])
    at_least_n: int = Field(default=10, ge=2, le=10_000_000, examples=["10"])
    max_age: Duration = Field(default=7 * DAY, description="Brought longer ago than this it is STALE", gt=0, examples=["7d"])


def judge(settings: SurveySettings, facts: Facts) -> Verdict:
    positive = float(settings.positive.value)

    def statistics(window: Window) -> Assessment:
        good, severe = round(window.total), window.labels().get(SEVERE, 0)
        share = good / window.n
        numbers = {"n": window.n, "positive": good, "share": share, "at_least": positive, "severe": severe}
        if severe > settings.severe_at_most:
            return Assessment(Result.FAIL, "SURVEY_SEVERE", numbers)
        if share < positive:
            return Assessment(Result.FAIL, "SURVEY_NEGATIVE", numbers)
        return Assessment(Result.PASS, "SURVEY_POSITIVE", numbers)

    return judge_series(settings, facts, statistics)


def passing_facts(settings: SurveySettings) -> Facts:
    return facts_of(settings, 1, 1.0)


def failing_facts(settings: SurveySettings) -> Facts:
    """All content, and all with a severe complaint."""
    return facts_of(settings, settings.severe_at_most + 1, 1.0, (SEVERE,))


GATE = Gate(
    "survey",
    SurveySettings,
    judge,
    indicators,
    question="Did enough users answer, are enough of them content, and are there no more severe complaints than allowed?",
    formula="positive / n ≥ share, severe ≤ bound, n ≥ 10 unless said otherwise. Who answers is no sample, so nothing is "
    "inferred.",
    reference="Descriptive",
    example="{name: feedback, gate: survey, of: feedback, positive: 50 %, severe_at_most: 0}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    assumptions="Nothing is inferred from who answers",
    limitations="Content users may be likelier to answer than others",
)
