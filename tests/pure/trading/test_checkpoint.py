"""A checkpoint is a shortcut: with the rest of the journal it gives the same account state as the whole journal."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec
import pytest
from msgspec import Struct
from msgspec.structs import replace
from tests.ids import RUN
from tests.pure.trading.test_guard_evaluation import Guarded
from tests.pure.trading.test_step import filled, report

from fairway.assembly import CODEC
from fairway.journal.commands import IssueLease
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.limits import Limits
from fairway.risk.profiles import Profile, rules_of
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import BYTES_MAX, rebuilt, save_checkpoint
from fairway.trading.inputs import CommandReceived, OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.market_cache import MarketCache
from fairway.trading.recovery import restart
from fairway.venues.port import Rejected, ReportStatus
from fairway.world.clock import DAY, MINUTE, SECOND

RELEASE = "1.2.3"
DERIVED = ("_hearers", "_in_force", "_record")
"""Answers that are kept until something changes; they are worked out again."""


def everything(thing: Any, path: str = "state") -> Iterator[tuple[str, Any]]:
    """Every value that can be reached, each with where it is; so no field can be forgotten."""
    if isinstance(thing, Mapping):
        for key, value in thing.items():
            yield from everything(value, f"{path}[{key!r}]")
    elif isinstance(thing, list | tuple | deque):
        for number, value in enumerate(thing):
            yield from everything(value, f"{path}[{number}]")
    elif is_dataclass(thing) and not isinstance(thing, type):
        for each in fields(thing):
            yield from everything(getattr(thing, each.name), f"{path}.{each.name}")
    elif type(thing).__module__.startswith("fairway.") and hasattr(thing, "__dict__") and not isinstance(thing, Struct):
        for name, value in vars(thing).items():
            if name not in (*DERIVED, "config", "market"):
                yield from everything(value, f"{path}.{name}")
    else:
        yield path, thing


@pytest.fixture(scope="module")
def life() -> Guarded:
    """Failed and filled entries, protection, a stage, a loss that trips guards, and the sale of all of it."""
    scene = Guarded(rules_of(Profile.MODERATE, "USDT").guards.changed(volume_a_day=None, outlier_bar=None))
    scene.news(PlaceFailed([scene.enter()], Rejected("no")))
    scene.news(Tick(), after=MINUTE)
    stage = Limits(loss=Amount.of(10_000, "USDT"), drawdown=Fraction.parse("90 %"), daily_loss=Fraction.parse("90 %"))
    grant = IssueLease(reason="test", epoch=1, until=scene.now + DAY, limits=stage, stage="beta/internal 1")
    scene.news(CommandReceived(1, "ann", grant))
    scene.quote("100.00", "100.03")
    entry = scene.holds()
    scene.news(OrdersAcknowledged([report(order) for order in scene.state.orders.blotter.live.values()]), after=SECOND)
    scene.falls_to("90.05")
    for order in [*scene.state.orders.blotter.live.values()]:
        scene.news(OrdersAcknowledged([report(order, ReportStatus.CANCELLED)]), after=SECOND)
    scene.news(Tick(), after=MINUTE)
    for sale in [*scene.state.orders.blotter.live.values()]:
        scene.news(OrdersAcknowledged([report(sale, ReportStatus.FILLED, filled=sale.quantity.value)]))
        scene.news(filled(sale, "2", sale.quantity.value, "90.05"))
    assert scene.state.guards.trips
    assert scene.state.guards.stage_loss.stage == "beta/internal 1"
    assert entry.id not in scene.state.orders.blotter.live
    return scene


def journaled(life: Guarded, count: int, journal: MemoryJournal | None = None) -> MemoryJournal:
    """A journal of so much of a life; of the rest of it, where it has been begun."""
    begun = journal or open_memory(MemoryFile(), CODEC, mode="test", trader="main")
    last = begun.last()
    for event, at in life.journal[last.seq if last else 0 : count]:
        begun.append([event], account="main", author="trader", at=at)  # type: ignore[list-item]
    begun.sync()
    return begun


def remade(life: Guarded, journal: MemoryJournal, release: str = RELEASE) -> AccountState:
    terms = life.state.config
    return rebuilt({terms.account: terms}, MarketCache(1), journal, CODEC, release)[terms.account]


def started(state: AccountState) -> dict[str, Any]:
    """All that an account state holds when its trader has started: channels are down then, whatever the journal says of them."""
    for event in restart(state, release=RELEASE, venue="test", strategy="told", run=RUN):
        state.apply(event, DAY)
    return dict(everything(state))


def test_a_memory_and_the_rest_of_the_journal_make_what_all_of_it_makes(life: Guarded) -> None:
    """Wherever the memory was made, and field by field: what a new field forgets is seen here."""
    whole = started(remade(life, journaled(life, len(life.journal))))
    for count in range(1, len(life.journal)):
        journal = journaled(life, count)
        so_far = started(remade(life, journal))
        save_checkpoint(journal, [remade(life, journal)], RELEASE, BYTES_MAX)
        journal.sync()
        assert journal.snapshot() is not None
        assert started(remade(life, journal)) == so_far, count
        journaled(life, len(life.journal), journal)
        assert started(remade(life, journal)) == whole, count


def test_a_memory_holds_what_the_journal_says_so_early_records_are_not_read_again(life: Guarded) -> None:
    """Otherwise nothing would be gained by it: a journal whose beginning cannot be read any more shows that it was not."""
    journal = journaled(life, len(life.journal))
    before = started(remade(life, journal))
    save_checkpoint(journal, [remade(life, journal)], RELEASE, BYTES_MAX)
    journal.sync()
    file = journal._file
    assert file is not None
    file.records[:-1] = [replace(record, body=b"gone") for record in file.records[:-1]]
    assert started(remade(life, journal)) == before


@pytest.mark.parametrize("body", [b"", b"nonsense", msgspec.msgpack.encode({"main": {"config": "", "seq": 1, "attributes": {}}})])
def test_a_memory_that_does_not_fit_is_passed_over(life: Guarded, body: bytes) -> None:
    """One of another form, or no memory at all: the journal tells everything."""
    journal = journaled(life, len(life.journal))
    whole = started(remade(life, journal))
    last = journal.last()
    assert last is not None
    journal.keep_snapshot(last.seq, last.digest, body)
    journal.sync()
    assert started(remade(life, journal)) == whole


def test_a_memory_of_another_release_or_of_other_rules_is_passed_over(life: Guarded) -> None:
    """What it would have remembered under them nobody knows: it is made anew."""
    journal = journaled(life, len(life.journal))
    failing_facts = remade(life, journal)
    failing_facts.limits.last_command = 77
    save_checkpoint(journal, [failing_facts], RELEASE, BYTES_MAX)
    journal.sync()
    assert remade(life, journal).limits.last_command == 77
    assert remade(life, journal, "1.2.4").limits.last_command == life.state.limits.last_command
    terms = life.state.config
    other = {name: getattr(terms, name) for name in AccountConfig.__slots__} | {"rules": replace(terms.rules, positions_max=2)}
    assert (
        rebuilt({"main": AccountConfig(**other)}, MarketCache(1), journal, CODEC, RELEASE)["main"].limits.last_command
        == life.state.limits.last_command
    )


def test_what_was_remembered_of_an_account_stays_while_it_is_away(life: Guarded) -> None:
    """A paused account comes back from its own memory, and from what was journaled since then."""
    journal = journaled(life, 10)
    save_checkpoint(journal, [remade(life, journal)], RELEASE, BYTES_MAX)
    journaled(life, len(life.journal), journal)
    save_checkpoint(journal, [], RELEASE, BYTES_MAX)
    journal.sync()
    kept = journal.snapshot()
    assert kept is not None
    assert kept.seq == len(life.journal)
    assert started(remade(life, journal)) == started(remade(life, journaled(life, len(life.journal))))


def test_a_memory_beyond_its_bound_is_not_kept(life: Guarded) -> None:
    """To write it would hold up whoever protects positions; the next start reads the journal instead."""
    journal = journaled(life, len(life.journal))
    save_checkpoint(journal, [remade(life, journal)], RELEASE, 1_000)
    journal.sync()
    assert journal.snapshot() is None
