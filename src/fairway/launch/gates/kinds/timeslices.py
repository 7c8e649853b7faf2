"""Timeslices: at least a share of all minutes of a window was good, without planned maintenance; an unmeasured minute is bad."""

import math
from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.proportion_test import check_share
from fairway.launch.gates.statistics.series_gate import Assessment, SeriesSettings, Window, indicators, judge_series
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Share
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures
from fairway.watch.series import excused_ns
from fairway.world.clock import SECOND


class TimeslicesSettings(SeriesSettings):
    MEASURES = (Measures.GOOD,)
    NEEDS_COVERAGE = False
    of: str = Field(default="uptime", examples=["uptime"])
    at_least: Share = Field(description="Least share of good slices, of all that were due", examples=["99.5 %"])

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("at_least", self.at_least)
        if self.indicator.every_s is None:
            raise misfit(
                "of", f"{self.of} is not measured at fixed intervals, so missing minutes cannot be counted", "of: uptime"
            )
        return self

    @property
    def fewest(self) -> int:
        """With fewer slices a single bad one is the difference between all and too few."""
        return math.ceil(1 / (1 - self.at_least.value))


def judge(settings: TimeslicesSettings, facts: Facts) -> Verdict:
    at_least = float(settings.at_least.value)

    def statistics(window: Window) -> Assessment:
        due, good = slices(window), round(window.total)
        share = min(1.0, good / due) if due else 0.0
        numbers = {"slices": due, "good": good, "share": share, "at_least": at_least}
        if due < settings.fewest:
            return Assessment(Result.INSUFFICIENT, "SLICES_FEW", {**numbers, "needed": settings.fewest}, settings.fewest - due)
        if share >= at_least:
            return Assessment(Result.PASS, "SLICES_GOOD", numbers)
        if settings.over:
            return Assessment(Result.FAIL, "SLICES_BAD", numbers)
        return Assessment(Result.INSUFFICIENT, "SLICES_BEHIND", numbers, math.ceil((at_least * due - good) / (1 - at_least)))

    return judge_series(settings, facts, statistics)


def slices(window: Window) -> int:
    """How many there should have been."""
    every = window.series.indicator.every_s
    assert every is not None
    due_ns = window.until - window.since - excused_ns(window.series.excused, window.since, window.until)
    return max(0, due_ns // (every * SECOND))


def passing_facts(settings: TimeslicesSettings) -> Facts:
    return facts_of(settings, settings.fewest, 1.0)


def failing_facts(settings: TimeslicesSettings) -> Facts:
    """One bad slice more than may be."""
    n = len(passing_facts(settings).series[settings.of])
    good = math.ceil(settings.at_least.value * n) - 1
    return facts_of(settings, settings.fewest, lambda number: float(number >= n - good))


GATE = Gate(
    "timeslices",
    TimeslicesSettings,
    judge,
    indicators,
    question="Was it up in so large a share of all minutes, planned maintenance left out?",
    formula="good minutes / minutes due ≥ p. A minute that was not measured is bad. It takes at least 1/(1−p) minutes, for "
    "with fewer a single one decides. Below p a window of fixed length fails; in one that grows with the stage it is "
    "not yet enough.",
    reference="Timeslices objectives as in OpenSLO and the SRE Workbook (Beyer and others, 2018), chapter 2",
    example="{name: uptime, gate: timeslices, of: uptime, at_least: 99.5 %, over: 7d}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    assumptions="Nothing is inferred: it is the share of the minutes that passed, and a minute that was not measured is bad",
    limitations="What was so in this window may not be so in the next",
)
