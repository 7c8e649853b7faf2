"""A probe: a question that the pilot asks by the clock, over HTTP, and the indicator that its answers feed."""

import re
from typing import Final, Self

from pydantic import Field, field_validator, model_validator

from fairway.texts.durations import as_setting
from fairway.texts.quantities import Duration, Switch
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import BY_NAME, PROBED
from fairway.watch.questions import Metric, ProbeRequest, Question, SelfMeasurementQuestion, question_of
from fairway.world.clock import DAY, SECOND

EVERY_MIN: Final = 5 * SECOND
EVERY_MAX: Final = DAY
WITHIN: Final = 5 * SECOND
WITHIN_MAX: Final = 60 * SECOND
REQUESTED: Final = ("http_ok", "http_latency")
"""What every request feeds."""
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class Probe(Section):
    """A question that is asked by the clock, and answered by more than good manners."""

    name: str = Field(description="What it is called", min_length=1, max_length=60, examples=["health"])
    of: str = Field(description="The indicator that it feeds; a request feeds http_latency, too", examples=["http_ok"])
    asks: str = Field(
        description="What is asked: `GET URL`, or `METRIC NAME at URL` of a page in Prometheus' form",
        examples=["GET http://127.0.0.1:8080/health"],
    )
    every: Duration = Field(description="How often, by the clock", examples=["1m"])
    within: Duration = Field(default=WITHIN, description="How long an answer may take", gt=0, examples=["5s"])
    checks: tuple[str, ...] = Field(
        default=(),
        max_length=50,
        description="What a health page in JSON must name as working for a good answer",
        examples=["[database, venue, journal]"],
    )
    beside: Switch = Field(
        default=False,
        description="Whether it asks what runs beside the launch, such as the old release: it counts only where a gate compares "
        "with it",
        examples=["true"],
    )
    token: str = Field(
        default="",
        description="The environment variable of the pilot that holds what is sent as `Authorization: Bearer`",
        examples=["PROBE_TOKEN"],
    )

    @field_validator("asks")
    @classmethod
    def _is_a_question(cls, text: str) -> str:
        question_of(text)
        return text

    @model_validator(mode="after")
    def _fits(self) -> Self:
        match self.question:
            case ProbeRequest():
                self._check_of(("http_ok",), "http_ok", "a request")
            case Metric():
                self._check_of(PROBED_BY_NUMBER, PROBED_BY_NUMBER[0], "a number on a page")
            case SelfMeasurementQuestion():
                own = [each.name for each in BY_NAME.values() if each.source and each.name not in PROBED]
                self._check_of(tuple(own), "uptime", "the trader itself")
        if self.checks and not isinstance(self.question, ProbeRequest):
            raise misfit("checks", "stands beside a question that no health page answers; it belongs to GET")
        self._check_times()
        if self.beside and isinstance(self.question, SelfMeasurementQuestion):
            raise misfit(
                "beside", "stands beside what the trader measures itself; what runs beside it is asked, or is beside.control"
            )
        if self.token and not _VARIABLE.fullmatch(self.token):
            raise misfit("token", "is no name of an environment variable; the secret itself never stands in a plan")
        return self

    def _check_of(self, fed: tuple[str, ...], example: str, who: str) -> None:
        if self.of not in fed:
            raise misfit("of", f"{self.of!r} is not fed by {who}; it feeds {' or '.join(fed)}", example=f"of: {example}")

    def _check_times(self) -> None:
        if not EVERY_MIN <= self.every <= EVERY_MAX:
            bounds = f"{as_setting(EVERY_MIN)} to {as_setting(EVERY_MAX)}"
            raise misfit("every", f"{as_setting(self.every)!r} is not within {bounds}")
        if self.within > min(self.every, WITHIN_MAX):
            most = as_setting(min(self.every, WITHIN_MAX))
            raise misfit("within", f"{as_setting(self.within)!r} is more than {most}: no question overtakes itself")

    @property
    def question(self) -> Question:
        return question_of(self.asks)

    @property
    def feeds(self) -> tuple[str, ...]:
        """What the pilot has of its answers; nothing of what the trader measures itself."""
        match self.question:
            case ProbeRequest():
                return REQUESTED
            case Metric():
                return (self.of,)
        return ()

    @property
    def feeds_own(self) -> tuple[str, ...]:
        """What of them is about the launch itself."""
        return () if self.beside else self.feeds


PROBED_BY_NUMBER: Final = tuple(name for name in PROBED if name not in REQUESTED)
