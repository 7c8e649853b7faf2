"""Breakers: L1 is a person's pause of one account, L2 an account's emergency, L3 stops all accounts of a trader.

L1  no new positions; what is held stays, protected       raised and lifted by a person (caps.paused)
L2  all is sold at market, nothing opened for 24 hours    raised by a guard at EMERGENCY, lifted by a person
L3  no new positions in any account                       raised by a person or too many failing accounts, lifted by a person

Beside them, all accounts of a trader may lose only so much together; then none opens anything until a person lifts that cap.
Each of these is a cap, so it can only tighten limits.
"""

from collections.abc import Iterable

from msgspec import Struct

from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.world.clock import DAY

ACCOUNT, EVERYONE = cap_kinds.BREAKER_ACCOUNT.id_of(), cap_kinds.BREAKER_FLEET.id_of()
TOTAL_LOSS = cap_kinds.TOTAL_LOSS.id_of()
ACCOUNT_NS = DAY
"""L2 stays for at least so long. Then a person may lift it; it never ends by itself."""
FAILING_MIN = 3
"""L3 trips when at least so many accounts fail …"""
FAILING_ONE_IN = 4
"""… and at least one account in so many."""


def stopped(reason: str, since: int) -> Cap:
    """The cap of L2: an account has lost too much in a day, or from its peak. The trader sells what is held, too."""
    return Cap(
        id=ACCOUNT,
        kind=cap_kinds.BREAKER_ACCOUNT,
        limits=LIMITS_OF[Level.EMERGENCY],
        reason=reason,
        since=since,
        not_before=since + ACCOUNT_NS,
    )


def stopped_for_everyone(reason: str, since: int) -> Cap:
    """The cap of L3, raised in each account alike."""
    return reduce_only(cap_kinds.BREAKER_FLEET, reason, since)


def all_have_lost(reason: str, since: int) -> Cap:
    """The cap for the loss of all accounts together, raised in each of them."""
    return reduce_only(cap_kinds.TOTAL_LOSS, reason, since)


class AccountHealth(Struct, frozen=True):
    """One account's part in the decision on L3: the level of its guard of failed orders."""

    account: str
    errors: Level


def everyones_trouble(accounts: Iterable[AccountHealth]) -> str | None:
    """Why L3 must trip, as a code, or None. Orders that fail in several accounts at once have a common reason."""
    all_accounts = list(accounts)
    failing = sorted(it.account for it in all_accounts if it.errors >= Level.CRITICAL)
    if len(failing) < FAILING_MIN or len(failing) * FAILING_ONE_IN < len(all_accounts):
        return None
    return f"ACCOUNTS_FAILING: failing={len(failing)} of={len(all_accounts)} first={failing[0]}"
