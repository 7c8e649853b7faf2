"""What a person sees while it runs: all of it on wide terminals, what matters on small ones, plain lines on none."""

import io
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console
from tests.pure.reports.ten_days import ten_days
from tests.pure.reports.watched import play

from fairway.cli.demo import parse_speed
from fairway.cli.exits import Failure
from fairway.cli.live_view import LiveView, PlainView, choose_view
from fairway.cli.sparklines import Spark, bar
from fairway.orders.order import OrderState
from fairway.world.clock import HOUR, MILLISECOND, SECOND

GOLDEN = Path(__file__).parents[2] / "golden" / "report_plain_view.txt"


@dataclass
class Stopwatch:
    """A real clock that goes as told."""

    at: int = 0

    def now(self) -> int:
        return self.at

    def monotonic(self) -> int:
        return self.at


def _terminal(width: int, height: int) -> Console:
    return Console(file=io.StringIO(), width=width, height=height, force_terminal=True, highlight=False, legacy_windows=False)


def _written(console: Console) -> str:
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(("width", "height"), [(120, 40), (80, 24), (60, 20), (40, 20)])
def test_the_picture_fits_the_terminal(width: int, height: int) -> None:
    """At every moment of ten days: no line too long, none too many."""
    view = LiveView(_terminal(width, height), Stopwatch())
    page = Console(file=io.StringIO(), width=width, height=height)
    for index, progress in enumerate(play(ten_days(), view)):
        if index % 40 == 0:
            lines = page.render_lines(view.picture(progress, SECOND), pad=False)
            assert len(lines) <= height
            assert max(sum(segment.cell_length for segment in line) for line in lines) <= width
            assert "".join(segment.text for segment in lines[-1]).startswith("Ctrl-C stops; ")
    view.close()


def test_it_shows_positions_with_their_protection() -> None:
    """The one thing a person looks for first."""
    view = LiveView(_terminal(120, 40), Stopwatch())
    page = Console(file=io.StringIO(), width=120, height=40)
    for progress in play(ten_days(), view):
        account = progress.account
        if account.positions and all(order.state is OrderState.OPEN for order in account.orders) and len(account.orders) == 2:
            page.print(view.picture(progress, SECOND))
            break
    view.close()
    text = _written(page)
    for shown in ("ETH/USDT", "3,715.83", "3,885.59", "yes", "protected: stop", "Ctrl-C stops"):
        assert shown in text


def test_it_draws_at_most_ten_times_a_real_second() -> None:
    """However often the simulated world asks."""
    console, clock = _terminal(100, 30), Stopwatch(at=SECOND)
    view = LiveView(console, clock)
    frames = list(play(ten_days(days=1), view))
    drawn_once = len(_written(console))
    view.show(frames[-1])
    assert len(_written(console)) == drawn_once
    clock.at += 100 * MILLISECOND
    view.show(frames[-1])
    assert len(_written(console)) > drawn_once
    view.close()


def test_closing_twice_is_harmless_and_gives_the_terminal_back() -> None:
    """The alternate screen is left, and the cursor is shown again."""
    console = _terminal(100, 30)
    view = LiveView(console, Stopwatch(at=SECOND))
    list(play(ten_days(days=1), view))
    view.close()
    view.close()
    assert _written(console).count("\x1b[?1049l") == 1
    assert "\x1b[?25h" in _written(console)


def test_plain_lines_are_the_agreed_ones() -> None:
    """One for each thing worth telling and one for each day; no control characters."""
    console = Console(file=io.StringIO(), width=80, highlight=False)
    list(play(ten_days(days=3), PlainView(console)))
    assert "\x1b" not in _written(console)
    assert _written(console) == GOLDEN.read_text()


def test_without_a_terminal_lines_are_plain() -> None:
    """And where a person asks for it, or the terminal is a dumb one."""
    assert isinstance(choose_view(_terminal(80, 24), Stopwatch(), plain=False), LiveView)
    assert isinstance(choose_view(_terminal(80, 24), Stopwatch(), plain=True), PlainView)
    assert isinstance(choose_view(Console(file=io.StringIO()), Stopwatch(), plain=False), PlainView)
    dumb = Console(file=io.StringIO(), force_terminal=True, _environ={"TERM": "dumb"})
    assert isinstance(choose_view(dumb, Stopwatch(), plain=False), PlainView)


def test_ctrl_c_is_a_wish_that_the_run_reads() -> None:
    """The view says at once that it was heard."""
    view = LiveView(_terminal(80, 24), Stopwatch())
    assert not view.stop_wanted
    view.want_stop()
    assert view.stop_wanted
    progress = next(iter(play(ten_days(days=1), view)))
    page = Console(file=io.StringIO(), width=80, height=24)
    page.print(view.picture(progress, SECOND))
    assert "Stopping; protective orders stay" in _written(page)
    view.close()


def test_a_sparkline_holds_the_last_value_of_each_hour() -> None:
    """The lowest is the lowest block, the newest stands last."""
    spark = Spark()
    for hour, price in enumerate((10, 14, 12, 18)):
        spark.add(hour * HOUR, Decimal(price - 1))
        spark.add(hour * HOUR + 1, Decimal(price))
    assert spark.text(10) == "▁▅▃█"
    assert spark.text(2) == "▁█"
    assert spark.change == Decimal(1)  # from 9, the very first value, to 18


@pytest.mark.parametrize(("share", "drawn"), [(0.0, "░░░░"), (0.5, "██░░"), (0.53, "██▏░"), (1.0, "████"), (7.0, "████")])
def test_a_bar_is_exact_to_an_eighth(share: float, drawn: str) -> None:
    """And never wider than it should be."""
    assert bar(share, 4) == drawn


@pytest.mark.parametrize(("text", "speed"), [("max", None), ("60x", 60.0), ("0.5", 0.5)])
def test_speeds_are_understood(text: str, speed: float | None) -> None:
    """`max` is as fast as it goes."""
    assert parse_speed(text) == speed


@pytest.mark.parametrize("text", ["", "fast", "-1x", "0", "nan", "inf"])
def test_other_speeds_are_refused_with_a_right_example(text: str) -> None:
    """One sentence, no traceback."""
    with pytest.raises(Failure, match="right ones are max and 60x"):
        parse_speed(text)
