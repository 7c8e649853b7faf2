"""Marks many accounts to market at once: a row of exact integers for each, so that a tick costs microseconds, not milliseconds.

What an account is worth is counted in one small unit of the quote asset, which every lot times every tick is a whole number of.
Quantities are cut to a thousandth of a lot: dust below that is worth nothing here. An account too large for sixty bits is
refused, and its owner must mark it by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

import numpy as np

from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO
from fairway.money.grid import Round, on_grid

_LARGEST: Final = 2**60
"""Prices may rise eightfold before anything could wrap around; every change of what is held is checked again."""
_NEVER: Final = -(2**63)
_ROWS_FIRST: Final = 64
_PARTS: Final = 1_000
"""Of a lot."""


class TooLarge(ValueError):
    """The account's worth does not fit into sixty bits of the smallest unit."""


class _Column:
    """One symbol: what each account holds of it, and below which price each wants to be woken."""

    def __init__(self, instrument: Instrument) -> None:
        self.quantity_step, self.price_step = instrument.lot / _PARTS, instrument.tick / 2
        self.held = np.zeros(_ROWS_FIRST, np.int64)
        self.level = np.zeros(_ROWS_FIRST, np.int64)
        self.highest_level = 0
        self.price = 0
        self.factor = 0


class Marking:
    """All instruments have one quote asset. Prices are the middle of bid and ask, in half ticks."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self._columns = {instrument.symbol: _Column(instrument) for instrument in instruments}
        steps = [column.quantity_step * column.price_step for column in self._columns.values()]
        self._unit = Decimal(1).scaleb(min(int(step.normalize().as_tuple().exponent) for step in steps))
        for column, step in zip(self._columns.values(), steps, strict=True):
            column.factor = int(step / self._unit)
        self._rows: dict[str, int] = {}
        self._names: list[str] = []
        self._worth = np.zeros(_ROWS_FIRST, np.int64)
        self._floor = np.full(_ROWS_FIRST, _NEVER, np.int64)

    def hold(self, account: str, cash: Decimal, quantities: Mapping[str, Decimal]) -> None:
        """What an account has now: cash in quote, quantities of base by symbol. Raises TooLarge; nothing is changed then."""
        held = {symbol: int(quantities.get(symbol, ZERO) / column.quantity_step) for symbol, column in self._columns.items()}
        worth = int(cash / self._unit)
        for symbol, column in self._columns.items():
            worth += held[symbol] * column.price * column.factor
        if abs(worth) >= _LARGEST:
            raise TooLarge(f"{account} is worth {worth * self._unit}, more than can be marked beside others")
        row = self._row(account)
        self._worth[row] = worth
        for symbol, column in self._columns.items():
            column.held[row] = held[symbol]

    def watch(self, account: str, floor: Decimal | None, levels: Mapping[str, Decimal]) -> None:
        """When to wake an account: worth below floor (in quote), or a symbol at or below its level (a price)."""
        row = self._row(account)
        self._floor[row] = _NEVER if floor is None else int(floor / self._unit)
        for symbol, column in self._columns.items():
            level = levels.get(symbol, ZERO)
            if not level and not column.level[row]:
                continue  # most accounts wait for no level, and the highest of all is looked for in each row
            column.level[row] = int(on_grid(level, column.price_step, Round.DOWN) / column.price_step)
            column.highest_level = int(column.level.max())

    def mark(self, symbol: str, bid: Decimal, ask: Decimal) -> Sequence[str]:
        """Takes a new price of a symbol, and returns the accounts that it wakes."""
        column = self._columns[symbol]
        price = int((bid + ask) / 2 / column.price_step)
        change = price - column.price
        if not change:
            return ()
        column.price = price
        self._worth += column.held * (change * column.factor)
        is_low = self._worth < self._floor
        if price <= column.highest_level:
            is_low |= price <= column.level
        return tuple(self._woken(is_low)) if np.count_nonzero(is_low) else ()

    def _woken(self, is_low: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> Iterator[str]:
        return (self._names[row] for row in np.flatnonzero(is_low))

    def worth(self, account: str) -> Decimal:
        """In quote, at the last prices; what is held of a symbol without a price yet counts as nothing."""
        return int(self._worth[self._rows[account]]) * self._unit

    def _row(self, account: str) -> int:
        row = self._rows.get(account)
        if row is None:
            row = self._rows[account] = len(self._names)
            self._names.append(account)
            if row >= len(self._worth):
                self._grow()
        return row

    def _grow(self) -> None:
        """Twice the rows."""
        rows = len(self._worth)
        self._worth = np.concatenate([self._worth, np.zeros(rows, np.int64)])
        self._floor = np.concatenate([self._floor, np.full(rows, _NEVER, np.int64)])
        for column in self._columns.values():
            column.held = np.concatenate([column.held, np.zeros(rows, np.int64)])
            column.level = np.concatenate([column.level, np.zeros(rows, np.int64)])
