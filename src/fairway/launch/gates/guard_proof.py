"""Proof of the guards: each stays quiet while all is well, and trips when what it watches goes wrong, told by its own port."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairway.risk.caps import Cap
from fairway.risk.guards.port import AccountMarked
from fairway.risk.guards.proof import BEGIN, NOW, QUOTE, WORTH, GuardScene
from fairway.risk.guards.registry import guards
from fairway.risk.guards.roster import GuardVerdict, Roster
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import TradingState
from fairway.world.clock import MINUTE


@dataclass(frozen=True, slots=True)
class GuardProof:
    """calm: what it said while all was well. tripped: of the same with one thing wrong, worst last. cap: for that.

    is_of_stage: it stands in every plan, and is asked where the stage has its limit.
    """

    guard: str
    calm: Sequence[GuardVerdict]
    tripped: Sequence[GuardVerdict]
    cap: Cap | None
    is_of_stage: bool = False

    @property
    def gaps(self) -> list[str]:
        """What keeps it from being proven; empty where nothing does."""
        gaps = [f"is alarmed while all is well: {each.code}" for each in self.calm]
        if self.cap is None:
            gaps.append("does not trip")
        elif self.cap.limits.state is not TradingState.REDUCE_ONLY:
            gaps.append("trips, and lets positions be opened")
        return gaps


def guard_proofs(rules: GuardRules) -> list[GuardProof]:
    """Of every guard that the rules ask for, and of those of a stage."""
    roster = Roster(rules, QUOTE)
    of_stage = [_proof(guard.name, rules, is_of_stage=True) for guard in roster.of_stage]
    return [*(_proof(guard.name, rules, is_of_stage=False) for guard in roster.guards), *of_stage]


def _proof(guard: str, rules: GuardRules, *, is_of_stage: bool) -> GuardProof:
    plugin = next(each for each in guards() if each.name == guard)
    calm, wrong = plugin.calm, plugin.wrong
    tripped = list(_verdicts(guard, rules, wrong))
    worst = max(tripped, key=lambda said: said.level, default=None)
    cap = Roster(rules, QUOTE).cap_of(worst, NOW) if worst else None
    return GuardProof(guard, list(_verdicts(guard, rules, calm)), tripped, cap, is_of_stage)


def _verdicts(guard: str, rules: GuardRules, scene: GuardScene) -> Iterable[GuardVerdict]:
    """What one guard of a new roster says in a scene."""
    roster = Roster(rules, QUOTE)
    for observation in (AccountMarked(WORTH, {}, BEGIN), AccountMarked(WORTH, {}, BEGIN + MINUTE), *scene.told):
        roster.observe(observation)
    for look in scene.looks:
        for said in list(roster.verdicts(look)):
            roster.tripped(said.guard, said.symbol, said.level)
            if said.guard == guard:
                yield said
