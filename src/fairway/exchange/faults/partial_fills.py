"""Fault: the book is thin, so that orders fill in parts, or only in part."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule, SymbolDraw
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.exchange.market_data import BookLevel, MarketUpdate
from fairway.exchange.units import parse
from fairway.world.chance import Chance


class PartialFillsOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    quantity: str = "0.01"
    """Most base that a level of the book holds. Take a multiple of the symbol's lot."""
    levels: Annotated[int, msgspec.Meta(ge=0)] = 1
    """Levels on each side; 0 leaves an empty book."""


class PartialFills(Fault):
    """Of the scope, time and symbol count. The tape stays as it is.

    The book that is already there stays until the market's next update.
    """

    __slots__ = ("_levels", "_quantity")

    def __init__(self, scope: FaultScope, options: PartialFillsOptions, chance: Chance) -> None:
        super().__init__(scope)
        quantity = parse(options.quantity)
        if not quantity:
            raise ValueError(f"options of 'partial_fills': quantity={options.quantity!r} is no quantity; a right one is '0.01'")
        self._quantity, self._levels = quantity, options.levels

    def alter_market(self, update: MarketUpdate) -> MarketUpdate | None:
        if not self.scope.is_on(update.at) or self.scope.symbol not in ("", update.symbol):
            return update
        return update._replace(bids=self._thin(update.bids), asks=self._thin(update.asks))

    def _thin(self, side: Sequence[BookLevel] | None) -> Sequence[BookLevel] | None:
        if side is None:
            return None
        return [BookLevel(level.price, min(level.quantity, self._quantity)) for level in side[: self._levels]]


FAULT = FaultPlugin(
    name="partial_fills",
    options=PartialFillsOptions,
    make=PartialFills,
    trader="Stop and target always cover exactly the quantity held; it sells nothing while fills are known to be missing.",
    scene="orders_fill_in_parts",
    fuzz=FuzzRule(options={"quantity": ["0.5", "2", "7"], "levels": [0, 1, 2, 3]}, symbols=SymbolDraw.ONE_OR_ALL),
)
