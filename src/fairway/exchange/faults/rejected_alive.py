"""Fault: an order is accepted, and a rejection is answered: the order lives although its sender was told it does not."""

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Striking, Times, placing
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.world.chance import Chance


class RejectedAliveOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others."""

    code: int = -2010
    message: str = "Account has insufficient balance for requested action."
    times: Times = 0
    """How often it strikes; 0 is always. What was truly refused does not count."""


class RejectedAlive(Striking):
    __slots__ = ("_answer",)

    def __init__(self, scope: Scope, options: RejectedAliveOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)
        self._answer = Refusal(options.code, options.message)

    def after(self, act: Act, answer: object) -> Twist | None:
        if isinstance(answer, Refusal) or not self.strikes_at(act):
            return None
        return Twist(answer=self._answer)


KIND = Kind("rejected_alive", RejectedAliveOptions, RejectedAlive)
