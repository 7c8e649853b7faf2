"""Fault: an order is accepted, and a server error is answered."""

from typing import Annotated

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Striking, Times, placing
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.world.chance import Chance


class ErrorAfterOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others.

    What is answered by default is the exchange's 503 of which its documentation says: the execution status is unknown.
    """

    status: Annotated[int, msgspec.Meta(ge=500, le=599)] = 503
    """HTTP status."""
    code: int = -1000
    message: str = "Unknown error, please check your request or try again later."
    times: Times = 0
    """How often it strikes; 0 is always. What was refused does not count."""


class ErrorAfter(Striking):
    __slots__ = ("_answer",)

    def __init__(self, scope: Scope, options: ErrorAfterOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)
        self._answer = Refusal(options.code, options.message, options.status)

    def after(self, act: Act, answer: object) -> Twist | None:
        if isinstance(answer, Refusal) or not self.strikes_at(act):
            return None
        return Twist(answer=self._answer)


KIND = Kind("error_after", ErrorAfterOptions, ErrorAfter)
