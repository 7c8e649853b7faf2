"""`fairway demo`: a bot trades on the practice exchange in simulated time, a person watches, and a report is left."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.shared_options import Flag
from fairway.cli.whole_numbers import whole
from fairway.world.clock import SECOND

if TYPE_CHECKING:
    from rich.console import Console

    from fairway.cli.live_view import LiveView, PlainView
    from fairway.reports.launch_report import LaunchResult
    from fairway.reports.report import Report
    from fairway.reports.run import DemoOptions, DemoResult, Screen

DAYS_MAX: Final = 366
MADE_HERE: Final = ".fairway-demo"
"""An empty file by which a directory is known as a demo's own: only such a one is ever overwritten."""


def demo(
    *,
    data: Annotated[list[Path] | None, Parameter(negative=(), consume_multiple=True)] = None,
    days: Annotated[int | None, whole(10)] = None,
    seed: Annotated[int, whole(1)] = 1,
    out: Path = Path("fairway-demo"),
    speed: str = "max",
    plain: Flag = False,
    single: Flag = False,
    force: Flag = False,
) -> int:
    """Launch a bot for twelve users on the practice exchange, in simulated time, and write a report.

    The beta plan is flown: promoted on evidence, held when the exchange misbehaves, taken back when the bot is made worse. With
    files of candles, or --single, one bot trades one account instead.

    Parameters
    ----------
    data: list[Path]
        Files of candles to replay with one bot, one a symbol; without them a seeded generator makes three symbols.
    days: int
        Days to trade; ten where it is left out, and of files all they have up to ten. More than files have is refused.
    seed: int
        The same seed gives the same run, to the last byte of the journal.
    out: Path
        Directory for the journal, summary.json and report.html; a new or an empty one.
    speed: str
        max, or how many times faster than real time, such as 60x.
    plain: bool
        Plain lines instead of the live view.
    single: bool
        One bot and one account, without a launch.
    force: bool
        Overwrite an earlier demo in the directory.
    """
    from fairway.money.amount import use_exact_decimals
    from fairway.reports.run import DemoOptions

    if data == []:
        raise Failure("--data names no file; a right use is --data BTCUSDT-1m.csv.gz", ExitCode.USAGE)
    options = DemoOptions(data=tuple(data or ()), days=_days(days), seed=seed, out=out, speed=parse_speed(speed))
    use_exact_decimals()
    _survive_poor_terminals()
    with _directory(out, force=force):
        if not data and not single:
            from fairway.cli.launch.demo import play_launch

            return play_launch(options, plain=plain)
        return _play_one(options, plain=plain)


def _play_one(options: "DemoOptions", *, plain: bool) -> int:
    """One bot and one account."""
    from rich.console import Console

    from fairway.cli.live_view import choose_view
    from fairway.proving import demo as proving
    from fairway.reports.page import preload
    from fairway.world.clock import SystemClock

    preload()
    console = Console(highlight=False)
    view = choose_view(console, SystemClock(), plain=plain)
    view.is_preparing = True
    return play(proving.demo, options, view, console)


def play(
    run: "Callable[[DemoOptions, Screen], DemoResult]", options: "DemoOptions", view: "LiveView | PlainView", console: "Console"
) -> int:
    """Runs, writes summary.json and report.html into options.out, tells the end, and returns the exit code."""
    from fairway.cli.demo_interrupt import Ending
    from fairway.cli.report_files import write_report
    from fairway.reports.report import report_of
    from fairway.world.clock import SystemClock

    try:
        with Ending(view, SystemClock(), options.out) as ending:
            result = run(options, view)
    finally:
        view.close()
    report = report_of(result)
    has_charts = write_report(report, options.out, stopped_at=ending.wanted_at)
    if view.reader_gone:
        return ExitCode.READER_GONE
    _tell_result(report, console)
    _tell_places(report, options.out, console, has_charts=has_charts)
    return ExitCode.OK if result.is_complete else ExitCode.INTERRUPTED


