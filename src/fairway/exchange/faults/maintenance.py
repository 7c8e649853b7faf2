"""Fault: the exchange is closed for maintenance; every request but the system's status gets a 503."""

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class MaintenanceOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No options. Of the scope, only the time counts."""


class Maintenance(Fault):
    """Simplified: orders rest and match as if the exchange were open; only requests are refused."""

    __slots__ = ()

    def __init__(self, scope: FaultScope, options: MaintenanceOptions, chance: Chance) -> None:
        super().__init__(scope)

    def is_down(self, at: int) -> bool:
        return self.scope.is_on(at)


FAULT = FaultPlugin(
    name="maintenance",
    options=MaintenanceOptions,
    make=Maintenance,
    trader="It refuses intents from candles that come late, and finds all that it missed.",
    scene="the_exchange_is_down_for_maintenance",
    fuzz=FuzzRule(protection_late_s=0),
)
