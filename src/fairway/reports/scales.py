"""Sizes, scales and days of charts, and the way from matplotlib to an SVG element."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from fairway.reports.display import clock_text, number
from fairway.reports.svg import HAIRLINE, MUTED, inlined
from fairway.world.clock import DAY, HOUR, datetime_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

POINTS_MAX: Final = 2_000
"""More points than this are joined: each keeps its lowest, highest and last price, so no spike is lost."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a drawing in pixels at full width. Phones get a drawing of their own, so that its text stays readable."""

    css_class: str
    width: int
    height: int
    points_max: int
    left: int
    text: float
    days_max: int
    marker: float


WIDE: Final = Shape("chart wide", 1_000, 360, POINTS_MAX, 66, 12.5, 10, 8.0)
NARROW: Final = Shape("chart narrow", 380, 320, 600, 54, 11.5, 5, 7.0)
SHAPES: Final = (WIDE, NARROW)
_TOP, _BOTTOM, _RIGHT = 18, 30, 14
_LEVEL_GAP, _DAY_GAP = 7, 10
"""Pixels between an axis and its texts."""
_UNDER_LEVELS: Final = 0.05
"""Share of a scale that is kept free below its lowest level, whose text would else touch the first day's."""
_STEPS: Final = (HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY, 90 * DAY, 365 * DAY)
_SETTINGS: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "fairway",
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}


def settings() -> Any:
    """Within it, matplotlib draws the same bytes for the same chart, whatever the machine's own settings say."""
    import matplotlib

    defaults = {name: value for name, value in matplotlib.rcParamsDefault.items() if not name.startswith("backend")}
    return matplotlib.rc_context(cast(Any, {**defaults, **_SETTINGS}))


def new_figure(shape: Shape, height: int) -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(shape.width / 72, height / 72), dpi=72)
    figure.patch.set_visible(False)
    return figure


def new_axes(figure: "Figure", shape: Shape, *, bottom: float, top: float) -> "Axes":
    """Axes between two shares of the height that margins leave; without a frame."""
    width, height = (float(size) * 72 for size in figure.get_size_inches())
    room = height - _TOP - _BOTTOM
    left, low = shape.left / width, (_BOTTOM + bottom * room) / height
    axes = figure.add_axes((left, low, 1 - left - _RIGHT / width, (top - bottom) * room / height))
    axes.patch.set_visible(False)
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=shape.text, labelcolor=MUTED, pad=_LEVEL_GAP)
    axes.tick_params(axis="x", pad=_DAY_GAP)
    axes.set_axisbelow(True)
    return axes


def scale(axes: "Axes", values: Sequence[float], places: int, *, spare: float) -> None:
    """Four or five round levels, with grouped digits and no more decimals than they need."""
    from matplotlib.ticker import MaxNLocator

    low, high = min(values), max(values)
    room = (high - low) or abs(high) * 0.01 or 1.0
    bottom, top = low - room * spare, high + room * spare
    found = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(bottom, top)
    exact = [Decimal(f"{level:.10g}") for level in found if bottom <= level <= top]
    needed = max((-int(value.normalize().as_tuple().exponent) for value in exact), default=0)
    axes.set_ylim(min([bottom, *(float(value) - _UNDER_LEVELS * (top - bottom) for value in exact)]), top)
    levels(axes, [float(value) for value in exact], [number(value, min(max(0, needed), places + 1)) for value in exact])


def levels(axes: "Axes", values: Sequence[float], texts: Sequence[str]) -> None:
    """Horizontal lines with their texts."""
    axes.set_yticks(values, labels=texts)
    axes.grid(axis="y", color=HAIRLINE, linewidth=1)


def days(axes: "Axes", begin: int, end: int, shape: Shape, *, are_told: bool = True) -> None:
    """Ticks at round UTC times between two instants (ns), as many as have room."""
    least = DAY if end - begin >= 4 * DAY else HOUR
    step = next((size for size in _STEPS if size >= least and (end - begin) // size <= shape.days_max), _STEPS[-1])
    ticks = list(range(-(-begin // step) * step, end + 1, step))
    axes.set_xticks(ticks, labels=[_tick_text(tick, step) if are_told else "" for tick in ticks])
    axes.set_xlim(begin, max(end, begin + 1))


def _tick_text(at: int, step: int) -> str:
    if step < DAY and at % DAY:
        return clock_text(at)
    moment = datetime_of(at)
    return f"{moment.day} {moment:%b}"


def svg(figure: "Figure", shape: Shape, name: str, title: str, description: str) -> str:
    """The figure as an element of a page."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    target = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)
    canvas.print_svg(target, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    kind = "w" if shape is WIDE else "n"
    return inlined(target.getvalue(), name=f"{name}-{kind}", title=title, description=description, css_class=shape.css_class)
