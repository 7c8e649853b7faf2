"""Draws a figure with matplotlib: as bytes of an SVG, PNG or PDF file, or as a matplotlib figure for the elements of a page."""

import io
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, cast

from fairway.reports.axis_text import tick_text, time_ticks
from fairway.reports.figure import (
    Axis,
    BandSeries,
    ColourRole,
    Figure,
    LineSeries,
    LineStyle,
    MarkSeries,
    MarkSymbol,
    Panel,
    Stroke,
)
from fairway.reports.theme import LIGHT, Theme

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as MatplotlibFigure

logging.getLogger("matplotlib").setLevel(logging.ERROR)
"""Before its import: it warns on the screen where it cannot write its cache to the home directory, and works without one."""

POINTS_MAX: Final = 2_000
"""Above so many points, builders join neighbours. A joined point keeps its lowest, highest and last value: no spike is lost."""


class FileFormat(StrEnum):
    SVG = "svg"
    PNG = "png"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class DrawingSize:
    """The size of a drawing, in pixels at full width. Phones get a drawing of their own, so that its text stays readable."""

    width: int
    height: int
    points_max: int
    left: int
    """Width of the margin that has the texts of the vertical axis."""
    text: float
    ticks_max: int
    symbol: float


WIDE: Final = DrawingSize(width=1_000, height=360, points_max=POINTS_MAX, left=66, text=12.5, ticks_max=10, symbol=8.0)
NARROW: Final = DrawingSize(width=380, height=320, points_max=600, left=54, text=11.5, ticks_max=5, symbol=7.0)
_TOP, _BOTTOM, _RIGHT = 18, 30, 14
_VALUE_GAP, _TIME_GAP = 7, 10
"""Pixels between an axis and its texts."""
_UNDER_TICKS: Final = 0.05
"""Share of an axis that stays free below its lowest tick, whose text would otherwise touch the first text of the time axis."""
_CHARACTER: Final = 0.56
"""Width of an average character, as a share of the text's size."""
_SETTINGS: Final = {
    "svg.fonttype": "none",
    "svg.hashsalt": "fairway",
    "path.simplify": True,
    "path.simplify_threshold": 0.2,
}
_UNDATED: Final = {
    FileFormat.SVG: dict.fromkeys(("Date", "Creator", "Format", "Type")),
    FileFormat.PNG: {"Software": None},
    FileFormat.PDF: dict.fromkeys(("Creator", "Producer", "CreationDate")),
}
"""No date and no release of matplotlib in a file: the same figure gives the same bytes."""
_SYMBOLS: Final = {
    MarkSymbol.TRIANGLE_UP: "^",
    MarkSymbol.TRIANGLE_DOWN: "v",
    MarkSymbol.SQUARE: "s",
    MarkSymbol.CIRCLE: "o",
    MarkSymbol.STROKE: "|",
}
_DASHES: Final = {LineStyle.SOLID: "solid", LineStyle.DASHED: (0, (4, 2)), LineStyle.DOTTED: (0, (1.5, 1.5))}


def file_bytes(figure: Figure, file_format: FileFormat, *, size: DrawingSize = WIDE, theme: Theme = LIGHT) -> bytes:
    """The figure as a file's bytes, with the theme's background."""
    target = io.BytesIO()
    with settings():
        drawn = drawn_figure(figure, size, theme)
        drawn.patch.set_visible(True)
        drawn.patch.set_facecolor(theme.background)
        drawn.savefig(target, format=file_format.value, metadata=_UNDATED[file_format])
    return target.getvalue()


def settings() -> Any:
    """A context in which matplotlib draws the same bytes for the same figure, whatever the settings of the machine."""
    import matplotlib

    defaults = {name: value for name, value in matplotlib.rcParamsDefault.items() if not name.startswith("backend")}
    return matplotlib.rc_context(cast(Any, {**defaults, **_SETTINGS}))


