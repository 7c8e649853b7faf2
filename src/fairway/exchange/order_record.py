"""Records what changes the accounts of a practice exchange, so that an exchange that was killed opens again as it was.

A market is a function of its seed and the instant at which it opened, and matching draws no chance. So the record holds, after a
head, each call that changed orders, with the number of market updates before it; doing the same again gives the same books. The
record is written before the call is carried out. It survives the end of the process, not a loss of power. Gaps in prices are in
it, too; deposits, transfers, rights and faults by `/practice` are not.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path
from typing import Final

import msgspec

from fairway.exchange.answers import Amended, ExchangeRefusal, ListState, OrderSnapshot
from fairway.exchange.backend import MatchingBackend
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.rules import SymbolRules
from fairway.exchange.terms import NewContingent, NewOrder, NewPair, OrderRef
from fairway.world.clock import Clock, Duration, Instant
from fairway.world.private import private

RECORDS_MAX: Final = 5_000_000
"""Calls that are read back; a longer record is refused, for it would take minutes."""


class RecordUnusable(Exception):
    """The record cannot be read, or is not one; the sentence names the file and the line."""


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The first line: with what the exchange opened.

    opened_at: ns. seed: decides the market and the accounts' keys. history_ns: of the market, before it opened. data: files of
    candles, trades or frames. accounts: as `--account` names them, such as `alice:USDT=10000`.
    """

    opened_at: Instant
    seed: int
    history_ns: Duration
    data: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()


class PlaceCall(msgspec.Struct, frozen=True, tag=True):
    order: NewOrder


class PairCall(msgspec.Struct, frozen=True, tag=True):
    pair: NewPair


class ContingentCall(msgspec.Struct, frozen=True, tag=True):
    wanted: NewContingent


class CancelCall(msgspec.Struct, frozen=True, tag=True):
    symbol: str
    ref: OrderRef
    cancel_id: str = ""


class AmendCall(msgspec.Struct, frozen=True, tag=True):
    symbol: str
    ref: OrderRef
    quantity: int
    client_id: str = ""


class CancelAllCall(msgspec.Struct, frozen=True, tag=True):
    symbol: str


class CancelListCall(msgspec.Struct, frozen=True, tag=True):
    symbol: str
    ref: OrderRef


class GapCall(msgspec.Struct, frozen=True, tag=True):
    """A gap in prices, for which there is no account. percent: in counts of 10⁻⁸."""

    symbol: str
    percent: int


Call = PlaceCall | PairCall | ContingentCall | CancelCall | AmendCall | CancelAllCall | CancelListCall | GapCall


class RecordedCall(msgspec.Struct, frozen=True):
    """at: market time (ns). updates: how many updates of the market had been applied before."""

    at: Instant
    updates: int
    account: str
    call: Call


_ENCODE: Final = msgspec.json.Encoder().encode
_CALL: Final = msgspec.json.Decoder(RecordedCall)


