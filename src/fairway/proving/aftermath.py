"""What a play leaves behind: the journal, the desk, and the exchange's own word on each. All that is proved, is proved of it.

Instants are nanoseconds of the true time, which neither the trader's clock nor the exchange's need show.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fairway.exchange.answers import OrderState
from fairway.exchange.events import BalanceMoved, OrderReport
from fairway.exchange.units import ONE
from fairway.market.instrument import Instrument
from fairway.proving.oracle_case import Case
from fairway.proving.troubles import Trouble
from fairway.proving.witness import Answer, Latching, Noted
from fairway.trading.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """symbols: the venue's name of each symbol traded, by ours. Balances are free and locked together, by asset."""

    journal: Sequence[Noted]
    desk: Desk
    symbols: Mapping[str, str]
    orders: Sequence[OrderState]
    """All orders of these lives of the trader that the exchange ever had, oldest first."""
    reports: Sequence[OrderReport]
    """Each change of them, as the exchange made it, whoever was told of it."""
    shared: Collection[str]
    """The venue's names of symbols in which somebody else had orders, or the trader in a life that this journal does not know.
    What is whose there, only the books say."""
    moves: Sequence[BalanceMoved]
    answers: Sequence[Answer]
    troubles: Sequence[Trouble]
    latchings: Sequence[Latching]
    unwritable: Sequence[tuple[int, int]]
    """When the journal could not be written, from and to."""
    opening: Mapping[str, Decimal]
    holding: Mapping[str, Decimal]
    ended_at: int
    case: Case
    """The same play as the oracle sees it: by the exchange's log, and not by the trader's books."""


def unshared(left: Aftermath) -> Iterator[tuple[str, Instrument]]:
    """The symbols in which the exchange's own log says all about our position."""
    for symbol, instrument in left.desk.terms.instruments.items():
        if instrument.venue_symbol not in left.shared:
            yield symbol, instrument


def decimal(units: int) -> Decimal:
    """The exchange's count of 10⁻⁸ as a number."""
    return Decimal(units) / ONE
