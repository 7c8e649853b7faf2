"""The pairs of stop and target that cover a position: what rests of them, which fit its plan, and how new ones are sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from fairway.journal.kinds import Event
from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import ClientId, Role
from fairway.orders.lifecycle import OrderSent
from fairway.orders.order import Order, OrderType, Side
from fairway.orders.plan import Leg, ProtectionPlan
from fairway.trading.account_state import AccountState
from fairway.trading.entries import draft

PAIR_SETTLES_NS = 1_000_000_000
"""A target without its stop gets this long to fill whole."""


@dataclass(frozen=True, slots=True)
class Resting:
    """What is left of one pair at the venue."""

    stop: Order | None
    target: Order | None

    @property
    def orders(self) -> list[Order]:
        return [leg for leg in (self.stop, self.target) if leg is not None]

    @property
    def quantity(self) -> Decimal:
        """The base that it covers."""
        return self.orders[0].remaining.value

    @property
    def is_torn(self) -> bool:
        """Whether one leg has sold more than the other: the venue is about to end the other."""
        return self.stop is not None and self.target is not None and self.stop.remaining != self.target.remaining

    def fits(self, plan: ProtectionPlan, leg: Leg) -> bool:
        is_level = self.stop is not None and self.stop.stop_price == plan.stop and self.quantity == leg.quantity.value
        return is_level and (self.target is None or self.target.price == leg.target)


def resting(sells: Sequence[Order]) -> list[Resting]:
    """The pairs among a symbol's live sales, oldest first. Legs are matched by their ids, also those found at a start."""
    legs: dict[str, dict[Role, Order]] = {}
    for order in sells:
        if order.role in (Role.STOP, Role.TARGET):
            legs.setdefault(sibling(order, Role.PAIR), {})[order.role] = order
    return [Resting(pair.get(Role.STOP), pair.get(Role.TARGET)) for pair in legs.values()]


def sibling(order: Order, role: Role) -> str:
    """The id of another member of an order's pair: all share one number."""
    own = ClientId.parse(order.id)
    assert own is not None, f"{order.id} is no id of ours"
    return str(replace(own, role=role))


def covers(pairs: Sequence[Resting], sellable: Amount, plan: ProtectionPlan | None) -> bool:
    """Whether stops at the plan's level cover exactly what can be sold, however it is shared out among targets."""
    stops = [pair.stop for pair in pairs if pair.stop is not None]
    is_level = plan is None or all(stop.stop_price == plan.stop for stop in stops)
    return is_level and len(stops) == len(pairs) and sum((pair.quantity for pair in pairs), ZERO) == sellable.value


def lacks_stop(orders: Sequence[Order]) -> bool:
    """Whether a target rests without its stop, which the venue ends with the target's first fill."""
    return any(pair.stop is None for pair in resting(orders))


def is_settling(state: AccountState, pair: Resting, now: int) -> bool:
    """Whether its stop has ended so lately that its target may still fill whole."""
    if pair.stop is not None or pair.target is None:
        return False
    stop = state.orders.blotter.get(sibling(pair.target, Role.STOP))
    return stop is not None and now - stop.updated_at < PAIR_SETTLES_NS


def misfits(pairs: Sequence[Resting], plan: ProtectionPlan, legs: Sequence[Leg]) -> tuple[list[Resting], list[Leg]]:
    """The pairs that are none of the legs wanted, and the legs that no pair is."""
    missing, wrong = list(legs), []
    for pair in pairs:
        leg = next((leg for leg in missing if pair.fits(plan, leg)), None)
        if leg is None:
            wrong.append(pair)
        else:
            missing.remove(leg)
    return wrong, missing


def send(state: AccountState, symbol: str, plan: ProtectionPlan, leg: Leg, now: int) -> Iterator[Event]:
    """Both legs and the pair share one sequence number; the last letter tells them apart."""
    stop = draft(state, symbol, Role.STOP, Side.SELL, OrderType.STOP, leg.quantity, now)
    stop = replace(stop, pair=sibling(stop, Role.PAIR), stop_price=plan.stop)
    target = replace(
        stop, id=sibling(stop, Role.TARGET), role=Role.TARGET, type=OrderType.LIMIT, price=leg.target, stop_price=None
    )
    if plan.exit_plan.stop_gap is not None:
        stop = replace(stop, type=OrderType.STOP_LIMIT, price=plan.floor)
    for order in (stop, target):
        yield OrderSent(order.id, "protects the position", order)
