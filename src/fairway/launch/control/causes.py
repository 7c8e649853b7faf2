"""Causes: what a trouble in the trader means for its launch. One table, from the trader's own caps to holds and demotions.

The order of what is done is fixed: contain, cancel what does not protect, verify at the venue, dispose, notify; software last.
The trader has contained by its own cap already, within a second; here is decided what becomes of the stage.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fairway.launch.plan.stage import Answer
from fairway.launch.plan.watching import NEVER_SELLS
from fairway.launch.plan.watching import Cause as Sign
from fairway.risk import breakers
from fairway.risk.caps import Cap, Lifting, Source
from fairway.risk.disposal import Disposal
from fairway.risk.limits import TradingState
from fairway.watch.alarms import AT_CRITICAL, P1

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
    FLATTEN = "killed, positions are sold, and back to the smallest stage"


EFFECT_OF: Final = {
    Answer.NOTHING: Effect.NONE,
    Answer.HOLD: Effect.HOLD,
    Answer.REDUCE_ONLY: Effect.CONTAIN,
    Answer.PREVIOUS_STAGE: Effect.DEMOTE,
    Answer.KILL: Effect.KILL,
    Answer.UNWIND: Effect.FLATTEN,
    Answer.FLATTEN: Effect.FLATTEN,
}
"""What each answer of a plan leads to."""
DISPOSAL_OF: Final = {Effect.KILL: Disposal.KEEP_STOPS, Effect.FLATTEN: Disposal.FLATTEN}
"""Of effects that kill: what becomes of positions."""


class Severity(StrEnum):
    P0 = "P0"
    P1 = "P1"
    P2 = "P2"


def _of_guard(name: str) -> Severity:
    """As the measurements count the alert of a guard that stops entries: there is one table of it."""
    return Severity(AT_CRITICAL.get(name, P1))


@dataclass(frozen=True, slots=True)
class Cause:
    """what: in words. begins: how the id of a trader's cap begins that tells of it. positions: what becomes of what is held.

    sign: the word of a plan's `causes` that it is a sign of, where there is one.
    """

    begins: str
    what: str
    severity: Severity
    effect: Effect
    positions: str
    sign: Sign | None = None


STOPS_STAY: Final = "stay, with their stops at the venue"

CAUSES: Final = (
    Cause("kill", "a person or a guard has killed it", Severity.P0, Effect.SMALLEST, "as the kill says; else they stay"),
    Cause(
        breakers.ACCOUNT, "an account's emergency", Severity.P0, Effect.DEMOTE, "are sold at market by the trader", Sign.LOSING
    ),
    Cause(breakers.EVERYONE, "too many accounts fail at once", Severity.P0, Effect.DEMOTE, STOPS_STAY),
    Cause("crash loop", "the trader crashes again and again", Severity.P0, Effect.DEMOTE, STOPS_STAY, Sign.BAD_RELEASE),
    Cause("guard position loss", "a position loses too much", Severity.P0, Effect.DEMOTE, "that position is sold", Sign.LOSING),
    Cause(
        "guard drawdown", "the account has fallen too far", Severity.P0, Effect.DEMOTE, "are closed by the strategy", Sign.LOSING
    ),
    Cause("guard runaway rate", "orders come far too fast", _of_guard("runaway rate"), Effect.DEMOTE, STOPS_STAY, Sign.RUNAWAY),
    Cause(
        "guard stage daily loss", "the stage's loss of a day", _of_guard("stage daily loss"), Effect.HOLD, STOPS_STAY, Sign.LOSING
    ),
    Cause(
        "guard stage", "the stage's own bound is reached", Severity.P0, Effect.DEMOTE, "are closed by the strategy", Sign.LOSING
    ),
    Cause(
        breakers.TOTAL_LOSS,
        "all have lost together what they may",
        Severity.P0,
        Effect.DEMOTE,
        "are closed by the strategy",
        Sign.LOSING,
    ),
    Cause(
        "unexplained", "books and venue differ", Severity.P0, Effect.CONTAIN, "stay: a guess is never flattened", Sign.MISMATCH
    ),
    Cause(
        "held", "a position that is not explained", Severity.P0, Effect.CONTAIN, "stay: a guess is never flattened", Sign.MISMATCH
    ),
    Cause(
        "another trader",
        "somebody else trades the account",
        Severity.P0,
        Effect.CONTAIN,
        "stay: a guess is never flattened",
        Sign.MISMATCH,
    ),
    Cause("naked", "a position without its stop", Severity.P0, Effect.CONTAIN, "its stop is put back by the trader"),
    Cause("right to withdraw", "the key may do too much", Severity.P0, Effect.CONTAIN, STOPS_STAY, Sign.SECURITY),
    Cause(
        "no right to trade",
        "orders cannot be placed",
        Severity.P0,
        Effect.CONTAIN,
        "cannot be sold: stops stay",
        Sign.CANNOT_PLACE,
    ),
    Cause("kind of account", "the account is of another kind", Severity.P0, Effect.CONTAIN, STOPS_STAY),
    Cause("journal", "what happens cannot be written down", Severity.P1, Effect.CONTAIN, STOPS_STAY, Sign.DATABASE),
    Cause("clock", "nobody knows what time it is", Severity.P1, Effect.CONTAIN, STOPS_STAY, Sign.BLIND),
    Cause("commands", "nobody can be heard", Severity.P1, Effect.CONTAIN, STOPS_STAY),
    Cause("guard daily loss", "a day's loss", _of_guard("daily loss"), Effect.HOLD, STOPS_STAY, Sign.LOSING),
    Cause("guard errors", "orders fail", _of_guard("errors"), Effect.HOLD, STOPS_STAY, Sign.CANNOT_PLACE),
    Cause("guard", "a guard is alarmed", Severity.P2, Effect.HOLD, STOPS_STAY),
)
"""First match counts. What is in no row, such as a person's pause of one account, is that account's alone."""

CAUSE: Final = "cause "
"""How the id of a hold begins that a trader's cap has raised."""
_RANK: Final = tuple(Effect)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A cause that is there now. accounts: whose, none for a trouble of the launch itself; caps: ids of the caps that tell of it.

    disposal: what becomes of positions, where it kills its accounts, which may be few, so that the launch is only held.
    """

    cause: Cause
    effect: Effect
    accounts: tuple[str, ...]
    reason: str
    lifting: Lifting
    disposal: Disposal | None = None

    @property
    def id(self) -> str:
        return f"{CAUSE}{self.cause.begins.strip()}"

    @property
    def contains(self) -> bool:
        """Whether nothing is opened while it lasts."""
        return self.effect not in (Effect.NONE, Effect.HOLD)


def effect_of(effect: Effect, sign: Sign | None, answers: Mapping[Sign, Answer]) -> Effect:
    """What follows: the graver of what the table says and what the plan answers. Nothing is sold that must not be."""
    if sign is not None and sign in answers:
        effect = max(effect, EFFECT_OF[answers[sign]], key=_RANK.index)
    return Effect.KILL if effect is Effect.FLATTEN and sign in NEVER_SELLS else effect


def is_looser(answer: Answer, effect: Effect) -> bool:
    """Whether a plan's answer is milder than an effect."""
    return _RANK.index(EFFECT_OF[answer]) < _RANK.index(effect)


