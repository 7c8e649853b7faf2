"""Ctrl-C and SIGTERM: every command ends within two seconds, whatever it was doing, and nothing but a sentence is printed."""

import os
import pty
import select
import signal
from io import StringIO
from pathlib import Path
from typing import Any, NoReturn

import pytest
from rich.console import Console
from tests.pure.cli.programs import BOUND_S, Stopwatch, read_until, started, stopped
from tests.pure.reports import watched
from tests.pure.reports.ten_days import ten_days

from fairway.cli.demo import play
from fairway.cli.interrupts import OutOfTime, in_time
from fairway.cli.live_view import LiveView, PlainView
from fairway.cli.report_files import CHARTS_AFTER_STOP_NS, NO_CHARTS, write_report
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import open_journal
from fairway.orders.lifecycle import OrderSent
from fairway.reports.report import report_of
from fairway.reports.run import DemoOptions, DemoResult, Screen
from fairway.world.clock import SystemClock

SENTENCE = "fairway: stopped by Ctrl-C\n"


@pytest.mark.parametrize("after_s", [0.1, 0.3, 0.7, 1.1, 1.6, 2.2, 3.0])
def test_ctrl_c_ends_a_demo_at_once_while_it_prepares(tmp_path: Path, after_s: float) -> None:
    """Libraries are brought, a market is made: there is nothing to save yet. On a fast machine it may trade by then."""
    ended = stopped(started("demo", "--plain", "--out", tmp_path), after_s=after_s)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == (130, "" if ended.out else SENTENCE)


def test_ctrl_c_ends_a_demo_that_trades_in_order_on_a_machine_that_never_drew_anything(tmp_path: Path) -> None:
    """With a home that cannot be written, the fonts are looked for at each start; the report is there all the same."""
    homeless = {"HOME": "/proc/nobody", "MPLCONFIGDIR": "", "TMPDIR": str(tmp_path)}
    running = started("demo", "--single", "--plain", "--out", tmp_path / "out", env=homeless)
    read_until(running, "The account holds")
    ended = stopped(running)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == (130, "")
    assert "Stopped by Ctrl-C." in ended.out
    assert "<svg" in (tmp_path / "out" / "report.html").read_text() or NO_CHARTS in ended.out
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_ctrl_c_ends_a_launch_in_order_with_a_report(tmp_path: Path) -> None:
    running = started("demo", "--plain", "--out", tmp_path)
    read_until(running, "olga as owner approves")
    ended = stopped(running)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == (130, "")
    assert "All 12 accounts tie out" in ended.out
    assert "A person stopped the run" in (tmp_path / "report.html").read_text()


def test_sigterm_ends_a_demo_at_once(tmp_path: Path) -> None:
    """Nobody's money is in it, and no person waits for its report."""
    running = started("demo", "--single", "--plain", "--out", tmp_path)
    read_until(running, "The account holds")
    ended = stopped(running, by=signal.SIGTERM)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == (143, "fairway: stopped by SIGTERM\n")


def _options(out: Path) -> DemoOptions:
    return DemoOptions(data=(), days=1, seed=1, out=out, speed=None)


