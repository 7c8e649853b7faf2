"""What a plan measures besides its gates: objectives with their budgets, alarms, baselines, and targets to report."""

from enum import StrEnum
from typing import Final, Self

from pydantic import Field, model_validator

from fairway.launch.plan.stage import FailureAction
from fairway.money.fraction import Fraction
from fairway.risk.causes import CauseCategory
from fairway.texts.quantities import Duration, Measure, Share, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.world.clock import DAY, HOUR, MINUTE


class Tells(StrEnum):
    """How loudly."""

    PAGE = "page"
    TICKET = "ticket"
    NONE = "none"


NEVER_SELLS: Final = frozenset(
    {
        CauseCategory.MISMATCH,
        CauseCategory.BLIND,
        CauseCategory.DATABASE,
        CauseCategory.CANNOT_PLACE,
        CauseCategory.MAINTENANCE,
    }
)
"""Causes in which nothing is sold: it would be a guess, or the order would not arrive and the stop would be gone."""


class Burn(Section):
    """So much of a budget is spent in so short a time."""

    spent: Share = Field(description="Share of the budget", examples=["2 %"])
    within: Duration = Field(description="In what time", examples=["1h"])
    lately: Duration | None = Field(default=None, description="And at that pace in this shorter time, too", examples=["5m"])
    tells: Tells = Field(default=Tells.PAGE, description="`page`, `ticket` or `none`", examples=["page"])
    does: FailureAction = Field(default=FailureAction.NOTHING, description="What is done", examples=["reduce only"])


def _burn(spent: str, within: int, lately: int | None, tells: Tells, does: FailureAction = FailureAction.NOTHING) -> Burn:
    return Burn(spent=Fraction.parse(spent), within=within, lately=lately, tells=tells, does=does)


OF_AN_OBJECTIVE: Final = (
    _burn("2 %", HOUR, 5 * MINUTE, Tells.PAGE),
    _burn("5 %", 6 * HOUR, 30 * MINUTE, Tells.PAGE),
    _burn("10 %", 3 * DAY, 6 * HOUR, Tells.TICKET),
)
"""The usual ones: 14.4, 6 and 1 times the pace at which a budget of 30 days lasts for 30 days."""
OF_A_LOSS: Final = (
    _burn("10 %", HOUR, None, Tells.PAGE),
    _burn("25 %", DAY, None, Tells.PAGE),
    _burn("40 %", DAY, None, Tells.PAGE, FailureAction.REDUCE_ONLY),
)


class Objective(Section):
    """What an indicator should be over a window. What is left of it is a budget, and the budget may be spent too fast."""

    name: str = Field(description="What it is called", examples=["order success"])
    of: str = Field(default="", description="The indicator; a loss budget needs none", examples=["order_success"])
    at_least: Share | None = Field(default=None, description="Least share of good observations", examples=["99 %"])
    at_most: Measure | None = Field(default=None, description="Most that an observation may be, …", examples=["500 ms"])
    share: Share | None = Field(default=None, description="… in at least this share of them; else in all", examples=["95 %"])
    mean: Measure | None = Field(
        default=None, description="Most that the mean may be; `at_most` bounds its tail", examples=["800 ms"]
    )
    loss: Share | None = Field(default=None, description="A loss budget: most of the capital that may be lost", examples=["8 %"])
    within: Duration = Field(description="The window", examples=["30d"])
    burns: tuple[Burn, ...] | None = Field(
        default=None,
        description="When its budget is spent too fast; left out: 2 % in 1h, 5 % in 6h, 10 % in 3d; "
        "of losses 10 % in 1h, 25 % and 40 % in 1d",
        examples=["[{spent: 2 %, within: 1h, tells: page}]"],
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not any((self.at_least, self.at_most, self.mean, self.loss)):
            raise misfit("at_least", "is missing, and so are at_most, mean and loss", example="at_least: 99 %")
        if not self.of and self.loss is None:
            raise misfit("of", "is missing")
        if self.share is not None and self.at_most is None:
            raise misfit("at_most", "is missing: a share of observations is within something")
        return self

    @property
    def alarms(self) -> tuple[Burn, ...]:
        return self.burns if self.burns is not None else OF_A_LOSS if self.loss is not None else OF_AN_OBJECTIVE


class Scope(StrEnum):
    """Over what an alarm adds up."""

    POSITION = "position"
    SYMBOL = "symbol"
    ACCOUNT = "account"
    USER = "user"
    NODE = "node"
    ALL = "all"


class Alarm(Section):
    """A bound whose breach raises an alarm."""

    name: str = Field(description="What it is called", examples=["venue errors"])
    of: str = Field(description="The indicator", examples=["venue_api"])
    above: Measure | None = Field(
        default=None, description="Alarmed above this; of a ratio, the share of bad ones", examples=["1 %"]
    )
    below: Measure | None = Field(
        default=None, description="Alarmed below this; of a ratio, the share of good ones", examples=["99 %"]
    )
    each: Scope | None = Field(default=None, description="Over what it adds up: " + ", ".join(Scope), examples=["account"])
    within: Duration | None = Field(default=None, description="Over which window it is told", examples=["5m"])
    lasts: Duration | None = Field(default=None, description="For how long before anybody is told", examples=["2m"])
    tells: Tells = Field(default=Tells.PAGE, description="`page`, `ticket` or `none`", examples=["page"])
    does: FailureAction = Field(
        default=FailureAction.NOTHING, description="What is done: " + ", ".join(FailureAction), examples=["hold"]
    )
    cause: CauseCategory | None = Field(
        default=None, description="What it is a sign of: " + ", ".join(CauseCategory), examples=["losing"]
    )
    heartbeat: Duration | None = Field(
        default=None, description="How often its detector must show that it is alive, where it counts events", examples=["3m"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise misfit("above", "stands beside below, or both are missing: an alarm has one bound", example="above: 1 %")
        return self


class Baseline(Section):
    """What later runs are compared with: captured from a stage that passed, and only then."""

    name: str = Field(description="What it is called", examples=["testnet-24h"])
    stage: str = Field(description="The stage that it is captured from", examples=["testnet"])
    of: tuple[str, ...] = Field(min_length=1, description="Indicators", examples=["[order_ack, db_latency]"])


class Target(Section):
    """A figure to be reported later. It decides nothing."""

    name: str = Field(description="What it is called", examples=["satisfaction"])
    within: Duration = Field(description="After which time it is looked at", examples=["30d"])
    of: str = Field(default="", description="The indicator, where one measures it", examples=["feedback"])
    at_least: Measure | None = Field(default=None, description="Least", examples=["90 %"])
    at_most: Measure | None = Field(default=None, description="Most", examples=["500 ms"])
    promotes: Switch = Field(default=False, description="Must stay false: a report promotes nothing", examples=["false"])
