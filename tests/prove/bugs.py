"""Bugs that have cost users of bots money, each one function of Fairway replaced, and the rule that must find it."""

import dataclasses
from collections.abc import Callable, Iterator
from itertools import count
from typing import Final, NamedTuple

import pytest
from msgspec.structs import replace

from fairway.journal.commands import IssueLease, Pause
from fairway.journal.kinds import Event, TraderStarted
from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderRejected, OrderSent
from fairway.orders.order import Order, OrderState
from fairway.proving.scenario import Scenario
from fairway.risk.guards.port import AccountLook
from fairway.risk.limits import Limits
from fairway.trading import command_handler, event_mapping, exit_orders, guard_evaluation, protection
from fairway.trading.account import limits
from fairway.trading.account.starts import Starts
from fairway.trading.account_state import AccountState
from fairway.trading.input_handlers import HANDLERS, Handler
from fairway.trading.inputs import CancelFailed, CommandReceived, Input, OrderQueried
from fairway.trading.latch_watch import LatchWatch
from fairway.trading.venue_requests import QueryOrder, VenueRequest
from fairway.venues.port import FillReport, VenueError

Plant = Callable[[pytest.MonkeyPatch], object]


class Bug(NamedTuple):
    """needs: whether a play could show it at all; the others are not worth playing. rule: that must find it."""

    plant: Plant
    rule: str
    needs: Callable[[Scenario], bool] = lambda _: True


# -- orders ----------------------------------------------------------------------------------------------------------


def timeout_is_a_no(soil: pytest.MonkeyPatch) -> None:
    """An order without an answer is taken for refused; it lives, and is made again."""

    def after_failure(order: Order, error: VenueError) -> Event:
        return OrderRejected(order.id, str(error))

    soil.setattr(event_mapping, "_after_failure", after_failure)


def fills_count_as_often_as_they_are_told(soil: pytest.MonkeyPatch) -> None:
    """By stream, by answer, and after each reconnection."""
    true, told = event_mapping.of_fill, count()

    def of_fill(account_state: AccountState, report: FillReport) -> Iterator[Event]:
        fill = replace(report.fill, trade_id=f"{report.fill.trade_id}{next(told):04}")
        return true(account_state, dataclasses.replace(report, fill=fill))

    soil.setattr(event_mapping, "of_fill", of_fill)


def protection_is_for_what_was_ordered(soil: pytest.MonkeyPatch) -> None:
    """And not for what was bought of it."""
    true = protection.next_moves

    def next_moves(account_state: AccountState, symbol: str, now: int) -> Iterator[Event]:
        orders = (*account_state.orders.blotter.ended.values(), *account_state.orders.blotter.live.values())
        entries = [order.quantity for order in orders if order.role is Role.ENTRY and order.symbol == symbol]
        for event in true(account_state, symbol, now):
            if isinstance(event, OrderSent) and event.order is not None and event.order.role in (Role.STOP, Role.TARGET):
                event = replace(event, order=replace(event.order, quantity=entries[-1]))
            yield event

    soil.setattr(protection, "next_moves", next_moves)


def a_denial_is_believed_at_once(soil: pytest.MonkeyPatch) -> None:
    """Nothing found is nothing there."""
    true = event_mapping.of_find

    def of_find(account_state: AccountState, found: OrderQueried, now: int) -> Iterator[Event]:
        yield from true(account_state, found, now)
        order = account_state.orders.blotter.live.get(found.order.id)
        if found.report is None and order is not None and not order.venue_id:
            yield OrderRejected(order.id, "the venue knows no such order")

    soil.setitem(HANDLERS, OrderQueried, HANDLERS[OrderQueried]._replace(events=of_find))


def a_refused_cancel_is_left_unhandled(soil: pytest.MonkeyPatch) -> None:
    """The order counts as being cancelled, and is not asked for; nothing else is done in its symbol."""

    def is_no_cancel(state: AccountState, request: VenueRequest) -> bool:
        order = state.orders.blotter.get(request.order.id) if isinstance(request, QueryOrder) else None
        return order is None or order.state is not OrderState.CANCELLING

    def without_cancels(handler: Handler) -> Handler:
        def requests(state: AccountState, news: Input, now: int) -> Iterator[VenueRequest]:
            return (each for each in handler.requests(state, news, now) if is_no_cancel(state, each))

        return handler._replace(requests=requests)

    for kind, handler in [*HANDLERS.items()]:
        soil.setitem(HANDLERS, kind, without_cancels(handler))
    soil.setitem(HANDLERS, CancelFailed, HANDLERS[CancelFailed]._replace(events=lambda state, news, now: ()))


def client_ids_start_again(soil: pytest.MonkeyPatch) -> None:
    """At each start, as if there had been none before."""

    def next_id(starts: Starts, role: Role) -> str:
        return str(ClientId(starts._account, 1, starts.sequence + 1, role, starts.run))

    soil.setattr(Starts, "next_id", next_id)


def a_sale_takes_the_coins_of_the_owner(soil: pytest.MonkeyPatch) -> None:
    """All that the account has of the asset is sold, and not the position alone."""
    true = exit_orders.sell

    def sell(account_state: AccountState, symbol: str, quantity: Amount, why: str, now: int) -> Iterator[Event]:
        owned = account_state.money.ledger.balances.of(quantity.asset)
        return true(account_state, symbol, account_state.config.instruments[symbol].quantity(owned.value), why, now)

    soil.setattr(exit_orders, "sell", sell)


