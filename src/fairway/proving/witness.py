"""Writes down what nobody in a play can know by itself: what the exchange was asked and what it answered, and when a record
of the journal became durable; all by the true time, whatever anybody's clock says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from msgspec import Struct

from fairway.exchange.answers import Refusal
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.server import pause
from fairway.exchange.session import Outcome, Session
from fairway.exchange.wire.desk import Endpoint, Failure
from fairway.exchange.wire.gate import Claim
from fairway.journal.events import Codec
from fairway.journal.kinds import Event
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.journal.port import JournalError, Record
from fairway.trading.latch import Killed
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


class Answer(NamedTuple):
    """One answer of the exchange. at: true time in ns; ids: the orders it is about; refusal: None where it was no refusal."""

    at: int
    endpoint: str
    ids: tuple[str, ...]
    refusal: Refusal | None
    is_signed: bool
    """Whether it was for an account, which was let in."""
    is_cut: bool = False
    """The connection was cut instead."""

    @property
    def is_good(self) -> bool:
        return self.is_signed and self.refusal is None and not self.is_cut


class Ban(NamedTuple):
    """An address was told to stay away. Instants in ns."""

    since: int
    until: int


class Noted(NamedTuple):
    """An event of the journal. at: as the journal has it, by the trader's clock; noted_at and durable_at: in truth."""

    event: Event
    at: int
    noted_at: int
    durable_at: int


class Latching(NamedTuple):
    """Somebody set the latch, and until when it was set: FOR_EVER where nobody took it away."""

    at: int
    killed: Killed
    until: int = FOR_EVER


class WitnessedSession(Session):
    """An exchange's session that keeps all that it answers."""

    def __init__(self, exchange: PracticeExchange, loop: SimLoop) -> None:
        super().__init__(exchange.desk, pause)
        self._loop = loop
        self.answers: list[Answer] = []
        self.bans: list[Ban] = []

    def charge(self, endpoint: Endpoint, values: Mapping[str, str], address: str, now: int) -> tuple[int, Refusal | None, int]:
        used, refusal, again_at = super().charge(endpoint, values, address, now)
        if refusal is not None:
            at = self._loop.wall_ns
            self.answers.append(Answer(at, endpoint.name, _ids(values), refusal, is_signed=False))
            self.bans.append(Ban(at, again_at))
        return used, refusal, again_at

    async def perform(self, endpoint: Endpoint, values: dict[str, str], claim: Claim, address: str, now: int) -> Outcome:
        outcome = await super().perform(endpoint, values, claim, address, now)
        said = outcome.answer.refusal if isinstance(outcome.answer, Failure) else outcome.answer
        refusal = said if isinstance(said, Refusal) else None
        self.answers.append(
            Answer(self._loop.wall_ns, endpoint.name, _ids(values), refusal, bool(outcome.account), outcome.reset)
        )
        return outcome


def _ids(values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(values[name] for name in _NAMES if name in values)


@dataclass(slots=True)
class Writing:
    """When each record was handed in and became durable, and when none could; it outlives the writers, as the file does."""

    noted_at: dict[int, int] = field(default_factory=dict)
    """By number of the record."""
    durable_at: list[int] = field(default_factory=list)
    failed_from: list[int] = field(default_factory=list)
    failed_to: list[int] = field(default_factory=list)

    def note(self, number: int, at: int) -> None:
        self.durable_at += [at] * (number - len(self.durable_at))
        self.failed_to += [at] * (len(self.failed_from) - len(self.failed_to))

    def note_failure(self, at: int) -> None:
        if len(self.failed_from) == len(self.failed_to):
            self.failed_from.append(at)


class WitnessedJournal(MemoryJournal):
    """A journal that notes when its records are handed in and become durable. Made by `witnessed`."""

    def __init__(self, journal: MemoryJournal, file: MemoryFile, codec: Codec, writing: Writing, loop: SimLoop) -> None:
        super().__init__(file, codec, mode=journal.mode, trader=journal.trader)
        self._kept, self._writing, self._loop = file, writing, loop

    def append(self, events: Sequence[Struct], *, account: str, author: str, at: int) -> Sequence[Record]:
        records = super().append(events, account=account, author=author, at=at)
        self._writing.noted_at |= dict.fromkeys((record.seq for record in records), self._loop.wall_ns)
        return records

    def sync(self) -> None:
        try:
            super().sync()
        except JournalError:
            self._writing.note_failure(self._loop.wall_ns)
            raise
        self._writing.note(len(self._kept.records), self._loop.wall_ns)


def witnessed(file: MemoryFile, codec: Codec, writing: Writing, loop: SimLoop, *, trader: str) -> WitnessedJournal:
    """The one writer of a file. Raises JournalLocked while there is another."""
    return WitnessedJournal(open_memory(file, codec, mode="scene", trader=trader), file, codec, writing, loop)
