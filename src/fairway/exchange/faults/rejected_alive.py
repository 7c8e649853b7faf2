"""Fault: an order is accepted, and the answer is a rejection."""

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import ORDER_REQUESTS, CountedFault, Times, placing
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class RejectedAliveOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others."""

    code: int = -2010
    message: str = "Account has insufficient balance for requested action."
    times: Times = 0
    """How often it acts; 0 is without limit. Requests that were truly refused do not count."""


class RejectedAlive(CountedFault):
    __slots__ = ("_answer",)

    def __init__(self, scope: FaultScope, options: RejectedAliveOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)
        self._answer = ExchangeRefusal(options.code, options.message)

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if isinstance(answer, ExchangeRefusal) or not self.strikes_request(request):
            return None
        return RequestEffect(answer=self._answer)


FAULT = FaultPlugin(
    name="rejected_alive",
    options=RejectedAliveOptions,
    make=RejectedAlive,
    trader="It asks the exchange even after a rejection, and a fill leads back to the order.",
    scene="an_order_lives_although_it_was_rejected",
    fuzz=FuzzRule(options={"times": [1, 2]}, endpoints=ORDER_REQUESTS, protection_late_s=0),
)
