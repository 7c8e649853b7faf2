"""What the oracle reads: the practice exchange's own log of one account, and facts of the play that are not the trader's books.

Amounts and prices are the exchange's integer counts of 10⁻⁸, instants are nanoseconds of the true time.
"""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from fairway.exchange.events import BalanceMoved, BalancesChanged, ExchangeEvent, OrderReport
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.practice_exchange import PracticeExchange
from fairway.exchange.rules import SymbolRules
from fairway.journal.commands import IssueLease
from fairway.market.instrument import Instrument
from fairway.orders.ids import ClientId
from fairway.proving.exchange_recorder import FOR_EVER, RecordedAnswer
from fairway.proving.outages import Outage
from fairway.risk.rules import RiskRules
from fairway.world.chance import Chance
from fairway.world.clock import Clock

DEPTH: Final = 1
PLACING: Final = ("order.place", "orderList.place.oco")


class MarketPoint(NamedTuple):
    """The market of one symbol from an instant on: price of the last trade, and the best bid, 0 where nothing is bid."""

    at: int
    last: int
    bid: int


class RecordedExchange(PracticeExchange):
    """A practice exchange that records price and best bid after each update of its market."""

    def __init__(
        self,
        rules: Sequence[SymbolRules],
        market: Iterable[MarketUpdate],
        *,
        clock: Clock,
        chance: Chance,
        pause: Callable[[int], Awaitable[None]],
    ) -> None:
        self.market_points: dict[str, list[MarketPoint]] = {it.symbol: [] for it in rules}
        super().__init__(rules, market, clock=clock, chance=chance, pause=pause)

    def _apply_next(self) -> None:
        update = self._next
        super()._apply_next()
        if update is not None:
            bids = self.backend.market.book(update.symbol, DEPTH).bids
            last = self.backend.market.tape(update.symbol).last
            self.market_points[update.symbol].append(MarketPoint(update.at, last, bids[0].price if bids else 0))


@dataclass(frozen=True, kw_only=True)
class ExchangeLog:
    """Records of the practice exchange about one account, each list oldest first."""

    reports: Sequence[OrderReport]
    """Each change of each order of the account, of the bot and of persons, of all lives of the trader."""
    balances: Sequence[BalancesChanged]
    moves: Sequence[BalanceMoved]
    """Deposits and withdrawals."""
    market: Mapping[str, Sequence[MarketPoint]]
    """By the exchange's name of the symbol."""
    answers: Sequence[RecordedAnswer]
    """Each request with its key and client ids, and whether it was refused."""
    opening: Mapping[str, int]
    """What the account held at the beginning, by asset."""

    @cached_property
    def sent(self) -> Set[str]:
        """Client ids of all orders that a trader, or a kill, asked the exchange for, over the wire and in our form."""
        asked = (text for it in self.answers if it.endpoint in PLACING for text in it.ids)
        return frozenset(text for text in asked if ClientId.parse(text) is not None)

    def empty_books(self, venue_symbol: str) -> Iterator[tuple[int, int]]:
        """From an instant to another nothing was bid, so nothing could be sold."""
        since = 0
        for point in self.market.get(venue_symbol, ()):
            if not point.bid:
                since = since or point.at
            elif since:
                yield since, point.at
                since = 0
        if since:
            yield since, FOR_EVER


def log_of(
    account: str,
    events: Sequence[ExchangeEvent],
    market: Mapping[str, Sequence[MarketPoint]],
    answers: Sequence[RecordedAnswer],
    opening: Mapping[str, int],
) -> ExchangeLog:
    """What the exchange's events say about one of its accounts."""
    return ExchangeLog(
        reports=[event for event in events if isinstance(event, OrderReport) and event.order.account == account],
        balances=[event for event in events if isinstance(event, BalancesChanged) and event.account == account],
        moves=[event for event in events if isinstance(event, BalanceMoved) and event.account == account],
        market=market,
        answers=answers,
        opening=opening,
    )


class EntryBan(NamedTuple):
    """From an instant to another, opening positions was forbidden."""

    since: int
    until: int
    why: str
    symbol: str = ""
    """By our name; "" for all symbols."""
    grace_ns: int = 0
    """How long the trader may take to read the restriction."""
    forbids_selling: bool = False
    """Whether positions stay, with their stops, whatever they lose."""
    calls_person: bool = False
    """Whether only a person may lift it."""
    is_own: bool = False
    """Whether it stands in the trader's own journal, where a second trader does not read it."""

    def covers(self, symbol: str) -> bool:
        return self.symbol in ("", symbol)


class IssuedLease(NamedTuple):
    """A lease as its issuer wrote it, and when (ns, true time)."""

    at: int
    lease: IssueLease


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What the play did to the trader, and what was configured."""

    pairs: Mapping[str, Instrument]
    """By the exchange's name of the symbol."""
    rules: RiskRules
    restrictions: Sequence[EntryBan]
    issued: Sequence[IssuedLease] | None
    """None: the trader needs no lease."""
    troubles: Sequence[Outage]
    blindness: Sequence[Outage]
    """When the market data that the trader was sent were not those of the market."""
    left_at: Mapping[str, int]
    """By client id: when the trader handed the order to its venue client, after which it could not hold it back."""
    journaled: Set[str]
    """Orders that the journal at the end knows; those of a lost one it does not."""
    journal_began_at: int
    """When the journal that the trader has at the end was begun."""
    began_at: int
    ended_at: int
    guard_lifts: Sequence[int] = field(default_factory=tuple)
    """When a person lifted a guard's cap: losses are counted from there."""
    traders: int = 1
    """On the same key, the second ones of the play included."""

    def troubles_of(self, symbol: str) -> list[Outage]:
        """Those of all symbols and of one; its name is ours or the exchange's."""
        names = ("", symbol, symbol.replace("/", ""))
        return [trouble for trouble in self.troubles if trouble.symbol in names]

    @property
    def is_hindered_at_end(self) -> bool:
        """Whether at the end of the play something kept the trader from acting."""
        return any(trouble.until >= self.ended_at for trouble in self.troubles)
