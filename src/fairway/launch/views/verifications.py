"""What of a launch may verify an action item, and what it says of that now: a claim by its evidence, a gate by its verdict."""

from fairway.incidents.verification import VerificationSeen
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.evidence.postmortem_actions import CLAIM as ACTIONS
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.plan.day import Item
from fairway.launch.plan.model import Plan
from fairway.launch.views.launch_view import LaunchSnapshot


def verification_names(plan: Plan) -> tuple[str, ...]:
    """Items of the checklist, then gates. The claim about action items themselves verifies none of them."""
    gates = (*plan.entry, *(each for _, stage, _ in plan.walk() for each in stage.gates))
    names = (*(item.id for item in plan.checklist), *(each.name for each in gates))
    return tuple(dict.fromkeys(each for each in names if each not in ("", ACTIONS)))


def verifications_seen(plan: Plan | None, seen: LaunchSnapshot, now: int) -> dict[str, VerificationSeen]:
    """By name of a claim or a gate, what the launch says of it at an instant (ns).

    Of all that the plan asks for, and of every claim with evidence; a claim goes before a gate of its name. Nothing where the
    plan is None, because it cannot be read.
    """
    if plan is None:
        return {}
    gates = {name: _of_gate(name, seen) for name in verification_names(plan)}
    items = {item.id: item for item in plan.checklist}
    claims = {name: _of_claim(items.get(name), seen.evidence.get(name), now) for name in (*items, *seen.evidence)}
    return {name: word for name, word in {**gates, **claims}.items() if name != ACTIONS}


def _of_claim(item: Item | None, evidence: Evidence | None, now: int) -> VerificationSeen:
    must_be_shown = item is not None and item.need >= Rank.MACHINE_ARTIFACT
    if evidence is None:
        return VerificationSeen(must_be_shown=must_be_shown)
    ends = [evidence.ends_at] if evidence.ends_at else []
    if item is not None and isinstance(item.expires, int):
        ends.append(evidence.made_at + item.expires)
    is_over = any(now >= end for end in ends)
    against = "it has expired" if is_over else evidence.why
    holds = evidence.holds and not is_over
    return VerificationSeen(
        at=evidence.made_at,
        holds=holds,
        is_machine=evidence.rank >= Rank.MACHINE_ARTIFACT,
        must_be_shown=must_be_shown,
        says=f"{evidence.rank}, {evidence.producer}" if holds else against,
    )


def _of_gate(name: str, seen: LaunchSnapshot) -> VerificationSeen:
    """By the last decision. Every track that has a gate of this name must have passed it."""
    found = (
        [each for verdicts in seen.decided.verdicts.values() for each in verdicts if each.gate == name] if seen.decided else []
    )
    if seen.decided is None or not found:
        return VerificationSeen(must_be_shown=True)
    worst = next((each for each in found if each.result is not Result.PASS), found[0])
    return VerificationSeen(
        at=_made_at(seen.decided.now, found),
        holds=worst.result is Result.PASS,
        is_machine=True,
        must_be_shown=True,
        says=f"gate {name}, {worst.result.value}",
    )


def _made_at(decided_at: int, verdicts: list[Verdict]) -> int:
    """When it was decided; where a gate judges observations, the end of the oldest window that it has judged (ns)."""
    return min([decided_at, *(each.until for each in verdicts if each.until)])
