"""What a person sees while a demo runs: a live view that fills the terminal, and plain lines where there is none.

Both are a `reports.run.Screen`. Nothing here decides anything; it draws at most ten times a real second.
"""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from fairway.cli.sparklines import Spark, bar
from fairway.cli.time_left import TimeLeft
from fairway.orders.ids import Role
from fairway.reports.ratio import ratio
from fairway.texts.display import (
    NOTHING,
    clock_text,
    count_text,
    day_text,
    moment_text,
    number,
    places_for,
    signed,
    signed_percent,
)
from fairway.world.clock import DAY, SECOND, Clock

if TYPE_CHECKING:
    from fairway.reports.launch_report import LaunchProgress
    from fairway.reports.run import AccountView, PositionView, RunProgress

_NORMAL_SCREEN: Final = b"\x1b[?1049l\x1b[?25h"
"""Leaves a terminal's other screen, and shows the cursor."""
FRAME_NS: Final = SECOND // 10
EVENTS_KEPT: Final = 40
_NARROW: Final = 100
_SHORT: Final = 30
_COLUMNS: Final = (
    (_NARROW, ("position", "held", "entry", "now", "result", "stop", "target", "safe")),
    (76, ("position", "entry", "now", "result", "stop", "target", "safe")),
    (0, ("position", "now", "result", "safe")),
)
"""Columns of the positions by the least width they need. safe: whether a stop rests at the exchange."""
_ROLES: Final = {Role.ENTRY: "buy", Role.STOP: "stop", Role.TARGET: "target", Role.EXIT: "close", Role.PAIR: "pair"}


class Stoppable:
    """Remembers that a person wants it to end, or that the output has no reader any more.

    is_preparing: nothing was told or shown yet, so there is nothing that an end in order could save.
    """

    reader_gone = False
    is_preparing = False

    def __init__(self) -> None:
        self._stop_wanted = False

    @property
    def stop_wanted(self) -> bool:
        return self._stop_wanted

    def want_stop(self) -> None:
        """Called from a signal handler, so it only sets a flag."""
        self._stop_wanted = True

    def abandon(self) -> None:
        """Called from a signal handler that ends the process: the terminal becomes what it was."""


