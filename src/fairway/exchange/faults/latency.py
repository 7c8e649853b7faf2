"""Fault: requests are carried out late, or their answers leave late."""

import msgspec

from fairway.exchange.faults.counted import Milliseconds
from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope, RequestEffect, RequestView
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class LatencyOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Milliseconds; `spread_ms` is added by chance, anything from none to all of it."""

    before_ms: Milliseconds = 0
    """Wait before the request is carried out."""
    after_ms: Milliseconds = 0
    """Wait after it was carried out, before the answer leaves."""
    spread_ms: Milliseconds = 0


class LatencyFault(Fault):
    __slots__ = ("_options", "_spread")

    def __init__(self, scope: FaultScope, options: LatencyOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._options = options
        self._spread = chance.stream("latency")

    def before_request(self, request: RequestView) -> RequestEffect | None:
        return self._wait(request, self._options.before_ms)

    def after_request(self, request: RequestView, answer: object) -> RequestEffect | None:
        return self._wait(request, self._options.after_ms)

    def _wait(self, request: RequestView, milliseconds: int) -> RequestEffect | None:
        if not milliseconds or not request.is_covered_by(self.scope):
            return None
        more = self._spread.randint(0, self._options.spread_ms) if self._options.spread_ms else 0
        return RequestEffect(delay_ns=(milliseconds + more) * MILLISECOND)


FAULT = FaultPlugin(
    name="latency",
    options=LatencyOptions,
    make=LatencyFault,
    trader="An answer that comes too late changes nothing; it asks for the order.",
    scene="answers_come_late",
    fuzz=FuzzRule(options={"before_ms": [0, 100, 15_000], "after_ms": [0, 100, 15_000]}, protection_late_s=0),
)
