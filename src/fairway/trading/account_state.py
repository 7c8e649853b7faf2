"""All that the trader knows of one account. Journaled events change it by `apply`; what is only seen, by `see_*`."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from msgspec.structs import replace

from fairway.journal.kinds import (
    BalancesOpened,
    CapLifted,
    CapRaised,
    CaughtUp,
    DeskEvent,
    DustLeft,
    EntryPlanned,
    EpochRaised,
    Event,
    ExitWanted,
    ExternalFill,
    InstructionTaken,
    LadderDropped,
    LeaseAccepted,
    Marked,
    Protected,
    StandingTold,
    StopFailed,
    StopMoved,
    StreamLost,
    StreamRestored,
    TraderStarted,
    TraderStopped,
    TransferAnnounced,
    Unexplained,
)
from fairway.ledger.reconcile import Standing
from fairway.ledger.result import Ledger, RoundTrip
from fairway.market.candles import Candle
from fairway.money.amount import Amount
from fairway.orders.blotter import Blotter
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderAccepted, OrderEvent, OrderFilled, OrderSent
from fairway.orders.order import Order, OrderState, Side
from fairway.orders.plan import Plan
from fairway.risk.cap_kinds import HELD
from fairway.risk.caps import Cap, binding, in_force, of_settings
from fairway.risk.feedback import of_closed_trade
from fairway.risk.guards.port import Moved
from fairway.risk.guards.roster import Roster
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.trading import observing
from fairway.trading.account_config import AccountConfig
from fairway.trading.market_cache import MarketCache
from fairway.trading.totals import Totals
from fairway.trading.transient_state import TransientState
from fairway.venues.port import Channel

CLOSE_SETTLES_NS = 1_000_000_000
"""After a close the venue ends the other order of the pair by itself and says so a moment later; until then it is no orphan."""
SALE_PAUSE_NS = 1_000_000_000
"""Pause after a sale that the book could not take whole. From the fourth that sold nothing on it doubles, …"""
SALE_PAUSE_LONG_NS = 4_000_000_000
"""… up to this while a bid is shown that is newer than the sale, …"""
SALE_PAUSE_LONGEST_NS = 32_000_000_000
"""… and up to this while none is: a person has been called by then."""
STARTS_KEPT = 10
NUMBERED_STARTS_KEPT = 100
"""Starts of a run of which the last order's number is kept; what bears the number of an older one counts as known."""
TRIPS_KEPT = 100
"""Round trips kept for screens; all of them are in the journal."""


@dataclass(frozen=True, slots=True)
class Lease:
    """Leave to open positions, between two instants (ns)."""

    epoch: int
    accepted_at: int
    until: int
    stage: str = ""

    def is_fresh(self, now: int) -> bool:
        """Not where it has run out, nor where the clock stands before its beginning: then nobody knows."""
        return self.accepted_at <= now < self.until


