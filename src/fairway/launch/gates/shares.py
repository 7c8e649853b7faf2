"""Whether a share is proven, disproven, or neither yet: what proportions, quantiles and tails have in common."""

from collections.abc import Callable, Mapping
from enum import Enum, StrEnum
from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.asking import Found, SeriesSettings, e_value
from fairway.launch.gates.betting import ENOUGH, against_at_least, against_at_most, flawless_needed
from fairway.launch.verdict import Result
from fairway.money.fraction import Fraction
from fairway.texts.misfits import misfit


class Strength(StrEnum):
    """What a gate asks for."""

    PROVEN = "proven"
    """Evidence that it is so."""
    NOT_DISPROVEN = "not_disproven"
    """No evidence that it is not so: enough only where a stage's loss is bounded."""


class StrongSettings(SeriesSettings):
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


def share_found(
    good: int, n: int, at_least: float, strength: Strength, code: str, beside: Mapping[str, float | int | str]
) -> Found:
    """The judgement of a share. code: how the reasons begin; beside: further numbers to tell."""
    bad = n - good
    above, below = against_at_most(at_least).wealth(good, bad), against_at_least(at_least).wealth(good, bad)
    numbers = {
        "n": n,
        "good": good,
        "share": good / n if n else 0.0,
        "at_least": at_least,
        **beside,
        "evidence_for": e_value(above),
        "evidence_against": e_value(below),
    }
    known = Known.of(proven=above >= ENOUGH, disproven=below >= ENOUGH)
    return found(code, known, strength, numbers, lambda: flawless_needed(at_least, good, bad))


class Known(Enum):
    """What the evidence says of a claim."""

    PROVEN = "PROVEN"
    DISPROVEN = "DISPROVEN"
    NEITHER = "NEITHER"

    @classmethod
    def of(cls, *, proven: bool, disproven: bool) -> Self:
        return cls.DISPROVEN if disproven else cls.PROVEN if proven else cls.NEITHER


def found(
    code: str,
    known: Known,
    strength: Strength,
    numbers: Mapping[str, float | int | str],
    missing: Callable[[], int | None] = lambda: None,
) -> Found:
    """What a gate of this strength says. missing: asked only where it is not proven, how many more it takes at best."""
    match known, strength:
        case Known.DISPROVEN, _:
            return Found(Result.FAIL, f"{code}_DISPROVEN", numbers)
        case Known.PROVEN, _:
            return Found(Result.PASS, f"{code}_PROVEN", numbers)
        case _, Strength.NOT_DISPROVEN:
            return Found(Result.PASS, f"{code}_NOT_DISPROVEN", numbers)
    return Found(Result.INSUFFICIENT, f"{code}_UNPROVEN", numbers, missing())
