"""Count: the number of observations, or of different labels such as users, is at least, or at most, a bound."""

from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import labelled
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.series_gate import Assessment, EventSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Switch
from fairway.texts.validation_errors import misfit


class CountSettings(EventSettings):
    """only: labels that count; all where it is empty. distinct: whether different labels are counted, not observations."""

    at_least: int | None = Field(default=None, description="Least number, or …", ge=1, le=10_000_000, examples=["5"])
    at_most: int | None = Field(default=None, description="… most number", ge=0, le=10_000_000, examples=["1"])
    only: tuple[str, ...] = Field(default=(), description="Labels that count; all where it is left out", examples=["[P1]"])
    distinct: Switch = Field(default=False, description="Whether different labels are counted in place of observations")

    @model_validator(mode="after")
    def _has_one_bound(self) -> Self:
        if (self.at_least is None) == (self.at_most is None):
            raise misfit("at_least", "stands alone, and so does at_most; one of the two must be there", "at_least: 5")
        if self.distinct and not self.indicator.label:
            raise misfit("distinct", f"counts labels, and {self.of} bears none", "distinct: false")
        return self

    @property
    def none_is_good(self) -> bool:
        return self.at_most is not None


def judge(settings: CountSettings, facts: Facts) -> Verdict:
    def statistics(window: Window) -> Assessment:
        seen = {label: n for label, n in window.labels().items() if not settings.only or label in settings.only}
        n = len(seen) if settings.distinct else sum(seen.values())
        if settings.at_most is not None:
            numbers = {"n": n, "at_most": settings.at_most}
            too_many = n > settings.at_most
            return Assessment(Result.FAIL, "COUNT_HIGH", numbers) if too_many else Assessment(Result.PASS, "COUNT_KEPT", numbers)
        assert settings.at_least is not None
        numbers = {"n": n, "at_least": settings.at_least}
        if n < settings.at_least:
            return Assessment(Result.INSUFFICIENT, "COUNT_LOW", numbers, settings.at_least - n)
        return Assessment(Result.PASS, "COUNT_REACHED", numbers)

    return judge_series(settings, facts, statistics)


def _facts(settings: CountSettings, n: int) -> Facts:
    names = settings.only or ("counted",)
    if settings.distinct:
        return labelled(settings, {names[i] if i < len(names) else f"{i}": 1 for i in range(n)})
    return labelled(settings, {names[0]: n})


def passing_facts(settings: CountSettings) -> Facts:
    return _facts(settings, settings.at_least if settings.at_least is not None else settings.at_most or 0)


def failing_facts(settings: CountSettings) -> Facts:
    """One too few, or one too many."""
    return _facts(settings, settings.at_least - 1 if settings.at_least is not None else (settings.at_most or 0) + 1)


GATE = Gate(
    "count",
    CountSettings,
    judge,
    indicators,
    question="Were there at least so many observations, such as round trips of five users; or at most so many?",
    formula="n ≥ at_least, or n ≤ at_most; with distinct, n is the number of different labels. Of at_most the detector must "
    "have been heard for nearly all of the window, as of zero_events.",
    reference="Exact",
    example="{name: traders, gate: count, of: round_trips, distinct: true, at_least: 5}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    assumptions="The detector saw all of what happened; of at_most it was heard for nearly all of the time",
    limitations="Silence of more than a twentieth of the window is INSUFFICIENT; what a living detector overlooks is not counted",
)
