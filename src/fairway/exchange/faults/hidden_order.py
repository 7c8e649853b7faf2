"""Fault: an order is not yet visible to queries, as on an exchange that answers them from a replica that lags."""

import msgspec

from fairway.exchange.answers import OrderState
from fairway.exchange.faults.activation import Milliseconds
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class HiddenOrderOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    for_ms: Milliseconds = 30_000
    """Milliseconds after its creation in which queries answer that there is no such order; its fills stay visible."""


class HiddenOrder(Fault):
    """The scope's time is that of the query, not of the order."""

    __slots__ = ("_for_ns",)

    def __init__(self, scope: Scope, options: HiddenOrderOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._for_ns = options.for_ms * MILLISECOND

    def hides(self, account: str, order: OrderState, at: int) -> bool:
        scope = msgspec.structs.replace(self.scope, endpoints=())
        return at < order.created_at + self._for_ns and scope.covers(at, account, order.symbol)


KIND = Kind("hidden_order", HiddenOrderOptions, HiddenOrder)
