"""Causes: what can go wrong with an account, and what follows from each for the launch that the account belongs to.

A kind of cap names its cause. The launch reads the fields below from the cap; it looks at no id and at no name.
"""

from enum import StrEnum

from msgspec import Struct


class AlertSeverity(StrEnum):
    """How urgent an alert is."""

    P0 = "P0"
    """Money may be lost now."""
    P1 = "P1"
    """Trading has stopped."""
    P2 = "P2"
    """A warning."""
    P3 = "P3"
    """Something to look at on the next business day."""


class Effect(StrEnum):
    """What follows for the track of a launch, mildest first."""

    NONE = "nothing"
    HOLD = "no promotion, and the clock stands"
    CONTAIN = "as a hold, and nothing is opened"
    DEMOTE = "back to the stage before"
    SMALLEST = "back to the smallest stage"
    KILL = "killed, and back to the smallest stage"
    FLATTEN = "killed, positions are sold, and back to the smallest stage"


class CauseCategory(StrEnum):
    """What is wrong, in the words of a plan's `causes`: it decides what may be done with positions."""

    RUNAWAY = "runaway orders"
    MISMATCH = "position mismatch"
    BLIND = "blind"
    DATABASE = "database down"
    CANNOT_PLACE = "cannot place orders"
    LOSING = "losing"
    LIQUIDATION = "near liquidation"
    SECURITY = "security"
    BAD_RELEASE = "bad release"
    MAINTENANCE = "maintenance"


STOPS_STAY = "stay, with their stops at the venue"
NEVER_FLATTENED = "stay: positions are never sold on a guess"
CLOSED_BY_STRATEGY = "are closed by the strategy"


class Cause(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What went wrong. Caps of one cause count together, also where their kinds differ."""

    name: str
    """Names the hold that the cause raises in a launch."""
    what: str
    """What happened, in words."""
    effect: Effect
    """What follows where the cause is the launch's own, and not one account's of many."""
    positions: str = STOPS_STAY
    """What happens to positions, in words."""
    category: CauseCategory | None = None
    """The word of a plan's `causes` by which the plan may answer more severely; None where there is none."""
    is_kill: bool = False
    """Whether it says that an account is killed."""


KILLED = Cause(
    name="kill",
    what="a person or a guard has killed it",
    effect=Effect.SMALLEST,
    is_kill=True,
    positions="as the kill says; without instruction they stay",
)
ACCOUNT_EMERGENCY = Cause(
    name="breaker L2",
    what="an account's emergency",
    effect=Effect.DEMOTE,
    positions="are sold at market by the trader",
    category=CauseCategory.LOSING,
)
ACCOUNTS_FAILING = Cause(name="breaker L3", what="orders of too many accounts fail at once", effect=Effect.DEMOTE)
CRASH_LOOP = Cause(
    name="crash loop",
    what="the trader crashes again and again",
    effect=Effect.DEMOTE,
    category=CauseCategory.BAD_RELEASE,
)
TOTAL_LOSS = Cause(
    name="stage total loss",
    what="all accounts together have lost what the stage allows",
    effect=Effect.DEMOTE,
    positions=CLOSED_BY_STRATEGY,
    category=CauseCategory.LOSING,
)
STAGE_LIMIT = Cause(
    name="guard stage",
    what="a loss limit of the stage is reached",
    effect=Effect.DEMOTE,
    positions=CLOSED_BY_STRATEGY,
    category=CauseCategory.LOSING,
)
BOOKS_DIFFER = Cause(
    name="unexplained",
    what="the books and the venue differ",
    effect=Effect.CONTAIN,
    positions=NEVER_FLATTENED,
    category=CauseCategory.MISMATCH,
)
POSITION_UNEXPLAINED = Cause(
    name="held",
    what="a position or an order in a symbol is not explained",
    effect=Effect.CONTAIN,
    positions=NEVER_FLATTENED,
    category=CauseCategory.MISMATCH,
)
ANOTHER_TRADER = Cause(
    name="another trader",
    what="another program trades the account",
    effect=Effect.CONTAIN,
    positions=NEVER_FLATTENED,
    category=CauseCategory.MISMATCH,
)
UNPROTECTED = Cause(
    name="naked",
    what="a position is without its stop",
    effect=Effect.CONTAIN,
    positions="its stop is placed again by the trader",
)
KEY_MAY_WITHDRAW = Cause(
    name="right to withdraw",
    what="the API key may withdraw money",
    effect=Effect.CONTAIN,
    category=CauseCategory.SECURITY,
)
CANNOT_TRADE = Cause(
    name="no right to trade",
    what="the account or its key may not trade",
    effect=Effect.CONTAIN,
    positions="cannot be sold: stops stay",
    category=CauseCategory.CANNOT_PLACE,
)
OTHER_ACCOUNT_TYPE = Cause(name="kind of account", what="the account is of another type than before", effect=Effect.CONTAIN)
JOURNAL_FAILED = Cause(
    name="journal",
    what="the journal cannot be written",
    effect=Effect.CONTAIN,
    category=CauseCategory.DATABASE,
)
CLOCK_UNKNOWN = Cause(
    name="clock",
    what="the machine's clock cannot be relied on",
    effect=Effect.CONTAIN,
    category=CauseCategory.BLIND,
)
COMMANDS_UNREADABLE = Cause(name="commands", what="people's commands cannot be read", effect=Effect.CONTAIN)
GUARD_TRIPPED = Cause(name="guard", what="a guard is alarmed", effect=Effect.HOLD)
