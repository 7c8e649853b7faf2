"""What a person sees while a launch is flown: stages, holds, gates and profiles, live and in plain lines."""

from dataclasses import replace
from decimal import Decimal
from io import StringIO

from rich.console import Console

from fairway.cli.launch.live_view import LaunchLiveView, LaunchPlainView, choose_launch_view
from fairway.reports.launch_report import LaunchProgress, ProfileLine
from fairway.world.clock import DAY, HOUR, SECOND, SystemClock, parse_instant

BEGAN = parse_instant("2026-01-03T22:00:00.000Z")
PROGRESS = LaunchProgress(
    at=BEGAN,
    share_done=0.29,
    stages=("internal", "limited", "open"),
    stage=1,
    phase="dwelling",
    holds=("how ada stands at the venue is not known",),
    gates=(
        ("success", "PASS", ""),
        ("harm", "INSUFFICIENT", "OBSERVATIONS_FEW: n=3 at_least_n=20"),
        ("books", "FAIL", "BROKEN: n=1"),
    ),
    allowed=Decimal(0),
    quote="USDT",
    profiles=(ProfileLine("moderate", 4, 3, Decimal("8016.4"), Decimal("0.0021"), 2, 17),),
    prices={"BTC/USDT": Decimal(51_000)},
)


def console(width: int = 110) -> Console:
    return Console(file=StringIO(), width=width, height=40, force_terminal=True, color_system=None)


def told(of: Console) -> str:
    assert isinstance(of.file, StringIO)
    return of.file.getvalue()


def test_a_live_picture_has_the_stage_what_holds_it_each_gate_and_each_profile() -> None:
    screen = console()
    view = LaunchLiveView(screen, SystemClock())
    view.tell(BEGAN, "! main: BACK to stage internal")
    view.show(PROGRESS)
    view.close()
    shown = told(screen)
    for words in (
        "internal  →   limited   →  open",
        "up to 0 USDT at work",
        "! held: how ada stands",
        "OBSERVATIONS_FEW: n=3",
        "books",
        "moderate",
        "8,016",
        "+0.21 %",
        "BACK to stage internal",
    ):
        assert words in shown, words


def test_plain_lines_tell_each_day_once_with_the_stage_and_how_many_gates_pass() -> None:
    screen = console(300)
    view = LaunchPlainView(screen)
    view.show(PROGRESS)
    view.show(replace(PROGRESS, at=BEGAN + HOUR))
    view.show(replace(PROGRESS, at=BEGAN + DAY, share_done=0.4))
    (line,) = told(screen).splitlines()
    assert "40% done, limited (dwelling), 1 of 3 gates pass, 3 accounts may open, moderate +0.21 %" in line


def test_before_the_first_stage_nothing_is_shown_as_lived_in() -> None:
    screen = console(300)
    view = LaunchPlainView(screen)
    early = replace(PROGRESS, stage=-1, phase="armed")
    view.show(early)
    view.show(replace(early, at=BEGAN + DAY))
    assert "no stage yet (armed)" in told(screen)


def test_a_pipe_gets_plain_lines() -> None:
    assert isinstance(choose_launch_view(Console(file=StringIO()), SystemClock(), plain=False), LaunchPlainView)
    assert isinstance(choose_launch_view(console(), SystemClock(), plain=False), LaunchLiveView)
    assert isinstance(choose_launch_view(console(), SystemClock(), plain=True), LaunchPlainView)


class Stopwatch:
    """A real clock that goes as told."""

    at = 0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at


def test_each_day_tells_how_much_real_time_is_left() -> None:
    """A fifth took 31 s, so the other three take 93 s, which is rounded up to 5 s."""
    screen, clock = console(300), Stopwatch()
    view = LaunchPlainView(screen, clock)
    view.show(replace(PROGRESS, share_done=0.2))
    clock.at = 31 * SECOND
    view.show(replace(PROGRESS, at=BEGAN + DAY, share_done=0.4))
    assert "moderate +0.21 %, 1 min 35 s left ---" in told(screen)


def test_the_live_picture_tells_how_much_real_time_is_left() -> None:
    screen, clock = console(), Stopwatch()
    view = LaunchLiveView(screen, clock)
    view.show(replace(PROGRESS, share_done=0.0))
    clock.at = 50 * SECOND
    view.show(replace(PROGRESS, share_done=0.5))
    view.close()
    assert "50%  50 s left" in told(screen)
