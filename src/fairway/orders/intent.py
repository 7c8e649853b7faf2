"""What a strategy may propose. An intent names prices and reasons, never quantities: sizing belongs to risk."""

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


Intent = Enter | Exit
