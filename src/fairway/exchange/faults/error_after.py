"""Fault: an order is accepted, and the answer is a server error."""

from typing import Annotated

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.faults.counted import ORDER_REQUESTS, CountedFault, Times, placing
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class ErrorAfterOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others.

    The default answer is the exchange's 503, of which its documentation says: the execution status is unknown.
    """

    status: Annotated[int, msgspec.Meta(ge=500, le=599)] = 503
    """HTTP status."""
    code: int = -1000
    message: str = "Unknown error, please check your request or try again later."
    times: Times = 0
    """How often it acts; 0 is without limit. Requests that were refused do not count."""


class ErrorAfter(CountedFault):
    __slots__ = ("_answer",)

    def __init__(self, scope: FaultScope, options: ErrorAfterOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)
        self._answer = ExchangeRefusal(options.code, options.message, options.status)

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        if isinstance(answer, ExchangeRefusal) or not self.strikes_request(request):
            return None
        return RequestEffect(answer=self._answer)


FAULT = FaultPlugin(
    name="error_after",
    options=ErrorAfterOptions,
    make=ErrorAfter,
    trader="A 5xx does not say what became of the order: it asks for the order and does not place it again.",
    scene="a_server_error_comes_after_the_order_was_accepted",
    fuzz=FuzzRule(options={"times": [1, 2, 3], "status": [500, 503]}, endpoints=ORDER_REQUESTS, protection_late_s=0),
)
