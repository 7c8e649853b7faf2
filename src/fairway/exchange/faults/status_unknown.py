"""Fault: -1007, "send status unknown; execution status unknown", after the order was accepted or instead of it."""

import msgspec

from fairway.exchange.answers import Refusal
from fairway.exchange.faults.activation import Striking, Times, placing
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.exchange.wire.errors import TIMEOUT
from fairway.world.chance import Chance


class StatusUnknownOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns requests that place orders, unless the scope names others."""

    carried_out: bool = True
    """Whether the order was accepted all the same."""
    times: Times = 0
    """How often it strikes; 0 is always."""


class StatusUnknown(Striking):
    """The answer is the same in both cases, so its receiver has to ask."""

    __slots__ = ("_carried_out",)

    def __init__(self, scope: Scope, options: StatusUnknownOptions, chance: Chance) -> None:
        super().__init__(placing(scope), options.times)
        self._carried_out = options.carried_out

    def before(self, act: Act) -> Twist | None:
        return Twist(answer=TIMEOUT) if not self._carried_out and self.strikes_at(act) else None

    def after(self, act: Act, answer: object) -> Twist | None:
        if not self._carried_out or isinstance(answer, Refusal) or not self.strikes_at(act):
            return None
        return Twist(answer=TIMEOUT)


KIND = Kind("status_unknown", StatusUnknownOptions, StatusUnknown)
