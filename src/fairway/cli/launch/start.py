"""`fairway launch start`: flies a launch beside a trader, and tells in plain words what happens."""

from pathlib import Path
from typing import TYPE_CHECKING

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.launch.clock import at_of
from fairway.cli.overrides import say_overrides
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, By, Config, speaker
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from msgspec import Struct

    from fairway.launch.control.state import Launch
    from fairway.launch.plan.load import Written


def start(config: Config = USUAL, plan: str = "", /, *, at: str = "", by: By = "") -> int:
    """Fly a launch until Ctrl-C: issue leases to the trader stage by stage, and revoke them. A second start goes on where it was.

    A lease lasts a minute: when the pilot stops renewing them, the trader opens nothing.

    Parameters
    ----------
    plan: str
        A plan's file, or the name of one that comes with Fairway; left out, the launch that was begun goes on.
    at: str
        The instant of the launch, T, in UTC, such as 2026-12-01T10:00; a plan whose timeline raises stages needs it.
    """
    settings = load(config)
    say_overrides()
    if not settings.lease:
        raise Failure(
            f"the trader of {config} needs no lease, so no launch could hold it back; write  lease: true  into {config}",
            ExitCode.USAGE,
        )
    from fairway.assembly.tower import LaunchListener, fly, plan_of
    from fairway.launch.observation.comparison.comparison_sources import lacking

    written, instant = _plan_of(settings, plan, at_of(at))
    beside = settings.beside
    notes = lacking(plan_of(settings, written), has_shadow=bool(beside.shadow), has_control=bool(beside.control))

    def begun() -> None:
        flown = f"flying plan {written.plan.name} beside {settings.journal}"
        say(f"{flown}; Ctrl-C stops the pilot, and leases end by themselves")
        for each in notes:
            _note(each)

    fly(settings, written, speaker(by), LaunchListener(begun, _tell, _note), instant)
    say("The pilot has stopped. What it gave runs out within a minute; `fairway launch start` goes on.")
    return ExitCode.OK


def _plan_of(settings: Settings, plan: str, at: int) -> "tuple[Written, int]":
    """The plan that is to be flown, and its T. One launch has one of each: another needs another journal.

    Raises Failure, PlanError.
    """
    from fairway.assembly.launched_accounts import TWO_LAUNCHES
    from fairway.assembly.tower import NotBegun, launch_as_begun, written_of
    from fairway.cli.launch.plans import check_sound, read_plan

    named = read_plan(plan) if plan else None
    try:
        launch = launch_as_begun(settings)
    except NotBegun:
        if named is None:
            raise Failure(
                "no launch was begun here yet; say which plan: fairway launch start CONFIG beta", ExitCode.USAGE
            ) from None
        check_sound(named)
        _check_clock(named, at, plan)
        return named, at
    begun = written_of(launch)
    if named is not None and named.plan.digest != begun.plan.digest:
        raise Failure(
            f"{_whose(settings)} under the launch that was begun here, of plan {begun.plan.name} as it was then, and {plan} says "
            f"something else; a trader flies one launch. {TWO_LAUNCHES}. For the same accounts a changed plan is a new launch, "
            f"with a journal of its own; {_anew(settings, plan)}",
            ExitCode.NO,
        )
    _check_same(settings, launch, at)
    return begun, at


def _whose(settings: Settings) -> str:
    return f"account {settings.account} is" if settings.people is None else "all accounts of the registry at this venue are"


def _check_clock(named: "Written", at: int, plan: str) -> None:
    """A stage that begins by the clock needs a clock."""
    raised = [step.raises for step in named.plan.timeline if step.raises]
    if raised and not at:
        stages = f"stage {raised[0]} begins" if len(raised) == 1 else f"stages {', '.join(raised)} begin"
        example = f"fairway launch start CONFIG {plan} --at 2026-12-01T10:00"
        raise Failure(
            f"by the timeline of plan {named.plan.name} {stages} by the clock; say when T is: {example}", ExitCode.USAGE
        )


def _check_same(settings: Settings, launch: "Launch", at: int) -> None:
    from fairway.launch.control.timeline import begins_at
    from fairway.world.clock import text_of

    began = begins_at(launch)
    if at and at != began:
        known = f"T is {text_of(began)[:16]}" if began else "no T was said"
        raise Failure(
            f"when the launch was begun here, {known}; another T is a new launch, with a journal of its own; "
            f"{_anew(settings, 'PLAN')}",
            ExitCode.NO,
        )


def _anew(settings: Settings, plan: str) -> str:
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


def _note(sentence: str) -> None:
    say(f"note: {sentence}")


def _tell(event: "Struct", at: int) -> None:
    from fairway.launch.views.event_text import event_in_words
    from fairway.world.clock import text_of

    words = event_in_words(event)
    if words:
        say(f"{text_of(at)[:19]} {words}")
