"""What a chart shows, without a drawing library: panels over one time axis, with series, bands, marks and axes.

`drawing.py` draws it with matplotlib, `page_svg.py` as an element of a page, and `figure_encoding.py` writes it as JSON for a
browser. Colours are roles: a theme (`theme.py`) says how each looks. Instants are in ns since 1970 UTC. Values are floats in the
unit of their panel's axis: a chart is for the eye, and no amount is ever read back from it.
"""

from dataclasses import dataclass
from enum import StrEnum


class ColourRole(StrEnum):
    """What a colour stands for."""

    TEXT = "text"
    MUTED = "muted"
    GRID = "grid"
    PRIMARY = "primary"
    GAIN = "gain"
    LOSS = "loss"


class LineStyle(StrEnum):
    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


class MarkSymbol(StrEnum):
    TRIANGLE_UP = "triangle_up"
    TRIANGLE_DOWN = "triangle_down"
    SQUARE = "square"
    CIRCLE = "circle"
    STROKE = "stroke"
    """A short vertical line."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line is drawn. width is in pixels; opacity is between 0 and 1."""

    colour: ColourRole
    width: float = 1.0
    style: LineStyle = LineStyle.SOLID
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class AreaFill:
    """How an area is filled. opacity is between 0 and 1."""

    colour: ColourRole
    opacity: float


@dataclass(frozen=True, slots=True)
class Point:
    at: int
    value: float


@dataclass(frozen=True, slots=True)
class LineSeries:
    """Values over time as one line."""

    name: str
    stroke: Stroke
    points: tuple[Point, ...]
    is_stepped: bool = False
    """A value holds until the next point, instead of a straight line to it."""
    fill: AreaFill | None = None
    """Fills the area between the line and fill_to."""
    fill_to: float = 0.0
    marks_last: bool = False
    """Draws a dot on the last point."""


@dataclass(frozen=True, slots=True)
class RangePoint:
    at: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class RangeSeries:
    """Lows and highs over time as one area."""

    name: str
    fill: AreaFill
    points: tuple[RangePoint, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line between two points."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class SegmentSeries:
    name: str
    stroke: Stroke
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A rectangle from one instant to another, between two values."""

    begin_at: int
    end_at: int
    low: float
    high: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class BandSeries:
    name: str
    fill: AreaFill
    bands: tuple[Band, ...]


@dataclass(frozen=True, slots=True)
class PointMark:
    """Something that happened at an instant. text says what, for a tooltip."""

    at: int
    value: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class MarkSeries:
    name: str
    colour: ColourRole
    symbol: MarkSymbol
    marks: tuple[PointMark, ...]
    size: float = 0.0
    """In pixels, added to the size that a drawing gives its symbols."""


@dataclass(frozen=True, slots=True)
class LevelLine:
    """A horizontal line across a panel."""

    value: float
    stroke: Stroke
    text: str = ""


@dataclass(frozen=True, slots=True)
class TimeMark:
    """A vertical line across every panel of a figure."""

    at: int
    stroke: Stroke
    text: str = ""


@dataclass(frozen=True, slots=True)
class AxisTick:
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The vertical axis of a panel.

    With categories, row 0 at the bottom lies between the values 0 and 1, the next one between 1 and 2. Without ticks a drawing
    chooses round values.
    """

    unit: str
    low: float
    high: float
    places_max: int = 0
    """Decimals that a tick's text has at most."""
    is_signed: bool = False
    """A tick's text has its sign and its unit: `+1 %`."""
    ticks: tuple[AxisTick, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart of a figure. share is its part of the figure's height, in relation to the other panels."""

    title: str
    share: float
    axis: Axis
    bands: tuple[BandSeries, ...] = ()
    ranges: tuple[RangeSeries, ...] = ()
    lines: tuple[LineSeries, ...] = ()
    segments: tuple[SegmentSeries, ...] = ()
    marks: tuple[MarkSeries, ...] = ()
    levels: tuple[LevelLine, ...] = ()
    has_legend: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """Panels above each other over one time axis. name is unique on a page; description is for a screen reader."""

    name: str
    title: str
    description: str
    begin_at: int
    end_at: int
    panels: tuple[Panel, ...]
    time_marks: tuple[TimeMark, ...] = ()
    has_panel_titles: bool = False
    gap: float = 0.1
    """Between two panels, as a share of the figure's height."""


def axis_of(values: list[float], *, unit: str, spare: float, places_max: int, is_signed: bool = False) -> Axis:
    """An axis from the lowest to the highest value, with a share of that range to spare on both sides. Needs a value."""
    low, high = min(values), max(values)
    room = (high - low) or abs(high) * 0.01 or 1.0
    return Axis(unit, low - room * spare, high + room * spare, places_max, is_signed)


def category_axis(categories: tuple[str, ...], *, unit: str, room_above: float = 0.0) -> Axis:
    """One row a category, bottom up, and so many rows more above them for marks."""
    return Axis(unit, 0.0, len(categories) + room_above, categories=categories)
