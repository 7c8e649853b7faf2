"""Counts alerts and incidents from the events of a trader's journal, each with its severity.

An alert is counted when something begins; an incident, when it stays until a person has looked at it. How severe a cap is stands
in its kind, and how severe a guard's alarm is in its event: this module has no table of its own.
"""

from typing import Final

from fairway.journal.kinds import AccountFailed, CapLifted, CapRaised, GuardTripped, NakedTooLong, StopFailed
from fairway.risk.caps import CapSource, Lifting
from fairway.risk.causes import AlertSeverity
from fairway.risk.limits import TradingState
from fairway.watch.account import MeasuredAccount, Note

INCIDENTS: Final = (AlertSeverity.P0, AlertSeverity.P1)
"""Severities that make an incident of a cap that waits for a person."""


def of_guard(account: MeasuredAccount, event: GuardTripped, at: int, note: Note) -> None:
    """Counts the alert of a guard that has reached a level."""
    note("alerts", at, 1, event.severity.value)


def of_cap(account: MeasuredAccount, event: CapRaised, at: int, note: Note) -> None:
    """Counts a cap that begins, not one that replaces another of its id. A guard's alert was counted when it tripped."""
    cap = event.cap
    if cap.limits.state is TradingState.KILLED:
        account.killed[cap.id] = cap.symbol
    if cap.id in account.caps:
        return
    account.caps[cap.id] = None
    severity = cap.kind.severity
    if severity is not None and cap.source is not CapSource.GUARD:
        note("alerts", at, 1, severity.value)
    if severity is not None and severity in INCIDENTS and cap.lifting is Lifting.PERSON:
        note("incidents", at, 1, severity.value)


def of_lifted(account: MeasuredAccount, event: CapLifted, at: int, note: Note) -> None:
    """Counts nothing; a cap of this id is new when it is raised again."""
    account.caps.pop(event.cap_id, None)
    account.killed.pop(event.cap_id, None)


def of_failure(account: MeasuredAccount, event: AccountFailed, at: int, note: Note) -> None:
    """Counts an account whose executor has failed."""
    note("alerts", at, 1, AlertSeverity.P1.value)


def of_broken_stop(account: MeasuredAccount, event: StopFailed, at: int, note: Note) -> None:
    """Counts a stop that did not sell: the position is sold by other means, or a guard and the watchdog raise graver alerts."""
    note("alerts", at, 1, AlertSeverity.P1.value)


def of_nakedness(account: MeasuredAccount, event: NakedTooLong, at: int, note: Note) -> None:
    """Counts a position without its stop, and at once a bad sample of the invariant `protected`, else sampled each minute."""
    note("alerts", at, 1, AlertSeverity.P0.value)
    note("protected", at, 0)
