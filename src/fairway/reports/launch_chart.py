"""Builds the figure of a launch: stages with what happened, gate results, alerts, limits in force and worth, on one time axis."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fairway.reports.drawing import NARROW, POINTS_MAX, WIDE
from fairway.reports.figure import (
    AreaFill,
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
    Stroke,
    TimeMark,
    axis_of,
    category_axis,
)
from fairway.reports.launch_report import LaunchMark, LaunchResult, MarkKind, Spell
from fairway.texts.display import count_text, day_text

LAUNCH_WIDE: Final = replace(WIDE, height=930, left=104)
LAUNCH_NARROW: Final = replace(NARROW, height=830, left=92)
_RESULTS: Final = {
    "INSUFFICIENT": AreaFill(ColourRole.MUTED, 0.28),
    "STALE": AreaFill(ColourRole.PRIMARY, 0.5),
    "PASS": AreaFill(ColourRole.GAIN, 0.75),
    "ERROR": AreaFill(ColourRole.PRIMARY, 0.9),
    "FAIL": AreaFill(ColourRole.LOSS, 0.95),
}
"""The last is drawn on top."""


@dataclass(frozen=True, slots=True)
class _MarkStyle:
    """height is in rows above the stages: marks of one instant must not hide each other."""

    symbol: MarkSymbol
    colour: ColourRole
    height: float


_MARKS: Final = {
    MarkKind.PROMOTED: _MarkStyle(MarkSymbol.TRIANGLE_UP, ColourRole.GAIN, 0.55),
    MarkKind.DEMOTED: _MarkStyle(MarkSymbol.TRIANGLE_DOWN, ColourRole.LOSS, 0.55),
    MarkKind.HELD: _MarkStyle(MarkSymbol.SQUARE, ColourRole.LOSS, 1.05),
    MarkKind.STAGED: _MarkStyle(MarkSymbol.CIRCLE, ColourRole.MUTED, 1.55),
}
_SEVERITIES: Final = (("P0", ColourRole.LOSS), ("P1", ColourRole.PRIMARY), ("P2", ColourRole.MUTED))
_PROFILES: Final = (
    (ColourRole.PRIMARY, LineStyle.SOLID),
    (ColourRole.TEXT, LineStyle.DASHED),
    (ColourRole.GAIN, LineStyle.DOTTED),
)
"""Profiles differ in their dashes too: readers who cannot tell the colours apart can tell the lines apart."""


def launch_figure(run: LaunchResult, *, points_max: int = POINTS_MAX) -> Figure:
    """Five panels; promotions and demotions are lines across all of them."""
    promoted = sum(mark.kind is MarkKind.PROMOTED for mark in run.marks)
    demoted = sum(mark.kind is MarkKind.DEMOTED for mark in run.marks)
    entered, holds = count_text(promoted, "stage was", "stages were"), count_text(len(run.holds), "hold")
    return Figure(
        name="launch",
        title="The launch on one time axis: stages, gates, limits in force and worth",
        description=(
            f"From {day_text(run.started_at)} to {day_text(run.ended_at)}: {entered} entered, "
            f"{count_text(demoted, 'demotion')}, {holds}. Every one of them is in the table below."
        ),
        begin_at=run.started_at,
        end_at=run.ended_at,
        panels=(_stages(run), _gates(run), _alerts(run), _limits(run), _profiles(run, points_max)),
        time_marks=tuple(_moves(run.marks)),
        has_panel_titles=True,
        gap=0.055,
    )


def _moves(marks: Iterable[LaunchMark]) -> Iterator[TimeMark]:
    for mark in marks:
        if mark.kind in (MarkKind.PROMOTED, MarkKind.DEMOTED):
            yield TimeMark(mark.at, Stroke(_MARKS[mark.kind].colour, 1.0, LineStyle.DASHED, 0.6), mark.text)


def _stages(run: LaunchResult) -> Panel:
    """Stages as bands, the smallest at the bottom; above them holds, and marks of what happened."""
    names = tuple(name for name in run.stages if any(spell.name == name for spell in run.lived))
    stages = tuple(
        BandSeries(
            name,
            AreaFill(ColourRole.PRIMARY, 0.28 + 0.16 * row),
            tuple(_band(spell, row + 0.06, row + 0.94, name) for spell in run.lived if spell.name == name),
        )
        for row, name in enumerate(names)
    )
    marks = tuple(
        MarkSeries(
            kind.value,
            style.colour,
            style.symbol,
            tuple(PointMark(mark.at, len(names) + style.height, mark.text) for mark in run.marks if mark.kind is kind),
            size=-1.0,
        )
        for kind, style in _MARKS.items()
    )
    axis = category_axis(names, unit="stage", room_above=1.9)
    return Panel("Stage", 0.15, axis, bands=(*stages, *_holds(run.holds, len(names))), marks=marks)


def _holds(holds: Sequence[Spell], rows: int) -> Iterator[BandSeries]:
    """Over all rows: holds under which nothing is opened, and those that only stop promotions."""
    contained = tuple(_band(hold, 0.0, rows, hold.why) for hold in holds if hold.name == "contained")
    others = tuple(_band(hold, 0.0, rows, hold.why) for hold in holds if hold.name != "contained")
    yield BandSeries("nothing is opened", AreaFill(ColourRole.LOSS, 0.45), contained)
    yield BandSeries("no promotion", AreaFill(ColourRole.MUTED, 0.22), others)


def _band(spell: Spell, low: float, high: float, text: str) -> Band:
    return Band(spell.since, spell.until, low, high, text)


def _gates(run: LaunchResult) -> Panel:
    """One row a gate, the first on top, with its results over time."""
    names = tuple(reversed(dict.fromkeys(name.partition("/")[2] for name in run.gates)))
    found: dict[str, list[Band]] = {result: [] for result in _RESULTS}
    for name, spells in run.gates.items():
        row = names.index(name.partition("/")[2])
        for spell in spells:
            found[spell.name].append(_band(spell, row + 0.18, row + 0.82, f"{name}: {spell.name}"))
    bands = tuple(BandSeries(result, _RESULTS[result], tuple(each)) for result, each in found.items())
    return Panel("Gates", 0.045 * len(names) + 0.02, category_axis(names, unit="gate"), bands=bands)


def _alerts(run: LaunchResult) -> Panel:
    """One row a severity, the worst on top."""
    marks = tuple(
        MarkSeries(
            name,
            colour,
            MarkSymbol.STROKE,
            tuple(PointMark(at, row + 0.5, name) for at, severity in run.alerts if severity == name),
            size=4.0,
        )
        for row, (name, colour) in enumerate(reversed(_SEVERITIES))
    )
    return Panel("Alerts", 0.1, category_axis(tuple(name for name, _ in reversed(_SEVERITIES)), unit="severity"), marks=marks)


def _limits(run: LaunchResult) -> Panel:
    steps = [(run.started_at, 0.0), *((at, float(value)) for at, value in run.allowed)]
    points = tuple(Point(at, value) for at, value in [*steps, (run.ended_at, steps[-1][1])])
    line = LineSeries("Limit", Stroke(ColourRole.PRIMARY, 1.6), points, is_stepped=True, fill=AreaFill(ColourRole.PRIMARY, 0.18))
    axis = axis_of([0.0, *(point.value for point in points)], unit=run.quote, spare=0.06, places_max=0)
    return Panel(f"Limits in force: {run.quote} at work in all", 0.19, axis, lines=(line,))


def _profiles(run: LaunchResult, points_max: int) -> Panel:
    """What each profile's accounts gained or lost, in percent of what they began with."""
    curves = {name: [Point(at, float(share) * 100 - 100) for at, share in points] for name, points in run.equity.items()}
    values = [point.value for points in curves.values() for point in points]
    lines = tuple(
        LineSeries(name, Stroke(colour, 1.5, style), tuple(points[:: max(1, len(points) // points_max)]))
        for (name, points), (colour, style) in zip(curves.items(), _PROFILES, strict=False)
    )
    axis = axis_of([0.0, *values], unit="%", spare=0.1, places_max=2, is_signed=True)
    zero = LevelLine(0.0, Stroke(ColourRole.GRID, 1.2))
    return Panel("Worth of each profile", 0.23, axis, lines=lines, levels=(zero,), has_legend=True)
