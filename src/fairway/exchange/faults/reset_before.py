"""Fault: the connection is cut when a request has arrived, before anything is done with it."""

import msgspec

from fairway.exchange.faults.activation import Striking, Times
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Act, Scope, Twist
from fairway.world.chance import Chance


class ResetBeforeOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    times: Times = 0
    """How often it strikes; 0 is always."""


class ResetBefore(Striking):
    """The sender cannot tell this from `reset_after`, and yet nothing was done."""

    __slots__ = ()

    def __init__(self, scope: Scope, options: ResetBeforeOptions, chance: Chance) -> None:
        super().__init__(scope, options.times)

    def before(self, act: Act) -> Twist | None:
        return Twist(reset=True) if self.strikes_at(act) else None


KIND = Kind("reset_before", ResetBeforeOptions, ResetBefore)
