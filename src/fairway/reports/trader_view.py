"""Follows a trader's journal for all who show it: what each account holds, may do and has ordered. It writes nothing.

Each record is read once while the view lives, so that a question costs what is new, and not the whole history.
"""

import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import localcontext
from pathlib import Path
from typing import Final, cast

from fairway.journal.account_permissions import AccountPermissions, apply_event, apply_stream
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, EntryRefused, Event, ProcessMeasured, TraderStarted
from fairway.journal.models import FillRow, LotRow, ModelRow, OrderRow, RoundTripRow
from fairway.journal.port import JournalBehind, JournalMissing, ReplayEntry
from fairway.journal.projections import DeletedRow, project
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.money.amount import CONTEXT
from fairway.orders.lifecycle import OrderAccepted, OrderEvent, OrderFilled, OrderSent
from fairway.reports.decisions import DecisionLog
from fairway.reports.event_context import EventText, Weight
from fairway.reports.holdings import Holdings, HoldingsLog
from fairway.reports.refusals import category_of
from fairway.reports.story import Story
from fairway.store.place import Place, identity_of

PATIENCE_S: Final = 5.0
"""So long a question waits for another one that reads the journal."""
CODEC: Final = Codec(*EVENTS)
ORDERS_MAX: Final = 100_000
"""Orders remembered of an account; the oldest go first. The journal keeps all of them."""
NOTES_MAX: Final = 100_000
"""Refusals, and troubles, remembered of an account; the oldest go first."""
RECENT_MAX: Final = 1_000
"""Texts of events remembered of an account."""


@dataclass(frozen=True, slots=True)
class OrderMoment:
    """One event of an order's life: the record's number, its instant (ns), its kind, and what it says for people."""

    seq: int
    at: int
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DatedNote:
    """Something that happened at an instant (ns). text: a refusal's category, a trouble in words, or a strategy's name."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class RecentEvent:
    """An event that is worth a line: the record's number, its instant (ns), its account and kind, and what it says for people."""

    seq: int
    at: int
    account: str
    kind: str
    text: EventText


@dataclass(frozen=True, slots=True)
class OrderAnswer:
    """The venue took an order at an instant (ns), so long after it was sent."""

    at: int
    latency_ns: int


@dataclass(frozen=True, slots=True)
class MeasuredMinute:
    """What the trader measured of itself in the minute before an instant (ns). oldest_quote_at: ns, None for not measured.

    calls: of the venue, and how many of them failed.
    """

    at: int
    oldest_quote_at: int | None
    calls: int
    calls_failed: int


@dataclass(slots=True)
class OrderLife:
    """An order as it stands, and all that happened to it, oldest first."""

    order: OrderRow
    moments: list[OrderMoment] = field(default_factory=list)


class AccountJournalView:
    """One account by its journal. Only `take` changes it."""

    def __init__(self, account: str) -> None:
        self.account = account
        self.permissions = AccountPermissions()
        self.lost: dict[str, tuple[int, str]] = {}
        """By channel, streams that are not trusted now: since when (ns), and why."""
        self.answer: OrderAnswer | None = None
        """The newest to an order; None before the first."""
        self.orders: dict[str, OrderLife] = {}
        """By id, oldest first."""
        self.refusals: deque[DatedNote] = deque(maxlen=NOTES_MAX)
        """Entries that risk refused, by category, oldest first."""
        self.troubles: deque[DatedNote] = deque(maxlen=NOTES_MAX)
        """What went wrong, oldest first."""
        self.strategies: list[DatedNote] = []
        """Which strategy traded the account from when on, oldest first."""
        self.openings: dict[tuple[str, int], int] = {}
        """By symbol and instant (ns) of each position's first fill, the number of the record that opened it."""
        self.recent: deque[RecentEvent] = deque(maxlen=RECENT_MAX)
        """What is more than routine, oldest first."""
        self.decisions = DecisionLog()
        self._log = HoldingsLog()
        self._rows = _Rows(self.orders)
        self._story: Story | None = None

    def take(self, entry: ReplayEntry) -> None:
        """Raises UnreadableRecord, and what the blotter raises for a broken journal."""
        with localcontext(CONTEXT):  # the trader's precision, in every thread
            self._take(entry)

    def _take(self, entry: ReplayEntry) -> None:
        event = CODEC.decode(entry)
        words = self._log.take(cast(Event, event), entry.at)
        self._note(cast(Event, event), words, entry.at)
        apply_event(self.permissions, event)
        apply_stream(self.lost, event, entry.at)
        self.decisions.take(event, entry.seq, entry.at)
        self._rows.take(project(entry, event, self._rows))
        if isinstance(event, OrderEvent) and (life := self.orders.get(event.order_id)) is not None:
            if isinstance(event, OrderAccepted) and life.moments and life.moments[-1].kind == OrderSent.__name__:
                self.answer = OrderAnswer(entry.at, entry.at - life.moments[-1].at)
            life.moments.append(OrderMoment(entry.seq, entry.at, entry.kind, words.what))
        if isinstance(event, OrderFilled):
            for opening in self._log.opened().items():
                self.openings.setdefault(opening, entry.seq)
        if words.weight is not Weight.ROUTINE:
            self.recent.append(RecentEvent(entry.seq, entry.at, self.account, entry.kind, words))
        self._story = None

    def _note(self, event: Event, words: EventText, at: int) -> None:
        """Keeps what reports of a few days ask for: the story has it only all in all."""
        match event:
            case EntryRefused(code=code):
                self.refusals.append(DatedNote(at, category_of(code)))
            case TraderStarted(strategy=name) if not self.strategies or self.strategies[-1].text != name:
                self.strategies.append(DatedNote(at, name))
        if words.weight is Weight.TROUBLE:
            self.troubles.append(DatedNote(at, words.what))

    def holdings(self, now: int) -> Holdings:
        """What it holds and has earned at an instant (ns)."""
        with localcontext(CONTEXT):
            return self._log.holdings(self.account, now)

    def story(self) -> Story:
        """Its trips, fills and orders, as reports are made of them."""
        self._story = self._story or self._log.story()
        return self._story


