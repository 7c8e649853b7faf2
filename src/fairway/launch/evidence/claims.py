"""Claims: which of them a plan asks for, and whether evidence for one is taken. What speaks against a claim always is."""

from collections.abc import Iterator

from fairway.launch.control.state import Launch
from fairway.launch.evidence.model import Evidence, Rank, newest
from fairway.launch.gates.port import Claim, Facts
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack


def claims_asked(plan: CompiledPlan) -> tuple[Claim, ...]:
    """Items of the checklist, what gates ask for beside it, and stages that another trader flies. A name may come twice."""
    return (*plan.checklist, *_of_gates(plan), *_of_stages(plan))


def claim_of(track: CompiledTrack, stage: CompiledStage) -> str:
    """What is claimed with a stage that another trader has flown."""
    return f"passed {track.name}/{stage.name}"


def why_not_taken(plan: CompiledPlan, launch: Launch, evidence: Evidence, now: int) -> str:
    """Why evidence for a claim is refused, "" where it is taken. It would replace what the launch has. now: ns."""
    if not evidence.holds:
        return ""  # to lower exposure needs only suspicion
    asked = claims_asked(plan)
    about = [each for each in asked if each.name == evidence.claim]
    if not about:
        names = ",".join(dict.fromkeys(each.name for each in asked))
        return f"CLAIM_NOT_ASKED: claim={evidence.claim} asked={names or 'none'}"
    known = newest(launch.evidence, evidence.claim)
    if known is None:
        return ""
    if not known.holds and known.made_at > evidence.made_at and any(_counts(known, each, evidence, launch) for each in about):
        return f"EVIDENCE_OLDER: claim={known.claim} against={known.producer}"
    if evidence.rank < known.rank and any(_still_holds(known, each, launch.release, now) for each in about):
        return f"EVIDENCE_WEAKER: claim={known.claim} class={evidence.rank} there={known.rank} by={known.producer}"
    return ""


def facts_of_claims(launch: Launch, observation: Observation) -> Facts:
    """As much as is asked of a claim."""
    return Facts(
        now=observation.now,
        since=observation.now,
        release=launch.release,
        evidence=(*launch.evidence, *observation.evidence),
        waived=frozenset(each.claim for each in launch.waivers if each.at <= observation.now < each.ends_at),
    )


def _of_gates(plan: CompiledPlan) -> Iterator[Claim]:
    for gate in plan.gates:
        yield from gate.gate.claims(gate.settings)


def _of_stages(plan: CompiledPlan) -> Iterator[Claim]:
    for track in plan.tracks:
        yield from (Claim(claim_of(track, stage), Rank.OBSERVED_IN_A_DRILL) for stage in track.stages if not stage.is_flown)


def _counts(against: Evidence, claim: Claim, evidence: Evidence, launch: Launch) -> bool:
    """Whether what speaks against a claim counts for it still; of another release it does not where its release is asked for."""
    return not claim.of_release or against.release in ("", evidence.release, launch.release)


def _still_holds(known: Evidence, claim: Claim, release: str, now: int) -> bool:
    """Whether it counts by release and age, whatever its class."""
    is_of_release = not claim.of_release or known.release == release
    is_fresh = not known.ends_at or now < known.ends_at
    is_fresh = is_fresh and known.made_at <= now and (not claim.max_age or now - known.made_at <= claim.max_age)
    return known.holds and is_of_release and is_fresh
