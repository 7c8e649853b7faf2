"""Decisions: what a trader decided about an account, why, and which orders followed, from the journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.accounts_of_trader import carried_accounts
from fairway.operations.trader.journal_view import view_of
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.reports.decisions import TraderDecision

LISTED_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsRequest:
    """account: whose decisions. symbol: those that concern it, "" for all. limit: so many at most."""

    config: Path
    account: str
    symbol: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionsOutcome(Outcome):
    """The newest first; no older ones than the newest 1,000 of the account."""

    decisions: "tuple[TraderDecision, ...]"


def list_decisions(call: Call[DecisionsRequest]) -> DecisionsOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    asked = call.request
    if not 1 <= asked.limit <= LISTED_MAX:
        raise wrong_input(f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {LISTED_MAX}", field="limit", example="50")
    settings = load(asked.config)
    with view_of(settings) as view:
        found = view.accounts.get(asked.account)
        if found is not None:
            return DecisionsOutcome(decisions=found.decisions.newest(asked.symbol, asked.limit))
    if asked.account not in carried_accounts(settings):  # a user may ask this, so that no other account is named
        what = f"{asked.account!r} is not an account of this trader"
        raise wrong_input(f"ACCOUNT_UNKNOWN: account={asked.account}", what, field="account")
    return DecisionsOutcome(decisions=())


DECISIONS = Operation(
    name="decisions",
    summary="Show what a trader decided about an account, why, and which orders followed.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=DecisionsRequest,
    subject=lambda asked: Subject(Of.ACCOUNT, asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=list_decisions,
)
OPERATIONS: Final = (DECISIONS,)
