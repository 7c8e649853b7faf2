"""Fault: the connection is cut when a request arrives, before anything is done with it."""

import msgspec

from fairway.exchange.faults.counted import ORDER_REQUESTS, CountedFault, Times
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class ResetBeforeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    times: Times = 0
    """How often it acts; 0 is without limit."""


class ResetBefore(CountedFault):
    """The client cannot tell it from `reset_after`, but nothing was done."""

    __slots__ = ()

    def __init__(self, scope: FaultScope, options: ResetBeforeOptions, chance: Chance) -> None:
        super().__init__(scope, options.times)

    def before_request(self, request: RequestView) -> RequestEffect | None:
        return RequestEffect(reset=True) if self.strikes_request(request) else None


FAULT = FaultPlugin(
    name="reset_before",
    options=ResetBeforeOptions,
    make=ResetBefore,
    trader="It gives up an entry after a minute; a stop that the exchange does not know it sends again under the same id.",
    scene="the_connection_is_reset_before_the_order_arrives",
    fuzz=FuzzRule(options={"times": [1, 2, 3]}, endpoints=ORDER_REQUESTS, protection_late_s=0),
)
