"""Fault: the exchange's clock differs from the true time."""

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class ClockSkewOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    ahead_ms: int = 2_000
    """Milliseconds by which the exchange's clock is ahead of the truth; negative where it is behind."""


class ClockSkewFault(Fault):
    """Of the scope only the (true) time counts: all accounts share one clock. It jumps at the begin, and back at the end."""

    __slots__ = ("_ahead_ns",)

    def __init__(self, scope: FaultScope, options: ClockSkewOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._ahead_ns = options.ahead_ms * MILLISECOND

    def clock_skew_ns(self, at: int) -> int:
        return self._ahead_ns if self.scope.is_on(at) else 0


FAULT = FaultPlugin(
    name="clock_skew",
    options=ClockSkewOptions,
    make=ClockSkewFault,
    trader="A request refused for its timestamp was not carried out: it compares the clocks and sends the request again.",
    scene="clocks_disagree",
    fuzz=FuzzRule(options={"ahead_ms": [-20_000, -2_000, 2_000, 20_000]}, protection_late_s=0),
)
