"""Decides whether a venue's dead-man's switch may be armed: only where it cannot take the protection of a position away.

Such a switch cancels orders when the venue has not heard from us for a while. Most cancel every order, stops included, and
know nothing of positions: one that fires while we are down would leave the position naked just when no trader watches it.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class CancelScope(StrEnum):
    """What the switch cancels when it fires."""

    ENTRIES = "entries only"
    ALL = "every order, stops included"
    ALL_WHERE_FLAT = "every order, and only of an account without a position"


LEAVES_STOPS: Final = frozenset({CancelScope.ENTRIES, CancelScope.ALL_WHERE_FLAT})
"""Kinds that never take the stop of a position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadManSwitch:
    """A venue's switch: what it cancels, how long it may be set to wait (ns), and how often a day it may fire (None: any)."""

    cancels: CancelScope
    ttl_min_ns: int
    ttl_max_ns: int
    triggers_a_day: int | None = None

    def __post_init__(self) -> None:
        if not 0 < self.ttl_min_ns <= self.ttl_max_ns:
            raise ValueError(f"a dead-man's switch waits between {self.ttl_min_ns} and {self.ttl_max_ns} ns, which is no span")


def may_arm(switch: DeadManSwitch | None, *, holds_positions: bool, has_resting_stops: bool, fired_today: int = 0) -> str | None:
    """Why the switch must not be armed now, or None where it may be.

    The caller asks again whenever a position or a stop appears, and disarms the switch where the answer has become False.
    """
    if switch is None:
        return "DEAD_MAN_ABSENT: switches=0 limit=1"
    if switch.triggers_a_day is not None and fired_today >= switch.triggers_a_day:
        return f"DEAD_MAN_SPENT: fired_today={fired_today} limit={switch.triggers_a_day}"
    if switch.cancels in LEAVES_STOPS:
        return None
    if holds_positions:
        return "DEAD_MAN_NAKED: it cancels every order, and a position is held; limit=flat"
    if has_resting_stops:
        return "DEAD_MAN_STOPS: it cancels every order, and stops are resting; limit=none"
    return None
