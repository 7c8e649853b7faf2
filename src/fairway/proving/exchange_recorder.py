"""Records what no part of a scenario can know by itself: what the exchange was asked and what it answered, and when a record
of the journal became durable; all by the true time, whatever anybody's clock says.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, cast

from msgspec import Struct

from fairway.assembly import CODEC
from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.server import pause
from fairway.exchange.session import RequestOutcome, Session
from fairway.exchange.wire.authentication import RequestCredentials
from fairway.exchange.wire.endpoint_context import DetailedRefusal, Endpoint
from fairway.journal.kinds import Event
from fairway.journal.memory import MemoryFile
from fairway.journal.port import Journal, JournalError, JournalSnapshot, Record, ReplayEntry
from fairway.trading.latch import Killed
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import NewOrder, NewPair, OrderReport
from fairway.world.loop import SimLoop

FOR_EVER: Final = 1 << 62
"""Later than any instant of a play (ns)."""

_NAMES: Final = (
    "newClientOrderId",
    "origClientOrderId",
    "aboveClientOrderId",
    "belowClientOrderId",
    "listClientOrderId",
)


class RecordedWarnings(logging.Handler):
    """The lines of a logger."""

    lines: list[str]

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.lines = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


class RecordedAnswer(NamedTuple):
    """One answer of the exchange. at: true time in ns; ids: the orders it is about; refusal: None where it was no refusal."""

    at: int
    endpoint: str
    ids: tuple[str, ...]
    refusal: ExchangeRefusal | None
    is_signed: bool
    """Whether it was for an account, which was let in."""
    is_cut: bool = False
    """The connection was cut instead."""
    symbol: str = ""
    """By the exchange's name."""
    key: str = ""
    """Which API key the request was sent with."""

    @property
    def is_good(self) -> bool:
        return self.is_signed and self.refusal is None and not self.is_cut


class Ban(NamedTuple):
    """An address was told to stay away. Instants in ns."""

    since: int
    until: int


class RecordedEvent(NamedTuple):
    """An event of the journal. at: as the journal has it, by the trader's clock; noted_at and durable_at: in truth."""

    event: Event
    at: int
    noted_at: int
    durable_at: int


class LatchChange(NamedTuple):
    """A change of the kill latch, and until when it was set; FOR_EVER where it was never removed."""

    at: int
    killed: Killed
    until: int = FOR_EVER


class WitnessedSession(Session):
    """An exchange's session that keeps all that it answers."""

    def __init__(self, exchange: PracticeExchange, loop: SimLoop) -> None:
        super().__init__(exchange.context, pause)
        self._loop = loop
        self.answers: list[RecordedAnswer] = []
        self.bans: list[Ban] = []

    def charge(
        self, endpoint: Endpoint, values: Mapping[str, str], address: str, now: int
    ) -> tuple[int, ExchangeRefusal | None, int]:
        used, refusal, again_at = super().charge(endpoint, values, address, now)
        if refusal is not None:
            at = self._loop.wall_ns
            self.answers.append(RecordedAnswer(at, endpoint.name, _ids(values), refusal, is_signed=False))
            self.bans.append(Ban(at, again_at))
        return used, refusal, again_at

    async def perform(
        self, endpoint: Endpoint, values: dict[str, str], claim: RequestCredentials, address: str, now: int
    ) -> RequestOutcome:
        outcome = await super().perform(endpoint, values, claim, address, now)
        said = outcome.answer.refusal if isinstance(outcome.answer, DetailedRefusal) else outcome.answer
        refusal = said if isinstance(said, ExchangeRefusal) else None
        key = claim.logged_on.id if claim.logged_on is not None else claim.key_id
        self.answers.append(
            RecordedAnswer(
                at=self._loop.wall_ns,
                endpoint=endpoint.name,
                ids=_ids(values),
                refusal=refusal,
                is_signed=bool(outcome.account),
                is_cut=outcome.reset,
                symbol=values.get("symbol", ""),
                key=key,
            )
        )
        return outcome


