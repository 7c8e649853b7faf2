"""Drill: people carried out an exercise such as a kill, and its effect was observed on this release and recently enough."""

from dataclasses import replace

from msgspec import structs
from pydantic import Field

from fairway.launch.evidence.model import Rank
from fairway.launch.gates.port import Claim, Facts, Gate, GateSettings
from fairway.launch.gates.statistics.claim_check import assess_claim, digest_of, facts_with_evidence
from fairway.launch.gates.statistics.series_gate import verdict
from fairway.launch.gates.verdict import Verdict
from fairway.texts.quantities import Duration, Switch
from fairway.world.clock import DAY


class DrillSettings(GateSettings):
    """drill: the claim that its evidence is about. of_release: whether a drill on another release says nothing."""

    drill: str = Field(description="The claim that its evidence is about", min_length=1, max_length=60, examples=["kill-drill"])
    max_age: Duration = Field(default=30 * DAY, description="How long ago it may have been", gt=0, examples=["7d"])
    of_release: Switch = Field(default=True, description="Whether a drill on another release says nothing")

    @property
    def claim(self) -> Claim:
        return Claim(self.drill, Rank.OBSERVED_IN_A_DRILL, self.max_age, self.of_release)


def judge(settings: DrillSettings, facts: Facts) -> Verdict:
    return verdict(
        settings,
        facts,
        assess_claim(settings.claim, facts),
        None,
        digest_of(facts.evidence, [settings.drill]),
        *sorted(facts.waived),
    )


def indicators(settings: DrillSettings) -> tuple[str, ...]:
    return ()


def passing_facts(settings: DrillSettings) -> Facts:
    return facts_with_evidence([settings.claim])


def failing_facts(settings: DrillSettings) -> Facts:
    """The drill was done, and went wrong."""
    good = passing_facts(settings)
    return replace(good, evidence=[structs.replace(each, holds=False) for each in good.evidence])


GATE = Gate(
    "drill",
    DrillSettings,
    judge,
    indicators,
    question="Was something, such as a kill, done on purpose, and its effect observed?",
    formula="The newest evidence of the drill holds, was observed in a drill or in production, on this release, at most "
    "max_age ago.",
    reference="Basiri and others, Chaos engineering (IEEE Software, 2016); Delegated Regulation (EU) 2017/589, article 12",
    example="{name: kill, gate: drill, drill: kill-drill, max_age: 7d}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    claims=lambda settings: (settings.claim,),
    assumptions="The producer of the evidence saw the effect",
    limitations="A false word passes until a newer one or its age speaks against it",
)