def cause_of(cap: Cap) -> Cause | None:
    """What a trader's cap means for its launch; None for one that means nothing, or that halves sizes only."""
    if cap.source in (Source.SETTINGS, Source.LEASE) or cap.limits.state is TradingState.ACTIVE:
        return None
    return next((cause for cause in CAUSES if cap.id.startswith(cause.begins)), None)


def is_everybodys(accounts: Collection[str], *groups: Collection[str]) -> bool:
    """Whether so many of any of these groups are among the accounts that it is no account's own trouble."""
    told = set(accounts)
    return any(0 < len(group) <= ONE_IN * sum(each in told for each in group) for group in groups)


def troubles(
    caps: Mapping[str, Mapping[str, Cap]], answers: Mapping[Sign, Answer] | None = None, seated: Collection[str] = ()
) -> Iterator[Trouble]:
    """What is the matter with a track's accounts, worst first. caps: by account and id; answers: the plan's own, by cause.

    seated: whom the stage lets in. Where it lets in one of a hundred, that one is all that is known of it.
    """
    found: dict[str, list[tuple[str, Cap]]] = {}
    for account, each in caps.items():
        for cap in each.values():
            cause = cause_of(cap)
            if cause is not None:
                found.setdefault(cause.begins, []).append((account, cap))
    effects = {each: effect_of(each.effect, each.sign, answers or {}) for each in CAUSES if each.begins in found}
    for cause in sorted(effects, key=lambda each: -_RANK.index(effects[each])):
        yield _trouble(cause, effects[cause], found[cause.begins], (caps, seated))


def _trouble(cause: Cause, effect: Effect, told: list[tuple[str, Cap]], groups: tuple[Collection[str], ...]) -> Trouble:
    accounts = tuple(dict.fromkeys(account for account, _ in told))
    first, cap = told[0]
    whose = first if len(accounts) == 1 else f"{first} and {len(accounts) - 1} more"
    own = Effect.NONE if effect is Effect.HOLD else Effect.HOLD
    lifting = Lifting.PERSON if any(each.lifting is Lifting.PERSON for _, each in told) else Lifting.ITSELF
    reason = f"{cause.what} ({whose}: {cap.reason})"
    effect_now = effect if is_everybodys(accounts, *groups) else own
    return Trouble(cause, effect_now, accounts, reason, lifting, DISPOSAL_OF.get(effect))
