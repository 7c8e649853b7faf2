"""Retention: which share of the accounts that traded in their first week trades in their fourth week, too."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.journal.kinds import TraderStarted
from fairway.journal.port import Record, ReplayEntry
from fairway.orders.lifecycle import OrderFilled
from fairway.world.clock import DAY

WEEK_NS: Final = 7 * DAY
AT_LEAST_N: Final = 5
"""Fewer accounts say nothing."""
BEGIN: Final = TraderStarted.__name__
ACTIVITY: Final = OrderFilled.__name__


@dataclass(frozen=True, slots=True)
class Retention:
    """n: accounts that traded in their first week, and whose fourth week is over. kept: those of them that traded in it.

    too_young: accounts whose fourth week is not over yet. never: accounts that did not trade in their first week.
    """

    n: int
    kept: int
    too_young: int
    never: int

    @property
    def is_sufficient(self) -> bool:
        return self.n >= AT_LEAST_N

    @property
    def share(self) -> Decimal | None:
        """None where it is INSUFFICIENT: fewer than five accounts."""
        return Decimal(self.kept) / Decimal(self.n) if self.is_sufficient else None


def retention_of(entries: Iterable[Record | ReplayEntry], now: int) -> Retention:
    """From a trader's journal, up to an instant (ns). An account begins with its first start; a fill is its activity."""
    began: dict[str, int] = {}
    weeks: dict[str, set[int]] = {}
    for entry in entries:
        if entry.kind == BEGIN:
            began.setdefault(entry.account, entry.at)
        elif entry.kind == ACTIVITY and entry.account in began:
            weeks.setdefault(entry.account, set()).add((entry.at - began[entry.account]) // WEEK_NS)
    return _counted(began, weeks, now)


def _counted(began: Mapping[str, int], weeks: Mapping[str, set[int]], now: int) -> Retention:
    n = kept = too_young = never = 0
    for account, since in began.items():
        active = weeks.get(account, set())
        if now < since + 4 * WEEK_NS:
            too_young += 1
        elif 0 not in active:
            never += 1
        else:
            n += 1
            kept += 3 in active
    return Retention(n=n, kept=kept, too_young=too_young, never=never)
