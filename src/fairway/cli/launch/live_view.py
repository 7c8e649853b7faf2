"""What a person sees while a launch is flown in the demo: where it is, what its gates say, who trades, and what happens."""

from collections.abc import Iterator
from typing import Any, Final

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from fairway.cli.live_view import LiveView, PlainView
from fairway.money.amount import ZERO
from fairway.reports.launch_report import LaunchProgress, ProfileLine
from fairway.texts.display import count_text, number, signed_percent
from fairway.world.clock import Clock

_TONES: Final = {"PASS": "green", "FAIL": "red", "INSUFFICIENT": "dim", "STALE": "yellow", "ERROR": "yellow"}
HOLDS_SHOWN: Final = 3


class LaunchLiveView(LiveView):
    """Fills the terminal, as its base does for one bot."""

    def show(self, progress: Any) -> None:
        """Draws, unless it drew less than a tenth of a second ago."""
        super().show(progress)

    def _sample(self, progress: Any) -> None:
        assert isinstance(progress, LaunchProgress)
        for symbol, price in progress.prices.items():
            self._note_price(symbol, progress.at, price)

    def picture(self, progress: Any, now: int) -> RenderableType:
        assert isinstance(progress, LaunchProgress)
        width, height = self._console.size
        parts: list[RenderableType] = [
            self._header(progress, now, width),
            Text(""),
            _ladder(progress),
            *_holds(progress),
            Text(""),
        ]
        parts += [_gates(progress, width), Text(""), _profiles(progress), Text("")]
        used = len(self._console.render_lines(Group(*parts), pad=False))
        return Group(*parts, *self._told(max(2, height - used - 1)), self._footer())


class LaunchPlainView(PlainView):
    """One line for each thing worth telling, and one for each simulated day."""

    def _day_line(self, progress: Any) -> str:
        assert isinstance(progress, LaunchProgress)
        stage = progress.stages[progress.stage] if progress.stage >= 0 else "no stage yet"
        trading = sum(each.trading for each in progress.profiles)
        worth = " ".join(f"{each.profile} {signed_percent(each.share)}" for each in progress.profiles)
        passing = sum(result == "PASS" for _, result, _ in progress.gates)
        return (
            f"{progress.share_done:.0%} done, {stage} ({progress.phase}), {passing} of {len(progress.gates)} gates pass, "
            f"{count_text(trading, 'account')} may open, {worth}"
        )

    def show(self, progress: Any) -> None:
        """Prints once when a simulated day begins."""
        self.is_preparing = False
        self._show_day(progress)


def choose_launch_view(console: Console, clock: Clock, *, plain: bool) -> LaunchLiveView | LaunchPlainView:
    """The live view where there is a terminal that can show it, unless plain lines were asked for."""
    if plain or not console.is_terminal or console.is_dumb_terminal or console.options.ascii_only:
        return LaunchPlainView(console, clock)
    return LaunchLiveView(console, clock)


def _ladder(progress: LaunchProgress) -> Text:
    """The stages, with the one that is lived in."""
    line = Text()
    for place, name in enumerate(progress.stages):
        if place:
            line.append("  →  ", "dim")
        is_here = place == progress.stage
        line.append(f" {name} " if is_here else name, "bold reverse" if is_here else "dim")
    line.append(f"   {progress.phase}", "cyan")
    line.append(
        f"   up to {number(progress.allowed, 0)} {progress.quote} at work", "dim" if progress.allowed > ZERO else "yellow"
    )
    return line


def _holds(progress: LaunchProgress) -> Iterator[Text]:
    for reason in progress.holds[:HOLDS_SHOWN]:
        line = Text(f"! held: {reason}", "yellow")
        line.no_wrap, line.overflow = True, "ellipsis"
        yield line


def _gates(progress: LaunchProgress, width: int) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    for name, result, reason in progress.gates:
        line = Text(reason, "dim")
        line.truncate(max(10, width - 36), overflow="ellipsis")
        table.add_row(Text(name, "bold"), Text(result, _TONES.get(result, "")), line)
    return table


def _profiles(progress: LaunchProgress) -> RenderableType:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim", pad_edge=False)
    for name in ("profile", "users", "may open", "worth", "result", "positions", "round trips"):
        table.add_column(name, justify="left" if name == "profile" else "right", no_wrap=True)
    for each in progress.profiles:
        table.add_row(*_cells(each))
    return table


def _cells(each: ProfileLine) -> Iterator[Text]:
    tone = "green" if each.share > 0 else "red" if each.share < 0 else "dim"
    yield Text(each.profile, "bold")
    yield Text(str(each.users))
    yield Text(str(each.trading), "" if each.trading else "dim")
    yield Text(number(each.worth, 0))
    yield Text(signed_percent(each.share), tone)
    yield Text(str(each.positions))
    yield Text(str(each.trips))
