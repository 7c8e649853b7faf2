"""Keeps what is to become of each position: its plan, whether it is to be closed, and since when its stops do not cover it."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from msgspec.structs import replace

from fairway.journal.kinds import (
    CapLifted,
    CapRaised,
    EntryPlanned,
    Event,
    ExitWanted,
    ExternalFill,
    LadderDropped,
    Protected,
    StopFailed,
    StopMoved,
    TraderStarted,
)
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderFilled, OrderSent
from fairway.orders.order import OrderState, Side
from fairway.orders.plan import ProtectionPlan
from fairway.risk.cap_kinds import HELD
from fairway.trading.account.limits import AccountLimits
from fairway.trading.account.money import UNCHANGED, MoneyChange
from fairway.trading.account.orders import OrderChange
from fairway.trading.account.retries import Retries


class Protection:
    """limits: the account's; a cap that forbids sales ends the exits that are wanted. retries: the account's."""

    remembers: ClassVar[Mapping[str, Any]] = {
        "plans": dict[str, ProtectionPlan],
        "exits": dict[str, str],
        "collared": dict[str, None],
        "taken": dict[str, None],
        "naked_since": dict[str, int],
        "naked_ns": dict[str, int],
    }

    def __init__(self, limits: AccountLimits, retries: Retries) -> None:
        self._limits, self._retries = limits, retries
        self.plans: dict[str, ProtectionPlan] = {}
        self.exits: dict[str, str] = {}
        """By symbol: why the position is to be closed."""
        self.collared: dict[str, None] = {}
        """Symbols whose stop has failed: their sales take no price below a collar."""
        self.taken: dict[str, None] = {}
        """Symbols whose position ended without a sale. Their orders stay until a person lifts the hold of the symbol, because
        only the balance says that the coins are gone."""
        self.naked_since: dict[str, int] = {}
        """By symbol: since when stops do not cover the position, or may not (ns)."""
        self.naked_ns: dict[str, int] = {}
        """By symbol: how long the open position was without them before, all in all."""
        self.beyond_stop: dict[str, tuple[int, int]] = {}
        """By symbol: when the price was first seen beyond the stop (ns), and the instant of that quote. Not journaled."""

    def apply(
        self, event: Event, at: int, order: OrderChange | None = None, money: MoneyChange = UNCHANGED, *, is_held: bool = False
    ) -> None:
        """Applies a journaled event (ns), after orders, money and limits. `is_held`: the order's symbol has an open position."""
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, at)
        if order is not None:
            self._apply_order(event, at, order, is_held=is_held and money.closed is None)
        if money.closed is not None:
            self._close(money.closed.symbol, at)
            if money.was_taken:
                self.taken[money.closed.symbol] = None

    def _apply_order(self, event: Event, at: int, change: OrderChange, *, is_held: bool) -> None:
        """A purchase, or a stop that rests no more, leaves a position that stops may not cover; that they do is journaled."""
        before, order = change.before, change.order
        if type(event) is OrderFilled:
            may_be_naked = order.side is Side.BUY
        else:
            may_be_naked = order.role is Role.STOP and before is not None and before.is_resting and not order.is_resting
            self._note_attempt(event, at, change)
        if may_be_naked and is_held:
            self.naked_since.setdefault(order.symbol, at)

    def _note_attempt(self, event: Event, at: int, change: OrderChange) -> None:
        """A stop that rests shows that protection works again; while a sale is wanted, only the sale shows it."""
        order = change.order
        if type(event) is OrderAccepted:
            self._retries.accept(order.symbol, is_protected=order.role is Role.STOP and order.symbol not in self.exits)
        elif type(event) is not OrderSent and order.role is Role.EXIT and order.state is OrderState.EXPIRED:
            self._retries.note_expired_sale(order.symbol, at, has_sold=change.has_sold)

    def _close(self, symbol: str, at: int) -> None:
        """The position is closed: its plan and its exit are done."""
        state = (self.plans, self.exits, self.collared, self.taken, self.naked_since, self.naked_ns, self.beyond_stop)
        for by_symbol in state:
            by_symbol.pop(symbol, None)
        self._retries.close(symbol, at)

    def _start(self, event: TraderStarted, at: int) -> None:
        """An earlier start may have had a clock that was ahead: nothing began in the future, and none of its pauses lasts."""
        self._retries.forget_pauses()
        self.naked_since = {symbol: min(since, at) for symbol, since in self.naked_since.items()}

    def _plan(self, event: EntryPlanned, at: int) -> None:
        """An exit that was wanted of an earlier entry, which bought nothing in the end, is not one of this entry."""
        self.exits.pop(event.symbol, None)
        self.plans[event.symbol] = ProtectionPlan(stop=event.stop, target=event.target, exit_plan=event.exit_plan)

    def _want_exit(self, event: ExitWanted, at: int) -> None:
        self.exits[event.symbol] = event.why

    def _move_stop(self, event: StopMoved, at: int) -> None:
        """Upwards it keeps where the stop was; a stop that goes back there is a new try to protect."""
        plan = self.plans[event.symbol]
        is_up = event.stop > plan.stop
        self.plans[event.symbol] = replace(plan, stop=event.stop, fallback=plan.stop if is_up else None)
        if not is_up:
            self._retries.forget_failures(event.symbol)

    def _drop_ladder(self, event: LadderDropped, at: int) -> None:
        plan = self.plans[event.symbol]
        self.plans[event.symbol] = replace(plan, exit_plan=replace(plan.exit_plan, rungs=()))
        self._retries.forget_failures(event.symbol)

    def _fail_stop(self, event: StopFailed, at: int) -> None:
        self.exits[event.symbol] = event.why
        self.collared[event.symbol] = None
        self._retries.forget_failures(event.symbol)
        self.beyond_stop.pop(event.symbol, None)

    def _protect(self, event: Protected, at: int) -> None:
        self.naked_since.pop(event.symbol, None)
        self.naked_ns[event.symbol] = event.total_ns
        plan = self.plans.get(event.symbol)
        if plan is not None and plan.fallback is not None:
            self.plans[event.symbol] = replace(plan, fallback=None)

    def _sold_by_others(self, event: ExternalFill, at: int) -> None:
        """What the venue refused was for coins that another order had taken."""
        self._retries.forget_failures(event.symbol)

    def _obey_cap(self, event: CapRaised, at: int) -> None:
        """A halt or a kill ends the exits that a strategy or a guard wanted. An unprotected position is found again by itself."""
        for symbol in [each for each in self.exits if each not in self.collared]:
            if not self._limits.may_sell(symbol):
                del self.exits[symbol]

    def _lift_hold(self, event: CapLifted, at: int) -> None:
        for symbol in [each for each in self.taken if HELD.id_of(each) == event.cap_id]:
            del self.taken[symbol]


_HANDLERS: Final[dict[type[Event], Callable[[Protection, Any, int], None]]] = {
    TraderStarted: Protection._start,
    EntryPlanned: Protection._plan,
    ExitWanted: Protection._want_exit,
    StopMoved: Protection._move_stop,
    LadderDropped: Protection._drop_ladder,
    StopFailed: Protection._fail_stop,
    Protected: Protection._protect,
    ExternalFill: Protection._sold_by_others,
    CapRaised: Protection._obey_cap,
    CapLifted: Protection._lift_hold,
}