class LiveView(Stoppable):
    """Fills the terminal until `close`, and then leaves it as it was. clock is the machine's own: it measures the speed."""

    def __init__(self, console: Console, clock: Clock) -> None:
        super().__init__()
        self._console, self._clock = console, clock
        self._live: Live | None = None
        self._drawn_at = -FRAME_NS
        self._time_left = TimeLeft(clock)
        self._began: tuple[int, int] | None = None
        """Real and simulated instant (ns) of the first progress."""
        self._opening: Decimal | None = None
        self._worth = Spark()
        self._prices: dict[str, Spark] = {}
        self._events: deque[tuple[int, str]] = deque(maxlen=EVENTS_KEPT)

    def tell(self, at: int, line: str) -> None:
        self.is_preparing = False
        self._events.append((at, line))

    def show(self, progress: "RunProgress") -> None:
        """Draws, unless it drew less than a tenth of a second ago."""
        self.is_preparing = False
        now = self._clock.monotonic()
        if now - self._drawn_at < FRAME_NS:
            return
        self._drawn_at = now
        self._began = self._began or (now, progress.at)
        self._sample(progress)
        if self._live is None:
            self._live = Live(
                console=self._console, screen=True, auto_refresh=False, redirect_stdout=False, redirect_stderr=False
            )
            self._live.start()
        self._live.update(self.picture(progress, now), refresh=True)

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def abandon(self) -> None:
        """Not by rich, which the signal may have met in the middle of a picture."""
        if self._live is not None:
            with suppress(OSError):
                os.write(self._console.file.fileno(), _NORMAL_SCREEN)

    def _sample(self, progress: "RunProgress") -> None:
        account = progress.account
        if account.worth is not None:
            self._opening = self._opening or account.worth.value
            self._worth.add(progress.at, account.worth.value)
        for symbol, price in account.prices.items():
            self._note_price(symbol, progress.at, price)

    def _note_price(self, symbol: str, at: int, price: Decimal) -> None:
        self._prices.setdefault(symbol, Spark()).add(at, price)

    def picture(self, progress: "RunProgress", now: int) -> RenderableType:
        """The whole screen at a real instant (ns), cut to the terminal's height: events take what the rest leaves."""
        width, height = self._console.size
        account = progress.account
        parts: list[RenderableType] = [self._header(progress, now, width), Text(""), self._market(account, width)]
        parts += [Text(""), *_positions(account, width)]
        if height >= _SHORT:
            parts += [Text(""), *_orders(account, shown=6)]
        parts += [*_warnings(account), Text("")]
        used = len(self._console.render_lines(Group(*parts), pad=False))
        return Group(*parts, *self._told(max(2, height - used - 1)), self._footer())

    def _header(self, progress: "RunProgress | LaunchProgress", now: int, width: int) -> RenderableType:
        assert self._began is not None
        real_ns, simulated_ns = now - self._began[0], progress.at - self._began[1]
        line = Text.assemble(
            ("Fairway ", "bold"),
            ("demo  ", "dim"),
            (f"{day_text(progress.at)} {clock_text(progress.at)}", "bold"),
            ("  "),
            (bar(progress.share_done, max(10, min(40, width - 80))), "cyan"),
            f" {progress.share_done:4.0%}",
        )
        if left := self._time_left.text(progress.share_done):
            line.append(f"  {left}", "bold")
        if real_ns >= SECOND:
            speed = simulated_ns // real_ns
            line.append(f"  {speed:,}× real time", "dim")
        line.truncate(width, overflow="ellipsis")
        return line

    def _market(self, account: "AccountView", width: int) -> RenderableType:
        """Prices on the left, worth on the right; one above the other on a narrow terminal."""
        left = Table.grid(padding=(0, 2, 0, 0))
        for symbol, spark in self._prices.items():
            change = spark.change
            left.add_row(
                Text(symbol, "bold"),
                Text(number(account.prices.get(symbol)), justify="right"),
                Text(signed_percent(change, 1), _tone(change), justify="right"),
                Text(spark.text(24 if width >= _NARROW else 16), "dim"),
            )
        both = Table.grid(padding=(0, 4, 0, 0))
        if width < _NARROW:
            return Group(self._worth_line(account, 16), left)
        both.add_row(left, Group(*self._worth_lines(account)))
        return both

    def _worth_parts(self, account: "AccountView") -> tuple[Text, Text]:
        worth = account.worth
        if worth is None or self._opening is None:
            return Text(f"worth not known yet, in {account.quote}", "dim"), Text("")
        places = places_for(worth.asset, worth.value)
        change = worth.value - self._opening
        value = Text(f"{number(worth.value, places)} {worth.asset}", "bold")
        share = signed_percent(ratio(change, self._opening))
        return value, Text(f"{signed(change, places)} ({share})", _tone(change))

    def _worth_line(self, account: "AccountView", width: int) -> Text:
        value, change = self._worth_parts(account)
        return Text.assemble(value, "  ", change, "  ", (self._worth.text(width), "cyan"))

    def _worth_lines(self, account: "AccountView") -> Iterator[Text]:
        value, change = self._worth_parts(account)
        yield Text.assemble(value, "  ", change)
        yield Text(self._worth.text(36), "cyan")
        won = sum(trip.result.value > 0 for trip in account.trips)
        yield Text(f"{count_text(len(account.trips), 'round trip')}, {won} won", "dim")

    def _told(self, room: int) -> Iterator[Text]:
        """The newest last, each on one line."""
        for at, line in list(self._events)[-room:]:
            row = Text.assemble((f"{moment_text(at):>12}  ", "dim"), (line, "yellow" if line.startswith("!") else ""))
            row.no_wrap, row.overflow = True, "ellipsis"
            yield row

    def _footer(self) -> Text:
        if self.stop_wanted:
            footer = Text("Stopping; protective orders stay at the exchange.", "yellow")
        else:
            footer = Text("Ctrl-C stops; protective orders stay at the exchange.", "dim")
        footer.no_wrap, footer.overflow = True, "ellipsis"
        return footer


def _tone(value: Decimal | None) -> str:
    if not value:
        return "dim"
    return "green" if value > 0 else "red"


def _positions(account: "AccountView", width: int) -> Iterator[RenderableType]:
    if not account.positions:
        yield Text("No position is open.", "dim")
        return
    columns = next(names for least, names in _COLUMNS if width >= least)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        table.add_column(name, justify="left" if name in ("position", "safe") else "right", no_wrap=True)
    for held in account.positions:
        cells = _position_cells(held)
        table.add_row(*(cells[name] for name in columns))
    yield table


