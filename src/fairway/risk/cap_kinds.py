"""Kinds of caps: what a cap comes from, how severe its alert is, what follows for a launch, who lifts it and what clears it.

Each cap carries its kind, in memory and in the journal. Whatever is decided about a cap is read from these fields; its id only
tells it from other caps. A guard brings the kinds of its own caps with it (risk/guards/kind.py).
"""

from enum import StrEnum

from msgspec import Struct

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause


class CapSource(StrEnum):
    """What a cap comes from."""

    SETTINGS = "settings"
    STAGE = "stage"
    GUARD = "guard"
    LOSS_BUDGET = "loss budget"
    BLINDNESS = "blindness"
    INCIDENT = "incident"
    PERSON = "person"
    LEASE = "lease"


class Lifting(StrEnum):
    """Who lifts a cap."""

    ITSELF = "by itself"
    """The program that raised it, when the reason is gone."""
    PERSON = "a person"
    """A person, with a reason; no restart and no clock does."""
    CONFIGURATION = "a change of the configuration"


class CapKind(Struct, frozen=True, kw_only=True, omit_defaults=True):
    name: str
    """Tells the kind from others, and begins the ids of its caps."""
    source: CapSource
    lifting: Lifting
    clears: str = "when a person lifts it"
    """When the cap ends, in words."""
    severity: AlertSeverity | None = None
    """Of the alert with which a cap of this kind begins; None where a person or a plan raises it on purpose."""
    cause: Cause | None = None
    """What a cap of this kind means for the launch of its account; None where it concerns that account alone."""

    def id_of(self, scope: str = "") -> str:
        """The id of a cap of this kind. scope: its symbol, or the asset that it is about; "" for the whole account."""
        return f"{self.name} {scope}".rstrip()


SETTINGS = CapKind(
    name="settings",
    source=CapSource.SETTINGS,
    lifting=Lifting.CONFIGURATION,
    clears="with a change of the configuration and a restart",
)
MAINTENANCE = CapKind(
    name="maintenance",
    source=CapSource.SETTINGS,
    lifting=Lifting.ITSELF,
    clears="when the planned maintenance ends",
)
PAUSED = CapKind(name="paused", source=CapSource.PERSON, lifting=Lifting.PERSON)
LIMITED = CapKind(name="limited", source=CapSource.PERSON, lifting=Lifting.PERSON)
RESUMED = CapKind(name="resumed", source=CapSource.STAGE, lifting=Lifting.PERSON)
REGISTRY = CapKind(
    name="registry",
    source=CapSource.PERSON,
    lifting=Lifting.ITSELF,
    clears="when the paused account or user is resumed:  fairway accounts resume ID, or fairway users resume USER",
)
LEASE = CapKind(name="lease", source=CapSource.LEASE, lifting=Lifting.ITSELF, clears="with the next lease")
KILL = CapKind(
    name="kill",
    source=CapSource.PERSON,
    lifting=Lifting.PERSON,
    clears="when a person resumes the account",
    severity=AlertSeverity.P0,
    cause=causes.KILLED,
)
BREAKER_ACCOUNT = CapKind(
    name="breaker L2",
    source=CapSource.LOSS_BUDGET,
    lifting=Lifting.PERSON,
    clears="when a person lifts it, not before 24 hours have passed",
    severity=AlertSeverity.P0,
    cause=causes.ACCOUNT_EMERGENCY,
)
BREAKER_FLEET = CapKind(
    name="breaker L3",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P0,
    cause=causes.ACCOUNTS_FAILING,
)
TOTAL_LOSS = CapKind(
    name="stage total loss",
    source=CapSource.LOSS_BUDGET,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P0,
    cause=causes.TOTAL_LOSS,
)
HELD = CapKind(
    name="held",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P1,
    cause=causes.POSITION_UNEXPLAINED,
)
NAKED = CapKind(
    name="naked",
    source=CapSource.GUARD,
    lifting=Lifting.ITSELF,
    clears="when the position has its stops again, or is closed",
    severity=AlertSeverity.P1,
    cause=causes.UNPROTECTED,
)
ANOTHER_TRADER = CapKind(
    name="another trader",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P0,
    cause=causes.ANOTHER_TRADER,
)
UNEXPLAINED = CapKind(
    name="unexplained",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P0,
    cause=causes.BOOKS_DIFFER,
)
BALANCE_DOUBT = CapKind(
    name="unexplained balance",
    source=CapSource.BLINDNESS,
    lifting=Lifting.ITSELF,
    clears="when the venue's answers agree, or the change is booked",
    severity=AlertSeverity.P0,
    cause=causes.BOOKS_DIFFER,
)
NO_TRADING_RIGHT = CapKind(
    name="no right to trade",
    source=CapSource.INCIDENT,
    lifting=Lifting.ITSELF,
    clears="when the account and its key may trade again",
    severity=AlertSeverity.P1,
    cause=causes.CANNOT_TRADE,
)
WITHDRAWAL_RIGHT = CapKind(
    name="right to withdraw",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P1,
    cause=causes.KEY_MAY_WITHDRAW,
)
ACCOUNT_TYPE = CapKind(
    name="kind of account",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P1,
    cause=causes.OTHER_ACCOUNT_TYPE,
)
JOURNAL = CapKind(
    name="journal",
    source=CapSource.BLINDNESS,
    lifting=Lifting.ITSELF,
    clears="when the journal can be written again",
    severity=AlertSeverity.P1,
    cause=causes.JOURNAL_FAILED,
)
CLOCK = CapKind(
    name="clock",
    source=CapSource.BLINDNESS,
    lifting=Lifting.ITSELF,
    clears="when the machine's clock is right again, or the trader is started again",
    severity=AlertSeverity.P1,
    cause=causes.CLOCK_UNKNOWN,
)
COMMANDS = CapKind(
    name="commands",
    source=CapSource.BLINDNESS,
    lifting=Lifting.ITSELF,
    clears="when people's commands can be read again",
    severity=AlertSeverity.P1,
    cause=causes.COMMANDS_UNREADABLE,
)
CRASH_LOOP = CapKind(
    name="crash loop",
    source=CapSource.INCIDENT,
    lifting=Lifting.PERSON,
    severity=AlertSeverity.P1,
    cause=causes.CRASH_LOOP,
)

CAP_KINDS = (
    SETTINGS, MAINTENANCE, PAUSED, LIMITED, RESUMED, REGISTRY, LEASE, KILL, BREAKER_ACCOUNT, BREAKER_FLEET, TOTAL_LOSS, HELD,
    NAKED, ANOTHER_TRADER, UNEXPLAINED, BALANCE_DOUBT, NO_TRADING_RIGHT, WITHDRAWAL_RIGHT, ACCOUNT_TYPE, JOURNAL, CLOCK, COMMANDS,
    CRASH_LOOP,
)  # fmt: skip
"""All but those of guards, for documentation and tests. The order decides nothing."""
