"""Real candles go in; the bot trades, protects every position, and its result equals the exchange to the last digit."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.scenes.short_simulation import live
from tests.shared_data import BTC_MINUTES, ETH_FIVES, LTC_FIVES, needs_shared_data

from fairway.assembly import history_of
from fairway.journal.kinds import Event
from fairway.journal.sql import open_reader
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderFilled, OrderSent
from fairway.reports.event_log import tell
from fairway.reports.tie_out import tie_out
from fairway.world.clock import SECOND

PROTECTED_WITHIN_NS = 5 * SECOND


def check(data: Sequence[Path], quote: str, *, hours: int, interval: str, journal: Path) -> None:
    truth = live(1, journal, hours=hours, data=data, interval=interval)
    with open_reader(journal) as reader:
        events = list(history_of(reader))
    story = tell(events, truth.instruments)
    assert {told.trip.symbol for told in story.trips} == set(truth.instruments), "each symbol was traded"
    assert tie_out(story, truth.balances, truth.prices, quote).is_exact
    waits = unprotected_ns(events)
    assert waits
    assert max(waits) <= PROTECTED_WITHIN_NS


def unprotected_ns(events: Sequence[tuple[Event, int]]) -> list[int]:
    """For each entry, the time from its first fill until a stop for its symbol was at the venue."""
    orders, bought_at, waits = {}, dict[str, int](), list[int]()
    for event, at in events:
        if isinstance(event, OrderSent) and event.order is not None:
            orders[event.order_id] = event.order
        elif isinstance(event, OrderFilled) and orders[event.order_id].role is Role.ENTRY:
            bought_at.setdefault(orders[event.order_id].symbol, at)
        elif isinstance(event, OrderAccepted) and orders[event.order_id].role is Role.STOP:
            began = bought_at.pop(orders[event.order_id].symbol, None)
            waits += [at - began] if began is not None else []
    assert not bought_at, f"never protected: {list(bought_at)}"
    return waits


@needs_shared_data
def test_bitcoin_in_dollars(tmp_path: Path) -> None:
    """One-minute candles of a perpetual, twelve hours."""
    check([BTC_MINUTES], "USDT", hours=12, interval="1m", journal=tmp_path / "journal.db")


@needs_shared_data
def test_two_pairs_priced_in_bitcoin(tmp_path: Path) -> None:
    """Five-minute candles with eight decimals; the account is counted in BTC."""
    check([ETH_FIVES, LTC_FIVES], "BTC", hours=30, interval="5m", journal=tmp_path / "journal.db")


@pytest.mark.parametrize("seed", [11, 12])
def test_made_up_markets(seed: int, tmp_path: Path) -> None:
    """Three pairs of the generator, three hours."""
    truth = live(seed, tmp_path / "journal.db")
    with open_reader(tmp_path / "journal.db") as reader:
        events = list(history_of(reader))
    assert tie_out(tell(events, truth.instruments), truth.balances, truth.prices, "USDT").is_exact
    assert max(unprotected_ns(events)) <= PROTECTED_WITHIN_NS
