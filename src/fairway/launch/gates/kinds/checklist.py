"""Checklist: each item of the plan's checklist has evidence of its class; a ticked box alone is no evidence."""

from dataclasses import replace

from msgspec import structs
from pydantic import Field

from fairway.launch.evidence.model import Rank
from fairway.launch.gates.port import Claim, Facts, Gate, GateSettings
from fairway.launch.gates.statistics.claim_check import assess_claim, digest_of, facts_with_evidence
from fairway.launch.gates.statistics.series_gate import Assessment, verdict
from fairway.launch.gates.verdict import Result, Verdict, combined
from fairway.world.clock import DAY


class ChecklistSettings(GateSettings):
    """items: by their ids; all of the plan's where it is empty."""

    items: tuple[str, ...] = Field(
        default=(), description="Items by their ids; all where it is left out", max_length=500, examples=["[tests, kill-drill]"]
    )


def judge(settings: ChecklistSettings, facts: Facts) -> Verdict:
    claims = {each.name: each for each in facts.checklist}
    wanted = settings.items or tuple(claims)
    unknown = [name for name in wanted if name not in claims]
    if unknown or not wanted:
        found = Assessment(Result.ERROR, "CHECKLIST_UNKNOWN", {"items": ",".join(unknown) or "none"})
    else:
        found = _all_of({name: assess_claim(claims[name], facts) for name in wanted})
    return verdict(settings, facts, found, None, repr(facts.checklist), digest_of(facts.evidence, wanted), *sorted(facts.waived))


def _all_of(said: dict[str, Assessment]) -> Assessment:
    """The worst of all; each item that is not met is named with its reason."""
    lacking = {name: found.code for name, found in said.items() if found.result is not Result.PASS}
    if not lacking:
        return Assessment(Result.PASS, "CHECKLIST_MET", {"items": len(said)})
    return Assessment(combined(found.result for found in said.values()), "CHECKLIST_OPEN", lacking, len(lacking))


def indicators(settings: ChecklistSettings) -> tuple[str, ...]:
    return ()


def passing_facts(settings: ChecklistSettings) -> Facts:
    items = settings.items or ("item",)
    return facts_with_evidence(Claim(name, Rank.MACHINE_ARTIFACT, 30 * DAY) for name in items)


def failing_facts(settings: ChecklistSettings) -> Facts:
    """The last item was tried, and is not met."""
    good = passing_facts(settings)
    *others, last = good.evidence
    return replace(good, evidence=[*others, structs.replace(last, holds=False)])


GATE = Gate(
    "checklist",
    ChecklistSettings,
    judge,
    indicators,
    question="Is each item of the plan's checklist met by evidence of its class?",
    formula="For each item: the newest evidence of its class or a stronger one holds, is of this release where it must be, "
    "and has not expired. A newer word that speaks against it counts, whatever its class.",
    reference="Classes of evidence after assurance cases (ISO/IEC/IEEE 15026-2)",
    example="{name: ready, gate: checklist, items: [tests, kill-drill, restore]}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    assumptions="A producer of evidence tells the truth",
    limitations="A false word of a strong class passes; a newer one that speaks against it blocks",
)
