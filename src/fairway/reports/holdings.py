"""What an account holds and what its bot has earned, from the journal alone: today, and since the account was opened.

Prices are those of the newest mark in the journal, which a trader writes once a candle; `marked_at` says how old they are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from fairway.journal import kinds
from fairway.journal.kinds import Event
from fairway.ledger.positions import Position
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders.ids import Role
from fairway.orders.order import Order
from fairway.reports.event_context import EventText
from fairway.reports.event_log import EventLog
from fairway.reports.flows import add
from fairway.reports.ratio import ratio
from fairway.reports.run_metrics import figures
from fairway.reports.story import OpenPosition, Story
from fairway.reports.tie_out import tie_out
from fairway.world.clock import DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A position. result: what was taken of it and what closing the rest at the mark would bring; None without a price.

    stop and target: of the orders that rest at the venue; where none rests, None. covered: how much of it stops sell.
    """

    symbol: str
    quantity: Amount
    entry: Decimal
    opened_at: int
    mark: Decimal | None
    result: Amount | None
    stop: Price | None
    target: Price | None
    covered: Amount
    is_covered: bool
    """Whether less than a lot is left, which no order can be of."""
    risk: Amount | None = None
    """What was to be lost at the stop of its plan, before fees; None without such a stop below the entry."""
    fees: Mapping[str, Decimal] = field(default_factory=dict)
    """By asset, of its fills so far; those in base and quote are in the result already."""

    @property
    def r(self) -> Decimal | None:
        """The result in units of its risk: −1 is a full loss at the stop."""
        return None if self.risk is None or self.result is None else ratio(self.result.value, self.risk.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """result: what the bot made or lost by its own trades, open positions at the mark included; None without prices."""

    since: int
    result: Amount | None
    trades: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """An account as its journal has it. Instants in ns; marked_at is 0 where the account was never valued.

    worth, and the results, are of the balances of now at the prices of marked_at.
    """

    account: str
    quote: str
    worth: Amount | None
    marked_at: int
    held: tuple[Held, ...]
    today: Earned
    in_all: Earned


def _pairs_of(start: kinds.TraderStarted) -> dict[str, Instrument]:
    """Of the symbols of one start, as much as booking needs: assets and lots."""
    return {symbol: _pair(symbol, start.lots.get(symbol, ZERO)) for symbol in start.symbols}


def _pair(symbol: str, lot: Decimal) -> Instrument:
    base, _, quote = symbol.partition("/")
    return Instrument(symbol=symbol, venue_symbol="", base=base, quote=quote, tick=lot, lot=lot)


class HoldingsLog:
    """Folds the events of one account, as they come, into what it holds and has earned. Only `take` changes it."""

    def __init__(self) -> None:
        self._pairs: dict[str, Instrument] = {}
        self._log = EventLog(self._pairs)
        self._yesterday: Story | None = None
        self._day = 0
        """The UTC day of the newest event (ns)."""

    def take(self, event: Event, at: int) -> EventText:
        """Adds an event at an instant (ns), and returns its text."""
        if at - at % DAY > self._day:
            self._yesterday, self._day = self._log.story(), at - at % DAY
        if isinstance(event, kinds.TraderStarted):
            self._pairs.update(_pairs_of(event))
        return self._log.take(event, at)

    def opened(self) -> dict[str, int]:
        """By symbol, when each position that is open was opened (ns)."""
        return self._log.opened()

    def story(self) -> Story:
        """All that was taken so far."""
        return self._log.story()

    def holdings(self, account: str, now: int) -> Holdings:
        """Of all that was taken, at an instant (ns). Days are of UTC."""
        story, today = self.story(), now - now % DAY
        yesterday = self._yesterday if self._yesterday is not None and self._day == today else story
        return _summed(account, story, yesterday, today)


def holdings(account: str, events: Iterable[tuple[Event, int]], now: int) -> Holdings:
    """events: those of this account, (event, instant in ns), oldest first. Days are of UTC."""
    log = HoldingsLog()
    for event, at in events:
        log.take(event, at)
    return log.holdings(account, now)


def _summed(account: str, story: Story, yesterday: Story, today: int) -> Holdings:
    (in_all, worth), (until_today, _) = _earned(story), _earned(yesterday)
    return Holdings(
        account=account,
        quote=story.quote,
        worth=_amount(worth, story.quote),
        marked_at=story.worths[-1].at if story.worths else 0,
        held=tuple(_held(story, each) for each in story.positions),
        today=Earned(
            since=today,
            result=_less(in_all, until_today, story.quote),
            trades=len(story.trips) - len(yesterday.trips),
        ),
        in_all=Earned(
            since=story.worths[0].at if story.worths else story.began_at,
            result=_amount(in_all, story.quote),
            trades=len(story.trips),
        ),
    )


def _earned(story: Story) -> tuple[Decimal | None, Decimal | None]:
    """By the bot's own trades, and the worth, both at the story's last prices; nothing before the account was first valued.

    Where the change has no price, so that no result is known, the worth is the one that the trader marked last.
    """
    if not story.worths:
        return ZERO, None
    tie = tie_out(story, story.balances, story.marks, story.quote)
    worth = tie.worth.closing if tie.worth is not None else story.worths[-1].worth
    return figures(story, tie, story.marks, story.quote, story.ended_at).change, worth


def _less(whole: Decimal | None, part: Decimal | None, quote: str) -> Amount | None:
    return None if whole is None or part is None else _amount(whole - part, quote)


def _amount(value: Decimal | None, quote: str) -> Amount | None:
    return None if value is None else Amount(value, quote)


def _held(story: Story, held: OpenPosition) -> Held:
    position, mark = held.position, story.marks.get(held.position.symbol)
    stops = _resting(story, position.symbol, Role.STOP)
    targets = _resting(story, position.symbol, Role.TARGET)
    result = None
    if mark is not None:
        result = position.result + Amount(mark * position.quantity.value, position.cost.asset) - position.cost
    covered = sum((order.remaining.value for order in stops), ZERO)
    return Held(
        symbol=position.symbol,
        quantity=position.quantity,
        entry=position.average_entry,
        opened_at=position.opened_at,
        mark=mark,
        result=result,
        stop=next((order.stop_price for order in stops), None),
        target=next((order.price for order in targets), None),
        covered=Amount(covered, position.quantity.asset),
        is_covered=covered > 0 and position.quantity.value - covered < story.instruments[position.symbol].lot,
        risk=_risk(held),
        fees=_fees(story, position),
    )


def _risk(held: OpenPosition) -> Amount | None:
    position, stop = held.position, held.stop
    if stop is None or stop.value >= position.average_entry:
        return None
    return Amount((position.average_entry - stop.value) * position.bought.value, position.cost.asset)


def _fees(story: Story, position: Position) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for booked in story.fills:
        if booked.symbol == position.symbol and booked.fill.at >= position.opened_at:
            add(found, booked.fill.fee)
    return found


def _resting(story: Story, symbol: str, role: Role) -> list[Order]:
    return [order for order in story.orders_live if (order.symbol, order.role) == (symbol, role) and order.is_resting]
