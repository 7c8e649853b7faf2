"""Checks a series before a gate's statistics see it: whether it exists, is fresh, covers the window and has enough observations.

A series that fails a check is never passed. Where a plan says `sustain`, the gate must have passed at every point of that time.
"""

import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import attrgetter
from typing import Annotated, Any, ClassVar, Final

import numpy as np
from pydantic import BeforeValidator, Field, field_validator

from fairway.launch.gates.port import Facts, GateSettings
from fairway.launch.gates.statistics.rolling_sums import Numbers, Picks, Rows, added, digest, rows_where, tallied
from fairway.launch.gates.verdict import Result, Verdict
from fairway.money.amount import text_of
from fairway.texts.durations import as_setting, duration_of
from fairway.texts.nearest import nearest
from fairway.texts.quantities import Duration, Quantity
from fairway.texts.validation_errors import misfit
from fairway.watch.figures import rows_within
from fairway.watch.indicators import BY_NAME, Indicator, Measures
from fairway.watch.series import Series, excused_ns, merged
from fairway.watch.units import UNITS
from fairway.world.clock import MINUTE, SECOND

STAGE: Final = 0
"""A window that begins with the stage."""
COVERED: Final = 0.95
"""The share of the observations that the clock should have brought, below which nothing is judged."""
PARTS: Final = 4
"""How often in its length a window that slides begins a new sequence of evidence."""
POINTS: Final = 12
"""How often within the time of `sustain` it is judged."""
NEVER_NEGATIVE: Final = (Measures.SECONDS, Measures.BYTES, Measures.MESSAGES)
AHEAD_MAX: Final = MINUTE
"""By so much the clock of a source may be ahead of the pilot's."""


def _over(value: object) -> object:
    return STAGE if value == "stage" else duration_of(value) if isinstance(value, str) else value


Over = Annotated[int, BeforeValidator(_over), Field(examples=["7d"], ge=0)]
"""`stage`, or the newest so many nanoseconds."""


class SeriesSettings(GateSettings):
    """of: the indicator that is judged. over: in which window. max_age: how old its newest word may be.

    at_least_n: observations, below which nothing is said. sustain: for so long it must have been so, at every point.
    """

    MEASURES: ClassVar[tuple[Measures, ...]] = ()
    """What the gate can judge; anything where it is empty."""
    NEEDS_COVERAGE: ClassVar[bool] = True
    """Whether what was not observed keeps the gate from saying anything; one that counts it as bad needs no more."""

    of: str = Field(description="The indicator that is judged", examples=["order_success"])
    over: Over = Field(
        default=STAGE,
        description="The window: the stage, or the newest so long by its clock; with another release in it, it passes nothing",
    )
    max_age: Duration = Field(
        default=15 * MINUTE,
        description="Older than this it is STALE, and so is a source that was silent for longer",
        gt=0,
        examples=["15m"],
    )
    at_least_n: int = Field(
        default=1, description="With fewer observations nothing is said", ge=1, le=10_000_000, examples=["30"]
    )
    sustain: Duration = Field(default=0, description="For so long it must have passed, at every point", examples=["10m"])

    @field_validator("of")
    @classmethod
    def _is_fit(cls, name: str) -> str:
        fit = [each.name for each in BY_NAME.values() if not cls.MEASURES or each.measures in cls.MEASURES]
        if name not in BY_NAME:
            what = f"{name!r} is no indicator; there are {', '.join(fit)}"
            raise misfit("", what, example=f"of: {nearest(name, fit) or fit[0]}")
        if name not in fit:
            what = f"{name!r} measures {BY_NAME[name].measures}, which this gate cannot judge; it can {', '.join(fit)}"
            raise misfit("", what, example=f"of: {fit[0]}")
        return name

    @property
    def indicator(self) -> Indicator:
        return BY_NAME[self.of]

    def bound(self, key: str) -> float:
        """A bound, such as `at_most` or `tail.at_most`, in the unit in which the indicator is measured. Raises a misfit."""
        of: Quantity = attrgetter(key)(self)
        unit = UNITS[self.indicator.measures]
        try:
            return float(of.in_unit(unit))
        except ValueError as error:
            raise misfit(key, f"'{of}' {error}", example=f"{key.rpartition('.')[2]}: 1 {unit}") from None