def _ids(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values[name] for name in _NAMES if name in values)


@dataclass(slots=True)
class JournalWrites:
    """When each record was handed in and became durable, and when none could; it outlives the writers, as the file does."""

    noted_at: dict[int, int] = field(default_factory=dict)
    """By number of the record; so too the next."""
    durable_at: dict[int, int] = field(default_factory=dict)
    failed_from: list[int] = field(default_factory=list)
    failed_to: list[int] = field(default_factory=list)

    def note(self, records: Sequence[int], at: int) -> None:
        self.durable_at |= dict.fromkeys(records, at)
        self.failed_to += [at] * (len(self.failed_from) - len(self.failed_to))

    def noted(self, record: Record) -> RecordedEvent:
        """The event of a record that is durable."""
        return RecordedEvent(cast(Event, CODEC.decode(record)), record.at, self.noted_at[record.seq], self.durable_at[record.seq])

    def cut_short(self, file: MemoryFile, kept: int) -> MemoryFile:
        """A journal with at most so many of its records, all of each writing or none; a new one where that is 0."""
        while 0 < kept < len(file.records) and self.durable_at[kept] == self.durable_at[kept + 1]:
            kept -= 1
        left = MemoryFile()
        if kept:
            left.records, left.stamp = file.records[:kept], file.stamp
            left.snapshots = [it for it in file.snapshots if it.seq <= kept]
        return left

    def note_failure(self, at: int) -> None:
        if len(self.failed_from) == len(self.failed_to):
            self.failed_from.append(at)


class WitnessedJournal:
    """A journal that notes when its records are handed in and become durable."""

    def __init__(self, journal: Journal, writing: JournalWrites, loop: SimLoop) -> None:
        self.mode, self.trader = journal.mode, journal.trader
        self._journal, self._writing, self._loop = journal, writing, loop
        self._waiting: list[int] = []

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        records = self._journal.append(events, account=account, author=author, at=at)
        numbers = [record.seq for record in records]
        self._writing.noted_at |= dict.fromkeys(numbers, self._loop.wall_ns)
        self._waiting += numbers
        return records

    async def commit(self) -> None:
        with self._noted():
            await self._journal.commit()

    def sync(self) -> None:
        with self._noted():
            self._journal.sync()

    def close(self) -> None:
        with self._noted():
            self._journal.close()

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """What waits now is durable when the block ends well."""
        written = list(self._waiting)
        try:
            yield
        except JournalError:
            self._writing.note_failure(self._loop.wall_ns)
            raise
        del self._waiting[: len(written)]
        self._writing.note(written, self._loop.wall_ns)

    def read(self, after: int = 0, account: str | None = None) -> Iterator[Record]:
        return self._journal.read(after, account)

    def replay(self, after: int = 0, account: str | None = None) -> Iterator[Record | ReplayEntry]:
        return self._journal.replay(after, account)

    def last(self) -> Record | None:
        return self._journal.last()

    def snapshot(self) -> JournalSnapshot | None:
        return self._journal.snapshot()

    def keep_snapshot(self, seq: int, digest: str, body: bytes) -> None:
        self._journal.keep_snapshot(seq, digest, body)

    def crash(self) -> None:
        self._journal.crash()


class WitnessedVenue(CcxtVenue):
    """A venue client that notes when each order was handed to it: from then on the trader cannot hold it back."""

    left_at: dict[str, int]

    def witnessed(self, left_at: dict[str, int], loop: SimLoop) -> "WitnessedVenue":
        """Itself, noting in a table that outlives it."""
        self.left_at, self._loop = left_at, loop
        return self

    async def place(self, order: NewOrder) -> OrderReport:
        self.left_at[order.client_id] = self._loop.wall_ns
        return await super().place(order)

    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]:
        self.left_at |= dict.fromkeys((pair.client_id, pair.stop.client_id, pair.target.client_id), self._loop.wall_ns)
        return await super().place_pair(pair)
