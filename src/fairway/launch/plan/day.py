"""What must hold before a launch, what is done on its day, and the rollback."""

import re
from enum import StrEnum
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from fairway.launch.evidence.model import Rank
from fairway.texts.durations import as_setting, duration_of
from fairway.texts.quantities import Duration, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit

_MOMENT: Final = re.compile(r"T(?:([+-])\s*(\d{1,6}(?:ms|s|m|h|d|w)|0))?")


def _moment(value: object) -> object:
    """`T-24h`, `T`, `T+30m`: from the instant of the launch, in ns."""
    if not isinstance(value, str):
        return value
    match = _MOMENT.fullmatch(value.strip())
    if match is None:
        raise ValueError("is no instant of a launch; write T, + or -, and a time")
    ns = duration_of(match[2]) if match[2] and match[2] != "0" else 0
    return -ns if match[1] == "-" else ns


def moment_text(ns: int) -> str:
    """As it would be written: `T-24h`."""
    return f"T{'-' if ns < 0 else '+'}{as_setting(abs(ns))}" if ns else "T"


def _rank(value: object) -> object:
    if not isinstance(value, str):
        return value
    found = {str(rank): rank for rank in Rank}.get(value)
    if found is None:
        raise ValueError(f"is no class of evidence; there are {', '.join(map(str, Rank))}")
    return found


def _expires(value: object) -> object:
    return value if value in ("never", "release") or not isinstance(value, str) else duration_of(value)


Moment = Annotated[int, BeforeValidator(_moment), Field(examples=["T-24h"])]


class Item(Section):
    """One item of the checklist: met only by evidence of its class, or of a stronger one."""

    id: str = Field(description="The claim that evidence is about", examples=["kill-drill"])
    text: str = Field(description="What is claimed", examples=["a kill was seen at the exchange"])
    need: Annotated[Rank, BeforeValidator(_rank)] = Field(
        description="Weakest class of evidence: " + ", ".join(map(str, Rank)), examples=["observed in a drill"]
    )
    expires: Annotated[Literal["never", "release"] | int, BeforeValidator(_expires)] = Field(
        default="release",
        description="How long evidence counts: a time, `release` (until the release changes) or `never`",
        examples=["14d"],
    )
    waivable: Switch = Field(default=True, description="Whether it may be waived", examples=["false"])


class State(StrEnum):
    """Of a phase that this plan builds on."""

    DONE = "done"
    RUNNING = "running"
    PENDING = "pending"


class PreparationPhase(Section):
    """Something that must be done before."""

    phase: str = Field(description="What it is called", examples=["database migrated"])
    state: State = Field(description="`done`, `running` or `pending`", examples=["done"])
    evidence: str = Field(default="", description="The item of the checklist that shows it", examples=["migration"])


class Step(Section):
    """What is done at an instant of the launch's day."""

    at: Moment = Field(description="When, from the launch T", examples=["T-24h"])
    do: str = Field(description="What is done", examples=["back up the database"])
    run: str = Field(default="", description="The command that does it", examples=["fairway journal backup fairway.journal"])
    verify: str = Field(default="", description="How it is seen to be done", examples=["the copy is verified"])
    needs: tuple[str, ...] = Field(default=(), description="Items of the checklist that must be met first", examples=["[smoke]"])
    raises: str = Field(default="", description="The stage that begins with it", examples=["engine/one-symbol"])
    destroys: str = Field(default="", description="What cannot be had back after it", examples=["blue"])


class Rollback(Section):
    """The way back. Its order is the same in every plan."""

    target: str = Field(
        description="What runs once the way back was gone: `previous`, the release before this one; a release that `software` "
        "names; or a stage of this plan",
        examples=["previous"],
    )
    keep: Duration = Field(description="How long it stays runnable after the last stage was passed", examples=["7d"])
    within: Duration | None = Field(default=None, description="How long going back may take", examples=["5m"])
    order: tuple[Literal["contain", "cancel", "verify", "dispose", "notify", "software"], ...] = Field(
        default=("contain", "cancel", "verify", "dispose", "notify", "software"),
        description="Contain, cancel, verify at the venue, dispose of positions, notify, software last",
        examples=["[contain, cancel, verify, dispose, notify, software]"],
    )
    software: tuple[str, ...] = Field(
        default=(),
        description="Steps of the last part: a verb and what it is done to",
        examples=["[start blue, check blue, route blue]"],
    )


class PlannedRunbook(Section):
    """What a person does when something is wrong."""

    when: str = Field(description="What is wrong", examples=["position mismatch"])
    run: tuple[str, ...] = Field(
        min_length=1,
        description="Commands, in order",
        examples=["[fairway kill fairway.yaml --reason mismatch --cause mismatch]"],
    )


class Accept(Section):
    """A finding of the linter that a person has reviewed, and why it stays."""

    finding: str = Field(description="Rule and place, as the linter prints them", examples=["undecidable stages[0].gates[1]"])
    reason: str = Field(description="Why it stays", examples=["the loss is bounded at 20 USD"])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.reason.split()) < 3:
            raise misfit("reason", "is too short for another person to understand")
        return self
