"""How often a trader does what it does by the clock. Slower saves requests, or a rehearsal's time; never faster."""

from dataclasses import dataclass
from typing import Final

from fairway.world.clock import MINUTE, SECOND

TICK_NS: Final = SECOND
RECONCILE_NS: Final = 30 * SECOND
RECONCILE_MAX_NS: Final = 10 * MINUTE
"""A longer interval would find a lost fill so late that a position would lack its stop for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """idle_ns: between two ticks while no account has anything unfinished; what is unfinished is looked at each second.

    reconcile_ns: how often each account's venue is asked for everything. A bound of RECONCILE_MAX_NS is the caller's to keep.
    rights_ns: what the key may do is asked no more often than that.
    """

    idle_ns: int = TICK_NS
    reconcile_ns: int = RECONCILE_NS
    rights_ns: int = 0


ORDINARY: Final = Schedule()
