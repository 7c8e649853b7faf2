"""A stage: how much exposure it allows, how long it lasts, what must be proven in it, and what happens where it fails."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from fairway.launch.plan.limits import StageLimits
from fairway.launch.plan.people import Need, PlannedMessage, check_need
from fairway.texts.nearest import nearest
from fairway.texts.quantities import Duration, Expected, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit


def _name(value: object) -> object:
    """A name of a stage, a track or a plan is part of paths such as `api/green-10`."""
    if isinstance(value, str) and not (value and len(value) <= 40 and value.replace("-", "").replace(".", "").isalnum()):
        raise ValueError("is no name; it has letters, digits, dots and dashes")
    return value


Name = Annotated[str, BeforeValidator(_name)]


class FailureAction(StrEnum):
    """What is done about a failure, mildest first."""

    NOTHING = "nothing"
    HOLD = "hold"
    """No promotion; exposure stays as it is."""
    REDUCE_ONLY = "reduce only"
    """Nothing is opened; stops and targets stay."""
    PREVIOUS_STAGE = "previous stage"
    KILL = "kill"
    """Nothing is opened until a person resumes it; positions stay with their stops."""
    UNWIND = "unwind"
    """As flatten: a stop must be cancelled before its position can be sold, so a slow sale would leave it unprotected."""
    FLATTEN = "flatten"
    """Killed, and positions are sold at once, in slices that bound the slippage."""

    @property
    def sells(self) -> bool:
        return self in (FailureAction.UNWIND, FailureAction.FLATTEN)


class Stay(Section):
    """How long a stage lasts. Its clock stands while it is held or blind, or while no pilot runs."""

    at_least: Duration = Field(description="Before that nothing is promoted", examples=["24h"])
    at_most: Duration | None = Field(
        default=None, description="After that a person must decide, where the gates have not", examples=["3d"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.at_most is not None and self.at_most < self.at_least:
            raise misfit("at_most", "is shorter than at_least")
        return self


class GateEntry(BaseModel):
    """A gate as a plan says it. Keys beside these are the gate's own, and the gate checks them.

    use: instead of all that: the gates of an earlier stage, once more.
    """

    model_config = ConfigDict(frozen=True, extra="allow", hide_input_in_errors=True)
    name: str = Field(default="", description="What the plan calls it", examples=["success"])
    gate: str = Field(
        default="", description="Which gate it is (docs/reference/gates.md); its own keys stand beside", examples=["proportion"]
    )
    use: str = Field(default="", description="Instead: all gates of an earlier stage, once more", examples=["green-10"])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.use and (self.gate or self.name or self.model_extra):
            raise misfit("use", "takes over another stage's gates, and no other key stands beside it")
        if not self.use and not self.gate:
            raise misfit("gate", "is missing", example="gate: proportion")
        if not self.use and not self.name:
            raise misfit("name", "is missing", example="name: success")
        return self

    @property
    def own(self) -> dict[str, Any]:
        """Its settings, as texts: what its plug-in checks."""
        return {"name": self.name, **(self.model_extra or {})}

    def text(self, key: str) -> str:
        """One of its own keys, "" where it is not there or has parts."""
        value = (self.model_extra or {}).get(key, "")
        return value if isinstance(value, str) else ""


class Stage(Section):
    """One step of exposure."""

    name: Name = Field(description="What the stage is called", examples=["internal"])
    limits: StageLimits = Field(examples=["{mode: live, capital: 100 USD, loss: 20 USD}"])
    stay: Stay = Field(examples=["{at_least: 24h, at_most: 3d}"])
    expects: dict[str, Expected] = Field(
        default={},
        description="How many observations of an indicator come in this stage, where that is not the plan's",
        examples=["{order_success: 40/d}"],
    )
    gates: tuple[GateEntry, ...] = Field(
        default=(), max_length=200, description="What must be proven before the next stage", examples=["[{use: green-10}]"]
    )
    expects_activity: Switch = Field(
        default=True,
        description="Whether the bot places orders in this stage; without one order at the venue it is not passed",
        examples=["false"],
    )
    review: Duration | None = Field(default=None, description="How often a person looks", examples=["1h"])
    approve: Need | None = Field(
        default=None,
        description="Who lets this stage be entered, where it is not the plan's `approvals`",
        examples=["{owner: 1}"],
    )
    on_fail: FailureAction = Field(
        default=FailureAction.PREVIOUS_STAGE,
        description="What is done where a gate fails: " + ", ".join(f"`{answer}`" for answer in FailureAction),
        examples=["previous stage"],
    )
    say: tuple[PlannedMessage, ...] = Field(
        default=(), description="What is told, besides the plan's `say`", examples=["[{to: users, at: [entered]}]"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_need(self.approve or {}, "approve")
        return self


class Split(StrEnum):
    """By what a track is widened."""

    HTTP_WEIGHT = "http_weight"
    """Requests can be split by percentage."""
    CAPITAL = "capital"
    """Positions cannot: one writer an account, handed over."""


class Track(Section):
    """Stages that follow each other."""

    splits: Split = Field(
        default=Split.CAPITAL,
        description="What is widened: `http_weight`, or `capital` with one writer an account",
        examples=["http_weight"],
    )
    after: str = Field(
        default="",
        description="The stage of another track that must be passed before this one begins",
        examples=["api/green-100"],
    )
    handover: tuple[str, ...] = Field(
        default=(),
        description="How an account goes from the old release to the new one",
        examples=["[quiesce, reconcile, transfer, adopt, verify]"],
    )
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=100, examples=["[{name: internal}]"])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_stages(self.stages)
        return self


def check_stages(stages: Sequence[Stage]) -> None:
    """No name twice, and gates are taken over from earlier stages only. Raises a misfit."""
    names: list[str] = []
    for index, stage in enumerate(stages):
        if stage.name in names:
            raise misfit(f"stages.{index}.name", f"the name {stage.name!r} stands twice", example="")
        for place, entry in enumerate(stage.gates):
            if entry.use and entry.use not in names:
                raise misfit(f"stages.{index}.gates.{place}.use", _no_stage(entry.use, names), example=_use(entry.use, names))
        names.append(stage.name)


def _no_stage(name: str, names: list[str]) -> str:
    earlier = f"; before it there are {', '.join(names)}" if names else "; it is the first one"
    return f"{name!r} is no stage before this one{earlier}"


def _use(name: str, names: list[str]) -> str:
    meant = nearest(name, names)
    return f"use: {meant}" if meant else ""
