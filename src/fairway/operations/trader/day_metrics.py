"""Day metrics: round trips, exits and failed orders of the last 24 hours, from the journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.permissions import may_read
from fairway.operations.trader.journal_view import view_of
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.reports.sliding_window import WindowCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMetricsRequest:
    """config: of the trader."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMetricsOutcome(Outcome):
    """now: the instant (ns) at which the 24 hours end. counts: of all accounts that the actor may read, together."""

    now: int
    counts: "WindowCounts"


def measure_day(call: Call[DayMetricsRequest]) -> DayMetricsOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.reports.sliding_window import NO_COUNTS, window_counts
    from fairway.world.clock import DAY, SystemClock

    counts = NO_COUNTS
    with view_of(load(call.request.config)) as view:
        now = SystemClock().now()
        for name, account in view.accounts.items():
            if may_read(call.actor, name):
                lives = (life.moments for life in account.orders.values())
                counts += window_counts(account.story().trips, lives, now, DAY)
    return DayMetricsOutcome(now=now, counts=counts)


DAY_METRICS = Operation(
    name="metrics day",
    summary="Show round trips, exits and failed orders of the last 24 hours.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=DayMetricsRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=measure_day,
)
OPERATIONS: Final = (DAY_METRICS,)
