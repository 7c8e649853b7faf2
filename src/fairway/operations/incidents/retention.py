"""Retention: which share of the accounts that traded in their first week trades in their fourth, too."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.incidents.instruct import incident_subject
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import against_rule
from fairway.people.roles import UserAct
from fairway.settings import load
from fairway.world.clock import SystemClock

if TYPE_CHECKING:
    from fairway.incidents.retention import Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRequest:
    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionOutcome(Outcome):
    retention: "Retention"


def perform_retention(call: Call[RetentionRequest]) -> RetentionOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.retention import AT_LEAST_N, retention_of
    from fairway.journal.port import JournalMissing
    from fairway.journal.sql import open_reader
    from fairway.texts.display import percent

    settings = load(call.request.config)
    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            found = retention_of(journal.replay(), SystemClock().now())
    except JournalMissing:
        raise against_rule("TRADER_NEVER_RAN: journal", f"no trader has run with {call.request.config} yet") from None
    if found.share is None:
        first = f"INSUFFICIENT: {found.n} accounts traded in their first week and are four weeks old; {AT_LEAST_N} are needed"
    else:
        first = f"{percent(found.share, 0)} of {found.n} accounts that traded in week 1 trade in week 4 ({found.kept})"
    more = f"not counted: {found.too_young} accounts younger than four weeks, {found.never} without a trade in their first week"
    return RetentionOutcome(retention=found, lines=(first, more))


def preview_retention(call: Call[RetentionRequest]) -> Preview:
    return Preview(effect="reads the trader's journal; nothing is changed")


RETENTION: Final = Operation(
    name="retention",
    summary="Say which share of the accounts of week 1 trades in week 4.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=RetentionRequest,
    subject=incident_subject,
    preview=preview_retention,
    perform=perform_retention,
)
OPERATIONS: Final = (RETENTION,)
