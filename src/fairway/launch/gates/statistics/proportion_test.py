"""Decides whether a share of good observations is proven, disproven or neither; for proportions, quantiles and tails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from math import ceil, log
from typing import Final, Self

from pydantic import Field, model_validator

from fairway.launch.gates.port import Facts
from fairway.launch.gates.statistics.betting import ENOUGH, against_at_least
from fairway.launch.gates.statistics.bursts import LONGEST, BurstCounts, enough, evidence, look_before, needed, size_of
from fairway.launch.gates.statistics.failure_counts import Criterion, count_bursts, newest, row_of
from fairway.launch.gates.statistics.series_gate import Assessment, SeriesSettings, Window, e_value, sequence_of
from fairway.launch.gates.verdict import Result
from fairway.money.fraction import Fraction
from fairway.texts.validation_errors import misfit


class Strength(StrEnum):
    """What a gate asks for."""

    PROVEN = "proven"
    """Evidence that it is so."""
    NOT_DISPROVEN = "not_disproven"
    """No evidence that it is not so: enough only where a stage's loss is bounded."""


class StrengthSettings(SeriesSettings):
    strength: Strength = Field(
        default=Strength.PROVEN,
        description="`proven`, or `not_disproven` where the stage's loss is bounded; the latter needs at_least_n",
        examples=["proven"],
    )

    @model_validator(mode="after")
    def _takes_more_than_nothing(self) -> Self:
        """What is only not disproven would pass with the first observation."""
        if self.strength is Strength.NOT_DISPROVEN and self.at_least_n < 2:
            raise misfit(
                "at_least_n", "is missing: with strength not_disproven the first observation would pass", "at_least_n: 30"
            )
        return self


def check_share(key: str, share: Fraction) -> float:
    """A share that can be judged by a sample. Raises a misfit."""
    if not 0 < share.value < 1:
        other = "; for every single one take the gate invariant" if share.value == 1 else ""
        raise misfit(key, f"'{share}' must be above 0 % and below 100 %{other}", f"{key}: 95 %")
    return float(share.value)


class Conclusion(Enum):
    """What the evidence says of a claim."""

    PROVEN = "PROVEN"
    DISPROVEN = "DISPROVEN"
    NEITHER = "NEITHER"

    @classmethod
    def of(cls, *, proven: bool, disproven: bool) -> Self:
        return cls.DISPROVEN if disproven else cls.PROVEN if proven else cls.NEITHER


@dataclass(frozen=True, slots=True)
class ShareClaim:
    """A claim: of the observations at least this share is good. code: how the reasons of its verdicts begin."""

    at_least: float
    criterion: Criterion
    code: str


LATELY: Final = 5
"""The newest observations that a claim must hold of by themselves: so many that as many bad ones may be among them."""
Numbers = dict[str, float | int | str]
EffectUntil = Callable[[Window, int], float]
"""Of a window until a row of its series: how many observations say as much as one, by how they follow each other."""


def independent(window: Window, row: int) -> float:
    """Each says as much as one, but for what shares a cause."""
    return 1.0


@dataclass(frozen=True, slots=True)
class InterimLook:
    """What was seen at the newest look, what it is evidence of, and how much is asked there; both are logarithms."""

    seen: BurstCounts
    evidence: float
    enough: float

    @property
    def is_enough(self) -> bool:
        return self.evidence >= self.enough

    def would_be(self, share: float) -> bool:
        """Whether it would be enough if no two observations shared a cause."""
        return self.seen.n * divergence(self.seen.bad / self.seen.n, 1 - share) >= self.enough

    def numbers(self) -> Numbers:
        numbers: Numbers = {"looked_at": self.seen.n, "bursts": self.seen.bursts, "mean_burst": self.seen.mean_burst}
        return {**numbers, "alike": self.seen.alike, "evidence_for": e_value(self.evidence), "asked": e_value(self.enough)}


