"""What it costs to show a launch: ten days of twelve accounts are read, then a minute more, and all is shown to a Prometheus."""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Final

from msgspec import Struct

from bench.watch import timed
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.sql import SqlJournal, open_journal
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.control.lifecycle import StageEntered
from fairway.launch.control.state import CODEC
from fairway.launch.plan import shipped
from fairway.launch.views.exposition import families_of
from fairway.launch.views.launch_view import LaunchView
from fairway.money.amount import Amount, use_exact_decimals
from fairway.risk.limits import Limits
from fairway.watch.exposition import exposed
from fairway.watch.watcher import Watcher
from fairway.world.clock import DAY, MINUTE, SECOND

DAYS: Final = 10
ACCOUNTS: Final = tuple(f"account{number}" for number in range(12))
ASKED_EVERY_NS: Final = 10 * SECOND


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    use_exact_decimals()
    trader = Watcher(open_memory(MemoryFile(), CODEC, mode="practice", trader="bench"))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "bench.journal"
        where = launch_beside(place)
        journal = open_journal(where, CODEC, mode="practice", trader="bench", stream=PILOT_STREAM, synchronous="OFF")
        with closing(journal), closing(LaunchView(place, trader="bench")) as view:
            count = _fly(journal)
            first = timed(view.catch_up)
            _minute(journal, DAYS * DAY + MINUTE)
            more = timed(view.catch_up)
            scrape = timed(lambda: exposed(trader, view.seen.series, families_of(view)))
    return [
        (f"{count:,} records of a launch read, CPU", f"{first:.1f} s", f"{DAYS} days of {len(ACCOUNTS)} accounts"),
        ("a minute of it read on, CPU", f"{more * 1000:.1f} ms", "at most 50 ms"),
        ("a scrape of all that was seen of it, CPU", f"{scrape * 1000:.1f} ms", "at most 50 ms"),
    ]


def _fly(journal: SqlJournal) -> int:
    """How many records there are."""
    began = launch_events.LaunchBegan(plan="beta", text=shipped.text("beta"), digest="d", release="r", by="bench")
    entered = StageEntered(track="main", by="pilot", why="", stage=0, name="internal")
    journal.append([began, launch_events.PilotStarted(epoch=1, version="bench"), entered], account="", author="pilot", at=1)
    for at in range(MINUTE, DAYS * DAY + 1, MINUTE):
        _minute(journal, at)
    last = journal.last()
    assert last is not None
    return last.seq


def _minute(journal: SqlJournal, at: int) -> None:
    """What a pilot writes in a minute that ends at an instant (ns)."""
    journal.append(list(_written(at)), account="", author="pilot", at=at)
    journal.sync()


def _written(at: int) -> Iterator[Struct]:
    limits = Limits(capital=Amount.of("1000", "USDT"))
    for account in ACCOUNTS:
        yield launch_events.VenueChecked(account=account, asked_at=at, held=("BTC/USDT",), protective=2)
    for _ in range(3):
        yield launch_events.LeaseIssued(
            track="main", accounts=ACCOUNTS, epoch=1, until=at + MINUTE, limits=limits, stage="main/internal 1"
        )
    for half in (at - MINUTE // 2, at):
        asked = [half - later for later in range(MINUTE // 2 - ASKED_EVERY_NS, -1, -ASKED_EVERY_NS)]
        good = tuple((each, Decimal(1), "green", 1) for each in asked)
        took = tuple((each, Decimal("0.031234567"), "green", 1) for each in asked)
        yield launch_events.SamplesTaken(
            source="probe green", values={"http_ok": good, "http_latency": took}, seen_to=half, beats=half
        )
