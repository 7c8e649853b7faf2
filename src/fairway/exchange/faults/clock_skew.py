"""Fault: the exchange's clock is wrong, or ours is: on the wire it is the same."""

import msgspec

from fairway.exchange.faults.activation import is_on
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class ClockSkewOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ahead_ms: int = 2_000
    """Milliseconds by which the exchange's clock is ahead of the truth; negative where it is behind."""


class ClockSkew(Fault):
    """Of the scope only the time counts, and that in true time: there is one clock for all. It jumps there, and back."""

    __slots__ = ("_ahead_ns",)

    def __init__(self, scope: Scope, options: ClockSkewOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._ahead_ns = options.ahead_ms * MILLISECOND

    def skew_ns(self, at: int) -> int:
        return self._ahead_ns if is_on(self.scope, at) else 0


KIND = Kind("clock_skew", ClockSkewOptions, ClockSkew)
