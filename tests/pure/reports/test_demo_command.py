"""`fairway demo` around the run itself: files, exit codes, Ctrl-C, and what is said at the end."""

import io
import json
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from tests.pure.reports import watched
from tests.pure.reports.runs import LAST_PRICES, two_trips
from tests.pure.reports.ten_days import ten_days

from fairway.cli.demo import make_directory, play
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.live_view import PlainView
from fairway.reports.run import DemoOptions, DemoResult, Screen


def _console() -> Console:
    return Console(file=io.StringIO(), width=80, highlight=False)


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def _options(out: Path) -> DemoOptions:
    return DemoOptions(data=(), days=1, seed=1, out=out, speed=None)


def test_it_leaves_a_summary_and_a_page_and_says_where(tmp_path: Path) -> None:
    """And the journal's place and digest, as the run named them."""
    console = _console()

    def run(options: DemoOptions, screen: Screen) -> DemoResult:
        list(watched.play(ten_days(days=1), screen))
        return replace(ten_days(days=1), journal_path=options.out / "journal.sqlite")

    assert play(run, _options(tmp_path), PlainView(console), console) == ExitCode.OK
    assert json.loads((tmp_path / "summary.json").read_bytes())["tie_out"]["is_exact"]
    assert (tmp_path / "report.html").read_text().startswith("<!doctype html>")
    for said in (tmp_path / "report.html", tmp_path / "summary.json", tmp_path / "journal.sqlite", "ab" * 32):
        assert str(said) in _written(console)


def test_ctrl_c_ends_with_what_was_reached_and_says_that_protection_stays(tmp_path: Path) -> None:
    """The run reads the wish, and its report is written all the same."""
    console = _console()

    def run(options: DemoOptions, screen: Screen) -> DemoResult:
        os.kill(os.getpid(), signal.SIGINT)
        assert screen.stop_wanted
        return replace(two_trips().result(LAST_PRICES), is_complete=False)

    before = signal.getsignal(signal.SIGINT)
    assert play(run, _options(tmp_path), PlainView(console), console) == ExitCode.INTERRUPTED
    assert "2 protective orders stay at the exchange" in " ".join(_written(console).split())
    assert "stopped before its last day" in (tmp_path / "report.html").read_text()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    """A second Ctrl-C ends the run at once."""
    console = _console()

    def run(options: DemoOptions, screen: Screen) -> DemoResult:
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        raise AssertionError("not reached")

    with pytest.raises(KeyboardInterrupt):
        play(run, _options(tmp_path), PlainView(console), console)
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_directory_is_said_in_one_sentence(tmp_path: Path) -> None:
    """Nothing is overwritten, and a right name is shown."""
    file = tmp_path / "taken"
    file.write_text("mine")
    for out in (file, file / "inside"):
        with pytest.raises(Failure, match="name a directory") as caught:
            make_directory(out)
        assert caught.value.code == ExitCode.USAGE
    assert file.read_text() == "mine"
    make_directory(tmp_path / "new" / "deeper")
    assert (tmp_path / "new" / "deeper").is_dir()
