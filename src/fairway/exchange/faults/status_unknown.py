"""Fault: the answer is -1007 (execution status unknown), after the order was accepted or instead of it."""

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import ORDER_REQUESTS, CountedFault, Times, placing
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.wire.errors import TIMEOUT
from fairway.world.chance import Chance


class StatusUnknownOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others."""

    carried_out: bool = True
    """Whether the order was accepted nevertheless."""
    times: Times = 0
    """How often it acts; 0 is without limit."""


class StatusUnknown(CountedFault):
    """The answer is the same in both cases, so the client has to ask."""

    __slots__ = ("_carried_out",)

    def __init__(self, scope: FaultScope, options: StatusUnknownOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)
        self._carried_out = options.carried_out

    def before_request(self, request: RequestView) -> RequestEffect | None:
        return RequestEffect(answer=TIMEOUT) if not self._carried_out and self.strikes_request(request) else None

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if not self._carried_out or isinstance(answer, ExchangeRefusal) or not self.strikes_request(request):
            return None
        return RequestEffect(answer=TIMEOUT)


FAULT = FaultPlugin(
    name="status_unknown",
    options=StatusUnknownOptions,
    make=StatusUnknown,
    trader="It asks for the order, whether or not it was carried out.",
    scene="the_exchange_says_that_the_status_is_unknown",
    fuzz=FuzzRule(options={"times": [1, 2, 3], "carried_out": [True, False]}, endpoints=ORDER_REQUESTS, protection_late_s=0),
)
