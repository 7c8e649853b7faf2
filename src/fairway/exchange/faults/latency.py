"""Fault: requests are carried out late, or their answers leave late."""

import msgspec

from fairway.exchange.faults.activation import Milliseconds
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Fault, Scope, Twist
from fairway.world.chance import Chance
from fairway.world.clock import MILLISECOND


class LatencyOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Milliseconds; `spread_ms` is added by chance, anything from none to all of it."""

    before_ms: Milliseconds = 0
    """Wait before the request is carried out."""
    after_ms: Milliseconds = 0
    """Wait after it was carried out, before the answer leaves."""
    spread_ms: Milliseconds = 0


class Latency(Fault):
    __slots__ = ("_options", "_spread")

    def __init__(self, scope: Scope, options: LatencyOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._options = options
        self._spread = chance.stream("latency")

    def before(self, act: Act) -> Twist | None:
        return self._wait(act, self._options.before_ms)

    def after(self, act: Act, answer: object) -> Twist | None:
        return self._wait(act, self._options.after_ms)

    def _wait(self, act: Act, milliseconds: int) -> Twist | None:
        if not milliseconds or not self.scope.covers(act.at, act.account, act.symbol, act.endpoint):
            return None
        more = self._spread.randint(0, self._options.spread_ms) if self._options.spread_ms else 0
        return Twist(delay_ns=(milliseconds + more) * MILLISECOND)


KIND = Kind("latency", LatencyOptions, Latency)
