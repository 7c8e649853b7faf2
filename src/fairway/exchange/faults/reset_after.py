"""Fault: an order is accepted, and the connection is cut before the answer leaves."""

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import ORDER_REQUESTS, CountedFault, Times, placing
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class ResetAfterOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others."""

    times: Times = 0
    """How often it acts; 0 is without limit. Requests that were refused do not count."""


class ResetAfter(CountedFault):
    __slots__ = ()

    def __init__(self, scope: FaultScope, options: ResetAfterOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if isinstance(answer, ExchangeRefusal) or not self.strikes_request(request):
            return None
        return RequestEffect(reset=True)


FAULT = FaultPlugin(
    name="reset_after",
    options=ResetAfterOptions,
    make=ResetAfter,
    trader="Exactly one order exists; it finds the order by its own id.",
    scene="the_connection_is_reset_after_the_order_was_accepted",
    fuzz=FuzzRule(options={"times": [1, 2, 3]}, endpoints=ORDER_REQUESTS, protection_late_s=0),
)
