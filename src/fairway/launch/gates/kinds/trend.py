"""Trend: a measurement such as memory is proven to rise no faster than a bound allows."""

from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import Final, Self

import numpy as np
from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.proportion_test import Conclusion, StrengthSettings, conclude
from fairway.launch.gates.statistics.rolling_sums import Numbers, once
from fairway.launch.gates.statistics.sequential_bounds import dependence, errors_at_look
from fairway.launch.gates.statistics.series_gate import Assessment, Window, indicators, judge_series
from fairway.launch.gates.statistics.time_blocks import blocks
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.durations import duration_of
from fairway.texts.quantities import Duration, Measure, Quantity
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures
from fairway.watch.units import UNITS
from fairway.world.clock import DAY, SECOND

PIECES: Final = 24
"""Into so many pieces a span is cut: 24 hours into hours."""
SPANS: Final = 2
"""What is older than so many spans says little about now."""
EFFICIENCY: Final = 0.955
"""Of this slope beside that of least squares, where what is left over is normal."""
WALK: Final = 1.2
"""Of a random walk the square of a slope's error is so many times that of a step, by the number of steps."""
FREE_MIN: Final = 1.0
"""With fewer independent pieces, beside two that a line takes, likeness of neighbours tells no error."""
BEYOND: Final = 3.0
"""The newest piece may be above the line by so many times what pieces differ from it, and by what may be risen since."""


class TrendGateSettings(StrengthSettings):
    """rise_at_most: a rise by a time, in the indicator's unit or in % of its median. span: the shortest time to tell it from."""

    MEASURES = (Measures.BYTES, Measures.SECONDS, Measures.MESSAGES)
    rise_at_most: Measure = Field(description="Most rise by a time; in % of its median, or in its unit", examples=["2 %/24h"])
    span: Duration = Field(default=DAY, description="The shortest time to tell it from", ge=PIECES * SECOND, examples=["24h"])

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if self.rise <= 0:
            raise misfit("rise_at_most", f"'{self.rise_at_most}' must be above 0", "rise_at_most: 2 %/24h")
        return self

    @property
    def is_relative(self) -> bool:
        return self.rise_at_most.unit.startswith("%")

    @property
    def rise(self) -> float:
        """What it may rise in a piece: a share of the median for a unit of %, else in the indicator's unit. Raises a misfit."""
        unit, _, time = self.rise_at_most.unit.partition("/")
        try:
            length = duration_of(time if time[:1].isdigit() else f"1{time}")
            value = Quantity(self.rise_at_most.value, unit)
            rise = float(value.value) / 100 if unit == "%" else float(value.in_unit(UNITS[self.indicator.measures]))
        except ValueError:
            told = f"'{self.rise_at_most}' is no rise by a time, in % or in {UNITS[self.indicator.measures] or 'a bare number'}"
            raise misfit("rise_at_most", told, "rise_at_most: 2 %/24h") from None
        return rise * self.piece_ns / length

    @property
    def piece_ns(self) -> int:
        return self.span // PIECES