# -- lease -----------------------------------------------------------------------------------------------------------


def a_restart_forgets_halts(soil: pytest.MonkeyPatch) -> None:
    """Whoever starts again starts afresh."""
    true = AccountState.apply

    def apply(state: AccountState, event: Event, at: int) -> None:
        if isinstance(event, TraderStarted):
            state.limits.caps.clear()
            state.limits._in_force.clear()
        true(state, event, at)

    soil.setattr(AccountState, "apply", apply)


def a_lease_never_expires(soil: pytest.MonkeyPatch) -> None:
    """An account that was once given a lease has it for good."""
    soil.setattr(limits.Lease, "is_fresh", lambda _lease, _now: True)


def the_limits_of_a_lease_are_not_read(soil: pytest.MonkeyPatch) -> None:
    """Only whether there is one."""
    true = command_handler._obey

    def obey(account_state: AccountState, told: CommandReceived, now: int) -> Iterator[Event]:
        issued = told.instruction
        if isinstance(issued, IssueLease):
            told = replace(told, instruction=replace(issued, limits=Limits(state=issued.limits.state)))
        return true(account_state, told, now)

    soil.setattr(command_handler, "_obey", obey)


def a_pause_is_not_obeyed(soil: pytest.MonkeyPatch) -> None:
    """It is taken, and nothing follows."""
    true = command_handler._obey

    def obey(account_state: AccountState, told: CommandReceived, now: int) -> Iterator[Event]:
        return iter(()) if isinstance(told.instruction, Pause) else true(account_state, told, now)

    soil.setattr(command_handler, "_obey", obey)


def the_latch_is_read_every_half_minute(soil: pytest.MonkeyPatch) -> None:
    """And not before each decision."""
    soil.setattr(LatchWatch, "may_have_changed", lambda _watch: False)


# -- losses ----------------------------------------------------------------------------------------------------------


def guards_value_positions_at_cost(soil: pytest.MonkeyPatch) -> None:
    """A loss is none until it is realised."""
    true = guard_evaluation._seen

    def seen(account_state: AccountState, worth: Amount | None, markets: object, now: int) -> AccountLook:
        look = true(account_state, worth, markets, now)  # type: ignore[arg-type]
        if look.worth is None:
            return look
        gained = sum((it.brings.value - it.cost.value for it in look.held.values()), ZERO)
        held = {symbol: replace(it, result=it.result - it.brings + it.cost, brings=it.cost) for symbol, it in look.held.items()}
        return replace(look, worth=look.worth - Amount(gained, look.worth.asset), held=held)

    soil.setattr(guard_evaluation, "_seen", seen)


# -- what finds them -------------------------------------------------------------------------------------------------


def has(*kinds: str, **options: object) -> Callable[[Scenario], bool]:
    """Whether a play has a fault of each of these kinds, of the first with these options."""

    def needs(drawn: Scenario) -> bool:
        found = {fault.kind for fault in drawn.faults}
        first = [fault for fault in drawn.faults if fault.kind == kinds[0]]
        return {*kinds} <= found and any(options.items() <= fault.options.items() for fault in first)

    return needs


def _has_a_silent_issuer(drawn: Scenario) -> bool:
    return drawn.conditions.lease is not None and has("lease silent")(drawn)


def _has_limits(drawn: Scenario) -> bool:
    return drawn.conditions.lease is not None and drawn.conditions.lease.limits != Limits()


def _has_guards(drawn: Scenario) -> bool:
    guards = drawn.conditions.rules.guards
    return guards.daily_loss is not None or guards.breaker_loss is not None or guards.drawdown is not None


def _is_restarted(drawn: Scenario) -> bool:
    return bool({fault.kind for fault in drawn.faults} & {"kill -9", "journal locked"})


BUGS: Final[dict[str, Bug]] = {
    "a lease never expires": Bug(a_lease_never_expires, "8 nothing is bought without a lease", _has_a_silent_issuer),
    "guards value positions at cost": Bug(guards_value_positions_at_cost, "8 an emergency sells everything", _has_guards),
    "a refused cancel is left unhandled": Bug(a_refused_cancel_is_left_unhandled, "5 orders agree"),
    "a sale takes the owner's coins": Bug(a_sale_takes_the_coins_of_the_owner, "7 no coin is sold twice"),
    "the limits of a lease are not read": Bug(the_limits_of_a_lease_are_not_read, "8 buys are within limits", _has_limits),
    "a pause is not obeyed": Bug(
        a_pause_is_not_obeyed, "8 nothing is bought while forbidden", has("a person instructs", does="pauses")
    ),
    "the latch is read every half minute": Bug(
        the_latch_is_read_every_half_minute, "8 nothing is bought while forbidden", has("fairway kill")
    ),
    "a restart forgets halts": Bug(a_restart_forgets_halts, "8 a halt stays", _is_restarted),
    "client ids start again with each start": Bug(client_ids_start_again, "no fault of our own", _is_restarted),
    "stops are for what was ordered": Bug(protection_is_for_what_was_ordered, "7 no coin is sold twice"),
    "a timeout is taken for a no": Bug(timeout_is_a_no, "2, 4 only the exchange's word ends an order"),
    "a fill is booked each time it is told": Bug(fills_count_as_often_as_they_are_told, "13 cash ties out"),
    "a denial is believed at once": Bug(a_denial_is_believed_at_once, "3 a denial is not believed at once"),
}
