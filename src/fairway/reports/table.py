"""The summary that a terminal shows at the end of a run."""

from collections.abc import Iterator
from decimal import Decimal

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from fairway.reports.headline import caveats, headline, money, money_places, verdict
from fairway.reports.report import Report
from fairway.texts.display import (
    NOTHING,
    count_text,
    day_text,
    duration_text,
    number,
    percent,
    signed,
    signed_percent,
)

_DIM = "dim"


def summary_table(report: Report) -> RenderableType:
    """The headline, the figures and the tie-out, for rich to print at any width."""
    return Group(
        Text(headline(report), style="bold"),
        *(Text(line, style=_DIM) for line in caveats(report)),
        Padding(_figures_table(report), (1, 0, 0, 0)),
        _tie_table(report),
        _verdict(report),
    )


def _figures_table(report: Report) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style=_DIM, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in figure_lines(report):
        table.add_row(name, value)
    return table


def figure_lines(report: Report) -> Iterator[tuple[str, str]]:
    """Name and value of each figure, as people read them; `—` where one is not defined."""
    figures, story, run = report.figures, report.story, report.run
    places = money_places(report)
    yield "Time", f"{day_text(run.started_at)} to {day_text(run.ended_at)}"
    yield "Worth", f"{money(report, figures.worth_start)} to {money(report, figures.worth_end)}"
    yield "Result", f"{signed(figures.change, places)} {run.quote} ({signed_percent(figures.return_share)})"
    yield "Deepest fall", _drawdown_text(report)
    yield "Round trips", f"{figures.trips} ({figures.wins} won, {figures.losses} lost, {percent(figures.win_share, 0)} won)"
    yield (
        "Average, in R",
        f"{r_text(figures.average_r)} (wins {r_text(figures.average_win_r)}, losses {r_text(figures.average_loss_r)})",
    )
    yield "Profit factor", number(figures.profit_factor, 2)
    yield "Time in the market", percent(figures.exposure_share, 0)
    yield "Fees", f"{money(report, figures.fees)} ({percent(figures.fees_share)} of the opening worth)"
    yield "Orders", orders_text(report)
    yield "Entries refused", count_text(sum(story.refusals.values()), "time", "times") if story.refusals else "never"
    troubles = story.troubles_count + bool(report.unexplained)
    yield "What went wrong", count_text(troubles, "event") if troubles else "nothing"


def r_text(value: Decimal | None) -> str:
    return NOTHING if value is None else f"{signed(value, 2)} R"


def orders_text(report: Report) -> str:
    """`12 filled, 9 cancelled, 2 at work`."""
    parts = [f"{count:,} {state.value}" for state, count in report.story.orders_ended.items()]
    if report.story.orders_live:
        parts.append(f"{len(report.story.orders_live):,} at work")
    return ", ".join(parts) or "none"


def _drawdown_text(report: Report) -> str:
    fall = report.figures.drawdown
    if fall is None:
        return NOTHING
    if not fall.share:
        return "none"
    return f"{percent(-fall.share)} ({money(report, fall.amount)}); below a peak for at most {duration_text(fall.longest_ns)}"


def _tie_table(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("Balance", style=_DIM)
    for name in ("ledger", "exchange", "difference"):
        table.add_column(name, justify="right", overflow="fold")
    for tie in report.tie.assets:
        style = "" if not tie.difference else "bold red"
        table.add_row(tie.asset, number(tie.ledger), number(tie.exchange), number(tie.difference), style=style)
    return table


def _verdict(report: Report) -> Text:
    told = verdict(report)
    return Text(f"{told.mark} {told.text}", {"gain": "green", "loss": "bold red"}.get(told.tone, "yellow"))
