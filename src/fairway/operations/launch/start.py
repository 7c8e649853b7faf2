"""Launch start: runs the pilot of a launch beside a trader until it is asked to stop.

It blocks the thread that performs it, which must be the main one: the signals that end a pilot belong to it.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.begin_files import recent_begin
from fairway.operations.launch.instruct import launch_subject
from fairway.operations.launch.plan_files import check_sound, read_plan
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.refusal import against_rule, wrong_input
from fairway.operations.trader.accounts_of_trader import carried_accounts
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.settings.environment import overrides

if TYPE_CHECKING:
    from msgspec import Struct

    from fairway.launch.control.state import Launch
    from fairway.launch.plan.load import Written


def any_command(command: str) -> str:
    """For a shell that cannot parse command lines: none of a plan's commands is found wrong."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartLaunchRequest:
    """plan: a file, or the name of a shipped plan; "" continues the launch that was begun.

    launch_at: T, in ns; 0 where it is not given. A plan whose timeline raises stages needs it.
    """

    config: Path
    plan: str = ""
    launch_at: int = 0
    command_trouble: Callable[[str], str] = any_command
    """What is wrong with a command line in the plan, "" for a right one. A plan with a wrong one is refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartLaunchOutcome(Outcome):
    """The pilot has stopped in order. plan: its name."""

    plan: str


def perform_start(call: Call[StartLaunchRequest]) -> StartLaunchOutcome:
    """Runs the pilot until SIGINT, SIGTERM or SIGHUP. Leases that it has issued end by themselves.

    Raises Refusal, SettingsError, PlanError, TokenMissing, AccountTaken, PilotFenced, JournalErrors, VenueErrors, StoreErrors and
    PeopleErrors.
    """
    from fairway.assembly.tower import LaunchListener, fly

    asked = call.request
    settings = load(asked.config)
    for each in overrides(os.environ):
        call.tell(Progress(f"from the environment: {each}"))
    written = _checked_plan(settings, asked)
    notes = list(_notes(settings, written))

    def begin() -> None:
        flight = f"flying plan {written.plan.name} beside {settings.journal}"
        call.tell(Progress(f"{flight}; Ctrl-C stops the pilot, and leases end by themselves"))
        for each in notes:
            note(each)

    def note(sentence: str) -> None:
        call.tell(Progress(f"note: {sentence}"))

    def event(happened: "Struct", at: int) -> None:
        for line in _event_lines(happened, at):
            call.tell(Progress(line))

    fly(settings, written, _begun_by(settings, written, call.actor.name), LaunchListener(begin, event, note), asked.launch_at)
    line = "The pilot has stopped. What it gave runs out within a minute; `fairway launch start` goes on."
    return StartLaunchOutcome(plan=written.plan.name, lines=(line,))


def _begun_by(settings: Settings, written: "Written", starter: str) -> str:
    """Who begins a launch of this plan that begins now: the person who asked for it, or who starts the pilot."""
    asked = recent_begin(settings)
    return asked.by if asked is not None and asked.digest == written.plan.digest else starter


def _checked_plan(settings: Settings, asked: StartLaunchRequest) -> "Written":
    """The plan that the pilot would fly. Raises Refusal, PlanError, JournalErrors."""
    check_lease(settings, asked.config)
    from fairway.assembly.tower import NotBegun, launch_as_begun

    named = read_plan(asked.plan) if asked.plan else None
    try:
        launch = launch_as_begun(settings)
    except NotBegun:
        return _new_plan(named or _requested_plan(settings), asked)
    return _begun_plan(settings, launch, named, asked)


def check_lease(settings: Settings, config: Path) -> None:
    """A launch holds back only a trader that needs its leases. Raises Refusal."""
    if not settings.lease:
        raise wrong_input(
            "LEASE_NOT_REQUIRED: lease=false",
            f"the trader of {config} needs no lease, so no launch could hold it back; write  lease: true  into {config}",
        )


def _requested_plan(settings: Settings) -> "Written | None":
    """The plan by which a person has just asked to begin. Raises PlanError."""
    from fairway.launch.plan.load import parse

    asked = recent_begin(settings)
    return parse(asked.text) if asked is not None else None


def _new_plan(named: "Written | None", asked: StartLaunchRequest) -> "Written":
    """The plan of a launch that begins now. Raises Refusal, PlanError."""
    if named is None:
        raise wrong_input(
            "PLAN_NOT_NAMED: field=plan",
            "no launch was begun here yet; say which plan: fairway launch start CONFIG beta",
        )
    check_sound(named, asked.command_trouble)
    if not asked.launch_at:
        check_needs_no_clock(named, asked.plan)
    return named


def check_needs_no_clock(named: "Written", plan: str) -> None:
    """A stage that begins by the clock needs a clock. plan: as the command line names it. Raises Refusal."""
    raised = [step.raises for step in named.plan.timeline if step.raises]
    if raised:
        stages = f"stage {raised[0]} begins" if len(raised) == 1 else f"stages {', '.join(raised)} begin"
        example = f"fairway launch start CONFIG {plan} --at 2026-12-01T10:00"
        raise wrong_input(
            f"LAUNCH_TIME_MISSING: plan={named.plan.name}",
            f"by the timeline of plan {named.plan.name} {stages} by the clock; say when T is: {example}",
        )


def _begun_plan(settings: Settings, launch: "Launch", named: "Written | None", asked: StartLaunchRequest) -> "Written":
    """The plan as it was when the launch began. Another plan or another T is another launch. Raises Refusal."""
    from fairway.assembly.launched_accounts import TWO_LAUNCHES
    from fairway.assembly.tower import written_of
    from fairway.launch.control.timeline import begins_at
    from fairway.world.clock import text_of

    begun = written_of(launch)
    if named is not None and named.plan.digest != begun.plan.digest:
        raise against_rule(
            f"PLAN_DIFFERS: begun={begun.plan.name} plan={asked.plan}",
            f"{_whose(settings)} under the launch that was begun here, of plan {begun.plan.name} as it was then, "
            f"and {asked.plan} says something else; a trader flies one launch. {TWO_LAUNCHES}. "
            "For the same accounts a changed plan is a new launch, with a journal of its own; "
            f"{begin_again(settings, asked.plan)}",
        )
    began = begins_at(launch)
    if asked.launch_at and asked.launch_at != began:
        known = f"T is {text_of(began)[:16]}" if began else "no T was said"
        raise against_rule(
            f"LAUNCH_TIME_DIFFERS: begun={began} asked={asked.launch_at}",
            f"when the launch was begun here, {known}; another T is a new launch, with a journal of its own; "
            f"{begin_again(settings, 'PLAN')}",
        )
    return begun


def _whose(settings: Settings) -> str:
    return f"account {settings.account} is" if settings.people is None else "all accounts of the registry at this venue are"


def begin_again(settings: Settings, plan: str) -> str:
    """How the launch of these journals is put aside. What SQLite and the lock keep beside them goes along."""
    from itertools import count
    from shlex import quote

    from fairway.launch.control.command_inbox import launch_beside, launch_inbox_beside

    if not isinstance(settings.journal, Path):
        return "in a database that is another database, named by `journal` in the configuration"
    kept, command_inbox = launch_beside(settings.journal), launch_inbox_beside(settings.journal)
    aside = next(name for number in count(1) if not Path(name := f"{settings.journal}-before-{number}").exists())
    return (
        f"to begin again, stop the pilot, and move {kept} and {command_inbox} away:  "
        f"mkdir {quote(aside)} && mv {quote(str(kept))}* {quote(aside)}/  "
        f"then start CONFIG {plan} again; see docs/explanation/launch.md"
    )


def _notes(settings: Settings, written: "Written") -> Iterator[str]:
    """What the plan compares with and the configuration does not name. Raises PlanError."""
    from fairway.assembly.tower import plan_of
    from fairway.launch.observation.comparison.comparison_sources import lacking

    beside = settings.beside
    return lacking(plan_of(settings, written), has_shadow=bool(beside.shadow), has_control=bool(beside.control))


def _event_lines(event: "Struct", at: int) -> Iterator[str]:
    """A line for an event that people are shown, none for another."""
    from fairway.launch.views.event_text import event_in_words
    from fairway.world.clock import text_of

    words = event_in_words(event)
    if words:
        yield f"{text_of(at)[:19]} {words}"


def preview_start(call: Call[StartLaunchRequest]) -> Preview:
    """Which plan would be flown, for which accounts, and what it compares with in vain.

    Raises Refusal, SettingsError, PlanError, JournalErrors, StoreErrors.
    """
    settings = load(call.request.config)
    written = _checked_plan(settings, call.request)
    stages = "; ".join(f"{track}: {', '.join(stage.name for stage in row.stages)}" for track, row in written.plan.rows.items())
    effect = f"issues leases by plan {written.plan.name} ({stages}), a minute each, until the pilot stops"
    return Preview(effect=effect, accounts=tuple(carried_accounts(settings)), unknown=tuple(_notes(settings, written)))


START = Operation(
    name="launch start",
    summary="Run the pilot of a launch beside a trader: it issues leases stage by stage, and revokes them.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=StartLaunchRequest,
    subject=launch_subject,
    preview=preview_start,
    perform=perform_start,
)
OPERATIONS: Final = (START,)