@pytest.mark.parametrize("before", [signal.default_int_handler, signal.SIG_IGN], ids=["heard", "ignored"])
def test_a_run_that_does_not_end_in_order_is_given_up(before: Any, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Within the bound, and the journal's directory is named; in the background too, where Ctrl-C is ignored from birth."""
    usual = signal.signal(signal.SIGINT, before)
    since = Stopwatch(os.getpid())

    def run(options: DemoOptions, screen: Screen) -> DemoResult:
        os.kill(os.getpid(), signal.SIGINT)
        while True:
            pass

    with pytest.raises(KeyboardInterrupt):  # what Ctrl-C does where nobody else asked for it
        play(run, _options(tmp_path), PlainView(Console(file=StringIO())), Console(file=StringIO()))
    signal.signal(signal.SIGINT, usual)
    assert since.seconds() < BOUND_S
    assert capfd.readouterr().err == (
        f"The bot took too long to end in order, so there is no report. Its journal is in {tmp_path}.\n"
    )


def test_a_run_that_has_shown_nothing_is_not_waited_for(tmp_path: Path) -> None:
    """The first Ctrl-C is enough; after the first picture it asks for an end in order."""
    view = PlainView(Console(file=StringIO()))
    view.is_preparing = True

    def prepare(options: DemoOptions, screen: Screen) -> DemoResult:
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("not reached")

    with pytest.raises(KeyboardInterrupt):
        play(prepare, _options(tmp_path), view, Console(file=StringIO()))
    next(watched.play(ten_days(days=1), view))
    assert not view.is_preparing


def test_a_second_ctrl_c_gives_the_terminal_back() -> None:
    """In the middle of whatever rich is writing: it does not go through rich."""
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as terminal:
        view = LiveView(Console(file=terminal, force_terminal=True, width=100, height=30), SystemClock())
        view.abandon()  # nothing was drawn, so nothing is given back
        next(watched.play(ten_days(days=1), view))
        view.abandon()
        shown = b""
        while not shown.endswith(b"\x1b[?1049l\x1b[?25h"):
            assert select.select([reader], [], [], 5)[0], shown
            shown += os.read(reader, 1 << 16)
        assert shown.startswith(b"\x1b[?1049h")
        view.close()
    os.close(reader)


def test_charts_are_left_out_where_there_is_no_time_for_them(tmp_path: Path) -> None:
    """The figures are there, and the page says why the charts are not."""
    report, clock = report_of(ten_days()), SystemClock()
    assert write_report(report, tmp_path / "calm")
    calm = (tmp_path / "calm" / "report.html").read_text()
    assert "<svg" in calm
    since = Stopwatch(os.getpid())
    for left_ns in (0, 1_000_000, 200_000_000):
        stopped_at = clock.monotonic() - CHARTS_AFTER_STOP_NS + left_ns
        assert not write_report(report, tmp_path / "hurried", stopped_at=stopped_at)
        page = (tmp_path / "hurried" / "report.html").read_text()
        assert "<svg" not in page
        assert NO_CHARTS in page
    assert since.seconds() < 3 * BOUND_S
    assert (tmp_path / "hurried" / "summary.json").read_bytes() == (tmp_path / "calm" / "summary.json").read_bytes()


def test_work_is_done_in_time_or_not_at_all() -> None:
    """What works on, what fails of it and what drops the interruption: none of it is taken for a result."""
    assert in_time(60, lambda: "done") == "done"
    with pytest.raises(ZeroDivisionError):
        in_time(60, lambda: 1 // 0)

    def forever() -> NoReturn:
        while True:
            pass

    def fails_of_it() -> None:
        try:
            forever()
        except OutOfTime:
            raise ValueError("an invalid matrix") from None

    def drops_it() -> str:
        try:
            forever()
        except OutOfTime:
            return "half a chart"

    class Finalized:
        def __del__(self) -> None:
            forever()

    def drops_it_in_a_finalizer() -> None:
        Finalized()

    for work in (forever, fails_of_it, drops_it, drops_it_in_a_finalizer):
        with pytest.raises(OutOfTime):
            in_time(0.02, work)
    with pytest.raises(OutOfTime):
        in_time(0, lambda: "too late to begin")
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_an_export_that_is_stopped_leaves_nothing_half_written(tmp_path: Path) -> None:
    """As it stops the program from the outside, while the chain of a long journal is written."""
    journal, out = tmp_path / "long.journal", tmp_path / "out"
    out.mkdir()
    writer = open_journal(journal, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    for _ in range(20):
        writer.append(
            [OrderSent(order_id=f"fw-main-1-{number}-e") for number in range(2_000)], account="main", author="trader", at=1
        )
        writer.sync()
    writer.close()
    running = started("journal", "export", journal, "--to", "jsonl", "--out", out / "a.jsonl")
    while not (out / "a.jsonl.new").exists():
        assert running.poll() is None
    ended = stopped(running)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == (130, SENTENCE)
    assert list(out.iterdir()) == []


def test_no_file_of_the_command_line_hides_a_function_of_it() -> None:
    """`fairway.cli.run` is one thing, whatever has been imported."""
    import pkgutil

    import fairway.cli

    files = {found.name for found in pkgutil.iter_modules(fairway.cli.__path__)}
    assert files & {"main", "run", "app"} == set()