def drawn_figure(figure: Figure, size: DrawingSize, theme: Theme) -> "MatplotlibFigure":
    """A transparent matplotlib figure. Call it within `settings()`."""
    from matplotlib.figure import Figure as MatplotlibFigure

    drawn = MatplotlibFigure(figsize=(size.width / 72, size.height / 72), dpi=72)
    drawn.patch.set_visible(False)
    total = sum(panel.share for panel in figure.panels)
    room, top = 1 - figure.gap * (len(figure.panels) - 1), 1.0
    for panel in figure.panels:
        height = panel.share / total * room
        axes = _new_axes(drawn, size, theme, bottom=top - height, top=top)
        _PanelDrawing(axes, size, theme).draw(panel)
        _draw_time_axis(axes, figure, size, theme, has_texts=panel is figure.panels[-1])
        if figure.has_panel_titles:
            colour = theme.colours[ColourRole.TEXT]
            axes.text(
                0, 1.015, panel.title, transform=axes.transAxes, color=colour, fontsize=size.text, va="bottom", weight="bold"
            )
        top -= height + figure.gap
    return drawn


def _new_axes(drawn: "MatplotlibFigure", size: DrawingSize, theme: Theme, *, bottom: float, top: float) -> "Axes":
    """Axes without a frame, between two shares of the height that the margins leave."""
    room = size.height - _TOP - _BOTTOM
    left, low = size.left / size.width, (_BOTTOM + bottom * room) / size.height
    axes = drawn.add_axes((left, low, 1 - left - _RIGHT / size.width, (top - bottom) * room / size.height))
    axes.patch.set_visible(False)
    for side in ("left", "right", "top", "bottom"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0, labelsize=size.text, labelcolor=theme.colours[ColourRole.MUTED], pad=_VALUE_GAP)
    axes.tick_params(axis="x", pad=_TIME_GAP)
    axes.set_axisbelow(True)
    return axes


def _draw_time_axis(axes: "Axes", figure: Figure, size: DrawingSize, theme: Theme, *, has_texts: bool) -> None:
    ticks = time_ticks(figure.begin_at, figure.end_at, size.ticks_max)
    axes.set_xticks([tick.value for tick in ticks], labels=[tick.text if has_texts else "" for tick in ticks])
    axes.set_xlim(figure.begin_at, max(figure.end_at, figure.begin_at + 1))
    for mark in figure.time_marks:
        axes.axvline(mark.at, **_line_style(mark.stroke, theme))


def _line_style(stroke: Stroke, theme: Theme) -> dict[str, Any]:
    return {
        "color": theme.colours[stroke.colour],
        "linewidth": stroke.width,
        "alpha": stroke.opacity,
        "linestyle": _DASHES[stroke.style],
    }


