"""Replays a journal into a story, event by event, for live screens and for reports alike.

Money is booked by the ledger that trading uses; nothing is computed a second way here except the cash flows, which exist to
be compared with it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Final

from fairway.journal import kinds
from fairway.journal.kinds import Event
from fairway.ledger.balances import Balances
from fairway.ledger.result import Ledger, RoundTrip
from fairway.market.instrument import Instrument
from fairway.money.amount import CONTEXT, Amount, Price
from fairway.orders.blotter import Blotter
from fairway.orders.ids import Role
from fairway.orders.intent import ExitCause
from fairway.orders.lifecycle import OrderEvent, OrderFilled, OrderLost
from fairway.orders.order import ENDED, Order, OrderState
from fairway.reports.event_context import EventContext, EventText, Weight
from fairway.reports.flows import Flows, add
from fairway.reports.refusals import category_of
from fairway.reports.report_text import text_of_event
from fairway.reports.story import (
    Adjustment,
    BookedFill,
    Leaving,
    OpenPosition,
    ReportedTrip,
    ReportedTrouble,
    Story,
    StreamOutage,
    WorthPoint,
)
from fairway.risk.caps import Cap
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import message
from fairway.texts.messages.result_messages import ResultMessage

TROUBLES_KEPT = 500
"""Troubles shown one by one; later ones are only counted, and all are in the journal."""
_LEFT_BY: Final = {
    ExitCause.STRATEGY: Leaving.STRATEGY,
    ExitCause.TIME: Leaving.TIME,
    ExitCause.TARGET: Leaving.TARGET,
    ExitCause.UNPROTECTED: Leaving.PROTECTION,
    ExitCause.GUARD: Leaving.GUARD,
}


def story_of(events: Iterable[tuple[Event, int]], instruments: Mapping[str, Instrument]) -> Story:
    """The story of a journal: (event, instant in ns), oldest first. The same journal always gives the same story."""
    event_log = EventLog(instruments)
    for event, at in events:
        event_log.take(event, at)
    return event_log.story()


@dataclass(frozen=True, slots=True)
class _Plan:
    stop: Price
    target: Price
    why: str


@dataclass(frozen=True, slots=True)
class _Exit:
    why: str = ""
    cause: ExitCause = ExitCause.STRATEGY


class EventLog:
    """Folds the events of a run that ends into its story. Only `take` changes it."""

    def __init__(self, instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments
        self._ledger = Ledger(instruments)
        self._blotter = Blotter()
        self._legs: dict[str, list[str]] = {}
        """The orders of each pair."""
        self._flows = Flows()
        self._opening: dict[str, Decimal] | None = None
        self._plans: dict[str, _Plan] = {}
        self._exits: dict[str, _Exit] = {}
        self._failed_stops: dict[str, None] = {}
        self._naked: dict[str, int] = {}
        """By symbol: how long its position was without its stops (ns)."""
        self._trip_fees: dict[str, dict[str, Decimal]] = {}
        self._events = 0
        self._began_at = self._ended_at = 0
        self._quote = ""
        self._opening_marks: dict[str, Decimal] | None = None
        self._marks: dict[str, Decimal] = {}
        self._starts: list[kinds.TraderStarted] = []
        self._worths: list[WorthPoint] = []
        self._trips: list[ReportedTrip] = []
        self._fills: list[BookedFill] = []
        self._adjustments: list[Adjustment] = []
        self._refusals: dict[str, int] = {}
        self._orders_ended: dict[OrderState, int] = {}
        self._orders_lost = 0
        self._outages: list[StreamOutage] = []
        self._down: dict[str, int] = {}
        """Index of the outage that a channel is in."""
        self._caps: list[Cap] = []
        self._troubles: list[ReportedTrouble] = []
        self._troubles_count = 0
        self._last_refusals: dict[str, str] = {}
        """By symbol: the last refusal that was shown, while nothing else was shown since."""

    def lines(self, events: Sequence[Event], at: int) -> list[str]:
        """Takes events and returns what a person is shown of them, a line each; troubles begin with `! `."""
        lines = []
        for event in events:
            words = self.take(event, at)
            if words.weight is Weight.ROUTINE or self._is_repeated(event, words):
                continue
            lines.append(f"! {words.what}. {words.did}" if words.weight is Weight.TROUBLE else words.what)
        return lines

    def _is_repeated(self, event: Event, words: EventText) -> bool:
        """Whether it is the same refusal as the last one: a strategy without a lease is refused with each candle, for days."""
        if not isinstance(event, kinds.EntryRefused):
            self._last_refusals.clear()
            return False
        was, self._last_refusals[event.symbol] = self._last_refusals.get(event.symbol), words.what
        return was == words.what

    def take(self, event: Event, at: int) -> EventText:
        """Adds an event at an instant (ns), and returns its text. Raises what the blotter raises for a broken journal."""
        with localcontext(CONTEXT):
            context = self._take_order(event, at) if isinstance(event, OrderEvent) else self._take_account_event(event, at)
        self._began_at = self._began_at or at
        self._ended_at = at
        self._events += 1
        words = text_of_event(event, context)
        if words.weight is Weight.TROUBLE:
            self._troubles_count += 1
            if len(self._troubles) < TROUBLES_KEPT:
                self._troubles.append(ReportedTrouble(at, words))
        return words

    def _take_order(self, event: OrderEvent, at: int) -> EventContext:
        before = self._blotter.get(event.order_id)
        order = self._blotter.apply(event, at)
        self._count_ends(before, order)
        if before is None and order.pair:
            self._legs.setdefault(order.pair, []).append(order.id)
        stop, target = self._levels(order)
        trip = None
        if isinstance(event, OrderLost):
            self._orders_lost += 1
        if isinstance(event, OrderFilled) and before is not None and event.fill.trade_id not in before.trade_ids:
            trip = self._book(order, event)
        return EventContext(
            before=before,
            order=order,
            instrument=self._instruments.get(order.symbol),
            trip=trip,
            stop=stop,
            target=target,
            is_echo=before is not None and self._is_echo(before, order),
        )

    def _levels(self, order: Order) -> tuple[Price | None, Price | None]:
        """Stop and target of the order's own pair; of any other order, those that were planned."""
        pair = {leg.role: leg for leg in map(self._blotter.get, self._legs.get(order.pair, ())) if leg is not None}
        if Role.STOP in pair and Role.TARGET in pair:
            return pair[Role.STOP].stop_price, pair[Role.TARGET].price
        plan = self._plans.get(order.symbol)
        return (plan.stop, plan.target) if plan else (None, None)

    def _is_echo(self, before: Order, order: Order) -> bool:
        """Whether the other order of its pair came to the same state for the same reason since this one last moved."""
        others = (self._blotter.get(leg) for leg in self._legs.get(order.pair, ()) if leg != order.id)
        return any(
            (other.state, other.reason) == (order.state, order.reason) and other.updated_at >= before.updated_at
            for other in others
            if other is not None
        )

    def _count_ends(self, before: Order | None, order: Order) -> None:
        """A late fill moves an order from one end to another, or back to life."""
        if before is not None and before.state in ENDED:
            self._orders_ended[before.state] -= 1
        if order.state in ENDED:
            self._orders_ended[order.state] = self._orders_ended.get(order.state, 0) + 1

    def _book(self, order: Order, event: OrderFilled) -> RoundTrip | None:
        fill = event.fill
        self._flows.book(order.side, fill)
        add(self._trip_fees.setdefault(order.symbol, {}), fill.fee)
        self._fills.append(BookedFill(order_id=order.id, symbol=order.symbol, side=order.side, role=order.role, fill=fill))
        trip = self._ledger.book(order.symbol, order.side, fill)
        if trip is not None:
            self._leave(trip, order.role)
        return trip

    def _write_off(self, event: kinds.DustLeft, at: int) -> None:
        """Whatever sold last has left it; where nothing has, too little was bought to be protected."""
        last = next((booked for booked in reversed(self._fills) if booked.symbol == event.symbol), None)
        self._leave(self._ledger.write_off(event.symbol, at), last.role if last is not None else Role.EXIT)

    def _leave(self, trip: RoundTrip, role: Role) -> None:
        """role: of the order that sold the last of it, or bought it where there was too little to sell."""
        wanted = self._exits.get(trip.symbol, _Exit())
        leaving = Leaving.STOP if trip.symbol in self._failed_stops else _leaving(role, wanted.cause)
        self._close(trip, leaving, _left_why(role, leaving, wanted.why))

    def _close(self, trip: RoundTrip, leaving: Leaving, why: str) -> None:
        plan = self._plans.pop(trip.symbol, None)
        for by_symbol in (self._exits, self._failed_stops):
            by_symbol.pop(trip.symbol, None)
        self._trips.append(
            ReportedTrip(
                trip=trip,
                entered_why=plan.why if plan else "",
                leaving=leaving,
                left_why=why,
                stop=plan.stop if plan else None,
                target=plan.target if plan else None,
                fees=self._trip_fees.pop(trip.symbol, {}),
                naked_ns=self._naked.pop(trip.symbol, 0),
            )
        )

    def _take_account_event(self, event: Event, at: int) -> EventContext:
        was_down = False
        match event:
            case kinds.TraderStarted():
                self._starts.append(event)
            case kinds.BalancesOpened() | kinds.ExternalFill() | kinds.Unexplained():
                self._take_money(event, at)
            case kinds.EntryPlanned():
                self._plans[event.symbol] = _Plan(event.stop, event.target, event.why)
                self._exits.pop(event.symbol, None)  # of an earlier entry, which bought nothing in the end
            case kinds.EntryRefused():
                category = category_of(event.code)
                self._refusals[category] = self._refusals.get(category, 0) + 1
            case kinds.ExitWanted():
                self._exits[event.symbol] = _Exit(event.why, event.cause)
            case kinds.StopFailed():
                self._exits[event.symbol] = _Exit(event.why)
                self._failed_stops[event.symbol] = None
            case kinds.Protected():
                self._naked[event.symbol] = event.total_ns
            case kinds.DustLeft():
                self._write_off(event, at)
            case kinds.CapRaised():
                self._caps.append(event.cap)
            case kinds.Marked():
                self._mark(event, at)
            case _:
                was_down = self._take_stream(event, at)
        return EventContext(was_down=was_down)

    def _take_money(self, event: kinds.BalancesOpened | kinds.ExternalFill | kinds.Unexplained, at: int) -> None:
        """What moves the ledger and is no fill of the bot's."""
        match event:
            case kinds.BalancesOpened():
                self._opening = dict(event.balances)
                self._ledger.open(event.balances)
            case kinds.ExternalFill():
                self._take_external(event, at)
            case kinds.Unexplained():
                self._take_unexplained(event, at)

    def _take_external(self, event: kinds.ExternalFill, at: int) -> None:
        """What was the bot's went by a trade like any other; what was not is an adjustment, of each asset that it moved."""
        booked = self._ledger.book_external(event.symbol, event.side, event.fill, event.kept)
        if booked.ours is not None:
            self._flows.book(event.side, booked.ours)
            add(self._trip_fees.setdefault(event.symbol, {}), booked.ours.fee)
            self._fills.append(BookedFill(order_id="", symbol=event.symbol, side=event.side, role=Role.EXIT, fill=booked.ours))
        if booked.rest is not None:
            theirs = Balances()
            theirs.book(event.side, booked.rest)
            for asset, value in theirs.totals.items():
                self._flows.adjust(Amount(value, asset))
                self._adjustments.append(
                    Adjustment(at, Amount(value, asset), line(message(ResultMessage.TRADED_BY_OTHERS, symbol=event.symbol)))
                )
        self._end_by_hand(booked.trip)

    def _take_unexplained(self, event: kinds.Unexplained, at: int) -> None:
        """What a position lost by it is in its result already."""
        booked = self._ledger.adjust(event.amount, event.asked_at)
        self._flows.adjust(event.amount)
        rest = event.amount if booked.lost is None else event.amount + booked.lost
        self._adjustments.append(Adjustment(at, rest, line(message(ResultMessage.MOVED_OUTSIDE))))
        self._end_by_hand(booked.trip)

    def _end_by_hand(self, trip: RoundTrip | None) -> None:
        if trip is not None:
            self._close(trip, Leaving.HAND, line(message(ResultMessage.ENDED_BY_OTHERS)))

    def _mark(self, event: kinds.Marked, at: int) -> None:
        self._quote = event.worth.asset
        self._marks = dict(event.marks)
        if self._opening_marks is None:
            self._opening_marks = dict(event.marks)
        self._worths.append(WorthPoint(at, event.worth.value))

    def _take_stream(self, event: Event, at: int) -> bool:
        """Keeps count of outages; whether the channel of this event was in one."""
        match event:
            case kinds.StreamLost() if event.is_planned:
                return False
            case kinds.StreamLost():
                if event.channel not in self._down:
                    self._down[event.channel] = len(self._outages)
                    self._outages.append(StreamOutage(channel=event.channel, why=event.why, lost_at=at))
                return True
            case kinds.StreamRestored():
                return event.channel in self._down
            case kinds.CaughtUp():
                ended = [self._down.pop(channel) for channel in event.channels if channel in self._down]
                for index in ended:
                    self._outages[index] = replace(self._outages[index], caught_up_at=at)
                return bool(ended)
            case _:
                return False

    def opened(self) -> dict[str, int]:
        """By symbol, when each position that is open was opened (ns)."""
        return {symbol: position.opened_at for symbol, position in self._ledger.positions.items()}

    def story(self) -> Story:
        """All that was taken so far."""
        return Story(
            quote=self._quote,
            instruments=self._instruments,
            began_at=self._began_at,
            ended_at=self._ended_at,
            events=self._events,
            starts=tuple(self._starts),
            is_opened=self._opening is not None,
            opening=dict(self._opening or {}),
            opening_marks=dict(self._opening_marks or {}),
            marks=dict(self._marks),
            worths=tuple(self._worths),
            trips=tuple(self._trips),
            fills=tuple(self._fills),
            positions=tuple(self._open_positions()),
            dust=dict(self._ledger.dust),
            results=dict(self._ledger.results),
            fees=dict(self._ledger.fees),
            balances=dict(self._ledger.balances.totals),
            flows=self._flows.by_asset(self._opening or {}, self._ledger.balances.totals),
            adjustments=tuple(self._adjustments),
            refusals=dict(self._refusals),
            orders_ended={state: count for state, count in self._orders_ended.items() if count},
            orders_live=tuple(self._blotter.live.values()),
            orders_lost=self._orders_lost,
            outages=tuple(self._outages),
            caps=tuple(self._caps),
            troubles=tuple(self._troubles),
            troubles_count=self._troubles_count,
        )

    def _open_positions(self) -> Iterable[OpenPosition]:
        for symbol, position in self._ledger.positions.items():
            plan = self._plans.get(symbol)
            yield OpenPosition(
                position=position,
                entered_why=plan.why if plan else "",
                stop=plan.stop if plan else None,
                target=plan.target if plan else None,
            )


def _leaving(role: Role, cause: ExitCause) -> Leaving:
    """What ended a round trip, by the order that sold the last of it."""
    if role is Role.STOP:
        return Leaving.STOP
    if role is Role.TARGET:
        return Leaving.TARGET
    if role is Role.ENTRY:
        return Leaving.PROTECTION
    return _LEFT_BY[cause]


def _left_why(role: Role, leaving: Leaving, exit_why: str) -> str:
    if role is Role.ENTRY:
        return line(message(ResultMessage.TOO_LITTLE_BOUGHT))
    if role is Role.EXIT:
        return exit_why
    return line(message(ResultMessage.TARGET_HIT if leaving is Leaving.TARGET else ResultMessage.STOP_HIT))
