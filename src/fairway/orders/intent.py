"""What a strategy may propose. An intent names prices and reasons, never quantities: sizing belongs to risk."""

from enum import StrEnum

from msgspec import Struct

from fairway.money.amount import Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import PLAIN, ExitPlan


class Enter(Struct, frozen=True, kw_only=True):
    """Open a long position. Stop and target are mandatory: an entry that cannot be protected is no entry.

    exit_plan: rungs on the way to the target, a stop that moves, an end in time; plain where it is left out.
    """

    symbol: str
    stop: Price
    target: Price
    reason: str
    exit_plan: ExitPlan = PLAIN
    confidence: Fraction | None = None
    """How sure the strategy is, where it is one that can say so."""


class Exit(Struct, frozen=True, kw_only=True):
    """Close the whole position."""

    symbol: str
    reason: str


class ExitCause(StrEnum):
    """Which rule closes a position at market; the reason beside it is text for people."""

    STRATEGY = "strategy"
    TIME = "time"
    """The position was held for as many bars as its exit plan allows."""
    TARGET = "target"
    """The price was at its target before the target order rested."""
    UNPROTECTED = "unprotected"
    """No stop and target can cover the position."""
    GUARD = "guard"
    """A guard of the account is at a level that closes positions."""


Intent = Enter | Exit
