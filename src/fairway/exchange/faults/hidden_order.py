"""Fault: queries do not show a new order yet, as on an exchange that answers them from a lagging replica."""

import msgspec

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.faults.counted import Milliseconds
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class HiddenOrderOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    for_ms: Milliseconds = 30_000
    """Milliseconds after its creation in which queries answer that there is no such order; its fills stay visible."""


class HiddenOrder(Fault):
    """The scope's time is that of the query, not of the order."""

    __slots__ = ("_for_ns",)

    def __init__(self, scope: FaultScope, options: HiddenOrderOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._for_ns = options.for_ms * MILLISECOND

    def hides_order(self, account: str, order: OrderSnapshot, at: int) -> bool:
        scope = msgspec.structs.replace(self.scope, endpoints=())
        return at < order.created_at + self._for_ns and scope.covers(at, account, order.symbol)


FAULT = FaultPlugin(
    name="hidden_order",
    options=HiddenOrderOptions,
    make=HiddenOrder,
    trader='It believes "no such order" one minute after the last doubt, not before.',
    scene="a_new_order_is_not_yet_visible",
    fuzz=FuzzRule(options={"for_ms": [500, 5_000, 30_000]}, protection_late_s=0),
)
