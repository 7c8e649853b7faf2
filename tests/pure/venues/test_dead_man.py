"""A dead-man's switch is armed only where it cannot take a position's protection away."""

import pytest

from fairway.venues.dead_man import CancelScope, DeadManSwitch, may_arm
from fairway.world.clock import DAY, SECOND

HYPERLIQUID = DeadManSwitch(cancels=CancelScope.ALL, ttl_min_ns=5 * SECOND, ttl_max_ns=DAY, triggers_a_day=10)
"""Cancels all that rests, stops included; after ten times a day it fires no more."""
KRAKEN = DeadManSwitch(cancels=CancelScope.ALL, ttl_min_ns=1 * SECOND, ttl_max_ns=DAY)
"""Cancels all; time in which the venue was closed counts, so that it fires as the venue comes back."""


@pytest.mark.parametrize("switch", [HYPERLIQUID, KRAKEN], ids=["hyperliquid", "kraken"])
@pytest.mark.parametrize(
    ("holds_positions", "has_resting_stops", "code"),
    [(True, True, "DEAD_MAN_NAKED"), (True, False, "DEAD_MAN_NAKED"), (False, True, "DEAD_MAN_STOPS"), (False, False, None)],
)
def test_a_switch_that_cancels_stops_is_for_flat_accounts(
    switch: DeadManSwitch, holds_positions: bool, has_resting_stops: bool, code: str | None
) -> None:
    """With a position or a stop it stays unarmed, and says why; without either it may be armed."""
    why = may_arm(switch, holds_positions=holds_positions, has_resting_stops=has_resting_stops)
    assert (why and why.split(":")[0]) == code


@pytest.mark.parametrize("cancels", [CancelScope.ENTRIES, CancelScope.ALL_WHERE_FLAT])
def test_a_switch_that_leaves_stops_alone_may_always_be_armed(cancels: CancelScope) -> None:
    """It takes entries only, or nothing while a position is held."""
    switch = DeadManSwitch(cancels=cancels, ttl_min_ns=SECOND, ttl_max_ns=DAY)
    assert may_arm(switch, holds_positions=True, has_resting_stops=True) is None


@pytest.mark.parametrize(("fired", "code"), [(9, None), (10, "DEAD_MAN_SPENT: fired_today=10 limit=10")])
def test_a_spent_switch_is_not_relied_on(fired: int, code: str | None) -> None:
    """At the venue's bound of triggers a day it would not fire any more."""
    assert may_arm(HYPERLIQUID, holds_positions=False, has_resting_stops=False, fired_today=fired) == code


def test_where_there_is_no_switch_none_is_armed() -> None:
    """Binance spot has none."""
    assert may_arm(None, holds_positions=False, has_resting_stops=False) == "DEAD_MAN_ABSENT: switches=0 limit=1"


def test_a_span_that_is_none_is_refused() -> None:
    """The longest wait is not shorter than the shortest."""
    with pytest.raises(ValueError, match="no span"):
        DeadManSwitch(cancels=CancelScope.ENTRIES, ttl_min_ns=2, ttl_max_ns=1)
