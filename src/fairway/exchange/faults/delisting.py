"""Fault: a symbol stops trading, or no longer exists."""

from typing import Literal

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class DelistingOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: Literal["BREAK", "HALT", ""] = "BREAK"
    """The status in `exchangeInfo`, while orders are refused (-2010); "" removes the symbol (-1121)."""


class Delisting(Fault):
    """Of the scope, time and symbol count; without a symbol it is all of them.

    Simplified: orders that rest stay where they are, and its market goes on. An exchange would cancel them.
    """

    __slots__ = ("_status",)

    def __init__(self, scope: FaultScope, options: DelistingOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._status = options.status

    def symbol_status(self, symbol: str, at: int) -> str | None:
        return self._status if self.scope.is_on(at) and self.scope.symbol in ("", symbol) else None


FAULT = FaultPlugin(
    name="delisting",
    options=DelistingOptions,
    make=Delisting,
    trader="The other symbols trade on; a position that cannot be sold keeps its stop, or gets one.",
    scene="a_symbol_is_delisted",
    fuzz=FuzzRule(options={"status": ["BREAK", "HALT", ""]}, symbols=SymbolDraw.ONE_OR_ALL, weight=2, protection_late_s=0),
)
