"""Totals: what all accounts of a trader have at work and have lost together, computed again only for those that changed.

Every state of a trader looks at the same totals, so that an entry of one is held against what all the others have.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.money.amount import ZERO
from fairway.risk.entry import OtherAccounts


class Figures(Struct, frozen=True, kw_only=True):
    """Of one account, or of all, in quote. exposure: of positions and entries in flight.

    lost: since the stage began, never below zero: a gain of one account offsets no loss of another. worst: with all stops hit.
    unknown: accounts whose loss is unknown; their last known loss counts.
    marked_at: when the oldest price behind a loss was received (ns); 0 where there is none.
    """

    exposure: Decimal = ZERO
    lost: Decimal = ZERO
    worst: Decimal = ZERO
    unknown: int = 0
    marked_at: int = 0


NOTHING: Final = Figures()
Reckon = Callable[[], Figures]
"""An account's figures as they are now."""


class Totals:
    def __init__(self) -> None:
        self._figures: dict[str, Figures] = {}
        self._changed: dict[str, Reckon] = {}
        self._exposure = self._lost = self._worst = ZERO
        self._unknown = 0

    def change(self, account: str, reckon: Reckon) -> None:
        """Marks an account's figures as outdated; they are computed when the totals are next read."""
        self._changed[account] = reckon

    def forget(self, account: str) -> None:
        """It is this trader's no more: what it holds is for a person to look after."""
        self._changed.pop(account, None)
        self._put(account, NOTHING)
        self._figures.pop(account, None)

    def of_others(self, account: str) -> OtherAccounts:
        """Of all but one."""
        self._reckon()
        own = self._figures.get(account, NOTHING)
        return OtherAccounts(self._exposure - own.exposure, self._worst - own.worst, self._unknown - own.unknown)

    def of_all(self) -> Figures:
        self._reckon()
        marks = [each.marked_at for each in self._figures.values() if each.lost and each.marked_at]
        return Figures(
            exposure=self._exposure,
            lost=self._lost,
            worst=self._worst,
            unknown=self._unknown,
            marked_at=min(marks, default=0),
        )

    def _reckon(self) -> None:
        for account, reckon in self._changed.items():
            new, old = reckon(), self._figures.get(account, NOTHING)
            self._put(account, replace(new, lost=old.lost, worst=old.worst) if new.unknown else new)
        self._changed.clear()

    def _put(self, account: str, new: Figures) -> None:
        old = self._figures.get(account, NOTHING)
        self._exposure += new.exposure - old.exposure
        self._lost += new.lost - old.lost
        self._worst += new.worst - old.worst
        self._unknown += new.unknown - old.unknown
        self._figures[account] = new
