"""Fault: a symbol stops trading, or is gone as if it had never been there."""

from typing import Literal

import msgspec

from fairway.exchange.faults.activation import is_on
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance


class DelistingOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    status: Literal["BREAK", "HALT", ""] = "BREAK"
    """What `exchangeInfo` says of it, while orders are refused (-2010); "" is no symbol any more (-1121)."""


class Delisting(Fault):
    """Of the scope, time and symbol count; without a symbol it is all of them.

    Simplified: orders that rest stay where they are, and its market goes on. An exchange would cancel them.
    """

    __slots__ = ("_status",)

    def __init__(self, scope: Scope, options: DelistingOptions, chance: Chance) -> None:
        super().__init__(scope)
        self._status = options.status

    def status(self, symbol: str, at: int) -> str | None:
        return self._status if is_on(self.scope, at) and self.scope.symbol in ("", symbol) else None


KIND = Kind("delisting", DelistingOptions, Delisting)