class EventSettings(SeriesSettings):
    """Of a gate that counts: none is a number, too."""

    @property
    def none_is_good(self) -> bool:
        """Whether it passes because nothing happened: then its source must have been alive for the whole window."""
        return False

    at_least_n: int = Field(default=0, ge=0, le=0, examples=["0"])


@dataclass(frozen=True, slots=True)
class Window:
    """The observations of a series with since < at <= until."""

    series: Series
    """All of it; its tallies are kept with it."""
    since: int
    until: int
    _part: list[Series] = field(default_factory=list, repr=False)

    @property
    def part(self) -> Series:
        if not self._part:
            self._part.append(self.series.within(self.since, self.until))
        return self._part[0]

    @property
    def n(self) -> int:
        low, high = rows_within(self.series, self.since, self.until)
        return int(self.series.sums.count[high] - self.series.sums.count[low])

    @property
    def total(self) -> float:
        """The sum of all observations; of a ratio, how many are good. To the last digit the same however the series grew."""
        return float(self.tally("total", _total)[0])

    def labels(self) -> dict[str, int]:
        """How many observations bear each label; labels without one are left out."""
        names = self.series.names

        def summed(rows: Rows) -> Numbers:
            return np.bincount(rows.labels, weights=rows.counts, minlength=len(names)).astype(np.float64)

        found = self.tally(("labels", len(names)), summed)
        return {name: int(count) for name, count in zip(names, found, strict=True) if count}

    def tally(self, key: Any, summed: Callable[[Rows], Numbers]) -> Numbers:
        return tallied(self.series, self.since, self.until, key, summed)


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the statistics say of a window: the result, the code of its reason, and its numbers."""

    result: Result
    code: str
    numbers: Mapping[str, float | int | str]
    missing: int | None = None
    """How many more observations it takes at best; None where that is not known."""


Statistics = Callable[[Window], Assessment]


def judge_series(settings: SeriesSettings, facts: Facts, statistics: Statistics) -> Verdict:
    """The verdict of a gate on one series: by the checks of the series, then its statistics, then `sustain`."""
    series = facts.series.get(settings.of)
    if series is None:
        return verdict(settings, facts, Assessment(Result.ERROR, "SERIES_MISSING", {"of": settings.of}))
    window = window_of(settings, facts, series)
    found = _unfit(settings, facts, window) or statistics(window)
    if found.result is Result.PASS and settings.sustain:
        found = _sustained(settings, facts, window, statistics) or found
    if found.result is Result.PASS and _reaches_back(settings, facts, window):
        found = Assessment(Result.INSUFFICIENT, "WINDOW_OF_ANOTHER_RELEASE", {"over": as_setting(settings.over)})
    return verdict(settings, facts, found, window, *_beside(facts))


def _beside(facts: Facts) -> list[str]:
    """What else a verdict rests on, where there is anything."""
    told = [str(facts.release_since)] if facts.release_since else []
    return [*told, f"try {facts.tries}"] if facts.tries > 1 else told


def indicators(settings: SeriesSettings) -> tuple[str, ...]:
    """The one indicator that the gate needs."""
    return (settings.of,)


def window_of(settings: SeriesSettings, facts: Facts, series: Series) -> Window:
    """Until when it is complete, and from where the plan says."""
    until = min(facts.now, series.watermark)
    return Window(series, _back(facts.now, settings.over, facts.pauses) if settings.over else facts.since, until)


def sequence_of(settings: SeriesSettings, facts: Facts, window: Window) -> tuple[Window, int]:
    """The part of a window that evidence is gathered in, and the number of this sequence of evidence, from 1.

    A window that slides would be a new sequence at each look. So it begins at quarters of its length, counted from when the stage
    began, or from the first observation where it reaches back beyond the stage. Each beginning, as each further try of a stage,
    is one more chance to be lucky, for which more is asked.
    """
    if not settings.over:
        return window, facts.tries
    ats, step = window.series.ats, max(1, settings.over // PARTS)
    first = facts.since if facts.since <= window.since or not len(ats) else min(window.since, int(ats[0]))
    number = max(0, -(-(window.since - first) // step))
    return replace(window, since=min(first + number * step, window.until), _part=[]), facts.tries * (number + 1)


def _back(now: int, ns: int, pauses: Sequence[tuple[int, int]]) -> int:
    """The instant (ns) since which the stage's clock has run for so long: time in which it stood is no part of a window."""
    at, left = now, ns
    for begins, ends in reversed(pauses):
        if at - ends >= left:
            break
        left -= max(0, at - ends)
        at = min(at, begins)
    return at - left


