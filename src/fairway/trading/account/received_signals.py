"""Remembers the signals of an account: which ids were seen, how far each source has counted, and whose position is in doubt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, ClassVar, Final

import msgspec

from fairway.journal.kinds import Event, SignalReceived
from fairway.money.amount import text_of
from fairway.orders.external_signal import ExternalSignal

IDS_MAX: Final = 10_000
"""Ids that are remembered. Of older ones only the newest instant is kept: a signal that was sent by then counts as late."""
SOURCES_MAX: Final = 100
"""Sources whose numbers are remembered. A buy signal of a further source is refused, because a lost one could not be noticed."""


@dataclass(slots=True)
class SignalSource:
    """What is known of one source of signals."""

    last_number: int | None = None
    """The highest number that was received; None before the first."""
    doubts: dict[str, str] = field(default_factory=dict)
    """By symbol: the code of the loss since which the sender's position and the account's may differ."""


@dataclass(frozen=True, slots=True)
class SeenSignal:
    content: str
    """Digest of what the signal asked for."""
    sent_at: int


class ReceivedSignals:
    remembers: ClassVar[Mapping[str, Any]] = {
        "seen": dict[str, SeenSignal],
        "forgotten_to": int,
        "sources": dict[str, SignalSource],
    }

    def __init__(self) -> None:
        self.seen: dict[str, SeenSignal] = {}
        """By key of a signal, the oldest first."""
        self.forgotten_to = 0
        """The newest `sent_at` of a signal whose id was forgotten (ns)."""
        self.sources: dict[str, SignalSource] = {}

    def apply(self, event: Event, at: int) -> None:
        """Applies a journaled event; `at` is its instant in ns."""
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, at)

    def earlier(self, signal: ExternalSignal) -> SeenSignal | None:
        """The signal of the same source and id that was received before."""
        return self.seen.get(_key_of(signal))

    def source(self, name: str) -> SignalSource | None:
        """What is known of a source; an empty one for a new source, and None where no further source can be remembered."""
        known = self.sources.get(name)
        if known is None and len(self.sources) < SOURCES_MAX:
            return SignalSource()
        return known

    def _receive(self, event: SignalReceived, at: int) -> None:
        signal = event.signal
        self.seen[_key_of(signal)] = SeenSignal(content_of(signal), signal.sent_at)
        while len(self.seen) > IDS_MAX:
            forgotten = self.seen.pop(next(iter(self.seen)))
            self.forgotten_to = max(self.forgotten_to, forgotten.sent_at)
        source = self.source(signal.source)
        if source is not None:
            self.sources[signal.source] = source
            _count(source, event)


def _count(source: SignalSource, event: SignalReceived) -> None:
    number = event.signal.number
    if number is not None:
        source.last_number = max(number, source.last_number or number)
    source.doubts |= dict.fromkeys(event.doubted, event.lost)
    if event.is_settled:
        source.doubts.pop(event.signal.symbol, None)


def _key_of(signal: ExternalSignal) -> str:
    """Of one length, however long the sender's id is, because ten thousand of them are kept."""
    return sha256(f"{signal.source}\n{signal.id}".encode()).hexdigest()[:32]


def content_of(signal: ExternalSignal) -> str:
    """Digest of what a signal asks for. Without its instant: a sender that repeats a signal may date each copy anew.

    Decimals as canonical text, because the journal gives them back so: a replay must come to the same digest.
    """
    prices = [text_of(price) if price is not None else None for price in (signal.stop, signal.target)]
    content = (signal.symbol, signal.action, signal.expected, signal.number, prices)
    return sha256(msgspec.json.encode(content)).hexdigest()[:16]


_HANDLERS: Final[dict[type[Event], Callable[[ReceivedSignals, Any, int], None]]] = {SignalReceived: ReceivedSignals._receive}
