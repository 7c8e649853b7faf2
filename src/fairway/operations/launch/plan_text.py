"""Looks at a plan as text, before anything runs: what the linter says of it, and what it does with good bots and bad ones."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.instruct import launch_subject
from fairway.operations.launch.start import any_command
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct

if TYPE_CHECKING:
    from fairway.launch.plan.lint.linter import Finding
    from fairway.launch.plan.load import PlanError, Written
    from fairway.launch.simulation.plan_terms import PlanTerms
    from fairway.launch.simulation.table import Summary

TEXT_MAX: Final = 200_000
SEEDS_MAX: Final = 100
DAYS_MAX: Final = 366
UNREADABLE: Final = "unreadable"


def always() -> bool:
    """For a caller that never gives up."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class LintRequest:
    """text: of the plan; file: as it is called. command_trouble: what is wrong with a command line in it, "" for a right one."""

    text: str
    file: str = "plan.yaml"
    command_trouble: Callable[[str], str] = any_command


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFinding:
    """One thing found in a plan. severity: `refuse`, `warn`, `accepted` or `unreadable`. line: 0 where the whole is meant."""

    line: int
    severity: str
    name: str
    what: str
    mend: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LintOutcome(Outcome):
    """is_done: whether the plan may be launched. name, digest: "" where it cannot be read. stages: by track, in words."""

    findings: tuple[PlanFinding, ...]
    name: str = ""
    digest: str = ""
    stages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearseRequest:
    """seeds: how many times each bot is played. days: how long a play lasts at most, 0 for the plan's longest stays.

    bots: by name; all where it is empty. goes_on: whether the rehearsal is still wanted; it is asked several times a second.
    """

    text: str
    seeds: int = 10
    days: int = 0
    bots: tuple[str, ...] = ()
    goes_on: Callable[[], bool] = always


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearseOutcome(Outcome):
    """Tables, each with its head first. is_done: whether all bots were played. lines: the same in sentences, and notes."""

    plan: str
    digest: str
    goal: str
    played: tuple[tuple[str, ...], ...]
    reached: tuple[tuple[str, ...], ...]
    should: tuple[tuple[str, str], ...]


def lint_text(call: Call[LintRequest]) -> LintOutcome:
    """Raises Refusal where the text is too long."""
    from fairway.launch.plan.lint.draft import Draft
    from fairway.launch.plan.lint.linter import lint, may_be_launched
    from fairway.launch.plan.lint.names_of_damaged_plans import with_names
    from fairway.launch.plan.load import PlanError, parse

    asked = call.request
    check_length(asked.text)
    try:
        written = parse(asked.text, file=asked.file)
    except PlanError as error:
        return LintOutcome(is_done=False, findings=tuple(_unreadable(with_names(error))))
    found = lint(Draft(written, asked.command_trouble))
    return LintOutcome(
        is_done=may_be_launched(found),
        findings=tuple(map(_finding, found)),
        name=written.plan.name,
        digest=written.plan.digest,
        stages=tuple((track, ", ".join(stage.name for stage in row.stages)) for track, row in written.plan.rows.items()),
    )


def _unreadable(error: "PlanError") -> Iterator[PlanFinding]:
    for each in error.problems:
        mend = f"right is  {each.example}" if each.example else ""
        yield PlanFinding(line=each.line, severity=UNREADABLE, name=each.key, what=each.what, mend=mend, because="")


def _finding(each: "Finding") -> PlanFinding:
    return PlanFinding(
        line=each.line,
        severity="accepted" if each.accepted else each.severity.value,
        name=each.name,
        what=each.what,
        mend=f"it stays, because: {each.accepted}" if each.accepted else each.mend,
        because=each.because,
    )


def rehearse_text(call: Call[RehearseRequest]) -> RehearseOutcome:
    """It takes minutes. Tells how each bot ended as soon as that is known. Raises Refusal, PlanError."""
    from fairway.launch.simulation.bots import BY_NAME
    from fairway.launch.simulation.plan_terms import terms_of
    from fairway.launch.simulation.table import HEAD, reached_rows, sentences
    from fairway.launch.simulation.worker_pool import rehearsed_apart

    asked = call.request
    written = _checked(asked)
    terms, bots = terms_of(written), [BY_NAME[name] for name in asked.bots or BY_NAME]
    summaries: list[Summary] = []
    for each in rehearsed_apart(written.text, bots, asked.seeds, days=asked.days, goes_on=asked.goes_on):
        summaries.append(each)
        call.tell(Progress(f"{each.bot}: {each.through} of {each.plays} got through ({len(summaries)} of {len(bots)} bots)"))
    head, rows = reached_rows(terms, summaries)
    return RehearseOutcome(
        is_done=len(summaries) == len(bots),
        lines=(*(sentences(terms, summaries) if summaries else ()), *(f"note: {each}" for each in terms.needs())),
        plan=written.plan.name,
        digest=written.plan.digest,
        goal=goal_of(terms),
        played=(HEAD, *(each.row for each in summaries)),
        reached=(head, *rows),
        should=tuple((each.name, each.should) for each in bots),
    )


def goal_of(terms: "PlanTerms") -> str:
    """What it takes to be through, in words."""
    track, place = terms.goal
    word = "passed" if terms.must_pass else "entered"
    return f"through is who has {word} {terms.plan.track(track).stages[place].name}"


def _checked(asked: RehearseRequest) -> "Written":
    from fairway.launch.plan.load import parse, whole
    from fairway.launch.simulation.bots import BY_NAME

    check_length(asked.text)
    _check_number("seeds", asked.seeds, 1, SEEDS_MAX)
    _check_number("days", asked.days, 0, DAYS_MAX)
    unknown = [name for name in asked.bots if name not in BY_NAME]
    if unknown:
        raise wrong_input(f"BOT_UNKNOWN: bot={unknown[0]!r}", f"there is no bot {unknown[0]!r}; there are {', '.join(BY_NAME)}")
    return whole(parse(asked.text))


def check_length(text: str) -> None:
    """Raises Refusal for a text that no plan needs."""
    if len(text) > TEXT_MAX:
        raise wrong_input(
            f"PLAN_TOO_LONG: characters={len(text)}", f"a plan has at most {TEXT_MAX:,} characters, and this {len(text):,}"
        )


def _check_number(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise wrong_input(
            f"NUMBER_WRONG: {name}={value}", f"{name} is {value}, and must be from {least} to {most}", field=name, example="10"
        )


def _reads(_: Call[LintRequest] | Call[RehearseRequest]) -> Preview:
    return Preview(effect="reads the text of the plan; nothing is changed")


LINT = Operation(
    name="launch lint",
    summary="Say what in a plan can never be decided or must not be done, before anything runs.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=LintRequest,
    subject=launch_subject,
    preview=_reads,
    perform=lint_text,
)
REHEARSE = Operation(
    name="launch rehearse",
    summary="Play a plan against bots of known quality in simulated time: how often each gets through, and what it loses.",
    act=UserAct.LAUNCH,
    exposure=Exposure.KEEPS,
    request=RehearseRequest,
    subject=launch_subject,
    preview=_reads,
    perform=rehearse_text,
)
OPERATIONS: Final = (LINT, REHEARSE)