def assess_share(
    settings: StrengthSettings, facts: Facts, window: Window, claim: ShareClaim, beside: Numbers, alike: EffectUntil = independent
) -> Assessment:
    """The judgement of a share. beside: further numbers to tell."""
    part, number = sequence_of(settings, facts, window)
    whole = count_bursts(window, claim.criterion, claim.at_least)
    look = newest_look(part, claim, number, alike, of=whole if part is window else None)
    below = evidence_against(whole, claim.at_least, alone=settings.strength is Strength.NOT_DISPROVEN)
    numbers: Numbers = {"n": whole.n, "good": whole.n - whole.bad, "share": 1 - whole.bad / whole.n if whole.n else 0.0}
    numbers |= {"at_least": claim.at_least, **beside, **(look.numbers() if look else {}), "evidence_against": e_value(below)}
    known = Conclusion.of(proven=look is not None and look.is_enough, disproven=below >= ENOUGH)
    said = conclude(claim.code, known, settings.strength, numbers, lambda: _missing(part, claim, number))
    if said.result is Result.PASS:
        return _lately(window, claim, settings.strength, numbers) or said
    if said.result is Result.INSUFFICIENT and look is not None and look.would_be(claim.at_least):
        return replace(said, code=f"{claim.code}_DEPENDENT")
    return said


def newest_look(
    part: Window, claim: ShareClaim, number: int, alike: EffectUntil = independent, of: BurstCounts | None = None
) -> InterimLook | None:
    """The newest look at a sequence of evidence; None where it is too early for the first. number: of the sequence.

    of: all that was seen of it, where that is known already.
    """
    look = look_before((of or count_bursts(part, claim.criterion, claim.at_least)).n, claim.at_least)
    if look is None:
        return None
    row = row_of(part, size_of(look, claim.at_least))
    until = count_bursts(part, claim.criterion, claim.at_least, row, alike(part, row))
    return InterimLook(until, evidence(until, claim.at_least, look), enough(look, number))


def evidence_against(seen: BurstCounts, share: float, *, alone: bool = False) -> float:
    """The logarithm of the evidence against a share; bad ones that came together count as one, up to the longest bursts.

    alone: as if each had a cause of its own, where what is only not disproven passes: to stop too soon costs time alone.
    """
    together = 1.0 if alone else max(1.0, min(seen.mean_burst, LONGEST * seen.block))
    return against_at_least(share).wealth((seen.n - seen.bad) / together, seen.bad / together)


def _missing(part: Window, claim: ShareClaim, number: int) -> int | None:
    return needed(claim.at_least, count_bursts(part, claim.criterion, claim.at_least), number)


def _lately(window: Window, claim: ShareClaim, strength: Strength, numbers: Numbers) -> Assessment | None:
    """Whether the newest observations speak against what all of them say: what was good for long may be bad since an hour."""
    late = count_bursts(newest(window, ceil(LATELY / (1 - claim.at_least) - 1e-6)), claim.criterion, claim.at_least)
    too_many = late.bad > (1 - claim.at_least) * late.n
    is_low = too_many if strength is Strength.PROVEN else evidence_against(late, claim.at_least) >= ENOUGH
    numbers = {**numbers, "newest": late.n, "newest_bad": late.bad}
    return Assessment(Result.INSUFFICIENT, f"{claim.code}_LATELY_LOW", numbers) if is_low else None


def divergence(bad: float, at_bound: float) -> float:
    """Of one share of bad observations from a higher one, by observation (Kullback and Leibler); 0 where it is not lower."""
    if bad >= at_bound:
        return 0.0
    of_bad = bad * log(bad / at_bound) if bad else 0.0
    return of_bad + (1 - bad) * log((1 - bad) / (1 - at_bound))


def conclude(
    code: str,
    known: Conclusion,
    strength: Strength,
    numbers: Mapping[str, float | int | str],
    missing: Callable[[], int | None] = lambda: None,
) -> Assessment:
    """What a gate of this strength says. missing: asked only where it is not proven, how many more it takes at best."""
    match known, strength:
        case Conclusion.DISPROVEN, _:
            return Assessment(Result.FAIL, f"{code}_DISPROVEN", numbers)
        case Conclusion.PROVEN, _:
            return Assessment(Result.PASS, f"{code}_PROVEN", numbers)
        case _, Strength.NOT_DISPROVEN:
            return Assessment(Result.PASS, f"{code}_NOT_DISPROVEN", numbers)
    return Assessment(Result.INSUFFICIENT, f"{code}_UNPROVEN", numbers, missing())