def _position_cells(held: "PositionView") -> dict[str, Text]:
    result = held.result
    places = places_for(result.asset, held.entry * held.quantity.value) if result else 2
    return {
        "position": Text(held.symbol, "bold"),
        "held": Text(number(held.quantity.value)),
        "entry": Text(number(held.entry, _places(held))),
        "now": Text(number(held.mark, _places(held))),
        "result": Text(signed(result.value, places) if result else NOTHING, _tone(result.value) if result else "dim"),
        "stop": Text(number(held.stop.value, _places(held)) if held.stop else NOTHING),
        "target": Text(number(held.target.value, _places(held)) if held.target else NOTHING),
        "safe": Text("yes", "green") if held.is_protected else Text("not yet", "yellow"),
    }


def _places(held: "PositionView") -> int:
    """As many decimals as its stop and its target have: averages would show fifty."""
    levels = [level.value for level in (held.stop, held.target) if level]
    return max((2, *(-int(level.normalize().as_tuple().exponent) for level in levels))) if levels else 8


def _orders(account: "AccountView", *, shown: int) -> Iterator[RenderableType]:
    if not account.orders:
        yield Text("No order is at work.", "dim")
        return
    table = Table.grid(padding=(0, 2, 0, 0))
    for order in account.orders[:shown]:
        level = order.stop_price or order.price
        at = f"at {number(level.value)}" if level else "at market"
        table.add_row(
            Text(order.symbol),
            Text(_ROLES[order.role]),
            Text(number(order.quantity.value), justify="right"),
            at,
            Text(order.state.value, "dim"),
        )
    more = len(account.orders) - shown
    yield Text(f"{count_text(len(account.orders), 'order')} at work" + (f", {more} not shown" if more > 0 else ""), "dim")
    yield table


def _warnings(account: "AccountView") -> Iterator[Text]:
    for line in (*account.down, *(f"{cap.symbol or 'all'} {cap.limits.state}: {cap.reason}" for cap in account.caps)):
        warning = Text(f"! {line}", "yellow")
        warning.no_wrap, warning.overflow = True, "ellipsis"
        yield warning


class PlainView(Stoppable):
    """One line for each thing worth telling, and one for each simulated day; for pipes, logs and `--plain`.

    clock: the machine's own, to tell the time left; without one no time is told.
    """

    def __init__(self, console: Console, clock: Clock | None = None) -> None:
        super().__init__()
        self._time_left = TimeLeft(clock) if clock is not None else None
        self._console = console
        self._day: int | None = None
        self._opening: Decimal | None = None

    def tell(self, at: int, line: str) -> None:
        self.is_preparing = False
        self._print(f"{moment_text(at):>12}  {line}")

    def show(self, progress: "RunProgress") -> None:
        """Prints once when a simulated day begins."""
        self.is_preparing = False
        worth = progress.account.worth
        if worth is not None:
            self._opening = self._opening or worth.value
        self._show_day(progress)

    def _show_day(self, progress: "RunProgress | LaunchProgress") -> None:
        day, left = progress.at // DAY, self._tell_left(progress.share_done)
        if self._day is not None and day > self._day:
            self._print(f"{day_text(progress.at):>12}  --- {self._day_line(progress)}{left} ---")
        self._day = day

    def _tell_left(self, share_done: float) -> str:
        """`, 2 min left`, or `""` where that is not known."""
        left = self._time_left.text(share_done) if self._time_left is not None else ""
        return f", {left}" if left else ""

    def close(self) -> None:
        pass

    def _day_line(self, progress: Any) -> str:
        account = progress.account
        parts = [f"{progress.share_done:.0%} done"]
        if account.worth is not None and self._opening:
            places = places_for(account.worth.asset, account.worth.value)
            change = signed_percent(ratio(account.worth.value - self._opening, self._opening))
            parts.append(f"worth {number(account.worth.value, places)} {account.worth.asset} ({change})")
        parts.append(f"{count_text(len(account.positions), 'position')} open")
        return ", ".join(parts)

    def _print(self, line: str) -> None:
        """Rich answers a broken pipe with SystemExit, which must not end a task of the run: the run is asked to stop instead."""
        try:
            self._console.print(line, markup=False, highlight=False, soft_wrap=True)
        except (BrokenPipeError, SystemExit):
            self.reader_gone = True
            self.want_stop()


def choose_view(console: Console, clock: Clock, *, plain: bool) -> LiveView | PlainView:
    """The live view where there is a terminal that can show it, unless plain lines were asked for."""
    if plain or not console.is_terminal or console.is_dumb_terminal or console.options.ascii_only:
        return PlainView(console, clock)
    return LiveView(console, clock)
