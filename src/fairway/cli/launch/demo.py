"""`fairway demo` with a launch: flies it, writes its page and its summary, and tells the end."""

from typing import TYPE_CHECKING

from fairway.cli.exits import ExitCode
from fairway.reports.run import DemoOptions

if TYPE_CHECKING:
    from rich.console import Console

    from fairway.reports.launch_page import LaunchReport


def play_launch(options: DemoOptions, *, plain: bool) -> int:
    """Runs, writes summary.json and report.html into options.out, tells the end, and returns the exit code."""
    from rich.console import Console

    from fairway.cli.demo_interrupt import Ending
    from fairway.cli.launch.live_view import choose_launch_view
    from fairway.cli.report_files import PAGE, SUMMARY
    from fairway.proving.launch_demo import fly, launch_result
    from fairway.reports.launch_page import launch_page_bytes, launch_report_of
    from fairway.reports.launch_summary import launch_summary_bytes
    from fairway.reports.page import preload
    from fairway.world.clock import SystemClock
    from fairway.world.garbage import settle

    preload()
    console = Console(highlight=False)
    view = choose_launch_view(console, SystemClock(), plain=plain)
    view.is_preparing = True
    settle()
    try:
        with Ending(view, SystemClock(), options.out):
            flown = fly(options, view)
    finally:
        view.close()
    report = launch_report_of(launch_result(flown))
    (options.out / SUMMARY).write_bytes(launch_summary_bytes(report))
    (options.out / PAGE).write_bytes(launch_page_bytes(report))
    if view.reader_gone:
        return ExitCode.READER_GONE
    tell_end(report, options, console)
    return ExitCode.OK if report.run.is_complete else ExitCode.INTERRUPTED


def tell_end(report: "LaunchReport", options: DemoOptions, console: "Console") -> None:
    """What a person needs to know stands last: it is what a terminal shows without scrolling."""
    from fairway.cli.demo import tell_places
    from fairway.reports.launch_table import end_of_launch, moves_table, user_table

    for part in (moves_table(report), user_table(report)):
        console.print()
        console.print(part)
    console.print()
    tell_places(report.run, options.out, console)
    console.print()
    console.print(end_of_launch(report))
