"""`fairway runbook`: what to do about an alert, step by step: listed, shown, checked and executed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode
from fairway.cli.perform import outcome_of
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, ByAnyone, Config, Flag, speaker

if TYPE_CHECKING:
    from fairway.alerting.rule import AlertRule
    from fairway.incidents.runbooks.facts import RunbookFacts
    from fairway.incidents.runbooks.library import WrittenRunbook
    from fairway.incidents.runbooks.runbook import RunbookStep
    from fairway.operations.runbooks.listing import RunbookSummary
    from fairway.texts.problems import Problem

app = App(name="runbook", help="Runbooks: what to do about an alert, step by step, each step verified.")


@app.command(name="list")
@shows
def list_all(config: Config = USUAL, /) -> CommandOutput:
    """List the runbooks: their alerts, and when each was last executed. OVERDUE: not to its end within 30 days."""
    from fairway.cli.text_table import table_lines
    from fairway.operations.runbooks.listing import LIST_RUNBOOKS, RunbooksRequest, last_words

    found = outcome_of(LIST_RUNBOOKS, RunbooksRequest(config=config)).runbooks
    rows = [(each.name, each.severity, str(each.steps), last_words(each), each.about) for each in found]
    lines = table_lines(("runbook", "severity", "steps", "last executed", "about"), rows)
    return CommandOutput(value={"runbooks": [_summary(each) for each in found]}, text=lines)


@app.command
@shows
def show(name: str, config: Config = USUAL, /, *, yaml: Flag = False) -> CommandOutput:
    """Show a runbook with its steps: what each does, what follows, and how that is verified.

    Parameters
    ----------
    name: str
        The runbook, as `fairway runbook list` names it.
    yaml: bool
        Print its file, to copy and change it.
    """
    from fairway.operations.runbooks.listing import SHOW_RUNBOOK, RunbookRequest

    outcome = outcome_of(SHOW_RUNBOOK, RunbookRequest(config=config, name=name))
    text = outcome.written.text.splitlines() if yaml else list(_shown(outcome.written, outcome.summary))
    value = {**_summary(outcome.summary), "runbook": outcome.written.composed.tree}
    return CommandOutput(value=value, text=text)


@app.command
@shows
def lint(file: Path | None = None, /, *, own: Path | None = None) -> CommandOutput:
    """Say what in a runbook would fail when it is needed. Exit code 1 where there is anything.

    Parameters
    ----------
    file: Path
        A runbook's file; the runbooks that come with Fairway where it is left out.
    own: Path
        A folder with runbooks of your own, which are checked as well.
    """
    from fairway.incidents.runbooks.library import all_runbooks, read_runbook
    from fairway.incidents.runbooks.lint import lint_runbook

    known = all_runbooks(own)
    written = [read_runbook(file)] if file is not None else list(known.values())
    names = [*known, *(each.runbook.runbook for each in written)]
    found = {each.file: lint_runbook(each, facts(), known=names, rules=_rules(each, known)) for each in written}
    problems = [{"file": name, **_problem(each)} for name, each in _flat(found)]
    lines = [f"{name}:{'' if each.line else ' '}{each}" for name, each in _flat(found)]
    lines.append(f"{len(written)} runbooks, {len(problems)} mistakes")
    code = ExitCode.NO if problems else ExitCode.OK
    return CommandOutput(value={"runbooks": len(written), "problems": problems}, text=lines, code=code)


@app.command(name="run")
def run_one(
    name: str,
    config: Config = USUAL,
    /,
    *,
    account: str = "",
    symbol: str = "",
    incident: str = "",
    dry_run: Annotated[bool, Parameter(negative=())] = False,
    yes_to_machine_steps: Annotated[bool, Parameter(negative=())] = False,
    by: ByAnyone = "",
) -> int:
    """Execute a runbook step by step. Exit code 0 only where it was followed to its end.

    Steps that raise exposure are confirmed by a person in every case. Without a terminal it stops where it needs a person.

    Parameters
    ----------
    name: str
        The runbook, as `fairway runbook list` names it.
    account: str
        Which account, where the trader has several; the configured one where it is left out.
    symbol: str
        The pair, where the runbook is about one, such as BTC/USDT.
    incident: str
        The incident whose timeline gets the transcript.
    dry_run: bool
        Show each step and what it would do now; nothing is changed.
    yes_to_machine_steps: bool
        Do not ask before steps that lower exposure.
    """
    from fairway.cli.command_machine import CommandMachine
    from fairway.cli.runbook_terminal import Terminal
    from fairway.operations.actor import owner_of_machine
    from fairway.operations.operation import Call
    from fairway.operations.permissions import check_permission
    from fairway.operations.runbooks import run

    asked = run.RunRunbookRequest(config=config, runbook=name, account=account, symbol=symbol, incident=incident)
    call = Call(actor=owner_of_machine(speaker(by)), request=asked, tell=lambda progress: say(progress.sentence))
    check_permission(run.RUN_RUNBOOK, call)
    machine = CommandMachine(config, call.actor, call.tell)
    if dry_run:
        for line in run.preview_lines(run.written_of(asked), run.values_of(asked), machine):
            say(line)
        return ExitCode.OK
    usual = run.means_of(call)
    means = replace(usual, machine=machine, person=Terminal(), facts=facts(), asks_before_changes=not yes_to_machine_steps)
    outcome = run.run_runbook(call, means)
    for line in outcome.lines:
        say(line)
    return ExitCode.OK if outcome.is_done else ExitCode.NO


def facts() -> "RunbookFacts":
    """What the command line and the operations say about commands and requests."""
    from fairway.cli.command_lines import command_trouble
    from fairway.operations.runbooks.run import FACTS_OF_OPERATIONS

    return replace(FACTS_OF_OPERATIONS, command_trouble=command_trouble)


def _rules(written: "WrittenRunbook", known: "Mapping[str, WrittenRunbook]") -> "tuple[AlertRule, ...]":
    """The alert rules, for a runbook that comes with Fairway: those of a person's own files are not known here."""
    from fairway.alerting.rule_files import shipped_rules

    return shipped_rules() if known.get(written.runbook.runbook) is written and "/" not in written.file else ()


