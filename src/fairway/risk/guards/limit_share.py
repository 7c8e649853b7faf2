"""The share of a limit of the stage that a loss has used up."""

from decimal import Decimal

from fairway.money.amount import ZERO
from fairway.risk.guards.port import ONE


def share_used(lost: Decimal, most: Decimal) -> Decimal:
    """The share of a limit that is used up. A limit of zero is used up from the beginning."""
    if most > 0:
        return lost / most
    return 2 * ONE if lost >= 0 else ZERO