class TraderView:
    """All accounts of a trader. `reading` brings it up to date."""

    def __init__(self, where: Place, *, trader: str) -> None:
        self._where, self._trader = where, trader
        self._reader: SqlReader | None = None
        self._of: tuple[int, int] | None = None
        """Which file the reader has open."""
        self.measures: MeasuredMinute | None = None
        """The newest of the trader itself; None before the first."""
        self._turn = threading.RLock()
        self._forget()

    def __enter__(self) -> "TraderView":
        """Brings it up to date, and keeps other threads from it until the block ends.

        Raises JournalErrors; JournalBehind where another thread has been reading for long, as at the start beside a long journal.
        """
        if not self._turn.acquire(timeout=PATIENCE_S):
            raise JournalBehind(f"the trader's journal is still being read, up to record {self._seq:,} so far; ask again")
        try:
            self._catch_up()
        except BaseException:
            self._turn.release()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._turn.release()

    @property
    def accounts(self) -> Mapping[str, AccountJournalView]:
        """By name, in the order in which they were first started."""
        return self._accounts

    def close(self) -> None:
        with self._turn:
            self._let_go()

    def _catch_up(self) -> None:
        """A journal that does not exist yet holds nothing; after any error all of it is read again."""
        try:
            there = identity_of(self._where)
            if there != self._of:
                self._let_go()
                self._forget()
            if self._reader is None:
                self._reader, self._of = open_reader(self._where, trader=self._trader), there
            self._take(self._reader.replay(self._seq))
        except JournalMissing:
            if isinstance(self._where, Path) and self._where.exists():
                raise
        except BaseException:
            self._let_go()
            self._forget()
            raise

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._of = None

    def _take(self, entries: Iterable[ReplayEntry]) -> None:
        for entry in entries:
            if entry.account:
                known = self._accounts.setdefault(entry.account, AccountJournalView(entry.account))
                known.take(entry)
            elif entry.kind == ProcessMeasured.__name__:
                self.measures = _measures(cast(ProcessMeasured, CODEC.decode(entry)), entry.at)
            self._seq = entry.seq

    def _forget(self) -> None:
        self._accounts: dict[str, AccountJournalView] = {}
        self.measures = None
        self._seq = 0


def _measures(event: ProcessMeasured, at: int) -> MeasuredMinute:
    oldest = at - event.data_age_ns if event.data_age_ns is not None else None
    return MeasuredMinute(at, oldest, event.calls, event.calls_failed)


class _Rows:
    """The read models of one account, in memory. See `EarlierRows`."""

    def __init__(self, orders: dict[str, OrderLife]) -> None:
        self._orders = orders
        self._fills: dict[tuple[str, str], FillRow] = {}
        self._trips: dict[tuple[str, str], RoundTripRow] = {}
        self._lots: dict[tuple[str, str], LotRow] = {}

    def order(self, order_id: str) -> OrderRow | None:
        life = self._orders.get(order_id)
        return life.order if life is not None else None

    def fill(self, order_id: str, trade_id: str) -> FillRow | None:
        return self._fills.get((order_id, trade_id))

    def open_trip(self, account: str, symbol: str) -> RoundTripRow | None:
        return self._trips.get((account, symbol))

    def lot(self, account: str, symbol: str) -> LotRow | None:
        return self._lots.get((account, symbol))

    def take(self, changes: Iterable[ModelRow | DeletedRow]) -> None:
        for change in changes:
            match change:
                case OrderRow():
                    self._put(change)
                case FillRow():
                    self._fills[change.order_id, change.trade_id] = change
                case RoundTripRow(closed_at=0):
                    self._trips[change.account, change.symbol] = change
                case RoundTripRow():
                    self._trips.pop((change.account, change.symbol), None)
                case LotRow():
                    self._lots[change.account, change.symbol] = change

    def _put(self, row: OrderRow) -> None:
        life = self._orders.get(row.order_id)
        if life is not None:
            life.order = row
            return
        self._orders[row.order_id] = OrderLife(row)
        while len(self._orders) > ORDERS_MAX:
            del self._orders[next(iter(self._orders))]
