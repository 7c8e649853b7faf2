"""Breakers: L1 is one person's pause, L2 an account's own emergency, L3 everybody's. Each is a cap, so they only ever tighten.

L1  no new positions; what is held stays, protected       raised and lifted by a person (caps.paused)
L2  all is sold at market, nothing opened for 24 hours    raised by a guard at EMERGENCY, lifted by a person
L3  no new positions in any account                       raised by a person or too many failing accounts, lifted by a person

Beside them, all accounts of a trader may lose only so much together; then none opens anything, until a person lifts that.
"""

from collections.abc import Iterable

from msgspec import Struct

from fairway.risk.caps import Cap, Lifting, Source, reduce_only
from fairway.risk.escalation import LIMITS_OF, Level
from fairway.world.clock import DAY

ACCOUNT, EVERYONE = "breaker L2", "breaker L3"
TOTAL_LOSS = "stage total loss"
ACCOUNT_NS = DAY
"""L2 stays for so long at least. Then a person may lift it; by itself it never goes."""
FAILING_MIN = 3
"""Accounts that must fail before it is called everybody's trouble …"""
FAILING_ONE_IN = 4
"""… and at least one account in so many."""


def stopped(reason: str, since: int) -> Cap:
    """L2: an account has lost too much in a day, or from its peak. Whoever raises it also sells all that is held."""
    return Cap(
        id=ACCOUNT,
        source=Source.LOSS_BUDGET,
        limits=LIMITS_OF[Level.EMERGENCY],
        reason=reason,
        since=since,
        lifting=Lifting.PERSON,
        not_before=since + ACCOUNT_NS,
    )


def stopped_for_everyone(reason: str, since: int) -> Cap:
    """L3: raised in each account alike."""
    return reduce_only(EVERYONE, reason, since)


def all_have_lost(reason: str, since: int) -> Cap:
    """What all accounts together may lose is lost: raised in each of them."""
    return reduce_only(TOTAL_LOSS, reason, since, source=Source.LOSS_BUDGET)


class Health(Struct, frozen=True):
    """One account, as far as L3 asks: the level that its error rate guard sees."""

    account: str
    errors: Level


def everyones_trouble(accounts: Iterable[Health]) -> str | None:
    """Why L3 must trip, as a code, or None: too many failed orders over several accounts are no account's own trouble."""
    all_accounts = list(accounts)
    failing = sorted(it.account for it in all_accounts if it.errors >= Level.CRITICAL)
    if len(failing) < FAILING_MIN or len(failing) * FAILING_ONE_IN < len(all_accounts):
        return None
    return f"ACCOUNTS_FAILING: failing={len(failing)} of={len(all_accounts)} first={failing[0]}"
