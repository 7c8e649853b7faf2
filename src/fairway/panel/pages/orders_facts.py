"""What the page of orders and positions says: what is held, what is at work, what has ended, and the candles of one pair."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from fairway.market.candles import INTERVALS
from fairway.operations.actor import Actor
from fairway.operations.trader.candles import CandlesRequest
from fairway.operations.trader.orders import LIST_ORDERS, OrdersRequest
from fairway.operations.trader.round_trips import ROUND_TRIPS, NumberedTrip, OpenTrip, RoundTripsRequest
from fairway.operations.trader.status import STATUS, StatusOutcome, StatusRequest
from fairway.orders.ids import Role
from fairway.orders.order import Side
from fairway.panel.facts.candle_pictures import (
    CANDLES_SHOWN,
    ROLE_KINDS,
    ROLE_WORDS,
    CandlePicture,
    PriceKind,
    PriceLine,
    Traded,
    candle_picture,
)
from fairway.panel.facts.orders import OrderFacts, TradeFacts, order_facts, trade_facts
from fairway.panel.facts.positions import PositionFacts, position_facts
from fairway.panel.feed import Question
from fairway.panel.page import Given
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.reports.story import Leaving, ReportedTrip
from fairway.texts.display import count_text
from fairway.world.clock import SECOND

WORKING_MAX: Final = 1_000
RECENT_MAX: Final = 500
TRIPS_NS: Final = SECOND
"""Trips are made of the whole journal, so they are asked for less often."""
_LEFT_AT: Final = {Leaving.STOP: PriceKind.STOP, Leaving.TARGET: PriceKind.TARGET}


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersFacts:
    """recent: the newest orders, whatever became of them."""

    sentence: str
    mark: Mark
    positions: tuple[PositionFacts, ...]
    working: tuple[OrderFacts, ...]
    recent: tuple[OrderFacts, ...]
    trades: tuple[TradeFacts, ...]


def orders_facts(sources: Sources, actor: Actor) -> OrdersFacts:
    """Raises what the operations raise."""
    config = sources.context.config
    status = sources.outcome(actor, STATUS, StatusRequest(config=config))
    working = sources.outcome(actor, LIST_ORDERS, OrdersRequest(config=config, is_open=True, limit=WORKING_MAX))
    recent = sources.outcome(actor, LIST_ORDERS, OrdersRequest(config=config, limit=RECENT_MAX))
    trips = sources.outcome(actor, ROUND_TRIPS, RoundTripsRequest(config=config), TRIPS_NS)
    positions, at_work = position_facts(status), order_facts(working.orders)
    return OrdersFacts(
        sentence=_sentence(status, positions, at_work),
        mark=_mark(status, positions),
        positions=positions,
        working=at_work,
        recent=order_facts(recent.orders),
        trades=trade_facts(trips.trips),
    )


def _sentence(status: StatusOutcome, positions: Sequence[PositionFacts], working: Sequence[OrderFacts]) -> str:
    held = count_text(len(positions), "position")
    at_work = count_text(len(working), "order")
    naked = [f"{each.symbol} of {each.account}" for each in positions if each.mark is Mark.BAD]
    if naked:
        return f"{held[:1].upper()}{held[1:]}; {', '.join(naked)} has NO stop that covers it. {at_work} at work."
    protected = f"{held}, each with a stop that rests at the exchange" if positions else "nothing is held"
    entries = sum(1 for each in working if each.is_entry)
    coming = f", {count_text(entries, 'entry', 'entries')} among them" if entries else ""
    since = "" if status.trader.is_running else " No trader runs: this is what it wrote last."
    return f"{protected[:1].upper()}{protected[1:]}. {at_work[:1].upper()}{at_work[1:]} at work{coming}.{since}"


def _mark(status: StatusOutcome, positions: Sequence[PositionFacts]) -> Mark:
    if any(each.mark is Mark.BAD for each in positions):
        return Mark.BAD
    return Mark.GOOD if status.trader.is_running is not False else Mark.UNKNOWN


ORDERS: Final = Question("orders", orders_facts)


@dataclass(frozen=True, slots=True)
class PairChoice:
    """Which candles are drawn. pairs, intervals: what may be chosen."""

    symbol: str
    interval: str
    pairs: tuple[str, ...]
    intervals: tuple[str, ...]


def pair_choice(given: Given, pairs: Sequence[str], own_interval: str) -> PairChoice:
    """By what the address names; what does not exist is as if nothing was named. Intervals from the strategy's own on."""
    intervals = tuple(each for each, length in INTERVALS.items() if length >= INTERVALS[own_interval])
    symbol, interval = given.get("pair", ""), given.get("interval", "")
    return PairChoice(
        symbol if symbol in pairs else pairs[0],
        interval if interval in intervals else own_interval,
        tuple(pairs),
        intervals,
    )


def pair_picture(choice: PairChoice, sources: Sources, actor: Actor) -> CandlePicture:
    """The candles of a pair with what was bought and sold, and with the stops and targets that rest. Raises as operations do."""
    config = sources.context.config
    trips = sources.outcome(actor, ROUND_TRIPS, RoundTripsRequest(config=config), TRIPS_NS).trips
    its = [each for each in trips if each.symbol == choice.symbol]
    request = CandlesRequest(config=config, symbol=choice.symbol, interval=choice.interval, limit=CANDLES_SHOWN)
    many = len({each.account for each in trips}) > 1
    length_ns = INTERVALS[choice.interval]
    return candle_picture(sources, actor, request, length_ns, list(_fills(its, many)), list(open_lines(its, many)))


def _fills(trips: Sequence[NumberedTrip], many: bool) -> Iterator[Traded]:
    """many: whether there is more than one account, so that each is named."""
    for trip in trips:
        for booked in trip.fills:
            role, fill = booked.role, booked.fill
            is_buy = booked.side is Side.BUY
            whose = f" {trip.account}" if many else ""
            kind = ROLE_KINDS[role] if not isinstance(trip.trip, ReportedTrip) or is_buy else _left(trip.trip, role)
            key = f"{booked.symbol} {fill.trade_id} {trip.account}"
            yield Traded(key=key, at=fill.at, kind=kind, is_buy=is_buy, words=f"{ROLE_WORDS[role]}{whose}")


def _left(trip: ReportedTrip, role: Role) -> PriceKind:
    return _LEFT_AT.get(trip.leaving, ROLE_KINDS[role])


def open_lines(trips: Sequence[NumberedTrip], many: bool) -> Iterator[PriceLine]:
    """Entry, stop and target of each position that is open."""
    for trip in trips:
        if not isinstance(trip.trip, OpenTrip):
            continue
        held, whose = trip.trip.held, f" {trip.account}" if many else ""
        prices = (
            (PriceKind.ENTRY, held.entry),
            (PriceKind.STOP, held.stop.value if held.stop is not None else None),
            (PriceKind.TARGET, held.target.value if held.target is not None else None),
        )
        for kind, price in prices:
            if price is not None:
                yield PriceLine(f"{trip.account} {kind.value}", kind, float(price), f"{kind.value}{whose}")


def pair_question(choice: PairChoice) -> Question[CandlePicture]:
    """The question for the candles of this choice."""
    return Question("candles", partial(pair_picture, choice), (choice.symbol, choice.interval))
