"""How each claim that a plan asks for stands: by which evidence, until when, and what evidence it takes."""

from dataclasses import dataclass

from fairway.launch.control.transitions import next_gates
from fairway.launch.evidence.checklist_asked import items_named
from fairway.launch.evidence.claims import claims_asked, facts_of_claims
from fairway.launch.evidence.model import Evidence, newest
from fairway.launch.gates.port import Claim
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.views.status_text import LaunchStatus


@dataclass(frozen=True, slots=True)
class ClaimStanding:
    """code: as `assess_claim` says it. evidence: what decides; where none is strong enough, the newest; None where there is none.

    ends_at: when the evidence expires (ns), or the waiver; 0 for never. asked_by: gates before the next stages that ask for it.
    """

    claim: Claim
    code: str
    evidence: Evidence | None
    ends_at: int
    asked_by: tuple[str, ...]
    is_waivable: bool


def claim_standings(status: LaunchStatus) -> tuple[ClaimStanding, ...]:
    """Items of the checklist first, then what gates and stages of other traders ask for; each claim once."""
    asked = {each.name: each for each in reversed(claims_asked(status.plan))}
    return tuple(_standing(status, asked[name]) for name in dict.fromkeys(each.name for each in claims_asked(status.plan)))


def deciding_evidence(status: LaunchStatus, claim: Claim) -> tuple[Evidence | None, str]:
    """What a claim rests on now, and the code of its standing."""
    facts = facts_of_claims(status.launch, status.observation)
    strong = [each for each in facts.evidence if each.rank >= claim.rank or not each.holds]
    found = newest(strong, claim.name) or newest(facts.evidence, claim.name)
    return found, assess_claim(claim, facts).code


def _standing(status: LaunchStatus, claim: Claim) -> ClaimStanding:
    evidence, code = deciding_evidence(status, claim)
    items = [each.name for each in status.plan.checklist]
    gates = [gate for track in status.plan.tracks for gate in next_gates(status.plan, track, status.launch)]
    own = [gate for gate in gates if any(each.name == claim.name for each in gate.gate.claims(gate.settings))]
    asking = [*own, *(gate for gate in gates if claim.name in items_named(gate.settings, items))]
    return ClaimStanding(
        claim=claim,
        code=code,
        evidence=evidence,
        ends_at=_waived_until(status, claim) if code == "CLAIM_WAIVED" else _ends_at(claim, evidence),
        asked_by=tuple(dict.fromkeys(gate.name for gate in asking)),
        is_waivable=claim.name in items and claim.name not in status.plan.not_waivable,
    )


def _ends_at(claim: Claim, evidence: Evidence | None) -> int:
    """By its own end or by its age, whichever comes first."""
    if evidence is None:
        return 0
    by_age = evidence.made_at + claim.max_age if claim.max_age else 0
    return min(filter(None, (evidence.ends_at, by_age)), default=0)


def _waived_until(status: LaunchStatus, claim: Claim) -> int:
    now = status.observation.now
    return max((each.ends_at for each in status.launch.waivers if each.claim == claim.name and each.at <= now), default=0)
