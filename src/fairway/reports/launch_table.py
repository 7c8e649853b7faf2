"""The end of a launch in a terminal: each decision with its reason, and each user's account."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from fairway.reports.launch_page import LaunchReport, decision_rows, launch_headline, launch_outlook, launch_verdict, user_rows
from fairway.reports.launch_report import DecidedKind
from fairway.texts.numbers import counted

_TONES = {"gain": "green", "loss": "red"}


_LEFT_OUT = (DecidedKind.HELD, DecidedKind.RELEASED, DecidedKind.SAID)


def moves_table(report: LaunchReport) -> RenderableType:
    """Each stage that was entered or taken back, oldest first, and how often it was held."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("#", justify="right", style="dim")
    table.add_column("UTC", style="dim", no_wrap=True)
    table.add_column("what")
    table.add_column("why", style="dim", overflow="fold")
    for row in decision_rows(report.run, but=_LEFT_OUT):
        table.add_row(str(row.number), row.at, Text(row.what, _TONES.get(row.tone, "")), row.why)
    held = f"It was held {counted(len(report.run.holds), 'time')}; the report says why." if report.run.holds else ""
    return Group(table, Text(held, "dim")) if held else table


def end_of_launch(report: LaunchReport) -> RenderableType:
    """What a person reads last: what happened, where it goes on, and whether all accounts tie out."""
    told = launch_verdict(report)
    return Group(
        Text(launch_headline(report), "bold"),
        Text(launch_outlook(report), "dim"),
        Text(f"{told.mark} {told.text}", {"gain": "green", "loss": "bold red"}[told.tone]),
    )


def user_table(report: LaunchReport) -> RenderableType:
    """What became of each user's money."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("user", "profile", "let in"):
        table.add_column(name, no_wrap=True)
    for name in ("worth", "result", "trips"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in user_rows(report):
        result = Text(f"{row.result} ({row.share})", _TONES.get(row.tone, ""))
        table.add_row(row.name, row.profile, row.let_in, row.worth, result, row.trips)
    return table
