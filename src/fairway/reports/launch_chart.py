"""Draws a launch on one time axis: stages with what happened, what each gate said, what was allowed, and what it was worth."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from fairway.reports import scales
from fairway.reports.display import count_text, day_text
from fairway.reports.launch_report import LaunchResult, Mark, MarkKind, Spell
from fairway.reports.scales import NARROW, WIDE, Shape
from fairway.reports.svg import ACCENT, GAIN, HAIRLINE, INK, LOSS, MUTED, PAPER

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHAPES: Final = (replace(WIDE, height=930, left=104), replace(NARROW, height=830, left=92))
_ANSWERS: Final = {
    "PASS": (GAIN, 0.75),
    "FAIL": (LOSS, 0.95),
    "INSUFFICIENT": (MUTED, 0.28),
    "STALE": (ACCENT, 0.5),
    "ERROR": (ACCENT, 0.9),
}
_MARKS: Final = {
    MarkKind.PROMOTED: ("^", GAIN),
    MarkKind.DEMOTED: ("v", LOSS),
    MarkKind.HELD: ("s", LOSS),
    MarkKind.STAGED: ("o", MUTED),
}
_SEVERITIES: Final = (("P0", LOSS), ("P1", ACCENT), ("P2", MUTED))
_HEIGHTS: Final = {MarkKind.HELD: 0.5, MarkKind.STAGED: 1.0}
"""Of marks above the stages, so that what happens at once does not hide each other."""
_DASHES: Final = ("solid", (0, (5, 2)), (0, (1.5, 1.5)))
"""Of profiles, one after another: colour alone tells nothing to whoever does not see it."""


@dataclass(frozen=True, slots=True)
class _Lane:
    """title: of what is drawn in it. share: of the height."""

    title: str
    share: float
    draw: Callable[["Axes", LaunchResult, Shape], None]


def launch_chart(run: LaunchResult) -> str:
    """Wide and narrow, as SVG elements."""
    promoted = sum(mark.kind is MarkKind.PROMOTED for mark in run.marks)
    demoted = sum(mark.kind is MarkKind.DEMOTED for mark in run.marks)
    title = "The launch on one time axis: stages, gates, limits in force and worth"
    entered, holds = count_text(promoted, "stage was", "stages were"), count_text(len(run.holds), "hold")
    description = (
        f"From {day_text(run.started_at)} to {day_text(run.ended_at)}: {entered} entered, "
        f"{count_text(demoted, 'demotion')}, {holds}. Every one of them is in the table below."
    )
    with scales.settings():
        figures = [(_figure(run, shape), shape) for shape in SHAPES]
        return "".join(scales.svg(figure, _kind(shape), "launch", title, description) for figure, shape in figures)


def _kind(shape: Shape) -> Shape:
    return WIDE if shape.css_class == WIDE.css_class else NARROW


def _figure(run: LaunchResult, shape: Shape) -> "Figure":
    figure = scales.new_figure(shape, shape.height)
    rows = len(_gate_names(run))
    lanes = (
        _Lane("Stage", 0.15, _draw_stages),
        _Lane("Gates", 0.045 * rows + 0.02, _draw_gates),
        _Lane("Alerts", 0.1, _draw_alerts),
        _Lane(f"Limits in force: {run.quote} at work in all", 0.19, _draw_allowed),
        _Lane("Worth of each profile", 0.23, _draw_equity),
    )
    total, gap = sum(lane.share for lane in lanes), 0.055
    room, top = 1 - gap * (len(lanes) - 1), 1.0
    for lane in lanes:
        height = lane.share / total * room
        axes = scales.new_axes(figure, shape, bottom=top - height, top=top)
        lane.draw(axes, run, shape)
        _draw_moves(axes, run.marks)
        scales.days(axes, run.started_at, run.ended_at, shape, are_told=lane is lanes[-1])
        axes.text(0, 1.015, lane.title, transform=axes.transAxes, color=INK, fontsize=shape.text, va="bottom", weight="bold")
        top -= height + gap
    return figure


def _draw_moves(axes: "Axes", marks: Iterable[Mark]) -> None:
    for mark in marks:
        if mark.kind in (MarkKind.PROMOTED, MarkKind.DEMOTED):
            axes.axvline(mark.at, color=_MARKS[mark.kind][1], linewidth=1.0, alpha=0.6, dashes=(4, 3))


def _draw_stages(axes: "Axes", run: LaunchResult, shape: Shape) -> None:
    """Stages as bands, the smallest at the bottom; above them holds, and marks of what happened."""
    names = [name for name in run.stages if any(spell.name == name for spell in run.lived)]
    for spell in run.lived:
        row = names.index(spell.name)
        axes.fill_between([spell.since, spell.until], row + 0.06, row + 0.94, color=ACCENT, alpha=0.28 + 0.16 * row, linewidth=0)
    for hold in run.holds:
        contained = hold.name == "contained"
        axes.fill_between(
            [hold.since, hold.until], 0, len(names), color=LOSS if contained else MUTED, alpha=0.45 if contained else 0.22
        )
    top = len(names) + 0.55
    for kind, (marker, colour) in _MARKS.items():
        ats = [mark.at for mark in run.marks if mark.kind is kind]
        height = top + _HEIGHTS.get(kind, 0.0)
        axes.plot(
            ats, [height] * len(ats), marker, color=colour, markersize=shape.marker - 1, markeredgecolor=PAPER, clip_on=False
        )
    axes.set_ylim(0, len(names) + 1.9)
    axes.set_yticks([row + 0.5 for row in range(len(names))], labels=names)
    axes.grid(visible=False)


def _gate_names(run: LaunchResult) -> list[str]:
    return list(dict.fromkeys(name.partition("/")[2] for name in run.gates))


def _draw_gates(axes: "Axes", run: LaunchResult, shape: Shape) -> None:
    names = _gate_names(run)
    for name, spells in run.gates.items():
        row = len(names) - 1 - names.index(name.partition("/")[2])
        for result, pieces in _by_answer(spells):
            colour, alpha = _ANSWERS[result]
            axes.broken_barh(
                [(it.since, it.until - it.since) for it in pieces], (row + 0.18, 0.64), color=colour, alpha=alpha, linewidth=0
            )
    axes.set_ylim(0, len(names))
    axes.set_yticks([row + 0.5 for row in range(len(names))], labels=[name[:14] for name in reversed(names)])
    axes.grid(visible=False)


def _by_answer(spells: Sequence[Spell]) -> list[tuple[str, list[Spell]]]:
    found: dict[str, list[Spell]] = {}
    for spell in spells:
        found.setdefault(spell.name, []).append(spell)
    return list(found.items())


def _draw_alerts(axes: "Axes", run: LaunchResult, shape: Shape) -> None:
    """The worst on top."""
    for row, (severity, colour) in enumerate(reversed(_SEVERITIES)):
        ats = [at for at, told in run.alerts if told == severity]
        axes.plot(ats, [row + 0.5] * len(ats), "|", color=colour, markersize=shape.marker + 4, markeredgewidth=1.4)
    axes.set_ylim(0, len(_SEVERITIES))
    axes.set_yticks([row + 0.5 for row in range(len(_SEVERITIES))], labels=[name for name, _ in reversed(_SEVERITIES)])
    axes.grid(visible=False)


def _draw_allowed(axes: "Axes", run: LaunchResult, shape: Shape) -> None:
    steps = [(run.started_at, 0.0), *((at, float(value)) for at, value in run.allowed)]
    ats = [float(at) for at, _ in steps] + [float(run.ended_at)]
    values = [value for _, value in steps] + [steps[-1][1]]
    scales.scale(axes, [0.0, *values], 0, spare=0.06)
    axes.fill_between(ats, values, 0, step="post", color=ACCENT, alpha=0.18, linewidth=0)
    axes.step(ats, values, where="post", color=ACCENT, linewidth=1.6)


def _draw_equity(axes: "Axes", run: LaunchResult, shape: Shape) -> None:
    curves = {name: [(at, float(share) * 100 - 100) for at, share in points] for name, points in run.equity.items()}
    values = [value for points in curves.values() for _, value in points] or [0.0]
    scales.scale(axes, [0.0, *values], 2, spare=0.1)
    axes.axhline(0, color=HAIRLINE, linewidth=1.2)
    colours = (ACCENT, INK, GAIN)
    for (name, points), colour, dashes in zip(curves.items(), colours, _DASHES, strict=False):
        kept = points[:: max(1, len(points) // shape.points_max)]
        axes.plot([at for at, _ in kept], [value for _, value in kept], color=colour, linewidth=1.5, linestyle=dashes, label=name)
    axes.set_yticks(axes.get_yticks(), labels=[f"{tick:+.4g} %" if tick else "0 %" for tick in axes.get_yticks()])
    legend = axes.legend(
        loc="upper left",
        frameon=False,
        fontsize=shape.text - 1.5,
        ncols=3,
        bbox_to_anchor=(0.0, 1.0),
        borderaxespad=0.1,
        handlelength=1.5,
        handletextpad=0.5,
        columnspacing=1.0,
    )
    for told in legend.get_texts():
        told.set_color(INK)
