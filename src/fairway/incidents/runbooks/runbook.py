"""A runbook: for which alerts it is, and its steps, each with what it does, its effect, how that is verified, and its time."""

from enum import StrEnum
from typing import Final

from pydantic import Field

from fairway.risk.causes import AlertSeverity
from fairway.texts.quantities import Duration, Switch
from fairway.texts.section import Section

NAME: Final = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
NEXT: Final = "next"
END: Final = "end"
STOP: Final = "stop"
OTHER_RUNBOOK: Final = "runbook "
"""A target that begins so names another runbook, as in `runbook database`."""
REQUEST_EXAMPLE: Final = '{account: "{account}", reason: "runbook orders-failing"}'


class VenueClaim(StrEnum):
    """What the venue must show, by its own answer compared with the journal."""

    AGREES = "agrees"
    """Journal and venue agree in all balances and orders."""
    ONLY_PROTECTION = "only protection"
    """They agree, and no open order is there that does not protect a position."""
    PROTECTED = "protected"
    """They agree, and stops cover every position that is held."""


class RunbookCheck(Section):
    """One look that shows whether a step had its effect.

    It asks an operation, a command line, the venue or a person; where it names none of them, it looks at the step's own answer.
    """

    operation: str = Field(default="", description="An operation that only reads", examples=["caps"])
    request: dict[str, str] = Field(
        default={}, max_length=12, description="Fields of the operation's request", examples=['{account: "{account}"}']
    )
    run: str = Field(default="", description="A command that only reads", examples=["fairway up status {config} --json"])
    venue: VenueClaim | None = Field(
        default=None, description=f"What the venue shows: {', '.join(VenueClaim)}", examples=["protected"]
    )
    person: str = Field(
        default="", description="A question that a person answers with yes or no", examples=["Is the alert over?"]
    )
    field: str = Field(
        default="",
        description="Where in the answer: keys with dots between them, `[*]` for each item, `[name=trader]` for some of them",
        examples=["accounts[*].may_open"],
    )
    equals: str | None = Field(default=None, description="What each value is; `nothing` for none", examples=["false"])
    not_equal: str | None = Field(default=None, description="What no value is", examples=["FAIL"])
    one_of: tuple[str, ...] = Field(default=(), description="One of these each value is", examples=["[s, t]"])
    at_least: str | None = Field(default=None, description="The least number", examples=["1"])
    at_most: str | None = Field(default=None, description="The greatest number", examples=["0"])
    may_be_empty: Switch = Field(
        default=False, description="Whether it also holds where the answer has no such value", examples=["true"]
    )
    exit: str | None = Field(default=None, description="The exit code of the command", examples=["0"])

    @property
    def compares(self) -> bool:
        """Whether it says what the value must be."""
        bounds = (self.equals, self.not_equal, self.at_least, self.at_most, self.exit)
        return bool(self.one_of) or any(each is not None for each in bounds)


class RunbookStep(Section):
    """One step. It performs an operation, runs a command of Fairway, or asks a person.

    A step that raises exposure does one of the first two and asks a person as well.
    """

    step: str = Field(pattern=NAME, description="Its name", examples=["pause"])
    operation: str = Field(default="", description="The operation that it performs", examples=["pause"])
    request: dict[str, str] = Field(
        default={}, max_length=12, description="Fields of the operation's request", examples=[REQUEST_EXAMPLE]
    )
    run: str = Field(default="", description="The command of Fairway that it runs", examples=["fairway doctor {config} --json"])
    person: str = Field(
        default="", max_length=1_000, description="What a person looks at, does or decides", examples=["Is the venue down?"]
    )
    choices: dict[str, str] = Field(
        default={},
        max_length=6,
        description="What the person may answer, and which step follows each answer",
        examples=["{the venue is down: wait, the key is refused: key}"],
    )
    raises: Switch = Field(
        default=False, description="Whether it raises exposure: it then needs a person who confirms it", examples=["true"]
    )
    expect: str = Field(min_length=1, max_length=500, description="Its effect, as a sentence", examples=["No account opens."])
    verify: tuple[RunbookCheck, ...] = Field(
        default=(),
        max_length=4,
        description="What shows the effect; all of it must hold",
        examples=["[{operation: caps, field: accounts[*].may_open, equals: false}]"],
    )
    timeout: Duration = Field(
        default=0, description="How long it may take, and its verification or the person's answer again", examples=["30s"]
    )
    then: str = Field(default=NEXT, description="What follows: `next`, a later step, `end`, or `runbook NAME`", examples=["over"])
    otherwise: str = Field(
        default=STOP, description="What follows where it fails: the same, or `stop` for a person", examples=["kill"]
    )

    @property
    def is_machine(self) -> bool:
        """Whether Fairway does something in it."""
        return bool(self.operation or self.run)

    @property
    def targets(self) -> tuple[str, ...]:
        """Every target that may follow it."""
        if self.person and not self.is_machine:
            return (*self.choices.values(), self.otherwise)
        return self.then, self.otherwise


class Runbook(Section):
    """What is done about some alerts."""

    runbook: str = Field(pattern=NAME, description="Its name, which is also its file's", examples=["orders-failing"])
    about: str = Field(min_length=1, max_length=300, description="What is wrong, in one sentence", examples=["Orders fail."])
    alerts: tuple[str, ...] = Field(
        default=(), max_length=20, description="The alert rules that name it", examples=["[cannot-place-orders]"]
    )
    severity: AlertSeverity = Field(description="Of its most urgent alert", examples=["P0"])
    note: str = Field(
        min_length=1, max_length=500, description="What is at stake and how long there is time", examples=["Minutes."]
    )
    over: str = Field(min_length=1, max_length=500, description="How to know that it is over", examples=["Orders are accepted."])
    steps: tuple[RunbookStep, ...] = Field(
        min_length=1, max_length=30, description="The steps, in their order", examples=["[{step: pause, ...}]"]
    )

    def index_of(self, name: str) -> int:
        """The place of a step. Raises KeyError."""
        for index, each in enumerate(self.steps):
            if each.step == name:
                return index
        raise KeyError(name)
