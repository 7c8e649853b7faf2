"""Carries out the gate drill: proves each gate and each guard of a plan, and makes the evidence of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.evidence.producers import GATES
from fairway.launch.gates.guard_proof import GuardProof, guard_proofs
from fairway.launch.gates.proof import GateProof, proof_of
from fairway.launch.plan.load import Written, whole
from fairway.risk.guards.proof import QUOTE
from fairway.risk.profiles import Profile, rules_of


@dataclass(frozen=True, slots=True)
class PlanProof:
    """What was seen of each gate and each guard of a plan."""

    gates: Sequence[GateProof]
    guards: Sequence[GuardProof]

    @property
    def gaps(self) -> list[str]:
        """What keeps one of them from being proven; empty where nothing does."""
        found = [f"gate {each.name} {gap}" for each in self.gates for gap in each.gaps]
        return found + [f"guard {each.guard} {gap}" for each in self.guards for gap in each.gaps]


def prove_guards(named: Sequence[str] | None) -> list[GuardProof]:
    """Those with these names, and those of every stage; all where none are given.

    The bounds are the moderate profile's; tests prove the other two.
    """
    proofs = guard_proofs(rules_of(Profile.MODERATE, QUOTE).guards)
    return [each for each in proofs if named is None or each.guard in named or each.is_of_stage]


def prove_plan(written: Written) -> PlanProof:
    """The gates as the plan sets them, and its guards. Raises PlanError for gates that cannot be asked."""
    gates = [proof_of(gate, settings) for gate, settings in whole(written).gates.values()]
    return PlanProof(gates, prove_guards(written.plan.guards))


def evidence_of_gates(written: Written, release: str, now: int) -> Evidence:
    """What a drill of the plan's gates shows at an instant (ns), for a release. Raises PlanError."""
    seen = prove_plan(written)
    counted = f"{len(seen.gates)} gates and {len(seen.guards)} guards were seen to pass what is good"
    shown = [(each.gate, each.name, each.passed.reason, *(said.reason for said in each.blocked.values())) for each in seen.gates]
    shown += [(each.guard, *(said.code for said in each.tripped)) for each in seen.guards]
    return Evidence(
        claim=GATES,
        rank=Rank.OBSERVED_IN_A_DRILL,
        holds=not seen.gaps,
        why=f"not proven: {'; '.join(seen.gaps)}" if seen.gaps else f"{counted}, and to block all else",
        producer="fairway drill",
        made_at=now,
        release=release,
        digest=sha256(repr((written.plan.digest, shown)).encode()).hexdigest(),
        again=f"fairway drill {GATES} CONFIG",
    )