def judge(settings: TrendGateSettings, facts: Facts) -> Verdict:
    def statistics(window: Window) -> Assessment:
        piece = settings.piece_ns
        first = -(-facts.since // piece)
        look = max(0, window.until // piece - first) // PIECES
        since, until = first + max(0, look - SPANS) * PIECES, first + look * PIECES
        places, values = blocks(window.series, since * piece, until * piece, piece, SPANS * PIECES)
        if not look or len(places) < 0.9 * (until - since):
            told = {"seen_s": len(places) * piece // SECOND, "span_s": settings.span // SECOND}
            return Assessment(Result.INSUFFICIENT, "TREND_SHORT", told)
        reckon = partial(fit_trend, places.astype(float), values, look * facts.tries)
        line = once(window.series, ("line", piece), (since, until, len(places), facts.tries), reckon)
        level = float(np.median(values)) if settings.is_relative else 1.0
        most = settings.rise * level
        said = _found(settings, line, most, PIECES / level if level else PIECES)
        return _lately(window, piece, until, line, most, said) if said.result is Result.PASS else said

    return judge_series(settings, facts, statistics)


@dataclass(frozen=True, slots=True)
class TrendLine:
    """A line through pieces: its slope by piece, between its bounds; its height at place 0; how far pieces are off it.

    alike: how many pieces say as much as one independent one.
    """

    low: float
    slope: float
    high: float
    height: float
    off: float
    alike: float


def _found(settings: TrendGateSettings, line: TrendLine, most: float, scale: float) -> Assessment:
    """scale: makes of a slope by piece one by span, relative where the bound is."""
    rises: dict[str, float] = {"slope": line.slope, "from": line.low, "to": line.high, "at_most": most}
    numbers = {**{f"{key}_a_span": value * scale for key, value in rises.items()}, "alike": line.alike}
    said = conclude("TREND", Conclusion.of(proven=line.high <= most, disproven=line.low > most), settings.strength, numbers)
    is_too_alike = said.result is Result.INSUFFICIENT and line.slope <= most and line.alike > PIECES / (2 + FREE_MIN)
    return replace(said, code="TREND_DEPENDENT") if is_too_alike else said


def _lately(window: Window, piece: int, until: int, line: TrendLine, most: float, said: Assessment) -> Assessment:
    """What was level until the last look may rise since: the newest piece must not be above what the bound allows by now."""
    places, values = blocks(window.series, until * piece, window.until, piece, PIECES)
    if not len(places):
        return said
    ends = line.height + line.slope * (until - 1)
    allowed = ends + most * float(places[-1] - until + 1) + BEYOND * line.off + 1e-9 * abs(ends)
    newest = float(values[-1])
    if newest <= allowed:
        return said
    return Assessment(Result.INSUFFICIENT, "TREND_LATELY_ABOVE", {**said.numbers, "newest": newest, "allowed": allowed})


def fit_trend(places: Numbers, values: Numbers, look: int = 1) -> TrendLine:
    """The Theil-Sen line, and the bounds that what it leaves over gives its slope at a look, from 1.

    Its error is the smaller one of two that each are too large: of pieces whose neighbours are as alike as they may be, and of
    a random walk whose steps are as large as theirs, for which it does not matter how alike they are.
    """
    slope = float(_theil_sen(places, values[None, :])[0])
    height = float(np.median(values - slope * places))
    left = values - slope * places - height
    n, alike = len(values), dependence(left)
    around = places - places.mean()
    plain = sqrt(float(left @ left) / (n - 2) / EFFICIENCY / float(around @ around) * alike)
    steps = np.diff(left) / np.sqrt(np.diff(places))
    errors = [errors_at_look(look, n - 2) * sqrt(WALK / n * float(steps @ steps) / (n - 2))]
    if n / alike - 2 >= FREE_MIN:
        errors.append(errors_at_look(look, n / alike - 2) * plain)
    error = min(errors)
    return TrendLine(slope - error, slope, slope + error, height, sqrt(float(left @ left) / (n - 2)), alike)


def _theil_sen(times: Numbers, rows: Numbers) -> Numbers:
    """Of each row the median of the slopes between all pairs of its values."""
    first, second = np.triu_indices(len(times), 1)
    return np.asarray(np.median((rows[:, second] - rows[:, first]) / (times[second] - times[first]), axis=1))


def passing_facts(settings: TrendGateSettings) -> Facts:
    """Level for two spans."""
    return facts_of(settings, _enough(settings), 1e6)


def failing_facts(settings: TrendGateSettings) -> Facts:
    """A steady rise, twice as fast as it may be."""
    n = _enough(settings)
    made = facts_of(settings, n, 1e6).series[settings.of]
    pieces = (made.ats - made.ats[0]) / settings.piece_ns
    rise = settings.rise * (1e6 if settings.is_relative else 1.0)
    return facts_of(settings, n, lambda number: 1e6 + 2 * rise * float(pieces[number]))


def _enough(settings: TrendGateSettings) -> int:
    every = settings.indicator.every_s or 60
    return SPANS * settings.span // (every * SECOND)


GATE = Gate(
    "trend",
    TrendGateSettings,
    judge,
    indicators,
    question="Does something, such as memory, rise no faster than it may?",
    formula="A span is cut into 24 pieces, each told by its median; the slope is the median of the slopes between all pairs "
    "of pieces (Theil-Sen), of the newest two spans. Its error is the smaller one of two: that of pieces whose neighbours are as "
    "alike as they may be by what is left over, and that of a random walk with the same steps. It is computed once a span, "
    "and the interval (Student's t) grows with each look and each try, so that all together are wrong in 5 %. PASS where the "
    "interval is below the bound, FAIL where it is above. Between two looks the newest piece must not be above the line by more "
    "than may be risen since, and three times what pieces are off it.",
    reference="Theil 1950; Sen, J. Am. Stat. Assoc., 1968; why two errors: Vogelsang, Trend function hypothesis testing in the "
    "presence of serial correlation (Econometrica, 1998)",
    example="{name: memory, gate: trend, of: rss, rise_at_most: 2 %/24h, span: 24h}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    assumptions="What pieces are off the line resembles earlier ones at most as a random walk does; what rises, rises steadily "
    "for a span",
    limitations="Wandering levels are INSUFFICIENT (`TREND_DEPENDENT`), or told too late where they also bend; a rise since the "
    "last look is told by its newest piece, within an hour or two of a span of a day",
)