@contextmanager
def _directory(out: Path, *, force: bool) -> Iterator[None]:
    """The directory of a demo while it runs; where it could not begin, a new one goes again. Raises Failure."""
    was_there = out.exists()
    make_directory(out, force=force)
    try:
        yield
    finally:
        if not was_there and [each.name for each in out.iterdir()] == [MADE_HERE]:
            (out / MADE_HERE).unlink()
            out.rmdir()


def make_directory(out: Path, *, force: bool = False) -> None:
    """A directory that is new or empty, or, with force, holds an earlier demo. Raises Failure, and OSError of the system."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        has_files = any(out.iterdir())
    except (FileExistsError, NotADirectoryError):
        raise Failure(f"--out {out} is, or is inside, a file; name a directory, such as fairway-demo", ExitCode.USAGE) from None
    except FileNotFoundError:
        raise Failure(
            f"the directory --out {out} cannot be made there; name another, such as fairway-demo", ExitCode.USAGE
        ) from None
    if has_files and not (out / MADE_HERE).exists():
        raise Failure(
            f"{out} is not empty, and no demo made it, so it was left as it is; name another with --out", ExitCode.USAGE
        )
    if has_files and not force:
        raise Failure(
            f"{out} holds an earlier demo, and was left as it is; name another with --out, or give --force", ExitCode.USAGE
        )
    (out / MADE_HERE).touch()


def parse_speed(text: str) -> float | None:
    """`max` is None; `60x` or `60` is 60 simulated seconds in a real one. Raises Failure."""
    if text == "max":
        return None
    try:
        speed = float(text.removesuffix("x"))
    except ValueError:
        speed = 0.0
    if not 0 < speed < float("inf"):
        raise Failure(f"--speed {text!r} is no speed; right ones are max and 60x", ExitCode.USAGE)
    return speed


def _days(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= DAYS_MAX:
        raise Failure(f"--days {days} cannot be traded; a right number is 10, and at most {DAYS_MAX}", ExitCode.USAGE)
    return days


def _survive_poor_terminals() -> None:
    """A terminal or a pipe that cannot show a character gets a question mark, not a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _tell_result(report: "Report", console: "Console") -> None:
    from fairway.reports.incident_table import incident_table
    from fairway.reports.table import summary_table

    console.print()
    if report.incidents:
        console.print(incident_table(report))
        console.print()
    if not report.run.is_complete:
        console.print(_stopped_line(report), style="yellow")
        console.print()
    console.print(summary_table(report))
    console.print()


def _tell_places(report: "Report", out: Path, console: "Console", *, has_charts: bool) -> None:
    from fairway.cli.report_files import NO_CHARTS

    tell_places(report.run, out, console, remark="" if has_charts else NO_CHARTS)


def tell_places(run: "DemoResult | LaunchResult", out: Path, console: "Console", remark: str = "") -> None:
    """Where everything is, and how long it took."""
    from fairway.cli.report_files import PAGE, SUMMARY

    for name, place in (("report", out / PAGE), ("summary", out / SUMMARY), ("journal", run.journal_path)):
        if place is not None:
            console.print(f"{name:>8}  {place}", markup=False, soft_wrap=True)
    if remark:
        console.print(f"{'':>8}  {remark}", style="yellow")
    console.print(f"{'':>8}  {run.journal_count:,} events, digest {run.journal_digest}", style="dim", soft_wrap=True)
    if run.wall_seconds > 0:
        times = int((run.ended_at - run.started_at) / SECOND / run.wall_seconds)
        console.print(f"{'':>8}  took {run.wall_seconds:.1f} s, {times:,} times as fast as real time", style="dim")


def _stopped_line(report: "Report") -> str:
    """What a person must know who pressed Ctrl-C: what still works for them."""
    from fairway.orders.ids import Role
    from fairway.texts.display import count_text

    resting = sum(order.role in (Role.STOP, Role.TARGET) for order in report.story.orders_live)
    if not resting:
        return "Stopped by Ctrl-C. Nothing was held, so no protective orders were left."
    stays = count_text(resting, "protective order stays", "protective orders stay")
    return f"Stopped by Ctrl-C. {stays[0].upper()}{stays[1:]} at the exchange, where they work without the bot."
