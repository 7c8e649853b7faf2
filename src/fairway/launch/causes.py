"""Causes: what a trouble in the trader means for its launch. One table, from the trader's own caps to holds and demotions.

The order of what is done is fixed: contain, cancel what does not protect, verify at the venue, dispose, notify; software last.
The trader has contained by its own cap already, within a second; here is decided what becomes of the stage.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fairway.risk import breakers
from fairway.risk.caps import Cap, Lifting, Source
from fairway.risk.limits import TradingState

ONE_IN: Final = 4
"""What befalls one account is its own trouble, and at most a hold; from so many of all on, it is the launch's."""


class Effect(StrEnum):
    """What follows for the track, mildest first."""

    NONE = "nothing"
    HOLD = "no promotion, and the clock stands"
    CONTAIN = "as a hold, and nothing is opened"
    DEMOTE = "back to the stage before"
    SMALLEST = "back to the smallest stage"
    KILL = "killed, and back to the smallest stage"


class Severity(StrEnum):
    P0 = "P0"
    P1 = "P1"
    P2 = "P2"


@dataclass(frozen=True, slots=True)
class Cause:
    """what: in words. begins: how the id of a trader's cap begins that tells of it. positions: what becomes of what is held."""

    begins: str
    what: str
    severity: Severity
    effect: Effect
    positions: str


STOPS_STAY: Final = "stay, with their stops at the venue"

CAUSES: Final = (
    Cause("kill", "a person or a guard has killed it", Severity.P0, Effect.SMALLEST, "as the kill says; else they stay"),
    Cause(breakers.ACCOUNT, "an account's emergency", Severity.P0, Effect.DEMOTE, "are sold at market by the trader"),
    Cause(breakers.EVERYONE, "too many accounts fail at once", Severity.P0, Effect.DEMOTE, STOPS_STAY),
    Cause("crash loop", "the trader crashes again and again", Severity.P0, Effect.DEMOTE, STOPS_STAY),
    Cause("guard position loss", "a position loses too much", Severity.P0, Effect.DEMOTE, "that position is sold"),
    Cause("guard drawdown", "the account has fallen too far", Severity.P0, Effect.DEMOTE, "are closed by the strategy"),
    Cause("guard runaway rate", "orders come far too fast", Severity.P0, Effect.DEMOTE, STOPS_STAY),
    Cause("guard stage daily loss", "the stage's loss of a day", Severity.P1, Effect.HOLD, STOPS_STAY),
    Cause("guard stage", "the stage's own bound is reached", Severity.P0, Effect.DEMOTE, "are closed by the strategy"),
    Cause(breakers.TOTAL_LOSS, "all have lost together what they may", Severity.P0, Effect.DEMOTE, "are closed by the strategy"),
    Cause("unexplained", "books and venue differ", Severity.P0, Effect.CONTAIN, "stay: a guess is never flattened"),
    Cause("held", "a position that is not explained", Severity.P0, Effect.CONTAIN, "stay: a guess is never flattened"),
    Cause("another trader", "somebody else trades the account", Severity.P0, Effect.CONTAIN, "stay: a guess is never flattened"),
    Cause("naked", "a position without its stop", Severity.P0, Effect.CONTAIN, "its stop is put back by the trader"),
    Cause("right to withdraw", "the key may do too much", Severity.P0, Effect.CONTAIN, STOPS_STAY),
    Cause("no right to trade", "orders cannot be placed", Severity.P0, Effect.CONTAIN, "cannot be sold: stops stay"),
    Cause("kind of account", "the account is of another kind", Severity.P0, Effect.CONTAIN, STOPS_STAY),
    Cause("journal", "what happens cannot be written down", Severity.P1, Effect.CONTAIN, STOPS_STAY),
    Cause("clock", "nobody knows what time it is", Severity.P1, Effect.CONTAIN, STOPS_STAY),
    Cause("doors", "nobody can be heard", Severity.P1, Effect.CONTAIN, STOPS_STAY),
    Cause("guard daily loss", "a day's loss", Severity.P1, Effect.HOLD, STOPS_STAY),
    Cause("guard errors", "orders fail", Severity.P1, Effect.HOLD, STOPS_STAY),
    Cause("guard", "a guard is alarmed", Severity.P2, Effect.HOLD, STOPS_STAY),
)
"""First match counts. What is in no row, such as a person's pause of one account, is that account's alone."""

CAUSE: Final = "cause "
"""How the id of a hold begins that a trader's cap has raised."""
_RANK: Final = tuple(Effect)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cause that is there now. accounts: whose; caps: ids of the caps that tell of it."""

    cause: Cause
    effect: Effect
    accounts: tuple[str, ...]
    reason: str
    lifting: Lifting

    @property
    def id(self) -> str:
        return f"{CAUSE}{self.cause.begins.strip()}"


def cause_of(cap: Cap) -> Cause | None:
    """What a trader's cap means for its launch; None for one that means nothing, or that halves sizes only."""
    if cap.source in (Source.SETTINGS, Source.LEASE) or cap.limits.state is TradingState.ACTIVE:
        return None
    return next((cause for cause in CAUSES if cap.id.startswith(cause.begins)), None)


def troubles(caps: Mapping[str, Mapping[str, Cap]]) -> Iterator[Trouble]:
    """What is the matter with a track's accounts, worst first. caps: by account and id."""
    found: dict[str, list[tuple[str, Cap]]] = {}
    for account, each in caps.items():
        for cap in each.values():
            cause = cause_of(cap)
            if cause is not None:
                found.setdefault(cause.begins, []).append((account, cap))
    for cause in sorted((each for each in CAUSES if each.begins in found), key=lambda each: -_RANK.index(each.effect)):
        yield _trouble(cause, found[cause.begins], len(caps))


def _trouble(cause: Cause, told: list[tuple[str, Cap]], of: int) -> Trouble:
    accounts = tuple(dict.fromkeys(account for account, _ in told))
    first, cap = told[0]
    whose = first if len(accounts) == 1 else f"{first} and {len(accounts) - 1} more"
    is_everybodys = len(accounts) * ONE_IN >= of
    own = Effect.NONE if cause.effect is Effect.HOLD else Effect.HOLD
    effect = cause.effect if is_everybodys else own
    lifting = Lifting.PERSON if any(each.lifting is Lifting.PERSON for _, each in told) else Lifting.ITSELF
    return Trouble(cause, effect, accounts, f"{cause.what} ({whose}: {cap.reason})", lifting)