def _flat(found: "Mapping[str, list[Problem]]") -> "Iterator[tuple[str, Problem]]":
    for name, problems in found.items():
        yield from ((name, each) for each in problems)


def _problem(problem: "Problem") -> dict[str, object]:
    return {
        "line": problem.line,
        "column": problem.column,
        "key": problem.key,
        "what": problem.what,
        "example": problem.example,
    }


def _summary(summary: "RunbookSummary") -> dict[str, object]:
    from fairway.cli.answer import instant

    last = summary.last
    return {
        "name": summary.name,
        "about": summary.about,
        "severity": summary.severity,
        "alerts": summary.alerts,
        "steps": summary.steps,
        "last_executed": instant(last.at) if last is not None else "",
        "last_by": last.by if last is not None else "",
        "last_end": last.end.value if last is not None else "",
        "is_overdue": summary.is_overdue,
    }


def _shown(written: "WrittenRunbook", summary: "RunbookSummary") -> "Iterator[str]":
    from fairway.operations.runbooks.listing import last_words

    runbook = written.runbook
    yield f"{runbook.runbook} ({runbook.severity.value}): {runbook.about}"
    yield f"  alerts         {', '.join(runbook.alerts)}"
    yield f"  note           {runbook.note}"
    yield f"  it is over     {runbook.over}"
    yield f"  last executed  {last_words(summary)}"
    for number, step in enumerate(runbook.steps, 1):
        yield ""
        yield from _step(number, step)


def _step(number: int, step: "RunbookStep") -> "Iterator[str]":
    from fairway.incidents.runbooks.runbook_text import check_words, did_words
    from fairway.texts.durations import as_setting

    yield f"{number}. {step.step}, within {as_setting(step.timeout)}{', RAISES EXPOSURE' if step.raises else ''}"
    yield from (f"   {line}" for line in did_words(step))
    yield f"   expect: {step.expect}"
    yield from (f"   verify: {check_words(check)}" for check in step.verify)
    yield from (f"   {answer}: {target}" for answer, target in step.choices.items())
    if step.then != "next":
        yield f"   then: {step.then}"
    yield f"   otherwise: {step.otherwise}"