def _unfit(settings: SeriesSettings, facts: Facts, window: Window) -> Assessment | None:
    series = window.series
    stale = of_the_future(facts, series) or stale_by(settings.max_age, facts, series)
    if stale is not None:
        return stale
    if not _is_whole(facts, window):
        return Assessment(Result.INSUFFICIENT, "WINDOW_SHORT", {"over": as_setting(settings.over)})
    unseen = _unseen(settings, facts, window)
    if unseen is not None:
        return unseen
    n = window.n
    if n < settings.at_least_n:
        missing = settings.at_least_n - n
        return Assessment(Result.INSUFFICIENT, "OBSERVATIONS_FEW", {"n": n, "at_least_n": settings.at_least_n}, missing)
    return _impossible(window)


def _unseen(settings: SeriesSettings, facts: Facts, window: Window) -> Assessment | None:
    """Whether too much of the window was not watched: by the clock of what is observed, or by who should have seen it."""
    series = window.series
    covered = series.coverage(window.since, window.until) if settings.NEEDS_COVERAGE else None
    if covered is not None and covered < COVERED:
        return Assessment(Result.INSUFFICIENT, "COVERAGE_LOW", {"coverage": covered, "at_least": COVERED})
    if not (isinstance(settings, EventSettings) and settings.none_is_good):
        return None
    silent = series.silent_ns(window.since, window.until, settings.max_age, facts.pauses)
    counted = window.until - window.since - excused_ns(merged([*series.excused, *facts.pauses]), window.since, window.until)
    if silent <= (1 - COVERED) * counted:
        return None
    numbers = {"silent_s": silent // SECOND, "of_s": counted // SECOND, "watched_at_least": COVERED}
    return Assessment(Result.INSUFFICIENT, "SOURCE_WAS_SILENT", numbers)


def _impossible(window: Window) -> Assessment | None:
    series = window.series
    rows = rows_where(series, "impossible", _IMPOSSIBLE.get(series.indicator.measures, _not_finite))
    wrong = int(np.diff(np.searchsorted(rows, rows_within(series, window.since, window.until)))[0]) if len(rows) else 0
    return Assessment(Result.ERROR, "VALUES_IMPOSSIBLE", {"n": wrong}) if wrong else None


def _not_finite(values: Numbers) -> Any:
    return ~np.isfinite(values)


def _not_finite_or_negative(values: Numbers) -> Any:
    return ~(np.isfinite(values) & (values >= 0))


def _neither_good_nor_bad(values: Numbers) -> Any:
    return ~((values == 0) | (values == 1))


_IMPOSSIBLE: Final[Mapping[Measures, Picks]] = {
    Measures.GOOD: _neither_good_nor_bad,
    **dict.fromkeys(NEVER_NEGATIVE, _not_finite_or_negative),
}
"""What cannot be, by what is measured; of all others what is no finite number."""


def of_the_future(facts: Facts, series: Series) -> Assessment | None:
    """Whether a series has observations of the future: one of the two clocks is wrong, so no age can be trusted."""
    last = int(series.ats[-1]) if len(series.ats) else 0
    ahead = max(series.watermark, series.beats, last) - facts.now
    return Assessment(Result.ERROR, "SERIES_OF_THE_FUTURE", {"ahead_s": ahead // SECOND}) if ahead > AHEAD_MAX else None


def stale_by(max_age: int, facts: Facts, series: Series) -> Assessment | None:
    """Whether a series is too old to judge by, or its source is silent."""
    age, silent = facts.now - series.watermark, facts.now - series.beats
    most = as_setting(max_age)
    if age > max_age:
        return Assessment(
            Result.STALE, "SERIES_STALE", {"age_s": age // SECOND if series.watermark else "never", "max_age": most}
        )
    if silent > max_age:
        return Assessment(
            Result.STALE, "SOURCE_SILENT", {"silent_s": silent // SECOND if series.beats else "never", "max_age": most}
        )
    return None


def _is_whole(facts: Facts, window: Window) -> bool:
    """Whether the window was measured from its begin: the stage is as old, or an older observation exists."""
    ats = window.series.ats
    return facts.since <= window.since or (len(ats) > 0 and int(ats[0]) <= window.since)


def _reaches_back(settings: SeriesSettings, facts: Facts, window: Window) -> bool:
    """Whether it rests on what another release did: that may speak against this one, and not for it."""
    return bool(settings.over) and window.since - settings.sustain < facts.release_since


def _total(rows: Rows) -> Numbers:
    return added(rows.values[:, None], rows)


def _sustained(settings: SeriesSettings, facts: Facts, window: Window, statistics: Statistics) -> Assessment | None:
    """None where it would have passed at each point of the time; a restart finds the same, for it is all in the series.

    At a point before the stage began, or before its window was whole, it did not pass.
    """
    step = max(settings.sustain // POINTS, 1)
    for point in range(1, POINTS + 1):
        back = point * step
        earlier = replace(
            window, since=window.since - back if settings.over else window.since, until=window.until - back, _part=[]
        )
        is_known = earlier.until > earlier.since and _is_whole(facts, earlier)
        if not is_known or earlier.n < settings.at_least_n or statistics(earlier).result is not Result.PASS:
            numbers = {"held_s": (back - step) // SECOND, "sustain_s": settings.sustain // SECOND}
            return Assessment(Result.INSUFFICIENT, "SUSTAIN_SHORT", numbers)
    return None


# -- telling ------------------------------------------------------------------------------------------------------------


def verdict(settings: GateSettings, facts: Facts, found: Assessment, window: Window | None = None, *inputs: str) -> Verdict:
    """The verdict with its reason, window and digest. inputs: digests of everything else that was judged."""
    numbers = {key: number_text(value) for key, value in found.numbers.items()}
    since, until = (window.since, window.until) if window else (facts.since, facts.now)
    seen = digest(window.series, window.until) if window else ""
    return Verdict(
        gate=settings.name,
        result=found.result,
        reason=f"{found.code}: {' '.join(f'{key}={value}' for key, value in numbers.items())}",
        numbers=numbers,
        since=since,
        until=until,
        digest=_digest_of(settings, facts.release, since, until, seen, *inputs),
        missing=found.missing,
    )


def _digest_of(settings: GateSettings, *inputs: object) -> str:
    return hashlib.sha256("\n".join((settings.spec, *map(str, inputs))).encode()).hexdigest()


def number_text(value: float | int | str) -> str:
    """A number of statistics has twelve significant digits: more differ from machine to machine."""
    if isinstance(value, float) and math.isfinite(value):
        return text_of(Decimal(f"{value:.12g}"))
    return str(value)


def e_value(logarithm: float) -> float:
    """A wealth that a person can read; beyond a million it makes no difference."""
    return round(math.exp(min(logarithm, math.log(1e6))), 4)
