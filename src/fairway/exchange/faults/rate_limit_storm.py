"""Fault: each request costs many times its weight, as if other programs used the same address: 429, later 418."""

from typing import Annotated

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class RateLimitStormOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    factor: Annotated[int, msgspec.Meta(ge=1)] = 1_000
    """What each weight is multiplied by; 6000 are allowed in a minute."""
    address: str = ""
    """Requests from this address only; "" is all."""


class RateLimitStorm(Fault):
    """Of the scope only the time counts: weight belongs to an address, not to an account or a symbol.

    After the fault, used weight counts until its minute ends, and a ban lasts until its own end.
    """

    __slots__ = ("_options",)

    def __init__(self, scope: FaultScope, options: RateLimitStormOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._options = options

    def request_weight(self, address: str, weight: int, at: int) -> int:
        if not self.scope.is_on(at) or self._options.address not in ("", address):
            return weight
        return weight * self._options.factor


FAULT = FaultPlugin(
    name="rate_limit_storm",
    options=RateLimitStormOptions,
    make=RateLimitStorm,
    trader="It waits as long as the exchange asks for, streams included, so it is not banned.",
    scene="a_rate_limit_storm",
    fuzz=FuzzRule(options={"factor": [100, 3_000, 7_000]}, protection_late_s=0, lasts_to_minute_end=True),
)
