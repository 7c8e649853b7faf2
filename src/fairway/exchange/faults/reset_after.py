"""Fault: an order is accepted, and the connection is cut before its sender hears of it."""

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Striking, Times, placing
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.world.chance import Chance


class ResetAfterOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others."""

    times: Times = 0
    """How often it strikes; 0 is always. What was refused does not count."""


class ResetAfter(Striking):
    __slots__ = ()

    def __init__(self, scope: Scope, options: ResetAfterOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)

    def after(self, act: Act, answer: object) -> Twist | None:
        if isinstance(answer, Refusal) or not self.strikes_at(act):
            return None
        return Twist(reset=True)


KIND = Kind("reset_after", ResetAfterOptions, ResetAfter)
