"""Trend: something such as memory is proven to rise no faster than it may, over a time long enough to tell."""

from functools import lru_cache, partial
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from fairway.launch.gates.asking import UNITS, Found, Window, asks, judged
from fairway.launch.gates.blocks import blocks
from fairway.launch.gates.looks import dependence, errors_at_look
from fairway.launch.gates.made import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.shares import Known, StrongSettings, found
from fairway.launch.gates.tallies import Numbers, once
from fairway.launch.verdict import Result, Verdict
from fairway.texts.misfits import misfit
from fairway.texts.quantities import Duration, Measure, Quantity, duration_of
from fairway.watch.indicators import Measures
from fairway.world.chance import Chance
from fairway.world.clock import DAY, SECOND

PIECES: Final = 24
"""Into so many pieces a span is cut: 24 hours into hours."""
SPANS: Final = 2
"""What is older than so many spans says little about now."""
RESAMPLES: Final = 400
EFFICIENCY: Final = 0.955
"""Of this slope beside that of least squares, where what is left over is normal."""


class TrendSettings(StrongSettings):
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


def judge(settings: TrendSettings, facts: Facts) -> Verdict:
    def statistics(window: Window) -> Found:
        piece = settings.piece_ns
        first = -(-facts.since // piece)
        look = max(0, window.until // piece - first) // PIECES
        since, until = first + max(0, look - SPANS) * PIECES, first + look * PIECES
        places, values = blocks(window.series, since * piece, until * piece, piece, SPANS * PIECES)
        if not look or len(places) < 0.9 * (until - since):
            told = {"seen_s": len(places) * piece // SECOND, "span_s": settings.span // SECOND}
            return Found(Result.INSUFFICIENT, "TREND_SHORT", told)
        reckon = partial(slopes, places.astype(float) - float(places[0]), values, look)
        low, slope, high = once(window.series, ("slopes", piece), (since, until, len(places)), reckon)
        level = float(np.median(values)) if settings.is_relative else 1.0
        return _found(settings, low, slope, high, settings.rise * level, PIECES / level if level else PIECES)

    return judged(settings, facts, statistics)


def _found(settings: TrendSettings, low: float, slope: float, high: float, most: float, scale: float) -> Found:
    """scale: makes of a slope by piece one by span, relative where the bound is."""
    rises: dict[str, float] = {"slope": slope, "from": low, "to": high, "at_most": most}
    numbers = {f"{key}_a_span": value * scale for key, value in rises.items()}
    return found("TREND", Known.of(proven=high <= most, disproven=low > most), settings.strength, numbers)


def slopes(times: Numbers, values: Numbers, look: int = 1) -> tuple[float, float, float]:
    """The Theil-Sen slope, between the bounds that what it leaves over gives it at a look, from 1.

    Its error is the larger one of a moving-block bootstrap's and of what the likeness of neighbours makes of the plain one: of
    two dozen values that depend on each other a bootstrap alone tells too small an error.
    """
    slope = _theil_sen(times, values[None, :])[0]
    fitted = slope * times + np.median(values - slope * times)
    left = values - fitted
    again = _theil_sen(times, fitted + left[_picks(len(values))])
    n, depends = len(values), dependence(left)
    around = times - times.mean()
    plain = (float(left @ left) / (n - 2) / EFFICIENCY / float(around @ around) * depends) ** 0.5
    error = errors_at_look(look, n / depends - 2) * max(plain, float(again.std()))
    return float(slope - error), float(slope), float(slope + error)


def _theil_sen(times: Numbers, rows: Numbers) -> Numbers:
    """Of each row the median of the slopes between all pairs of its values."""
    first, second = np.triu_indices(len(times), 1)
    return np.asarray(np.median((rows[:, second] - rows[:, first]) / (times[second] - times[first]), axis=1))


@lru_cache(maxsize=128)
def _picks(n: int) -> NDArray[np.int64]:
    """Which values each resample takes: runs of neighbours, and always the same, as the same facts must give the same verdict."""
    run = max(2, round(n ** (1 / 3)))
    chance = Chance(0).stream(f"trend {n}")
    starts = [[chance.randrange(n - run + 1) for _ in range(-(-n // run))] for _ in range(RESAMPLES)]
    picks = np.array(starts, dtype=np.int64)[:, :, None] + np.arange(run)
    return picks.reshape(RESAMPLES, -1)[:, :n]


def flawless(settings: TrendSettings) -> Facts:
    """Level for two spans."""
    return facts_of(settings, _enough(settings), 1e6)


def spoiled(settings: TrendSettings) -> Facts:
    """A steady rise, twice as fast as it may be."""
    n = _enough(settings)
    made = facts_of(settings, n, 1e6).series[settings.of]
    pieces = (made.ats - made.ats[0]) / settings.piece_ns
    rise = settings.rise * (1e6 if settings.is_relative else 1.0)
    return facts_of(settings, n, lambda number: 1e6 + 2 * rise * float(pieces[number]))


def _enough(settings: TrendSettings) -> int:
    every = settings.indicator.every_s or 60
    return SPANS * settings.span // (every * SECOND)


GATE = Gate(
    "trend",
    TrendSettings,
    judge,
    asks,
    means="Does something, such as memory, rise no faster than it may?",
    formula="A span is cut into 24 pieces, each told by its median; the slope is the median of the slopes between all pairs "
    "of pieces (Theil-Sen), of the newest two spans. Its error is the larger one of 400 resamples of runs of what the line "
    "leaves over, and of the plain one, widened by how much neighbours are alike. It is looked at anew once a span, and the "
    "interval (Student's t) grows with each look, so that all together are wrong in 5 %. PASS where the interval is below "
    "the bound, FAIL where it is above.",
    source="Theil 1950; Sen, J. Am. Stat. Assoc., 1968; Künsch, The jackknife and the bootstrap for general stationary "
    "observations (Ann. Stat., 1989)",
    example="{name: memory, gate: trend, of: rss, rise_at_most: 2 %/24h, span: 24h}",
    flawless=flawless,
    spoiled=spoiled,
)
