"""Decides what a cap of the trader means for the launch: by its cause a hold, a demotion or a kill.

The order of what is done is fixed: contain, cancel what does not protect, verify at the venue, dispose, notify; software last.
The trader has contained by its own cap within a second; this module decides what happens to the stage.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.hold_kinds import HoldKind, cause_kind
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import NEVER_SELLS
from fairway.risk.cap_kinds import CAP_KINDS
from fairway.risk.caps import Cap, Lifting
from fairway.risk.causes import Cause, CauseCategory, Effect
from fairway.risk.disposal import Disposal
from fairway.risk.guards.guard_caps import guard_kinds

ONE_IN: Final = 4
"""A cause concerns the whole launch when at least one account in ONE_IN has it; else it leads to a hold at most."""


EFFECT_OF: Final = {
    FailureAction.NOTHING: Effect.NONE,
    FailureAction.HOLD: Effect.HOLD,
    FailureAction.REDUCE_ONLY: Effect.CONTAIN,
    FailureAction.PREVIOUS_STAGE: Effect.DEMOTE,
    FailureAction.KILL: Effect.KILL,
    FailureAction.UNWIND: Effect.FLATTEN,
    FailureAction.FLATTEN: Effect.FLATTEN,
}
"""What each answer of a plan leads to."""
DISPOSAL_OF: Final = {Effect.KILL: Disposal.KEEP_STOPS, Effect.FLATTEN: Disposal.FLATTEN}
"""Of effects that kill: what becomes of positions."""


def known_causes() -> tuple[Cause, ...]:
    """Every cause that a cap of the trader may have, its guards' too; for documentation and for the rules of plans."""
    kinds = [*CAP_KINDS, *guard_kinds()]
    return tuple({kind.cause.name: kind.cause for kind in kinds if kind.cause is not None}.values())


CAP_GONE: Final = "the trader's own cap is gone (fairway caps says who lifts it)"
_RANK: Final = tuple(Effect)


@dataclass(frozen=True, slots=True)
class ActiveCause:
    """A cause that is present now. accounts: whose; empty where it concerns the launch itself.

    disposal: what becomes of the accounts' positions, where the cause kills these accounts; None where it kills none. A cause of
    few accounts may kill them and only hold the launch.
    """

    cause: Cause
    effect: Effect
    accounts: tuple[str, ...]
    reason: str
    lifting: Lifting
    disposal: Disposal | None = None
    clears: str = CAP_GONE

    @property
    def kind(self) -> HoldKind:
        """The kind of the hold that it raises."""
        return cause_kind(self.cause, self.effect, self.clears)

    @property
    def id(self) -> str:
        return self.kind.id_of()

    @property
    def contains(self) -> bool:
        """Whether nothing is opened while it lasts."""
        return self.kind.contains


def effect_of(effect: Effect, sign: CauseCategory | None, answers: Mapping[CauseCategory, FailureAction]) -> Effect:
    """The more severe of the table's effect and the plan's answer.

    Where the plan asks to flatten for a cause that forbids selling, the effect is a kill that keeps the stops.
    """
    if sign is not None and sign in answers:
        effect = max(effect, EFFECT_OF[answers[sign]], key=_RANK.index)
    return Effect.KILL if effect is Effect.FLATTEN and sign in NEVER_SELLS else effect


def is_looser(answer: FailureAction, effect: Effect) -> bool:
    """Whether a plan's answer is milder than an effect."""
    return _RANK.index(EFFECT_OF[answer]) < _RANK.index(effect)


def cause_of(cap: Cap) -> Cause | None:
    """What a trader's cap means for its launch, by the cap's kind; None where it concerns its account alone."""
    return cap.kind.cause


def concerns_launch(accounts: Collection[str], *groups: Collection[str]) -> bool:
    """Whether a cause of these accounts counts for the launch: at least one in four of any of the groups has it."""
    found = set(accounts)
    return any(0 < len(group) <= ONE_IN * sum(each in found for each in group) for group in groups)


def causes_of(
    caps: Mapping[str, Mapping[str, Cap]],
    answers: Mapping[CauseCategory, FailureAction] | None = None,
    admitted: Collection[str] = (),
) -> Iterator[ActiveCause]:
    """The causes of accounts' caps, worst first. caps: by account and id; answers: the plan's own, by cause.

    admitted: accounts that the stages admit. A cause also counts for the launch from one of these in so many on.
    """
    found: dict[str, list[tuple[str, Cap]]] = {}
    causes: dict[str, Cause] = {}
    for account, each in caps.items():
        for cap in each.values():
            cause = cause_of(cap)
            if cause is not None:
                found.setdefault(cause.name, []).append((account, cap))
                causes[cause.name] = cause
    effects = {name: effect_of(each.effect, each.category, answers or {}) for name, each in causes.items()}
    for name in sorted(effects, key=lambda each: (-_RANK.index(effects[each]), each)):
        yield _active_cause(causes[name], effects[name], found[name], (caps, admitted))


def _active_cause(cause: Cause, effect: Effect, found: list[tuple[str, Cap]], groups: tuple[Collection[str], ...]) -> ActiveCause:
    accounts = tuple(dict.fromkeys(account for account, _ in found))
    first, cap = found[0]
    whose = first if len(accounts) == 1 else f"{first} and {len(accounts) - 1} more"
    own = Effect.NONE if effect is Effect.HOLD else Effect.HOLD
    lifting = Lifting.PERSON if any(each.lifting is Lifting.PERSON for _, each in found) else Lifting.ITSELF
    reason = f"{cause.what} ({whose}: {cap.reason})"
    effect_now = effect if concerns_launch(accounts, *groups) else own
    return ActiveCause(cause, effect_now, accounts, reason, lifting, DISPOSAL_OF.get(effect))