@dataclass(frozen=True, slots=True)
class _PanelDrawing:
    """Draws one panel on its axes, areas first and marks last."""

    axes: "Axes"
    size: DrawingSize
    theme: Theme

    def draw(self, panel: Panel) -> None:
        self._axis(panel.axis)
        for level in panel.levels:
            self.axes.axhline(level.value, **_line_style(level.stroke, self.theme))
        for bands in panel.bands:
            self._bands(bands)
        for area in panel.ranges:
            ats = [point.at for point in area.points]
            lows, highs = [point.low for point in area.points], [point.high for point in area.points]
            self.axes.fill_between(ats, lows, highs, color=self._colour(area.fill.colour), alpha=area.fill.opacity, linewidth=0)
        for line in panel.lines:
            self._line(line)
        self._segments(panel)
        for marks in panel.marks:
            self._marks(marks)
        if panel.has_legend:
            self._legend()

    def _colour(self, role: ColourRole) -> str:
        return self.theme.colours[role]

    def _axis(self, axis: Axis) -> None:
        if axis.categories:
            self.axes.set_ylim(axis.low, axis.high)
            longest = int((self.size.left - _VALUE_GAP) / (self.size.text * _CHARACTER))
            labels = [name if len(name) <= longest else f"{name[: longest - 1]}…" for name in axis.categories]
            self.axes.set_yticks([row + 0.5 for row in range(len(labels))], labels=labels)
            self.axes.grid(visible=False)
            return
        ticks = [(tick.value, tick.text) for tick in axis.ticks] or _round_ticks(axis)
        free = [value - _UNDER_TICKS * (axis.high - axis.low) for value, _ in ticks] if not axis.ticks else []
        self.axes.set_ylim(min([axis.low, *free]), axis.high)
        self.axes.set_yticks([value for value, _ in ticks], labels=[text for _, text in ticks])
        self.axes.grid(axis="y", color=self._colour(ColourRole.GRID), linewidth=1)

    def _bands(self, series: BandSeries) -> None:
        """All bands of a series as one collection: one artist for each would take seconds."""
        from matplotlib.collections import PolyCollection

        areas = [
            [(it.begin_at, it.low), (it.end_at, it.low), (it.end_at, it.high), (it.begin_at, it.high)] for it in series.bands
        ]
        style: dict[str, Any] = {"color": self._colour(series.fill.colour), "alpha": series.fill.opacity, "linewidth": 0}
        self.axes.add_collection(PolyCollection(areas, **style))

    def _line(self, series: LineSeries) -> None:
        ats, values = [point.at for point in series.points], [point.value for point in series.points]
        if series.fill is not None:
            style: dict[str, Any] = {"color": self._colour(series.fill.colour), "alpha": series.fill.opacity, "linewidth": 0}
            self.axes.fill_between(ats, values, series.fill_to, step="post" if series.is_stepped else None, **style)
        drawstyle: Any = "steps-post" if series.is_stepped else "default"
        line = _line_style(series.stroke, self.theme)
        self.axes.plot(ats, values, label=series.name, drawstyle=drawstyle, solid_joinstyle="round", **line)
        if series.marks_last:
            dot: dict[str, Any] = {"color": self._colour(series.stroke.colour), "markeredgecolor": self.theme.background}
            self.axes.plot(ats[-1:], values[-1:], "o", markersize=6, clip_on=False, **dot)

    def _segments(self, panel: Panel) -> None:
        from matplotlib.collections import LineCollection

        for series in panel.segments:
            lines = [[(it.start.at, it.start.value), (it.end.at, it.end.value)] for it in series.segments]
            style = _line_style(series.stroke, self.theme)
            self.axes.add_collection(LineCollection(lines, **style))

    def _marks(self, series: MarkSeries) -> None:
        is_stroke = series.symbol is MarkSymbol.STROKE
        colour = self._colour(series.colour)
        self.axes.plot(
            [mark.at for mark in series.marks],
            [mark.value for mark in series.marks],
            marker=_SYMBOLS[series.symbol],
            linestyle="none",
            color=colour,
            markersize=self.size.symbol + series.size,
            markeredgecolor=colour if is_stroke else self.theme.background,
            markeredgewidth=1.4 if is_stroke else 1.0,
            clip_on=False,
            zorder=5,
        )

    def _legend(self) -> None:
        legend = self.axes.legend(
            loc="upper left",
            frameon=False,
            fontsize=self.size.text - 1.5,
            ncols=3,
            bbox_to_anchor=(0.0, 1.0),
            borderaxespad=0.1,
            handlelength=1.5,
            handletextpad=0.5,
            columnspacing=1.0,
        )
        for text in legend.get_texts():
            text.set_color(self._colour(ColourRole.TEXT))


def _round_ticks(axis: Axis) -> Sequence[tuple[float, str]]:
    """Four or five round values within an axis, with their texts."""
    from matplotlib.ticker import MaxNLocator

    found = MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]).tick_values(axis.low, axis.high)
    exact = [Decimal(f"{value:.10g}") for value in found if axis.low <= value <= axis.high]
    needed = max((-int(value.normalize().as_tuple().exponent) for value in exact), default=0)
    places = min(max(0, needed), axis.places_max + 1)
    return [(float(value), tick_text(value, axis, places)) for value in exact]
