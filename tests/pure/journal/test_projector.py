"""The projector beside a trader: it follows the journal, reports failures, and disturbs neither trader nor readers."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import Struct

from fairway.cli import run
from fairway.cli.exits import ExitCode
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, EntryPlanned
from fairway.journal.port import UnreadableRecord
from fairway.journal.projector import RETRY_S, Projector, models_beside
from fairway.journal.sql import SqlJournal, open_journal, open_reader
from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderFilled, OrderSent
from fairway.orders.order import Fill, Order, OrderType, Side
from fairway.world import loop as simulated
from fairway.world.clock import SECOND

CODEC = Codec(*EVENTS)


def sent(number: int) -> OrderSent:
    nothing, order_id = Amount.of(0, "BTC"), f"fw-main-1-{number}-e"
    order = Order(
        id=order_id,
        symbol="BTC/USDT",
        side=Side.BUY,
        type=OrderType.MARKET,
        role=Role.ENTRY,
        quantity=Amount.of(1, "BTC"),
        filled=nothing,
        cost=Amount.of(0, "USDT"),
    )
    return OrderSent(order_id=order_id, order=order)


def note(journal: SqlJournal, *events: Struct) -> None:
    journal.append(events, account="main", author="trader", at=1)
    journal.sync()


@pytest.fixture
def journal(tmp_path: Path) -> SqlJournal:
    return open_journal(tmp_path / "a.journal", CODEC, mode="practice", trader="main", synchronous="OFF")


def test_it_follows_the_journal(journal: SqlJournal, tmp_path: Path) -> None:
    """Notified of new events, it reads what is durable, and waits again; the trader does not wait for it."""
    projector = Projector(tmp_path / "a.models", CODEC, trader="main")

    async def told() -> None:
        troubles: list[str] = []
        with open_reader(tmp_path / "a.journal") as reader:
            running = asyncio.ensure_future(projector.run(reader, troubles.append))
            for number in range(3):
                note(journal, sent(number))
                projector.hear("main", (), 1)
                await asyncio.sleep(1)
                assert projector.counts()["orders"] == number + 1
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert troubles == []

    simulated.run(told)
    journal.close()


def test_what_fails_is_told_once_and_tried_again(journal: SqlJournal, tmp_path: Path) -> None:
    """The file of the read models cannot be opened: one sentence, and once it can be, the rows that were missed are made."""
    models = tmp_path / "a.models"
    projector = Projector(models, CODEC, trader="main")

    async def told() -> None:
        troubles: list[str] = []
        models.mkdir()
        with open_reader(tmp_path / "a.journal") as reader:
            running = asyncio.ensure_future(projector.run(reader, troubles.append))
            note(journal, sent(1), sent(2))
            projector.hear("main", (), 1)
            await asyncio.sleep(3 * RETRY_S)
            assert len(troubles) == 1
            assert projector.trouble == troubles[0]
            assert "the read models" in troubles[0]
            models.rmdir()
            await asyncio.sleep(2 * RETRY_S)
            assert projector.trouble == ""
            assert projector.counts()["orders"] == 2
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
        assert simulated.running().wall_ns == simulated.EPOCH_NS + 5 * RETRY_S * SECOND

    simulated.run(told)
    journal.close()


def test_what_does_not_follow_is_named(journal: SqlJournal, tmp_path: Path) -> None:
    """An event of an order that was never sent is named by its number; no part of its page is written."""
    note(journal, sent(1), OrderAccepted(order_id="fw-main-1-9-e", venue_id="1"))
    journal.close()
    projector = Projector(tmp_path / "a.models", CODEC, trader="main")
    with open_reader(tmp_path / "a.journal") as reader:
        for _ in range(2):
            with pytest.raises(UnreadableRecord, match=r"record 2 .* no order fw-main-1-9-e was sent before it"):
                projector.step(reader)
    assert projector.counts()["orders"] == 0


def bought(number: int) -> OrderFilled:
    fill = Fill(
        trade_id=str(number),
        price=Price.of(100, "BTC", "USDT"),
        quantity=Amount.of("0.4", "BTC"),
        quote=Amount.of(40, "USDT"),
        fee=Amount.of(0, "BTC"),
        is_maker=False,
        at=5,
    )
    return OrderFilled(order_id=f"fw-main-1-{number}-e", fill=fill)


def test_a_position_that_was_ended_outside_the_bot_is_closed_by_the_next_entry(journal: SqlJournal, tmp_path: Path) -> None:
    """Entries are planned where nothing is held; the new position does not go on from the old one's figures."""
    stop, target = Price.of(90, "BTC", "USDT"), Price.of(120, "BTC", "USDT")
    planned = EntryPlanned(symbol="BTC/USDT", order_id="fw-main-1-2-e", stop=stop, target=target, why="", quote_age_ns=0)
    note(journal, sent(1), bought(1), planned, sent(2), bought(2))
    journal.close()
    models = tmp_path / "a.models"
    with open_reader(tmp_path / "a.journal") as reader:
        Projector(models, CODEC, trader="main").catch_up(reader)
    with closing(sqlite3.connect(models)) as connection:
        found = connection.execute("SELECT opened_seq, closed_at, bought, result FROM round_trips ORDER BY 1").fetchall()
    assert found == [(2, 1, "0.4", "-40"), (5, 0, "0.4", "0")]


def test_a_fill_that_is_told_twice_counts_once(journal: SqlJournal, tmp_path: Path) -> None:
    """As in the trader's own books: by its trade id, whichever record tells it."""
    filled = bought(1)
    note(journal, sent(1), filled, filled)
    journal.close()
    models = tmp_path / "a.models"
    projector = Projector(models, CODEC, trader="main")
    with open_reader(tmp_path / "a.journal") as reader:
        projector.catch_up(reader)
    with closing(sqlite3.connect(models)) as connection:
        assert connection.execute("SELECT state, filled, cost FROM orders").fetchall() == [("partly filled", "0.4", "40")]
        assert connection.execute("SELECT bought, paid, closed_at FROM round_trips").fetchall() == [("0.4", "40", 0)]


def test_the_rows_of_a_longer_journal_of_another_history_are_made_again(journal: SqlJournal, tmp_path: Path) -> None:
    """Its numbers go on where the old one ended, and its digests do not: nothing of the old one stays."""
    note(journal, sent(1), sent(2))
    journal.close()
    other = open_journal(tmp_path / "b.journal", CODEC, mode="practice", trader="main", synchronous="OFF")
    note(other, sent(3), sent(4), sent(5))
    other.close()
    projector = Projector(tmp_path / "a.models", CODEC, trader="main")
    for name in ("a.journal", "b.journal"):
        with open_reader(tmp_path / name) as reader:
            projector.catch_up(reader)
    with closing(sqlite3.connect(tmp_path / "a.models")) as connection:
        found = connection.execute("SELECT order_id FROM orders ORDER BY order_id").fetchall()
    assert found == [("fw-main-1-3-e",), ("fw-main-1-4-e",), ("fw-main-1-5-e",)]


def test_the_command_makes_them_beside_the_journal(
    journal: SqlJournal, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And says what they hold; made again they are the same."""
    note(journal, sent(1), sent(2))
    journal.close()
    path = tmp_path / "a.journal"
    for words, count in (((), 2), ((), 0), (("--rebuild",), 2)):
        assert run(["journal", "project", str(path), *words]) == ExitCode.OK
        told = capsys.readouterr().out
        assert told.startswith(
            f"{count} records projected into {models_beside(path)}; it holds: orders 2, fills 0, round trips 0"
        )
    assert models_beside("postgresql://bot@db/fairway") == "postgresql://bot@db/fairway"
