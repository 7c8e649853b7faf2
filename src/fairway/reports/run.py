"""The values that a demo run is asked with and answers with, and the screen it shows itself on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from fairway.journal.kinds import Event
from fairway.ledger.result import RoundTrip
from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.orders.order import Order
from fairway.reports.incident_demo import DemoIncident
from fairway.risk.caps import Cap

DAYS = 10
"""What a demo trades where nothing else is asked for."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What was asked for.

    data: candle files, none for the seeded generator; days: None for as many as there are, up to DAYS;
    speed: simulated seconds in a real one, None for as fast as it goes.
    """

    data: tuple[Path, ...]
    days: int | None
    seed: int
    out: Path
    speed: float | None


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file that went in: its name without folders, and the hexadecimal SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What a run left behind. Instants in ns; prices, by symbol, are those that the end is valued at."""

    events: Sequence[tuple[Event, int]]
    """The whole journal, oldest first, each event with its instant."""
    instruments: Mapping[str, Instrument]
    candles: Mapping[str, Sequence[Candle]]
    exchange_balances: Mapping[str, Decimal]
    """Free and locked together, asked of the exchange itself after the trader had stopped."""
    prices: Mapping[str, Decimal]
    quote: str
    """The asset in which worth is given."""
    started_at: int
    ended_at: int
    seed: int | None = None
    """None for a run in real time, which nothing can repeat."""
    journal_digest: str
    journal_count: int
    journal_path: Path | None = None
    wall_seconds: float = 0.0
    """How long it took a person to wait; in no file, because the same run must give the same bytes."""
    data: tuple[DataFile, ...] = ()
    is_complete: bool = True
    """False where a person stopped it before its last day."""
    command: str = ""
    """What to type to get the same run again; `""` where nothing can."""
    release: str = ""
    remarks: Sequence[str] = ()
    """What a reader should know of the data: gaps, duplicates, what was left out; one sentence each."""
    incidents: Sequence[DemoIncident] = ()
    """What was made to go wrong at the exchange, as the exchange knows it."""


class PositionView(Protocol):
    """One open position, as a screen needs it."""

    @property
    def symbol(self) -> str: ...
    @property
    def quantity(self) -> Amount: ...
    @property
    def entry(self) -> Decimal: ...
    @property
    def mark(self) -> Decimal | None: ...
    @property
    def result(self) -> Amount | None: ...
    @property
    def stop(self) -> Price | None: ...
    @property
    def target(self) -> Price | None: ...
    @property
    def is_protected(self) -> bool: ...


class AccountView(Protocol):
    """The account at an instant (ns): the shape of `trading.snapshot.Snapshot`."""

    @property
    def at(self) -> int: ...
    @property
    def quote(self) -> str: ...
    @property
    def worth(self) -> Amount | None: ...
    @property
    def prices(self) -> Mapping[str, Decimal]: ...
    @property
    def positions(self) -> Sequence[PositionView]: ...
    @property
    def orders(self) -> Sequence[Order]: ...
    @property
    def trips(self) -> Sequence[RoundTrip]: ...
    @property
    def down(self) -> Sequence[str]: ...
    @property
    def caps(self) -> Sequence[Cap]: ...


@dataclass(frozen=True, slots=True)
class RunProgress:
    """at: the simulated instant (ns); share_done from 0 to 1."""

    at: int
    share_done: float
    account: AccountView


class Screen(Protocol):
    """Where a run shows itself. All of it is cheap: call `show` as often as you like, it draws at most ten times a second."""

    @property
    def stop_wanted(self) -> bool:
        """Whether a person pressed Ctrl-C: end the run now, in order, and return what was reached (is_complete False)."""
        ...

    def show(self, progress: RunProgress) -> None: ...

    def tell(self, at: int, line: str) -> None:
        """One thing that happened at a simulated instant (ns), in plain words; see `reports.event_log.EventLog.lines`."""
        ...

    def close(self) -> None:
        """Gives the terminal back. Closing twice is harmless."""
        ...
