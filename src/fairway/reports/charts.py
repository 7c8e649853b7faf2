"""Builds the figures of a run's report: worth with its drawdown, and prices with entries, exits, stops and targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from fairway.market.candles import Candle
from fairway.money.amount import ZERO, Price
from fairway.reports.drawing import NARROW, POINTS_MAX, WIDE
from fairway.reports.figure import (
    AreaFill,
    Axis,
    AxisTick,
    Band,
    BandSeries,
    ColourRole,
    Figure,
    LevelLine,
    LineSeries,
    LineStyle,
    MarkSeries,
    MarkSymbol,
    Panel,
    Point,
    PointMark,
    RangePoint,
    RangeSeries,
    Segment,
    SegmentSeries,
    Stroke,
    axis_of,
)
from fairway.reports.story import OpenPosition, ReportedTrip, WorthPoint
from fairway.texts.display import count_text, day_text, number, percent, signed

PRICE_WIDE: Final = replace(WIDE, height=WIDE.height - 40)
PRICE_NARROW: Final = replace(NARROW, height=NARROW.height - 40)


def worth_figure(points: Sequence[WorthPoint], *, quote: str, places: int, points_max: int = POINTS_MAX) -> Figure:
    """Worth over time above, and below it how far it is under its last peak. Needs at least one point."""
    worths = [point.worth for point in points]
    kept = list(_with_falls(points, points_max))
    return Figure(
        name="worth",
        title=f"Worth of the account in {quote}, and its drawdown from the last peak",
        description=(
            f"From {number(worths[0], places)} to {number(worths[-1], places)} {quote}; "
            f"highest {number(max(worths), places)}, lowest {number(min(worths), places)}."
        ),
        begin_at=points[0].at,
        end_at=points[-1].at,
        panels=(_worth_panel(kept, quote, places), _drawdown_panel(kept)),
        gap=0.11,
    )


def _worth_panel(points: Sequence[tuple[WorthPoint, Decimal]], quote: str, places: int) -> Panel:
    values = [float(point.worth) for point, _ in points]
    line = LineSeries(
        name="Worth",
        stroke=Stroke(ColourRole.PRIMARY, width=1.8),
        points=tuple(Point(point.at, float(point.worth)) for point, _ in points),
        fill=AreaFill(ColourRole.PRIMARY, 0.10),
        fill_to=values[0],
        marks_last=True,
    )
    begin = LevelLine(values[0], Stroke(ColourRole.MUTED, 0.9, LineStyle.DASHED), "Worth at the start")
    return Panel("Worth", 0.63, axis_of(values, unit=quote, spare=0.12, places_max=places), lines=(line,), levels=(begin,))


def _drawdown_panel(points: Sequence[tuple[WorthPoint, Decimal]]) -> Panel:
    lowest = min(fall for _, fall in points)
    marked = [ZERO, lowest] if lowest else [ZERO]
    ticks = tuple(AxisTick(float(mark) * 100, percent(mark, 2 if mark else 0)) for mark in marked)
    line = LineSeries(
        name="Drawdown",
        stroke=Stroke(ColourRole.LOSS, width=1.1),
        points=tuple(Point(point.at, float(fall) * 100) for point, fall in points),
        fill=AreaFill(ColourRole.LOSS, 0.18),
    )
    return Panel("Drawdown", 0.26, Axis("%", min(float(lowest) * 120, -0.05), 0.0, 2, ticks=ticks), lines=(line,))


def _with_falls(points: Sequence[WorthPoint], points_max: int) -> Iterator[tuple[WorthPoint, Decimal]]:
    """At most points_max points with their share below the last peak. The lowest of each stretch is kept, and the last of all."""
    stride, peak = max(1, -(-len(points) // points_max)), points[0].worth
    stretch: list[tuple[WorthPoint, Decimal]] = []
    for point in points:
        peak = max(peak, point.worth)
        stretch.append((point, (point.worth - peak) / peak if peak else ZERO))
        if len(stretch) == stride or point is points[-1]:
            yield stretch[-1] if point is points[-1] else min(stretch, key=lambda pair: pair[1])
            stretch = []


@dataclass(frozen=True, slots=True)
class PricePoint:
    """A stretch of candles: its end (ns), its lowest and highest price, and its last price."""

    at: int
    low: Decimal
    high: Decimal
    close: Decimal


def thinned(candles: Sequence[Candle], points_max: int) -> list[PricePoint]:
    """At most points_max points. Each joins equally many candles, except the last one."""
    stride = max(1, -(-len(candles) // points_max))
    stretches = [candles[start : start + stride] for start in range(0, len(candles), stride)]
    return [
        PricePoint(stretch[-1].close_at, min(each.low for each in stretch), max(each.high for each in stretch), stretch[-1].close)
        for stretch in stretches
    ]


def price_figure(
    symbol: str,
    candles: Sequence[Candle],
    trips: Sequence[ReportedTrip],
    held: Sequence[OpenPosition],
    *,
    places: int,
    ended_at: int,
    points_max: int = POINTS_MAX,
) -> Figure:
    """The price of one symbol with its round trips and open positions. Needs at least one candle."""
    first, last = candles[0], candles[-1]
    change = (last.close - first.open) / first.open * 100
    spans = [*map(_span_of_trip, trips), *(_span_of_position(each, ended_at) for each in held)]
    quote = symbol.partition("/")[2]
    return Figure(
        name=f"price-{symbol.lower().replace('/', '-')}",
        title=f"Price of {symbol} with entries and exits",
        description=(
            f"From {number(first.open, places)} to {number(last.close, places)} ({signed(change, 1)} %) "
            f"between {day_text(first.open_at)} and {day_text(last.close_at)}, with {count_text(len(trips), 'round trip')}."
        ),
        begin_at=first.open_at,
        end_at=last.close_at,
        panels=(_price_panel(thinned(candles, points_max), spans, quote, places),),
    )


@dataclass(frozen=True, slots=True)
class _Span:
    """A position on the chart, instants in ns. exit is None while it is open."""

    opened_at: int
    closed_at: int
    entry: float
    exit: float | None
    stop: float | None
    target: float | None
    is_gain: bool

    @property
    def opened(self) -> Point:
        return Point(self.opened_at, self.entry)


def _span_of_trip(trip: ReportedTrip) -> _Span:
    return _Span(
        opened_at=trip.trip.opened_at,
        closed_at=trip.trip.closed_at,
        entry=float(trip.trip.entry),
        exit=float(trip.trip.exit),
        stop=_level(trip.stop),
        target=_level(trip.target),
        is_gain=trip.trip.result.value > 0,
    )


def _span_of_position(held: OpenPosition, ended_at: int) -> _Span:
    return _Span(
        opened_at=held.position.opened_at,
        closed_at=ended_at,
        entry=float(held.position.average_entry),
        exit=None,
        stop=_level(held.stop),
        target=_level(held.target),
        is_gain=False,
    )


def _level(price: Price | None) -> float | None:
    return None if price is None else float(price.value)


def _price_panel(points: Sequence[PricePoint], spans: Sequence[_Span], quote: str, places: int) -> Panel:
    lows, highs = [float(point.low) for point in points], [float(point.high) for point in points]
    levels = [level for span in spans for level in (span.stop, span.target, span.entry) if level is not None]
    stops = [(span, span.stop) for span in spans if span.stop is not None]
    targets = [(span, span.target) for span in spans if span.target is not None]
    area = tuple(RangePoint(point.at, low, high) for point, low, high in zip(points, lows, highs, strict=True))
    return Panel(
        title="Price",
        share=1.0,
        axis=axis_of([*lows, *highs, *levels], unit=quote, spare=0.04, places_max=places),
        bands=(
            _plan_bands("Down to the stop", ColourRole.LOSS, stops),
            _plan_bands("Up to the target", ColourRole.GAIN, targets),
        ),
        ranges=(RangeSeries("Low to high", AreaFill(ColourRole.TEXT, 0.12), area),),
        lines=(
            LineSeries(
                "Close", Stroke(ColourRole.TEXT, 0.9, opacity=0.7), tuple(Point(each.at, float(each.close)) for each in points)
            ),
        ),
        segments=(
            _plan_edges("Stop", ColourRole.LOSS, stops),
            _plan_edges("Target", ColourRole.GAIN, targets),
            *_trip_lines(spans),
        ),
        marks=tuple(_trade_marks(spans)),
    )


def _plan_bands(name: str, colour: ColourRole, levels: Sequence[tuple[_Span, float]]) -> BandSeries:
    """Between the entry and a planned exit, for as long as the position was open."""
    bands = tuple(Band(span.opened_at, span.closed_at, min(level, span.entry), max(level, span.entry)) for span, level in levels)
    return BandSeries(name, AreaFill(colour, 0.09), bands)


def _plan_edges(name: str, colour: ColourRole, levels: Sequence[tuple[_Span, float]]) -> SegmentSeries:
    edges = tuple(Segment(Point(span.opened_at, level), Point(span.closed_at, level)) for span, level in levels)
    return SegmentSeries(name, Stroke(colour, 1.1, LineStyle.DASHED), edges)


def _trip_lines(spans: Sequence[_Span]) -> Iterator[SegmentSeries]:
    """From each entry to its exit."""
    for name, colour, is_gain in (("Loss", ColourRole.LOSS, False), ("Gain", ColourRole.GAIN, True)):
        closed = [(span, Point(span.closed_at, span.exit)) for span in spans if span.exit is not None and span.is_gain == is_gain]
        yield SegmentSeries(name, Stroke(colour, 1.4), tuple(Segment(span.opened, end) for span, end in closed))


def _trade_marks(spans: Sequence[_Span]) -> Iterator[MarkSeries]:
    for name, colour, is_gain in (("sold with a loss", ColourRole.LOSS, False), ("sold with a gain", ColourRole.GAIN, True)):
        exits = [(span.closed_at, span.exit) for span in spans if span.exit is not None and span.is_gain == is_gain]
        marks = tuple(PointMark(at, price, f"{name} at {price:,}") for at, price in exits)
        yield MarkSeries(name, colour, MarkSymbol.TRIANGLE_DOWN, marks)
    entries = tuple(PointMark(span.opened_at, span.entry, f"bought at {span.entry:,}") for span in spans)
    yield MarkSeries("bought", ColourRole.PRIMARY, MarkSymbol.TRIANGLE_UP, entries)
