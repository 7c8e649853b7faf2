"""Runs a runbook: its machine steps with the rights of who asks for it, and its person's steps where a person answers.

Over the API no person answers and no command line is run: it stops at the first step that needs one, and says what is left.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fairway.incidents.runbooks.facts import RunbookFacts, StepEffect
from fairway.incidents.runbooks.filling import RunbookValues, needs
from fairway.incidents.runbooks.flow import FlowEnd
from fairway.incidents.runbooks.library import WrittenRunbook
from fairway.journal.port import JournalUnwritable
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress, Subject, account_or_bot
from fairway.operations.refusal import wrong_input
from fairway.operations.runbooks.command_effects import command_effect
from fairway.operations.runbooks.execution import ExecutionMeans, ExecutionResult, RunbookExecution, StepReport, did_of
from fairway.operations.runbooks.listing import known_runbook, own_folder
from fairway.operations.runbooks.machine import OperationMachine
from fairway.operations.runbooks.ports import Absent, StepMachine, Transcript
from fairway.operations.runbooks.requests import operation_effect, operation_trouble
from fairway.operations.runbooks.transcript import JournaledTranscript, UnjournaledTranscript
from fairway.people.roles import UserAct
from fairway.settings import Settings, SettingsError, load
from fairway.store.place import name_of
from fairway.world.clock import SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRunbookRequest:
    """runbook: its name. account: one of several, "" for the configured one. symbol: where the runbook is about a pair.

    incident: whose timeline gets the transcript, "" for none.
    """

    config: Path
    runbook: str
    account: str = ""
    symbol: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRunbookOutcome(Outcome):
    """is_done: whether it was followed to an end that it names. left: steps that were not carried out."""

    end: FlowEnd
    next_runbook: str
    steps: tuple[StepReport, ...]
    left: tuple[str, ...]


def perform_run(call: Call[RunRunbookRequest]) -> RunRunbookOutcome:
    """Without a person and without command lines. Raises Refusal, RunbookError."""
    return run_runbook(call, means_of(call))


def run_runbook(call: Call[RunRunbookRequest], means: ExecutionMeans) -> RunRunbookOutcome:
    """By the means of a shell. Raises Refusal, RunbookError."""
    written = written_of(call.request)
    return outcome_of_execution(RunbookExecution(written, values_of(call.request), means).run())


def means_of(call: Call[RunRunbookRequest]) -> ExecutionMeans:
    """What every shell has: operations and the transcript. A shell that has more replaces the rest."""
    config = call.request.config
    return ExecutionMeans(
        machine=OperationMachine(config, call.actor, call.tell),
        person=Absent(),
        transcript=_transcript(config, call.actor.name),
        facts=FACTS_OF_OPERATIONS,
        clock=SystemClock(),
        tell=lambda sentence: call.tell(Progress(sentence)),
    )


def written_of(asked: RunRunbookRequest) -> WrittenRunbook:
    """The runbook that is asked for. Raises Refusal where it is not known or needs a pair that is not named, RunbookError."""
    settings = _settings_or_none(asked.config)
    written = known_runbook(asked.runbook, own_folder(settings) if settings is not None else None)
    if not asked.symbol and needs([written.text], "symbol"):
        raise wrong_input(
            "SYMBOL_MISSING: field=symbol", f"is missing: {asked.runbook} is about a pair", field="symbol", example="BTC/USDT"
        )
    return written


def values_of(asked: RunRunbookRequest) -> RunbookValues:
    """What fills the placeholders."""
    values = RunbookValues(config=str(asked.config), account=asked.account, symbol=asked.symbol, incident=asked.incident)
    settings = _settings_or_none(asked.config)
    return values if settings is None else replace(values, journal=name_of(settings.journal))


def outcome_of_execution(result: ExecutionResult) -> RunRunbookOutcome:
    """An execution as an outcome, with lines for people."""
    lines = [f"{result.end.value}: {sum(each.is_done for each in result.steps)} of {len(result.steps)} steps had their effect"]
    lines += [f"left: {each}" for each in result.left]
    if result.next_runbook:
        lines.append(f"continue with:  fairway runbook run {result.next_runbook}")
    is_done = result.end in (FlowEnd.COMPLETE, FlowEnd.HANDED_OVER)
    return RunRunbookOutcome(
        is_done=is_done,
        lines=tuple(lines),
        end=result.end,
        next_runbook=result.next_runbook,
        steps=result.steps,
        left=result.left,
    )


def preview_run(call: Call[RunRunbookRequest]) -> Preview:
    """Every step, and what each operation would do now. Raises Refusal, RunbookError."""
    machine = OperationMachine(call.request.config, call.actor)
    lines = preview_lines(written_of(call.request), values_of(call.request), machine)
    return Preview(effect="\n".join(lines), accounts=tuple(filter(None, [call.request.account])))


def preview_lines(written: WrittenRunbook, values: RunbookValues, machine: StepMachine) -> list[str]:
    """What a dry run shows: each step in its order. Nothing is changed."""
    from fairway.incidents.runbooks.filling import filled_request

    lines = []
    for index, step in enumerate(written.runbook.steps):
        lines.append(f"[{index + 1}/{len(written.runbook.steps)}] {step.step}: {did_of(step, values)}")
        lines.append(f"      expect: {step.expect}")
        if step.operation and operation_effect(step.operation) is not StepEffect.READS:
            seen = machine.preview(step.operation, filled_request(step.request, values))
            lines.append(f"      now: {seen.effect}")
            lines += [f"      would touch: {each}" for each in (*seen.accounts, *seen.orders, *seen.positions)]
            lines += [f"      unknown: {each}" for each in seen.unknown]
    return lines


def _transcript(config: Path, by: str) -> Transcript:
    settings = _settings_or_none(config)
    if settings is None:
        return UnjournaledTranscript(lambda: JournalUnwritable(f"{config} has mistakes, so its journal is not known"))
    return JournaledTranscript(settings, SystemClock(), by)


def _settings_or_none(config: Path) -> Settings | None:
    """None for a configuration with mistakes: its runbooks can be followed all the same, for a kill needs no sound file."""
    try:
        return load(config)
    except SettingsError:
        return None


def _subject(asked: RunRunbookRequest) -> Subject:
    return account_or_bot(asked.account)


FACTS_OF_OPERATIONS: Final = RunbookFacts(
    command_trouble=lambda _: "",
    command_effect=command_effect,
    operation_trouble=operation_trouble,
    operation_effect=operation_effect,
)
RUN_RUNBOOK = Operation(
    name="runbook run",
    summary="Execute a runbook: steps that read or lower exposure are carried out and verified, and a person's are left.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=RunRunbookRequest,
    subject=_subject,
    preview=preview_run,
    perform=perform_run,
)
OPERATIONS: Final = (RUN_RUNBOOK,)
