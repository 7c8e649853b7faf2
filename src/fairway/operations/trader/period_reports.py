"""Period reports: what was traded on some UTC days, by account and strategy, from the journal."""

from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.permissions import may_read
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.journal_view import view_of
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.reports.period import PeriodReport, TradedHistory
    from fairway.reports.trader_view import AccountJournalView, DatedNote

DAYS_MAX: Final = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRequest:
    """day: an instant (ns) of the last UTC day, 0 for today, which is reported as far as it has come. days: how many in all."""

    config: Path
    day: int = 0
    days: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodOutcome(Outcome):
    """now: when it was asked (ns). days: each one alone, oldest first; whole: all of them together."""

    now: int
    days: "tuple[PeriodReport, ...]"
    whole: "PeriodReport"


def report_period(call: Call[PeriodRequest]) -> PeriodOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.reports.period import day_of, period_report
    from fairway.world.clock import DAY, SystemClock

    asked, now = call.request, SystemClock().now()
    last = day_of(asked.day or now)
    if not 1 <= asked.days <= DAYS_MAX:
        raise wrong_input(f"DAYS_WRONG: days={asked.days}", f"is not between 1 and {DAYS_MAX}", field="days", example="7")
    if last > now:
        raise wrong_input("DAY_AHEAD: field=day", "has not come yet; name a day of the past, or none for today", field="day")
    with view_of(load(asked.config)) as view:
        known = [_history(each) for name, each in view.accounts.items() if may_read(call.actor, name)]
    begins = [last - back * DAY for back in reversed(range(asked.days))]
    return PeriodOutcome(
        now=now,
        days=tuple(period_report(known, begin, begin + DAY) for begin in begins),
        whole=period_report(known, begins[0], last + DAY),
    )


def _history(view: "AccountJournalView") -> "TradedHistory":
    from fairway.reports.period import TradedHistory

    return TradedHistory(
        account=view.account,
        story=view.story(),
        strategies=tuple(view.strategies),
        refusals=tuple(view.refusals),
        troubles=tuple(view.troubles),
        known_from=max(_known_from(view.refusals), _known_from(view.troubles)),
    )


def _known_from(notes: "deque[DatedNote]") -> int:
    """The oldest that is kept, where older ones had to go; 0 where all are there."""
    return notes[0].at if len(notes) == notes.maxlen else 0


PERIOD = Operation(
    name="report days",
    summary="Show what was traded on some days, by account and strategy.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=PeriodRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=report_period,
)
OPERATIONS: Final = (PERIOD,)
