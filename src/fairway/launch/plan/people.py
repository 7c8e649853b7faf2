"""Who must agree to a plan's stages, what may be waived, and who gets which message."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from fairway.texts.quantities import Duration, Money
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.world.clock import DAY, HOUR, MINUTE

Need = dict[str, int]
"""How many people of each role."""


class Alone(Section):
    """For one person alone: time is the second one."""

    after: Duration = Field(
        default=12 * HOUR, description="How much later, and after a new login, the same person counts again", examples=["12h"]
    )
    capital: Money = Field(description="Most capital that one person alone may approve", examples=["1000 USD"])


class Waivers(Section):
    """Who may say that an item of the checklist need not be met for a while."""

    by: tuple[str, ...] = Field(
        default=("risk",), min_length=1, description="Which roles may grant one; never who asks for it", examples=["[risk]"]
    )
    at_most: Duration = Field(default=7 * DAY, description="Longest that one holds", examples=["7d"])


class Approvals(Section):
    """Which roles must approve a stage. Lower exposure needs no approval."""

    need: Need = Field(
        min_length=1, description="How many people of which role; the author never counts", examples=["{owner: 1, risk: 1}"]
    )
    who: dict[str, tuple[str, ...]] = Field(
        default={},
        max_length=20,
        description="The people of each role; no other person may act in it. Left out: any person may claim the role",
        examples=["{owner: [olga], risk: [ravi, rita]}"],
    )
    expires: Duration = Field(default=4 * HOUR, description="How long an approval holds", examples=["4h"])
    alone: Alone | None = Field(
        default=None, description="Where there is one person only", examples=["{after: 12h, capital: 1000 USD}"]
    )
    waivers: Waivers = Field(default=Waivers(), description="Who may waive what", examples=["{by: [risk], at_most: 7d}"])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        check_need(self.need, "need")
        for role, people in self.who.items():
            if not people or len(set(people)) < len(people) or not all(each.strip() for each in people):
                raise misfit(f"who.{role}", "names no person, or one person twice", example=f"{role}: [olga]")
        return self


def check_need(need: Need, key: str) -> None:
    """Raises a misfit where a role needs no person, or too many."""
    for role, number in need.items():
        if not 1 <= number <= 20:
            raise misfit(f"{key}.{role}", f"{number} people are no number from 1 to 20", example=f"{role}: 1")


class When(StrEnum):
    """What a message is sent at."""

    START = "start"
    ENTERED = "entered"
    HELD = "held"
    DEMOTED = "demoted"
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"
    KILL = "kill"
    COMPLETE = "complete"
    EVERY_MOVE = "every move"


class PlannedMessage(Section):
    """One message: to whom, by which channel, at what or how often."""

    to: str = Field(description="Who is told", examples=["users"])
    by: str = Field(default="", description="Which channel", examples=["status page"])
    at: tuple[When, ...] = Field(default=(), description="At what: " + ", ".join(When), examples=["[incident, kill]"])
    every: Duration | None = Field(default=None, description="How often, where it comes by the clock", examples=["1d"])
    ahead: Duration = Field(
        default=DAY,
        description="Of `maintenance`: how long before it begins it is told of first",
        ge=MINUTE,
        le=30 * DAY,
        examples=["24h"],
    )
    text: str = Field(
        default="", description="How it begins; facts of the instant follow", examples=["10 % of requests go to the new release"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.at and self.every is None:
            raise misfit("at", "is missing, and so is every: it would never be due", example="at: [every move]")
        if self.every is not None and self.every < MINUTE:
            raise misfit("every", "is shorter than a minute")
        if "ahead" in self.model_fields_set and When.MAINTENANCE not in self.at:
            raise misfit("ahead", "is of planned maintenance, and at does not name that", example="at: [maintenance]")
        return self
