"""The end of a launch in a terminal: each decision with its reason, and each user's account."""

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from fairway.reports.ascent_page import LaunchReport, decision_rows, launch_headline, launch_verdict, user_rows

_TONES = {"gain": "green", "loss": "red"}


def decision_table(report: LaunchReport) -> RenderableType:
    """What the pilot decided, oldest first."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("#", justify="right", style="dim")
    table.add_column("UTC", style="dim", no_wrap=True)
    table.add_column("what")
    table.add_column("why", style="dim", overflow="fold")
    for row in decision_rows(report.run):
        table.add_row(str(row.number), row.at, Text(row.what, _TONES.get(row.tone, "")), row.why)
    return Group(Text(launch_headline(report), style="bold"), table)


def user_table(report: LaunchReport) -> RenderableType:
    """What became of each user's money, and whether all of it is where the ledgers say."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("user", "profile", "let in"):
        table.add_column(name, no_wrap=True)
    for name in ("worth", "result", "trips"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in user_rows(report):
        result = Text(f"{row.result} ({row.share})", _TONES.get(row.tone, ""))
        table.add_row(row.name, row.profile, row.let_in, row.worth, result, row.trips)
    told = launch_verdict(report)
    return Group(table, Text(f"{told.mark} {told.text}", {"gain": "green", "loss": "bold red"}[told.tone]))
