"""Alarms in the journal, and how bad each is: P0 for money that may be lost now, P1 for what stops trading, P2 for a warning.

An alert is counted when something began; an incident, when it holds until a person has looked at it.
"""

from typing import Final

from fairway.journal.kinds import CapLifted, CapRaised, ClerkFailed, GuardTripped, NakedTooLong, StopFailed
from fairway.risk.breakers import EVERYONE
from fairway.risk.caps import Cap, Lifting, Source
from fairway.risk.escalation import Level
from fairway.risk.limits import TradingState
from fairway.watch.account import Account, Note

P0: Final = "P0"
P1: Final = "P1"
P2: Final = "P2"
GRAVE: Final = ("another trader", EVERYONE)
"""Caps that say that the books, or all accounts at once, cannot be relied on; as do those of unexplained money."""
OF_LEVEL: Final = {Level.WARNING: P2, Level.CRITICAL: P1, Level.EMERGENCY: P0}


AT_CRITICAL: Final = {
    "runaway rate": P0,
    "daily loss": P1,
    "stage daily loss": P1,
    "losses in a row": P2,
    "edge health": P2,
    "outlier bar": P2,
    "low volume": P2,
    "slippage": P2,
    "fee churn": P2,
}
"""How bad a guard is that stops entries, where it is not P1; the causes of a launch (`launch.causes`) have it from here."""


ORDINARY: Final = frozenset(
    {"daily loss", "stage daily loss", "losses in a row", "edge health", "outlier bar", "low volume", "slippage", "fee churn"}
)
"""Guards of an account's own trading. That a rule stops it for a while is no incident; only an emergency is."""


def of_guard(account: Account, event: GuardTripped, at: int, note: Note) -> None:
    severity = AT_CRITICAL.get(event.guard, P1) if event.level is Level.CRITICAL else OF_LEVEL.get(event.level)
    if severity is not None:
        note("alerts", at, 1, severity)


def of_cap(account: Account, event: CapRaised, at: int, note: Note) -> None:
    """A cap that replaces one of its id is nothing new. Those of guards have told by their guards that they began."""
    cap = event.cap
    if cap.limits.state is TradingState.KILLED:
        account.killed[cap.id] = cap.symbol
    if cap.id in account.caps:
        return
    account.caps[cap.id] = None
    severity = _severity(cap)
    if severity and cap.source is not Source.GUARD:
        note("alerts", at, 1, severity)
    if severity in (P0, P1) and cap.lifting is Lifting.PERSON:
        note("incidents", at, 1, severity)


def of_lifted(account: Account, event: CapLifted, at: int, note: Note) -> None:
    account.caps.pop(event.cap_id, None)
    account.killed.pop(event.cap_id, None)


def of_failure(account: Account, event: ClerkFailed, at: int, note: Note) -> None:
    note("alerts", at, 1, P1)


def of_broken_stop(account: Account, event: StopFailed, at: int, note: Note) -> None:
    """It is being sold by other means, or a guard and the watchdog of naked positions have more to say."""
    note("alerts", at, 1, P1)


def of_nakedness(account: Account, event: NakedTooLong, at: int, note: Note) -> None:
    """Also one bad sample of the invariant: it does not wait for the minute."""
    note("alerts", at, 1, P0)
    note("protected", at, 0)


def _severity(cap: Cap) -> str:
    """Nothing for what people and plans do on purpose, short of a kill."""
    if cap.limits.state is TradingState.KILLED:
        return P0
    if cap.source in (Source.SETTINGS, Source.STAGE, Source.PERSON, Source.LEASE):
        return ""
    sells_all = cap.limits.size is not None and not cap.limits.size.value
    if not sells_all and cap.id.removeprefix("guard ") in ORDINARY:
        return P2
    if sells_all or cap.source is Source.LOSS_BUDGET or cap.id in GRAVE or cap.id.startswith("unexplained "):
        return P0
    if cap.limits.state is TradingState.ACTIVE:
        return P2
    return AT_CRITICAL.get(cap.id.removeprefix("guard "), P1)
