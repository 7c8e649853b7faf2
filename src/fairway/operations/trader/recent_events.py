"""Recent events: what happened lately to the accounts of a trader, in words, from the journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, account_or_own
from fairway.operations.permissions import may_read
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.journal_view import view_of
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.reports.trader_view import RecentEvent

LINES_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentEventsRequest:
    """account: this one only, "" for all that the actor may read. limit: so many, the newest."""

    config: Path
    account: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentEventsOutcome(Outcome):
    """Oldest first, without what is routine."""

    events: "tuple[RecentEvent, ...]"


def tell_recent_events(call: Call[RecentEventsRequest]) -> RecentEventsOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    if not 1 <= asked.limit <= LINES_MAX:
        raise wrong_input(f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {LINES_MAX}", field="limit", example="100")
    with view_of(load(asked.config)) as view:
        found = [
            event
            for name, account in view.accounts.items()
            if asked.account in ("", name) and may_read(call.actor, name)
            for event in account.recent
        ]
    found.sort(key=lambda event: event.seq)
    return RecentEventsOutcome(events=tuple(found[-asked.limit :]))


RECENT_EVENTS = Operation(
    name="recent events",
    summary="Show what happened lately, in words.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=RecentEventsRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=tell_recent_events,
)
OPERATIONS: Final = (RECENT_EVENTS,)
