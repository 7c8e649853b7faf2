"""The demo's mishap: an answer gets lost, a stream is silent at a sale; the bot loses nothing, and the report tells both."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from rich.console import Console
from tests.scenes.short_simulation import live

from fairway.assembly import history_of
from fairway.journal.kinds import CaughtUp, Event, StreamLost
from fairway.journal.sql import open_reader
from fairway.orders.lifecycle import OrderAccepted, OrderLost, OrderSent
from fairway.proving.demo_incident import LATE_NS, SILENT_NS, Script
from fairway.reports.incident_demo import Deed, MishapKind
from fairway.reports.incident_table import mishap_table
from fairway.reports.page import page_bytes
from fairway.reports.report import Report, report_of
from fairway.reports.run import DemoResult
from fairway.world.clock import SECOND

SEED = 3
"""Of a market in which a stop is hit soon after the first purchase."""


@dataclass(frozen=True, slots=True)
class Played:
    events: Sequence[tuple[Event, int]]
    report: Report
    terminal: str
    page: str


def played(script: Script | None, folder: Path) -> Played:
    """An hour of that market, with a script or without."""
    truth = live(SEED, folder / "journal.db", hours=1, script=script)
    with open_reader(folder / "journal.db") as reader:
        events, last = list(history_of(reader)), reader.last()
    assert last is not None
    report = report_of(
        DemoResult(
            events=events,
            instruments=truth.instruments,
            candles={},
            exchange_balances=truth.balances,
            prices=truth.prices,
            quote="USDT",
            started_at=events[0][1],
            ended_at=truth.ended_at,
            seed=SEED,
            journal_digest=last.digest,
            journal_count=last.seq,
            mishaps=script.told(truth.instruments.values()) if script else (),
        )
    )
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(mishap_table(report))
    assert isinstance(console.file, io.StringIO)
    return Played(events, report, console.file.getvalue(), page_bytes(report).decode())


@pytest.fixture(scope="module")
def mishap(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return played(Script("main", since=1), tmp_path_factory.mktemp("mishap"))


def test_the_lost_answer_is_asked_for_and_the_position_is_protected(mishap: Played) -> None:
    """Unknown, found by its own id, booked once, and a stop within five seconds, before the stream has told of any of it."""
    lost, _ = mishap.report.mishaps
    assert lost.mishap.kind is MishapKind.LOST_ANSWER
    fate = [type(event) for event, _ in mishap.events if getattr(event, "order_id", "") == lost.mishap.order_id]
    assert [kind for kind in fate if kind in (OrderSent, OrderLost, OrderAccepted)] == [OrderSent, OrderLost, OrderAccepted]
    assert lost.naked_ns is not None
    assert 0 < lost.naked_ns < LATE_NS < 5 * SECOND
    assert lost.is_booked_once
    assert [done.deed for done in lost.mishap.done] == [
        Deed.ACCEPTED, Deed.FILLED, Deed.CUT, Deed.ACCEPTED, Deed.ACCEPTED, Deed.TOLD_LATE,
    ]  # fmt: skip


def test_the_silence_is_noticed_and_what_was_missed_is_asked_for(mishap: Played) -> None:
    """The bot finds the sale by asking, gives the stream up, and opens nothing until it is back and all has been asked for."""
    _, silent = mishap.report.mishaps
    assert silent.mishap.kind is MishapKind.SILENT_STREAM
    began, ended = silent.mishap.began_at, silent.mishap.ended_at
    meanwhile = [event for event, at in mishap.events if began <= at <= ended]
    assert [event.is_mute for event in meanwhile if isinstance(event, StreamLost)] == [True]
    assert "account" in [channel for event in meanwhile if isinstance(event, CaughtUp) for channel in event.channels]
    assert silent.unaware_ns is not None
    assert 5 * SECOND < silent.unaware_ns < 60 * SECOND
    assert silent.closed_ns is not None
    assert silent.is_booked_once
    assert silent.mishap.done[-1].at - silent.mishap.done[0].at == SILENT_NS


def test_the_result_ties_out_to_the_last_digit(mishap: Played) -> None:
    """As if nothing had happened."""
    assert mishap.report.tie.is_exact


def test_terminal_and_page_tell_both(mishap: Played) -> None:
    """In plain words, with the exchange's part and the bot's, and no address."""
    page = mishap.page.replace("&#39;", "'")
    for words in (
        "The answer to an accepted order got lost",
        "Cut the connection before the answer was out",
        "got no clear answer (the connection was cut)",
        "was found: it had reached",
        "nothing was bought twice",
        "The stream was silent while a position was sold",
        "stays open and answers pings",
        "Lost the account stream",
        "nothing was sold twice",
    ):
        assert words in page
        assert words in " ".join(mishap.terminal.split())
    assert "http" not in page
    assert max(map(len, mishap.terminal.splitlines())) <= 80


def test_without_it_nothing_goes_wrong_and_nothing_is_told(tmp_path: Path) -> None:
    """The same market, undisturbed: no order of unknown fate, no stream lost, and no section."""
    calm = played(None, tmp_path)
    assert not [event for event, _ in calm.events if isinstance(event, OrderLost | StreamLost)]
    assert "made to go wrong" not in calm.page
    assert calm.terminal.strip() == ""
