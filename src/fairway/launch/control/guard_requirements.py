"""Finds accounts whose traders do not show all guards that a plan names. They get no lease, and are told how to mend it."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from fairway.launch.control import hold_kinds
from fairway.launch.control.holds import Hold, hold_of
from fairway.launch.control.launch_events import Seated
from fairway.launch.observation.observation import Observation
from fairway.launch.views.reason_text import reason_in_words

MENDS: Final = "start the trader anew, by `fairway run` of this version: each of its profiles has all guards on"


@lru_cache(maxsize=1024)
def why_unguarded(on: tuple[str, ...] | None, needed: tuple[str, ...]) -> str:
    """Why an account gets no lease for its guards, as a code; "" where none is missing. on: None where that is unknown."""
    if on is None and needed:
        return "GUARDS_UNKNOWN: its trader has not told which are on"
    missing = [name for name in needed if name not in (on or ())]
    return f"GUARDS_MISSING: guards={','.join(missing)}" if missing else ""


def whys(accounts: Sequence[Seated], needed: tuple[str, ...], sight: Observation) -> dict[str, str]:
    """By account that gets no lease for its guards, why."""
    found = ((each.account, why_unguarded(sight.guards.get(each.account), needed)) for each in accounts)
    return {account: why for account, why in found if why}


def guard_hold(accounts: Sequence[Seated], needed: tuple[str, ...], sight: Observation) -> list[Hold]:
    """Where some have them, these go on without the others. Before the trader was ever started nothing can be said."""
    lacking = whys(accounts, needed, sight)
    if not sight.accounts or not lacking or len(lacking) < len(accounts):
        return []
    first, why = next(iter(lacking.items()))
    whose = first if len(lacking) == 1 else f"{first} and {len(lacking) - 1} more"
    reason = f"{whose}: {reason_in_words(why)}; to mend it: {MENDS}"
    return [hold_of(hold_kinds.UNGUARDED, reason, sight.now)]