class ReplayClock(Clock):
    """A clock that stands at an instant of the record while that is carried out again, and is the real one afterwards."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.stands_at: Instant | None = None

    def now(self) -> Instant:
        return self._clock.now() if self.stands_at is None else self.stands_at

    def monotonic(self) -> Duration:
        return self._clock.monotonic()


@dataclass(slots=True)
class OrderRecord:
    """The file of a record, open at its end; `file` is None for an exchange that keeps none."""

    file: BufferedWriter | None = None
    updates: int = 0
    """Updates of the market that were applied since the exchange opened."""

    def append(self, line: bytes) -> None:
        if self.file is not None:
            self.file.write(line + b"\n")
            self.file.flush()


class RecordedBackend(MatchingBackend):
    """Matching whose calls are in a record before they are carried out. Its time stands while it works: a call takes none."""

    def __init__(self, rules: Iterable[SymbolRules], clock: Clock, record: OrderRecord) -> None:
        self._record, self._clock, self._held = record, clock, ReplayClock(clock)
        self._latest: Instant = 0
        super().__init__(rules, self._held)

    def apply(self, update: MarketUpdate) -> None:
        self._record.updates += 1
        with self._standing(update.at):
            super().apply(update)

    async def place(self, account: str, order: NewOrder) -> OrderSnapshot | ExchangeRefusal:
        with self._recorded(account, PlaceCall(order)):
            return await super().place(account, order)

    async def place_pair(self, account: str, pair: NewPair) -> ListState | ExchangeRefusal:
        with self._recorded(account, PairCall(pair)):
            return await super().place_pair(account, pair)

    async def place_contingent(self, account: str, wanted: NewContingent) -> ListState | ExchangeRefusal:
        with self._recorded(account, ContingentCall(wanted)):
            return await super().place_contingent(account, wanted)

    async def cancel(self, account: str, symbol: str, ref: OrderRef, cancel_id: str = "") -> OrderSnapshot | ExchangeRefusal:
        with self._recorded(account, CancelCall(symbol, ref, cancel_id)):
            return await super().cancel(account, symbol, ref, cancel_id)

    async def amend(
        self, account: str, symbol: str, ref: OrderRef, quantity: int, client_id: str = ""
    ) -> Amended | ExchangeRefusal:
        with self._recorded(account, AmendCall(symbol, ref, quantity, client_id)):
            return await super().amend(account, symbol, ref, quantity, client_id)

    async def cancel_all(self, account: str, symbol: str) -> Sequence[OrderSnapshot | ListState] | ExchangeRefusal:
        with self._recorded(account, CancelAllCall(symbol)):
            return await super().cancel_all(account, symbol)

    async def cancel_list(self, account: str, symbol: str, ref: OrderRef) -> ListState | ExchangeRefusal:
        with self._recorded(account, CancelListCall(symbol, ref)):
            return await super().cancel_list(account, symbol, ref)

    def open_gap(self, symbol: str, percent: int) -> None:
        super().open_gap(symbol, percent)  # first: one that is refused does not belong into the record
        with self._recorded("", GapCall(symbol, percent)):
            pass

    @contextmanager
    def _recorded(self, account: str, call: Call) -> Iterator[None]:
        with self._standing(self._clock.now()) as at:
            self._record.append(_ENCODE(RecordedCall(at, self._record.updates, account, call)))
            yield

    @contextmanager
    def _standing(self, at: Instant) -> Iterator[Instant]:
        """Its time stands at this instant, or at the last one where that was later."""
        self._latest = self._held.stands_at = max(at, self._latest)
        try:
            yield self._latest
        finally:
            self._held.stands_at = None


def read_record(path: Path) -> tuple[Head, list[RecordedCall]]:
    """The head and all calls, oldest first; a last line that a kill cut short is left out. Raises RecordUnusable, OSError."""
    lines = path.read_bytes().splitlines(keepends=True)
    if len(lines) > RECORDS_MAX:
        raise RecordUnusable(f"{path} holds {len(lines):,} calls; at most {RECORDS_MAX:,} are read: begin a new one")
    if not lines:
        raise RecordUnusable(f"{path} is empty; remove it, and the exchange begins a new one")
    calls = []
    for number, line in enumerate(lines, 1):
        try:
            if number == 1:
                head = msgspec.json.decode(line, type=Head)
            elif line.endswith(b"\n") or number < len(lines):
                calls.append(_CALL.decode(line))
        except msgspec.MsgspecError as error:
            raise RecordUnusable(f"{path}, line {number}: this is no record of a practice exchange: {error}") from None
    return head, calls


def append_to(path: Path, head: Head, record: OrderRecord) -> None:
    """Opens the file at its end for this record, and begins it with the head where it is new.

    A line that a kill cut short is dropped. Raises RecordUnusable where another exchange writes the file, OSError.
    """
    file = open(path, "ab", opener=private)  # noqa: SIM115 - it is open until the exchange ends
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise RecordUnusable(f"{path} is written by another practice exchange; stop that one, or name another file") from None
    content = path.read_bytes()
    file.truncate(content.rfind(b"\n") + 1)
    record.file = file
    if not content:
        record.append(_ENCODE(head))


async def carry_out(backend: MatchingBackend, account: str, call: Call) -> None:
    """Does a recorded call once more; its answer was given before."""
    match call:
        case PlaceCall(order):
            await backend.place(account, order)
        case PairCall(pair):
            await backend.place_pair(account, pair)
        case ContingentCall(wanted):
            await backend.place_contingent(account, wanted)
        case CancelCall(symbol, ref, cancel_id):
            await backend.cancel(account, symbol, ref, cancel_id)
        case AmendCall(symbol, ref, quantity, client_id):
            await backend.amend(account, symbol, ref, quantity, client_id)
        case CancelAllCall(symbol):
            await backend.cancel_all(account, symbol)
        case CancelListCall(symbol, ref):
            await backend.cancel_list(account, symbol, ref)
        case GapCall(symbol, percent):
            backend.open_gap(symbol, percent)
