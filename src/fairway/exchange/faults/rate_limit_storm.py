"""Fault: each request costs many times its weight, as if a crowd used the same address: 429, and for who goes on, 418."""

from typing import Annotated

import msgspec

from fairway.exchange.faults.activation import is_on
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance


class RateLimitStormOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    factor: Annotated[int, msgspec.Meta(ge=1)] = 1_000
    """What each weight is multiplied by; 6000 are allowed in a minute."""
    address: str = ""
    """Requests from this address only; "" is all."""


class RateLimitStorm(Fault):
    """Of the scope only the time counts: weight belongs to an address, not to an account or a symbol.

    What was used stays used until its minute is over, and a ban until it ends, even when the storm is over.
    """

    __slots__ = ("_options",)

    def __init__(self, scope: Scope, options: RateLimitStormOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._options = options

    def weight(self, address: str, weight: int, at: int) -> int:
        if not is_on(self.scope, at) or self._options.address not in ("", address):
            return weight
        return weight * self._options.factor


KIND = Kind("rate_limit_storm", RateLimitStormOptions, RateLimitStorm)
