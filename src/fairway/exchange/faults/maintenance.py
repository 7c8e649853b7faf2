"""Fault: the exchange is closed for maintenance: every request but the system's status gets a 503."""

import msgspec

from fairway.exchange.faults.activation import is_on
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance


class MaintenanceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """There is nothing to choose: of the scope, only the time counts."""


class Maintenance(Fault):
    """Simplified: orders rest and match on as if the exchange were open, only nobody can ask it anything."""

    __slots__ = ()

    def __init__(self, scope: Scope, options: MaintenanceOptions, chance: Chance) -> None:
        super().__init__(scope)

    def is_down(self, at: int) -> bool:
        return is_on(self.scope, at)


KIND = Kind("maintenance", MaintenanceOptions, Maintenance)
