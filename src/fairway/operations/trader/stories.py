"""Accounts as reports tell them: their round trips, fills, open positions and worth, from the journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, account_or_own
from fairway.operations.permissions import may_read
from fairway.operations.trader.journal_view import view_of
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.reports.story import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class StoriesRequest:
    """account: this one only, "" for all that the actor may read."""

    config: Path
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoriesOutcome(Outcome):
    """By account, in the order in which they were first started."""

    settings: Settings
    stories: "Mapping[str, Story]"


def tell_stories(call: Call[StoriesRequest]) -> StoriesOutcome:
    """Raises SettingsError, JournalErrors."""
    asked, settings = call.request, load(call.request.config)
    with view_of(settings) as view:
        stories = {
            name: account.story()
            for name, account in view.accounts.items()
            if asked.account in ("", name) and may_read(call.actor, name)
        }
    return StoriesOutcome(settings=settings, stories=stories)


TRADES = Operation(
    name="trades",
    summary="Show what was bought and sold, why, and what it brought.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=StoriesRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=tell_stories,
)
OPERATIONS: Final = (TRADES,)
