"""Sums up the measurements of a window: one row for each indicator, as text."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fairway.watch.figures import quantile
from fairway.watch.indicators import INDICATORS, OF_TRADER, Indicator, Measures
from fairway.watch.series import Series

NOTHING: Final = "—"
QUANTILES: Final = (0.5, 0.95, 0.99)
LABELS_MAX: Final = 12
"""Labels that are shown one by one."""


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """n: observations, by unit. coverage: the share of those that the clock should have brought, `—` where it brings none."""

    indicator: str
    unit: str
    n: int
    shown: str
    coverage: str


def summary(series: Mapping[str, Series], since: int, until: int, *, begins_at: int = 0) -> Iterator[SummaryRow]:
    """Of every indicator that is measured, over since < at <= until (ns). begins_at: when measuring began, before which nothing
    is missing (ns)."""
    for each in INDICATORS:
        if each.name in series:
            yield _row(series[each.name], since, until, begins_at)


def elsewhere() -> list[str]:
    """Names of those that no trader's journal shows: the pilot of a launch notes them."""
    return [each.name for each in INDICATORS if each not in OF_TRADER]


def _row(series: Series, since: int, until: int, begins_at: int) -> SummaryRow:
    part, indicator = series.within(since, until), series.indicator
    covered = series.coverage(max(since, begins_at), until)
    coverage = NOTHING if covered is None else f"{covered * 100:.1f} %"
    plural = f"{indicator.unit.value}{'s' if part.count != 1 else ''}".replace("querys", "queries")
    return SummaryRow(indicator.name, plural, part.count, _shown(part, indicator) if part.count else NOTHING, coverage)


def _shown(part: Series, indicator: Indicator) -> str:
    match indicator.measures:
        case Measures.GOOD:
            return f"{_share(part)} good, {part.count - round(part.total):,} bad"
        case Measures.ONE:
            return _labels(part)
        case Measures.SECONDS:
            return _quantiles(part, _seconds)
        case Measures.BYTES:
            newest = float(part.values[-1])
            grown = newest / float(part.values[0]) - 1 if part.values[0] else 0.0
            return f"{_mebibytes(newest)} now, {grown * 100:+.1f} % in the window, at most {_mebibytes(float(part.values.max()))}"
        case Measures.R:
            return f"mean {part.total / part.count:+.3f} R, sum {part.total:+.2f} R"
        case Measures.BASIS_POINTS:
            return f"mean {part.total / part.count:+.1f} bps, {_quantiles(part, lambda value: f'{value:+.1f}')}"
        case Measures.DOLLARS:
            return f"{part.total:,.2f} in all"
        case _:
            return f"{part.values[-1]:,.0f} now, at most {part.values.max():,.0f}"


def _share(part: Series) -> str:
    """A share in percent, rounded down, so that 100 % means all."""
    return f"{int(part.total / part.count * 100_000) / 1000:g} %"


def _labels(part: Series) -> str:
    found = sorted(part.by_label().items(), key=lambda pair: (-pair[1], pair[0]))
    shown = ", ".join(f"{name or 'all'} {count:,}" for name, count in found[:LABELS_MAX])
    more = len(found) - LABELS_MAX
    return f"{shown} and {more} more" if more > 0 else shown


def _quantiles(part: Series, text: Callable[[float], str]) -> str:
    return ", ".join(f"p{q * 100:g} {text(quantile(part, q))}" for q in QUANTILES)


def _seconds(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.3g} ms"


def _mebibytes(value: float) -> str:
    return f"{value / 2**20:,.1f} MiB"
