"""What a simulated run leaves behind: the journal, the account state, and the exchange's own word on each. Proofs ask only this.

Instants are nanoseconds of the true time, which neither the trader's clock nor the exchange's need show.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.events import BalanceMoved, OrderReport
from fairway.exchange.units import ONE
from fairway.journal.kinds import EpochRaised, TraderStarted
from fairway.market.instrument import Instrument
from fairway.orders.ids import ClientId
from fairway.orders.lifecycle import OrderAdopted, OrderSent
from fairway.proving.exchange_recorder import LatchChange, RecordedAnswer, RecordedEvent
from fairway.proving.oracle_case import OracleCase
from fairway.proving.outages import Outage
from fairway.trading.account_state import AccountState


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """symbols: the venue's name of each symbol traded, by ours. Balances are free and locked together, by asset."""

    journal: Sequence[RecordedEvent]
    account_state: AccountState
    symbols: Mapping[str, str]
    orders: Sequence[OrderSnapshot]
    """All orders of these lives of the trader that the exchange ever had, oldest first."""
    reports: Sequence[OrderReport]
    """Each change of them, as the exchange made it, sent or not."""
    shared: Collection[str]
    """The venue's names of symbols in which another client had orders, or the trader in a life that this journal does not know.
    What is whose there, only the books say."""
    moves: Sequence[BalanceMoved]
    answers: Sequence[RecordedAnswer]
    troubles: Sequence[Outage]
    latchings: Sequence[LatchChange]
    unwritable: Sequence[tuple[int, int]]
    """When the journal could not be written, from and to."""
    opening: Mapping[str, Decimal]
    holding: Mapping[str, Decimal]
    ended_at: int
    case: OracleCase
    """The same play as the oracle sees it: by the exchange's log, and not by the trader's books."""
    lost: Sequence[RecordedEvent] = ()
    """What was durable in a journal that was lost, or in the lost part of one; `journal` is what is left, and written since."""
    is_fenced: bool = False
    """The trader met orders of another one, stopped, and was not started again: what happened then it need not know."""


def unshared(left: RunResult) -> Iterator[tuple[str, Instrument]]:
    """The symbols in which the exchange's own log says all about our position."""
    for symbol, instrument in left.account_state.config.instruments.items():
        if instrument.venue_symbol not in left.shared:
            yield symbol, instrument


def belongs_to(journal: Sequence[RecordedEvent], elsewhere: Iterable[Sequence[RecordedEvent]]) -> Callable[[str], bool]:
    """Whether a client id is of an order of this journal's lives, or of a kill command, and not of one that only a journal
    elsewhere knows. Of the lives are also those that a start counted on from."""
    begun = (noted.event for noted in journal if isinstance(noted.event, TraderStarted | EpochRaised))
    lives = {(event.run, event.epoch) for event in begun}
    others = {order_id for events in elsewhere for order_id in _sent_in(events)} - _sent_in(journal)

    def is_ours(order_id: str) -> bool:
        own = ClientId.parse(order_id)
        is_of_a_life = own is not None and (own.is_of_a_kill or (own.run, own.epoch) in lives)
        return is_of_a_life and order_id not in others

    return is_ours


def _sent_in(journal: Sequence[RecordedEvent]) -> set[str]:
    """Ids of the orders that a journal knows."""
    return {event.order_id for event, *_ in journal if isinstance(event, OrderSent | OrderAdopted)}


def decimal(units: int) -> Decimal:
    """The exchange's count of 10⁻⁸ as a number."""
    return Decimal(units) / ONE
