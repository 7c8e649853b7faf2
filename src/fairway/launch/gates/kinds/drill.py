"""Drill: something was done on purpose, such as a kill, and its effect was observed, on this release and not long ago."""

from dataclasses import replace

from msgspec import structs
from pydantic import Field

from fairway.launch.evidence.model import Rank
from fairway.launch.gates.port import Claim, Facts, Gate, GateSettings
from fairway.launch.gates.statistics.series_gate import verdict
from fairway.launch.gates.statistics.standing import digest_of, evidenced, standing
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
        settings, facts, standing(settings.claim, facts), None, digest_of(facts.evidence, [settings.drill]), *sorted(facts.waived)
    )


def asks(settings: DrillSettings) -> tuple[str, ...]:
    return ()


def flawless(settings: DrillSettings) -> Facts:
    return evidenced([settings.claim])


def spoiled(settings: DrillSettings) -> Facts:
    """The drill was done, and went wrong."""
    good = flawless(settings)
    return replace(good, evidence=[structs.replace(each, holds=False) for each in good.evidence])


GATE = Gate(
    "drill",
    DrillSettings,
    judge,
    asks,
    means="Was something, such as a kill, done on purpose, and its effect observed?",
    formula="The newest evidence of the drill holds, was observed in a drill or in production, on this release, at most "
    "max_age ago.",
    source="Basiri and others, Chaos engineering (IEEE Software, 2016); Delegated Regulation (EU) 2017/589, article 12",
    example="{name: kill, gate: drill, drill: kill-drill, max_age: 7d}",
    flawless=flawless,
    spoiled=spoiled,
    claims=lambda settings: (settings.claim,),
    assumes="The producer of the evidence saw the effect",
    breaks="A false word passes until a newer one or its age speaks against it",
)
