"""Lists and shows runbooks: what each is for, and when it was last executed to its end."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.incidents.runbooks.executions import Executions, LastExecution, overdue_runbooks
from fairway.incidents.runbooks.library import UnknownRunbook, WrittenRunbook, all_runbooks, runbook_named
from fairway.incidents.runbooks.runbook_journal import executions_beside
from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.world.clock import SystemClock, text_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbooksRequest:
    """config: of the trader beside whose journal executions are recorded."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookRequest:
    """name: of the runbook."""

    config: Path
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookSummary:
    """last: the newest execution, None for never. is_overdue: not followed to its end within 30 days."""

    name: str
    about: str
    severity: str
    alerts: tuple[str, ...]
    steps: int
    last: LastExecution | None
    is_overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbooksOutcome(Outcome):
    """By name."""

    runbooks: tuple[RunbookSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookOutcome(Outcome):
    """written: the runbook, with its text."""

    written: WrittenRunbook
    summary: RunbookSummary


def list_runbooks(call: Call[RunbooksRequest]) -> RunbooksOutcome:
    """Raises SettingsError, RunbookError, JournalErrors."""
    settings = load(call.request.config)
    executions, now = executions_of(settings), SystemClock().now()
    found = tuple(_summary(each, executions, now) for each in all_runbooks(own_folder(settings)).values())
    return RunbooksOutcome(runbooks=found)


def show_runbook(call: Call[RunbookRequest]) -> RunbookOutcome:
    """Raises Refusal, SettingsError, RunbookError, JournalErrors."""
    settings = load(call.request.config)
    written = known_runbook(call.request.name, own_folder(settings))
    summary = _summary(written, executions_of(settings), SystemClock().now())
    return RunbookOutcome(written=written, summary=summary, lines=tuple(written.text.splitlines()))


def known_runbook(name: str, own: Path | None) -> WrittenRunbook:
    """Raises Refusal for a name that no runbook has, RunbookError."""
    try:
        return runbook_named(name, own)
    except UnknownRunbook as error:
        raise wrong_input(f"RUNBOOK_UNKNOWN: name={name}", str(error)) from None


def own_folder(settings: Settings) -> Path | None:
    """Of a person's own runbooks, where the configuration names one."""
    return settings.alerts.runbooks if settings.alerts is not None else None


def executions_of(settings: Settings) -> Executions:
    """Raises JournalErrors."""
    return executions_beside(settings.journal, trader=settings.account)


def last_words(summary: RunbookSummary) -> str:
    """When it was last executed, and whether that is too long ago."""
    mark = "; OVERDUE: execute it within 30 days" if summary.is_overdue else ""
    if summary.last is None:
        return f"never{mark}"
    return f"{text_of(summary.last.at)[:10]} by {summary.last.by}, {summary.last.end.value}{mark}"


def _summary(written: WrittenRunbook, executions: Executions, now: int) -> RunbookSummary:
    runbook = written.runbook
    return RunbookSummary(
        name=runbook.runbook,
        about=runbook.about,
        severity=runbook.severity.value,
        alerts=runbook.alerts,
        steps=len(runbook.steps),
        last=executions.last.get(runbook.runbook),
        is_overdue=bool(overdue_runbooks(executions.followed_at, now, [runbook.runbook])),
    )


LIST_RUNBOOKS = Operation(
    name="runbook list",
    summary="Show every runbook, what it is for, and when it was last executed.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=RunbooksRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads runbooks and their executions; nothing is changed"),
    perform=list_runbooks,
)
SHOW_RUNBOOK = Operation(
    name="runbook show",
    summary="Show a runbook with its steps.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=RunbookRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="reads a runbook; nothing is changed"),
    perform=show_runbook,
)
OPERATIONS: Final = (LIST_RUNBOOKS, SHOW_RUNBOOK)
