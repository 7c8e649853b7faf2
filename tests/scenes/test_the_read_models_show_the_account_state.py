"""Trades of ten unquiet minutes, projected: the tables agree with the account state, however often the projector was stopped."""

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.assembly import CODEC
from fairway.journal.kinds import CapRaised
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.journal.models import TABLES, CapRow, FillRow, LotRow, ModelRow, OrderRow, RoundTripRow
from fairway.journal.port import Record
from fairway.journal.projector import Projector
from fairway.ledger.positions import Position
from fairway.proving.draw import plan
from fairway.store.engine import engine_of
from fairway.store.place import Place

SEEDS = (3, 17, 31, 34)
"""With caps in force, several trades in two symbols, and some that are still open at the end."""
STEP = 7
"""Records between two lives of the projector."""


@pytest.fixture(scope="module", params=[*SEEDS, "dust"])
def stage(request: pytest.FixtureRequest) -> Scene:
    if request.param == "dust":
        thin = exchange_fault("partial_fills", quantity="0.01", levels=1, since=58, until=120)
        stage = Scene(enter(0), enter(3), faults=[thin])
        minutes: float = 10
    else:
        dealt = plan(request.param)
        stage, minutes = dealt.on(Scene), dealt.minutes
    stage.run(minutes)
    return stage


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path / "a.models" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


def journal_of(records: list[Record]) -> MemoryJournal:
    return open_memory(MemoryFile(records=list(records)), CODEC, mode="scene", trader="main")


def rows(place: Place, kind: type[ModelRow]) -> list[Any]:
    engine = engine_of(place)
    with engine.connect() as connection:
        found = list(connection.execute(select(TABLES[kind])).mappings())
    engine.dispose()
    return [kind(**{name: row[name] for name in kind.__struct_fields__}) for row in found]


def everything(place: Place) -> dict[str, list[str]]:
    return {table.name: sorted(repr(row) for row in rows(place, kind)) for kind, table in TABLES.items()}


def projected(place: Place, records: list[Record]) -> int:
    """By a projector that has just been started."""
    projector = Projector(place, CODEC, trader="main")
    try:
        return projector.catch_up(journal_of(records))
    finally:
        projector.close()


def test_they_say_what_the_account_state_holds(stage: Scene, place: Place) -> None:
    """Orders in their states, each fill once, results of round trips to the last digit, positions, and the caps in force."""
    assert projected(place, stage.file.records) == len(stage.file.records)
    account_state = stage.account_state
    orders = {row.order_id: row for row in rows(place, OrderRow)}
    for order in (*account_state.orders.blotter.live.values(), *account_state.orders.blotter.ended.values()):
        row = orders[order.id]
        assert (row.state, row.filled, row.cost) == (order.state.value, text(order.filled.value), text(order.cost.value))
        assert sorted(fill.trade_id for fill in rows(place, FillRow) if fill.order_id == order.id) == sorted(order.trade_ids)
    results = Counter[str]()
    open_trips = {}
    for trip in rows(place, RoundTripRow):
        if trip.closed_at:
            results[trip.quote] += Decimal(trip.result)  # type: ignore[assignment]
        else:
            open_trips[trip.symbol] = trip
    assert {asset: value for asset, value in results.items() if value} == {
        a: v for a, v in account_state.money.ledger.results.items() if v
    }
    assert {symbol: figures(position) for symbol, position in account_state.money.ledger.positions.items()} == {
        symbol: (trip.quantity, trip.cost, trip.bought, trip.paid, trip.opened_at) for symbol, trip in open_trips.items()
    }
    assert sorted(row.cap_id for row in rows(place, CapRow)) == sorted(journaled_caps(stage))
    assert {row.lot for row in rows(place, LotRow)} == {"0.001"}


def journaled_caps(stage: Scene) -> list[str]:
    """Those in force of which the journal tells; others an account state has from its settings."""
    told = {event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)}
    return [cap_id for cap_id in stage.account_state.limits.caps if cap_id in told]


def text(value: Decimal) -> str:
    return f"{value.normalize():f}"


def figures(position: Position) -> tuple[str, str, str, str, int]:
    amounts = (position.quantity, position.cost, position.bought, position.paid)
    quantity, cost, bought, paid = (text(amount.value) for amount in amounts)
    return quantity, cost, bought, paid, position.opened_at


def test_stopped_anywhere_it_goes_on_and_comes_to_the_same(stage: Scene, place: Place) -> None:
    """A new projector every few records, and then all of it anew: the tables are the same, row by row."""
    records = stage.file.records
    for end in range(STEP, len(records) + STEP, STEP):
        assert projected(place, records[:end]) == min(STEP, len(records) - end + STEP)
    piecemeal = everything(place)
    assert piecemeal["orders"] != []
    projector = Projector(place, CODEC, trader="main")
    assert projector.rebuild(journal_of(records)) == len(records)
    assert everything(place) == piecemeal
    assert projector.counts() == {name: len(found) for name, found in piecemeal.items()}
    projector.close()


def test_of_another_history_nothing_stays(stage: Scene, place: Place) -> None:
    """A journal that was restored from a backup, or begun anew, is projected from its beginning."""
    records = stage.file.records
    projected(place, records)
    fewer = records[: len(records) // 2]
    projected(place, fewer)
    half = everything(place)
    projector = Projector(place, CODEC, trader="main")
    projector.rebuild(journal_of(fewer))
    assert everything(place) == half
    projector.close()
