"""Draws the charts of a report: worth with its drawdown, and prices with entries, exits, stops and targets.

Floats live here and nowhere else in reports: a chart is for the eye, and no figure is ever read back from it.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fairway.market.candles import Candle
from fairway.money.amount import ZERO, Price
from fairway.reports import scales
from fairway.reports.display import count_text, day_text, number, percent, signed
from fairway.reports.scales import SHAPES, Shape
from fairway.reports.story import OpenPosition, Trip, WorthPoint
from fairway.reports.svg import ACCENT, GAIN, INK, LOSS, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

logging.getLogger("matplotlib").setLevel(logging.ERROR)
"""Where it is about to be brought: it warns on the screen of a home that it cannot write its cache to, and then does without."""


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A stretch of candles: where it ended (ns), its extremes and its last price."""

    at: int
    low: Decimal
    high: Decimal
    close: Decimal


def thinned(candles: Sequence[Candle], points_max: int) -> list[PricePoint]:
    """At most so many points, each of equally many candles but the last."""
    stride = max(1, -(-len(candles) // points_max))
    stretches = [candles[start : start + stride] for start in range(0, len(candles), stride)]
    return [
        PricePoint(stretch[-1].close_at, min(each.low for each in stretch), max(each.high for each in stretch), stretch[-1].close)
        for stretch in stretches
    ]


def worth_chart(points: Sequence[WorthPoint], *, quote: str, places: int) -> str:
    """Worth over time above, fall from the last peak below; wide and narrow, as SVG elements. There must be points."""
    worths = [point.worth for point in points]
    title = f"Worth of the account in {quote}, and its fall from the last peak"
    description = (
        f"From {number(worths[0], places)} to {number(worths[-1], places)} {quote}; "
        f"highest {number(max(worths), places)}, lowest {number(min(worths), places)}."
    )
    with scales.settings():
        figures = [(_worth_figure(points, shape, places), shape) for shape in SHAPES]
        return "".join(scales.svg(figure, shape, "worth", title, description) for figure, shape in figures)


def _worth_figure(points: Sequence[WorthPoint], shape: Shape, places: int) -> "Figure":
    figure = scales.new_figure(shape, shape.height)
    kept = list(_with_falls(points, shape.points_max))
    begin, end = points[0].at, points[-1].at
    upper = scales.new_axes(figure, shape, bottom=0.37, top=1.0)
    _draw_worth(upper, kept, places)
    scales.days(upper, begin, end, shape, are_told=False)
    lower = scales.new_axes(figure, shape, bottom=0.0, top=0.26)
    _draw_falls(lower, kept)
    scales.days(lower, begin, end, shape)
    return figure


def _draw_worth(axes: "Axes", points: Sequence[tuple[WorthPoint, Decimal]], places: int) -> None:
    times, worths = [float(point.at) for point, _ in points], [float(point.worth) for point, _ in points]
    scales.scale(axes, worths, places, spare=0.12)
    axes.axhline(worths[0], color=MUTED, linewidth=0.9, dashes=(3, 3))
    axes.fill_between(times, worths, worths[0], color=ACCENT, alpha=0.10, linewidth=0)
    axes.plot(times, worths, color=ACCENT, linewidth=1.8, solid_joinstyle="round")
    axes.plot(times[-1:], worths[-1:], "o", color=ACCENT, markersize=6, markeredgecolor=PAPER, clip_on=False)


def _draw_falls(axes: "Axes", points: Sequence[tuple[WorthPoint, Decimal]]) -> None:
    times, falls = [float(point.at) for point, _ in points], [float(fall) for _, fall in points]
    lowest = min(fall for _, fall in points)
    marks = [ZERO, lowest] if lowest else [ZERO]
    scales.levels(axes, [float(mark) for mark in marks], [percent(mark, 2 if mark else 0) for mark in marks])
    axes.set_ylim(min(float(lowest) * 1.2, -0.0005), 0)
    axes.fill_between(times, falls, 0, color=LOSS, alpha=0.18, linewidth=0)
    axes.plot(times, falls, color=LOSS, linewidth=1.1)


def _with_falls(points: Sequence[WorthPoint], points_max: int) -> Iterator[tuple[WorthPoint, Decimal]]:
    """Points with their share below the last peak, thinned; the lowest of each stretch is kept, and the last."""
    stride, peak = max(1, -(-len(points) // points_max)), points[0].worth
    stretch: list[tuple[WorthPoint, Decimal]] = []
    for point in points:
        peak = max(peak, point.worth)
        stretch.append((point, (point.worth - peak) / peak if peak else ZERO))
        if len(stretch) == stride or point is points[-1]:
            yield stretch[-1] if point is points[-1] else min(stretch, key=lambda pair: pair[1])
            stretch = []


def price_chart(
    symbol: str, candles: Sequence[Candle], trips: Sequence[Trip], held: Sequence[OpenPosition], *, places: int, ended_at: int
) -> str:
    """Price of one symbol with its trades; wide and narrow, as SVG elements. There must be candles."""
    first, last = candles[0], candles[-1]
    title = f"Price of {symbol} with entries and exits"
    change = (last.close - first.open) / first.open * 100
    description = (
        f"From {number(first.open, places)} to {number(last.close, places)} ({signed(change, 1)} %) "
        f"between {day_text(first.open_at)} and {day_text(last.close_at)}, with {count_text(len(trips), 'round trip')}."
    )
    spans = [*map(_span_of_trip, trips), *(_span_of_position(each, ended_at) for each in held)]
    name = f"price-{symbol.lower().replace('/', '-')}"
    with scales.settings():
        figures = [(_price_figure(candles, spans, shape, places), shape) for shape in SHAPES]
        return "".join(scales.svg(figure, shape, name, title, description) for figure, shape in figures)


@dataclass(frozen=True, slots=True)
class _Span:
    """A position on the chart: floats, because it is drawn. exit is None while it is open."""

    opened: float
    closed: float
    entry: float
    exit: float | None
    stop: float | None
    target: float | None
    is_gain: bool


def _span_of_trip(trip: Trip) -> _Span:
    return _Span(
        opened=float(trip.trip.opened_at),
        closed=float(trip.trip.closed_at),
        entry=float(trip.trip.entry),
        exit=float(trip.trip.exit),
        stop=_level(trip.stop),
        target=_level(trip.target),
        is_gain=trip.trip.result.value > 0,
    )


def _span_of_position(held: OpenPosition, ended_at: int) -> _Span:
    return _Span(
        opened=float(held.position.opened_at),
        closed=float(ended_at),
        entry=float(held.position.average_entry),
        exit=None,
        stop=_level(held.stop),
        target=_level(held.target),
        is_gain=False,
    )


def _level(price: Price | None) -> float | None:
    return None if price is None else float(price.value)


def _price_figure(candles: Sequence[Candle], spans: Sequence[_Span], shape: Shape, places: int) -> "Figure":
    figure = scales.new_figure(shape, shape.height - 40)
    axes = scales.new_axes(figure, shape, bottom=0.0, top=1.0)
    points = thinned(candles, shape.points_max)
    times = [float(point.at) for point in points]
    lows, highs = [float(point.low) for point in points], [float(point.high) for point in points]
    levels = [level for span in spans for level in (span.stop, span.target, span.entry) if level is not None]
    scales.scale(axes, [*lows, *highs, *levels], places, spare=0.04)
    _draw_plans(axes, spans)
    axes.fill_between(times, lows, highs, color=INK, alpha=0.12, linewidth=0)
    axes.plot(times, [float(point.close) for point in points], color=INK, linewidth=0.9, alpha=0.7)
    _draw_trades(axes, spans, shape)
    scales.days(axes, candles[0].open_at, candles[-1].close_at, shape)
    return figure


def _draw_plans(axes: "Axes", spans: Sequence[_Span]) -> None:
    """What was risked, below the entry, and what was aimed at, above it, for as long as it was held.

    All of a colour are one shape to the drawing library: one for each trade would take seconds.
    """
    from matplotlib.collections import LineCollection, PolyCollection

    stops = [(span, span.stop) for span in spans if span.stop is not None]
    targets = [(span, span.target) for span in spans if span.target is not None]
    for levels, colour in ((stops, LOSS), (targets, GAIN)):
        edges = [[(span.opened, level), (span.closed, level)] for span, level in levels]
        areas = [
            [*edge, (span.closed, span.entry), (span.opened, span.entry)] for edge, (span, _) in zip(edges, levels, strict=True)
        ]
        axes.add_collection(PolyCollection(areas, color=colour, alpha=0.09, linewidth=0))
        axes.add_collection(LineCollection(edges, color=colour, linewidth=1.1, linestyle=(0, (2.5, 1.5))))


def _draw_trades(axes: "Axes", spans: Sequence[_Span], shape: Shape) -> None:
    from matplotlib.collections import LineCollection

    style: dict[str, Any] = {"markersize": shape.marker, "markeredgecolor": PAPER, "linestyle": "none", "zorder": 5}
    closed = [(span, (span.closed, span.exit)) for span in spans if span.exit is not None]
    for colour, is_gain in ((LOSS, False), (GAIN, True)):
        ends = [(span, end) for span, end in closed if span.is_gain == is_gain]
        ways = [[(span.opened, span.entry), end] for span, end in ends]
        axes.add_collection(LineCollection(ways, color=colour, linewidth=1.4, zorder=2))
        axes.plot([at for _, (at, _) in ends], [price for _, (_, price) in ends], marker="v", color=colour, **style)
    axes.plot([span.opened for span in spans], [span.entry for span in spans], marker="^", color=ACCENT, **style)
