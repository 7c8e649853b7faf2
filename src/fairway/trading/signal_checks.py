"""Judges a signal from outside: whether it is repeated, late or lost, and whether it may be obeyed.

By the law of asymmetry a signal that lowers exposure is obeyed although others were lost; one that raises exposure is not, until
the position agrees again with what its sender expects. A late signal is obeyed by no account: an old sale must not close a new
position, which has its stop at the venue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fairway.orders.external_signal import ExternalSignal, SignalAction, SignalPosition
from fairway.trading.account.received_signals import SOURCES_MAX, ReceivedSignals, SignalSource, content_of
from fairway.world.clock import MILLISECOND, SECOND

AHEAD_MAX_NS: Final = 5 * SECOND
"""How far the sender's clock may be ahead of the trader's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalVerdict:
    """refused: why the signal is not obeyed, as a code, or "". is_noted: whether it is remembered; a repeated one is already."""

    refused: str = ""
    is_noted: bool = True
    lost: str = ""
    """What the signal shows to be lost, as a code, or ""."""
    doubted: tuple[str, ...] = ()
    """Symbols in which the sender's position and the account's may differ from now on."""
    is_settled: bool = False
    """Whether a doubt about the signal's symbol ends with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalTerms:
    """What a signal is judged by. position: in its symbol, once all that was ordered is done. now, age_max_ns in ns."""

    symbols: Sequence[str]
    position: SignalPosition
    age_max_ns: int
    now: int


def judge(received: ReceivedSignals, signal: ExternalSignal, terms: SignalTerms) -> SignalVerdict:
    """What becomes of a signal."""
    repeated = _repeated(received, signal)
    if repeated:
        return SignalVerdict(refused=repeated, is_noted=False)
    source = received.source(signal.source)
    invalid = _unknown_symbol(signal, terms) or _late(received, signal, terms)
    overtaken = _overtaken(source, signal)
    is_current = not invalid and not overtaken
    missing, differing = _missing(source, signal), _differing(signal, terms) if is_current else ""
    lost = f"SIGNAL_LOST: source={signal.source} id={signal.id}{missing}{differing}" if missing or differing else ""
    is_sale = signal.action is SignalAction.SELL
    agrees = is_current and (is_sale or (signal.expected is not None and not lost))
    doubt = source.doubts.get(signal.symbol, "") if source is not None else ""
    refused = invalid
    if not refused and not is_sale:  # it would raise exposure
        refused = overtaken or lost or _beyond_memory(source, signal) or ("" if agrees else doubt)
    return SignalVerdict(
        refused=refused,
        lost=lost,
        doubted=_doubted(signal, terms, is_of_all=bool(missing), agrees=agrees) if lost else (),
        is_settled=bool(doubt) and agrees,
    )


def _repeated(received: ReceivedSignals, signal: ExternalSignal) -> str:
    earlier = received.earlier(signal)
    if earlier is None:
        return ""
    category = "SIGNAL_REPEATED" if earlier.content == content_of(signal) else "SIGNAL_ALTERED"
    return f"{category}: source={signal.source} id={signal.id}"


def _unknown_symbol(signal: ExternalSignal, terms: SignalTerms) -> str:
    return "" if signal.symbol in terms.symbols else f"SIGNAL_SYMBOL: symbol={signal.symbol} traded={','.join(terms.symbols)}"


def _late(received: ReceivedSignals, signal: ExternalSignal, terms: SignalTerms) -> str:
    """Also what was sent before an id that is forgotten: whether it is a repetition cannot be known any more."""
    age_ns = terms.now - signal.sent_at
    if age_ns > terms.age_max_ns:
        return f"SIGNAL_LATE: age_ms={age_ns // MILLISECOND} max_ms={terms.age_max_ns // MILLISECOND}"
    if -age_ns > AHEAD_MAX_NS:
        return f"SIGNAL_LATE: ahead_ms={-age_ns // MILLISECOND} max_ms={AHEAD_MAX_NS // MILLISECOND}"
    if signal.sent_at <= received.forgotten_to:
        return f"SIGNAL_LATE: age_ms={age_ns // MILLISECOND} ids_known_ms={(terms.now - received.forgotten_to) // MILLISECOND}"
    return ""


def _overtaken(source: SignalSource | None, signal: ExternalSignal) -> str:
    """A signal that comes after a later one of its source."""
    if source is None or source.last_number is None or signal.number is None or signal.number > source.last_number:
        return ""
    return f"SIGNAL_OUT_OF_ORDER: source={signal.source} number={signal.number} last={source.last_number}"


def _missing(source: SignalSource | None, signal: ExternalSignal) -> str:
    """The numbers between the last signal of its source and this one, as ` missing=4` or ` missing=4-6`."""
    if source is None or source.last_number is None or signal.number is None:
        return ""
    first, last = source.last_number + 1, signal.number - 1
    return "" if last < first else f" missing={first}" if first == last else f" missing={first}-{last}"


def _differing(signal: ExternalSignal, terms: SignalTerms) -> str:
    if signal.expected is None or signal.expected is terms.position:
        return ""
    return f" symbol={signal.symbol} expected={signal.expected} held={terms.position}"


def _beyond_memory(source: SignalSource | None, signal: ExternalSignal) -> str:
    return "" if source is not None else f"SIGNAL_SOURCES_MAX: source={signal.source} max={SOURCES_MAX}"


def _doubted(signal: ExternalSignal, terms: SignalTerms, *, is_of_all: bool, agrees: bool) -> tuple[str, ...]:
    """A missing signal may have been of any symbol. After a sale both sides are flat in its symbol, whatever was lost before."""
    symbols = tuple(terms.symbols) if is_of_all else (signal.symbol,)
    return tuple(symbol for symbol in symbols if not (agrees and symbol == signal.symbol))