class AccountState:
    """One account's state. Only its trader moves it."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "run": str,
        "numbered": dict[str, dict[int, int]],
        "epoch": int,
        "sequence": int,
        "blotter": Blotter,
        "ledger": Ledger,
        "opening": dict[str, Decimal] | None,
        "opened_at": int,
        "tied_at": int,
        "standing": Standing | None,
        "plans": dict[str, Plan],
        "exits": dict[str, str],
        "collared": dict[str, None],
        "taken": dict[str, None],
        "naked_since": dict[str, int],
        "naked_ns": dict[str, int],
        "caps": dict[str, Cap],
        "lifted": dict[str, int],
        "guards": Roster,
        "lease": Lease | None,
        "unended_starts": list[int],
        "told": int,
        "trips": list[RoundTrip],
        "seen": TransientState,
    }
    """What the journal moves, by attribute, with the type to keep it in: see `memory`."""

    def __init__(self, terms: AccountConfig, board: MarketCache | None = None) -> None:
        """board: the one that it shares with other desks."""
        self.terms = terms
        self.board = board if board is not None else MarketCache(terms.strategy.warm_up)
        self.totals = Totals()
        """Of all accounts of its trader, who shares them out."""
        self.run = ""
        """The random part of the ids of its orders; "" before the first start, and in journals of before runs were drawn."""
        self.numbered: dict[str, dict[int, int]] = {}
        """By run, all that the journal has had: the last number of an order, by start; of the newest starts."""
        self.epoch = 0
        self.sequence = 0
        self.blotter = Blotter()
        self.ledger = Ledger(terms.instruments)
        self.opening: Mapping[str, Decimal] | None = None
        self.opened_at = 0
        """When the books were opened (ns)."""
        self.tied_at = 0
        """When our balances were last the venue's (ns): every fill from before it is booked."""
        self.standing: Standing | None = None
        """How account and key stood when that was last journaled."""
        self.plans: dict[str, Plan] = {}
        self.exits: dict[str, str] = {}
        self.collared: dict[str, None] = {}
        """Symbols whose stop has failed: their sales take no price below a collar."""
        self.taken: dict[str, None] = {}
        """Symbols whose position ended without a sale: balances alone say that its coins went. Until a person lifts the hold of
        the symbol its orders stay."""
        self.naked_since: dict[str, int] = {}
        """By symbol: since when stops do not cover the position, or may not (ns)."""
        self.naked_ns: dict[str, int] = {}
        """By symbol: how long the open position was without them before, all in all."""
        self.caps: dict[str, Cap] = {}
        if terms.rules.limits != NO_LIMITS:
            configured = of_settings(terms.rules.limits)
            self.caps[configured.id] = configured
        self.lifted: dict[str, int] = {}
        """By id of a cap: when it was last lifted (ns)."""
        self.guards = Roster(terms.rules.guards, terms.quote)
        self._limits: dict[str, Limits] = {}
        self.lease: Lease | None = None
        self.unended_starts: deque[int] = deque(maxlen=STARTS_KEPT)
        """When it was started (ns), since it was last stopped in order: all but the last ended in a crash."""
        self.told = 0
        """Number of the last instruction that was read."""
        self.trips: deque[RoundTrip] = deque(maxlen=TRIPS_KEPT)
        self.seen = TransientState(
            quotes=self.board.quotes,
            candles=self.board.candles,
            down=dict.fromkeys(Channel, "not caught up yet"),
            restless=dict.fromkeys(terms.symbols),
        )

    def limits(self, symbol: str) -> Limits:
        """What is in force for a symbol: the tightest of all caps."""
        known = self._limits.get(symbol)
        if known is None:
            known = self._limits[symbol] = in_force(self.caps.values(), symbol)
        return known

    def why_limited(self, symbol: str) -> str:
        """Why no position may be opened in it, in the words of the caps that say so; "" where it may."""
        if self.limits(symbol).state is TradingState.ACTIVE:
            return ""
        return "; ".join(cap.reason for cap in binding(self.caps.values(), "state", symbol))

    def lacks_lease(self, now: int) -> bool:
        return self.terms.needs_lease and not (self.lease is not None and self.lease.is_fresh(now))

    def wants_ticks(self) -> bool:
        """Whether time alone may bring something to do, or something is held that guards look at once a second."""
        return bool(self.restless() or (self.ledger.positions and self.guards.is_watching))

    def next_id(self, role: Role) -> str:
        """The id of the next order; it is used up once that order is journaled as sent."""
        return str(ClientId(self.terms.account, self.epoch, self.sequence + 1, role, self.run))

    def apply(self, event: Event, at: int) -> None:
        """Moves the desk by one journaled event, live and in replay alike."""
        if isinstance(event, DeskEvent):
            self._apply_desk(event, at)
        elif type(event) is OrderFilled:
            self._fill(event, at)
        else:
            self._move_order(event, at)

    def _move_order(self, event: OrderEvent, at: int) -> None:
        before = self.blotter.get(event.order_id)
        order = self.blotter.apply(event, at)
        began_at = self.unended_starts[-1] if self.unended_starts else 0
        observing.tell_of_order(self.guards, event, before, order, at, life_began_at=began_at)
        if order.role is Role.STOP and before is not None and before.is_resting and not order.is_resting:
            self._note_naked(order.symbol, at)
        if type(event) is OrderSent:
            if event.order is not None and order.role is not Role.TARGET:
                self.sequence += 1  # a target shares its stop's
                self.numbered.setdefault(self.run, {})[self.epoch] = self.sequence
        elif type(event) is OrderAccepted:
            self.seen.denied.pop(order.id, None)
            self.seen.doubted.pop(order.id, None)
            self._forget_setbacks(order)
        elif not order.is_live:
            self.seen.denied.pop(order.id, None)
            self._note_end(order, at)

    def _note_naked(self, symbol: str, at: int) -> None:
        """Something has changed since which stops may not cover the position; that they do is journaled."""
        if symbol in self.ledger.positions:
            self.naked_since.setdefault(symbol, at)

    def _forget_setbacks(self, order: Order) -> None:
        """The venue takes orders again. A protection that rests shows so; while a sale is wanted, only the sale would."""
        self.seen.setbacks.pop(order.symbol, None)
        if order.role is Role.STOP and order.symbol not in self.exits:
            self.seen.failures.pop(order.symbol, None)

    def _note_end(self, order: Order, at: int) -> None:
        """Fills may come after the end. A sale that ended before all was sold is not repeated at once: the book is empty. A sale
        that sold a part has not failed."""
        report = self.seen.reports.get(order.id)
        if order.role is Role.EXIT and order.state is OrderState.EXPIRED:
            has_sold = bool(order.filled) or (report is not None and bool(report.filled))
            failures = 0 if has_sold else self.seen.failures.get(order.symbol, 0) + 1
            self.seen.failures[order.symbol] = failures
            pause = SALE_PAUSE_NS << min(max(failures - 3, 0), 10)
            self.seen.wait_until[order.symbol] = at + min(pause, SALE_PAUSE_LONG_NS)
            self.seen.stalled[order.symbol] = at, at + min(pause, SALE_PAUSE_LONGEST_NS)
        self._keep_report(order)

    def _keep_report(self, order: Order) -> None:
        """Of an ended order, only while fills are missing."""
        report = self.seen.reports.get(order.id)
        if not order.is_live and report is not None and report.filled <= order.filled:
            del self.seen.reports[order.id]

    def lacking(self, symbol: str) -> Iterator[Order]:
        """Orders of which the venue told more fills than have been booked."""
        for order_id, report in self.seen.reports.items():
            order = self.blotter.get(order_id) if report.symbol == symbol else None
            if order is not None and report.filled > order.filled:
                yield order

    def lacks_fills(self, symbol: str) -> bool:
        return any(True for _ in self.lacking(symbol))

    def meets_orphans(self, symbol: str) -> bool:
        """Whether a position has come to be beside open sales of ours that the books do not have: they must be adopted first."""
        return symbol in self.ledger.positions and symbol in self.seen.orphans.values()

    def is_doubted(self, now: int, symbol: str = "") -> bool:
        """Whether a fill that nobody owns may be of an order of ours, of this symbol or of any."""
        doubted = (self.blotter.get(order_id) for order_id, until in self.seen.doubted.items() if now < until)
        return any(order is not None and symbol in ("", order.symbol) for order in doubted)

    def _fill(self, event: OrderFilled, at: int) -> None:
        before = self.blotter[event.order_id]
        if event.fill.trade_id in before.trade_ids:
            return
        order = self.blotter.apply(event, at)
        observing.tell_of_order(self.guards, event, before, order, at)
        self._keep_report(order)
        trip = self.ledger.book(order.symbol, order.side, event.fill)
        if trip is not None:
            self._close(trip, at)
        elif order.side is Side.BUY:
            self._note_naked(order.symbol, at)

    def _end_trip(self, trip: RoundTrip | None, at: int) -> None:
        if trip is not None:
            self._close(trip, at)

    def _close(self, trip: RoundTrip, at: int) -> None:
        """The position is closed: its plan and its exit are done."""
        self.trips.append(trip)
        of_closed_trade(self.guards, trip)
        state = (self.plans, self.exits, self.collared, self.taken, self.naked_since, self.naked_ns)
        for by_symbol in (*state, self.seen.failures, self.seen.setbacks, self.seen.beyond, self.seen.stalled):
            by_symbol.pop(trip.symbol, None)
        self.seen.wait_until[trip.symbol] = at + CLOSE_SETTLES_NS

    def _apply_desk(self, event: DeskEvent, at: int) -> None:
        observing.tell(self.guards, event, at)
        match event:
            case Marked():
                pass  # the guards were told, and it is half of all events
            case TraderStarted():
                self._begin_epoch(event.run, event.epoch)
                self.unended_starts.append(at)
                self.seen.down, self.seen.restored = dict.fromkeys(Channel, "not caught up yet"), {}
                self.seen.up_at = {}
                self._date_back(at)
            case TraderStopped():
                self.unended_starts.clear()
            case EpochRaised():
                self._begin_epoch(event.run or self.run, event.epoch)
            case BalancesOpened() | ExternalFill() | Unexplained() | TransferAnnounced():
                self._apply_money(event, at)
            case StandingTold():
                self.standing = event.standing
            case StreamLost():
                self.seen.down[Channel(event.channel)] = event.why
                self.seen.restored.pop(Channel(event.channel), None)
            case StreamRestored():
                self.seen.restored[Channel(event.channel)] = self.seen.up_at[Channel(event.channel)] = at
            case CaughtUp():
                self.tied_at = self.tied_at if self.seen.unexplained else at
                for channel in event.channels:
                    self.seen.down.pop(Channel(channel), None)
                    self.seen.restored.pop(Channel(channel), None)
            case _:
                self._apply_leave(event, at)

    def _begin_epoch(self, run: str, epoch: int) -> None:
        self.run, self.epoch, self.sequence = run, epoch, 0
        starts = self.numbered.setdefault(run, {})
        starts[epoch] = 0
        while len(starts) > NUMBERED_STARTS_KEPT:
            del starts[next(iter(starts))]

    def _date_back(self, at: int) -> None:
        """An earlier life may have had a clock that was ahead: nothing it noted lies in the future, and no pause of its lasts."""
        self.blotter.date_back(at)
        self.seen.wait_until.clear()
        self.seen.stalled.clear()
        self.naked_since = {symbol: min(since, at) for symbol, since in self.naked_since.items()}
        self.caps = {cap.id: replace(cap, since=min(cap.since, at)) for cap in self.caps.values()}

    def _apply_money(self, event: BalancesOpened | ExternalFill | Unexplained | TransferAnnounced, at: int) -> None:
        """What moves the ledger and is no fill of ours; each of it once."""
        match event:
            case BalancesOpened() if self.opening is None:
                self.opening, self.opened_at, self.tied_at = event.balances, at, at
                self.ledger.open(event.balances)
            case ExternalFill():
                self.seen.failures.pop(event.symbol, None)  # what was refused was for coins that another order had taken
                self._end_trip(self.ledger.book_external(event.symbol, event.side, event.fill, event.kept).trip, at)
            case Unexplained():
                self._adjust(event, at)
            case TransferAnnounced():
                self._note_transfer(self.ledger.transfers.announce(event.amount, at), at)
            case _:
                pass  # the books were opened before

    def _adjust(self, event: Unexplained, at: int) -> None:
        found = self.ledger.adjust(event.amount, event.told_at)
        self._note_transfer(found.moved, at)
        self._end_trip(found.trip, at)
        if found.trip is not None and found.moved is None:
            self.taken[found.trip.symbol] = None

    def _note_transfer(self, moved: Amount | None, at: int) -> None:
        """What is a transfer is neither gain nor loss for the guards; what left without an announcement is a loss. They look at
        once in any case."""
        self.guards.has_news = True
        if moved is not None:
            self.guards.observe(Moved(moved, at))

    def _apply_leave(self, event: DeskEvent, at: int) -> None:
        """What it may do, by itself and by its lease."""
        match event:
            case CapRaised():
                self.caps[event.cap.id] = event.cap
                self._limits.clear()
                self._forget_wishes()
            case CapLifted():
                lifted = self.caps.pop(event.cap_id, None)
                self.lifted[event.cap_id] = at
                self._limits.clear()
                if lifted is not None and lifted.is_a(HELD):
                    self.taken.pop(lifted.symbol, None)
            case LeaseAccepted():
                self.lease = Lease(event.epoch, at, event.until, event.stage)
            case InstructionTaken():
                self.told = event.number
            case _:
                self._apply_plan(event, at)

    def _forget_wishes(self) -> None:
        """Who halts or kills lets nothing be sold that was only wished. What cannot be protected is found to be so again."""
        for symbol in [each for each in self.exits if each not in self.collared]:
            if self.limits(symbol).state < TradingState.REDUCE_ONLY:
                del self.exits[symbol]

    def _apply_plan(self, event: DeskEvent, at: int) -> None:
        """What is to become of a position, and what became of its protection."""
        match event:
            case EntryPlanned():
                self.plans[event.symbol] = Plan(stop=event.stop, target=event.target, exit_plan=event.exit_plan)
            case ExitWanted():
                self.exits[event.symbol] = event.why
            case StopMoved():
                self._move_stop(event)
            case LadderDropped():
                plan = self.plans[event.symbol]
                self.plans[event.symbol] = replace(plan, exit_plan=replace(plan.exit_plan, rungs=()))
                self.seen.failures.pop(event.symbol, None)
            case StopFailed():
                self.exits[event.symbol] = event.why
                self.collared[event.symbol] = None
                self.seen.failures.pop(event.symbol, None)
                self.seen.beyond.pop(event.symbol, None)
            case Protected():
                self._note_protected(event)
            case DustLeft():
                self._close(self.ledger.write_off(event.symbol, at), at)
            case _:
                pass  # the rest is for reports

    def _move_stop(self, event: StopMoved) -> None:
        """Upwards it keeps in mind where it was; a stop that goes back there is a new try to protect."""
        plan = self.plans[event.symbol]
        is_up = event.stop > plan.stop
        self.plans[event.symbol] = replace(plan, stop=event.stop, fallback=plan.stop if is_up else None)
        if not is_up:
            self.seen.failures.pop(event.symbol, None)

    def _note_protected(self, event: Protected) -> None:
        self.naked_since.pop(event.symbol, None)
        self.naked_ns[event.symbol] = event.total_ns
        plan = self.plans.get(event.symbol)
        if plan is not None and plan.fallback is not None:
            self.plans[event.symbol] = replace(plan, fallback=None)

    def restless(self) -> Mapping[str, None]:
        """Symbols in which time alone may bring something to do: what was left undone, and prices beyond their stop."""
        beyond = [symbol for symbol in self.ledger.positions if self._is_beyond(symbol)]
        return self.seen.restless | dict.fromkeys(beyond) if beyond else self.seen.restless

    def _is_beyond(self, symbol: str) -> bool:
        plan, quote = self.plans.get(symbol), self.seen.quotes.get(symbol)
        return plan is not None and quote is not None and quote.bid < plan.stop.value

    def worth(self) -> Amount | None:
        """All balances at the middle of each quote; None while something held has no quote."""
        return self.ledger.worth(self.terms.quote, self.marks())

    def marks(self) -> dict[str, Decimal]:
        return self.board.marks()

    def skip_candles(self) -> None:
        """What is on the board already was for others to decide on, or from before the start."""
        for symbol, candles in self.board.candles.items():
            if candles:
                self.seen.decided[symbol] = candles[-1].open_at

    def see_candle(self, candle: Candle) -> bool:
        """Whether a closed candle is one that this desk has not decided on yet, and the newest there is."""
        self.board.see_candle(candle)
        kept, decided = self.board.candles[candle.symbol], self.seen.decided.get(candle.symbol)
        if not kept or kept[-1].open_at != candle.open_at or (decided is not None and candle.open_at <= decided):
            return False
        self.seen.decided[candle.symbol] = candle.open_at
        return True
