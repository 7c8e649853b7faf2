"""`fairway launch start`: flies a launch beside a trader, and tells in plain words what happens."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.cli.exits import Exit, Failure
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from msgspec import Struct

    from fairway.launch.plan.load import Written


def start(config: Path, plan: str = "", /, *, by: str = "") -> int:
    """Fly a launch until Ctrl-C: give the trader leave stage by stage, and take it back. A second start goes on where it was.

    Leave is given in leases of a minute: when nobody renews them, the trader opens nothing.

    Parameters
    ----------
    config: Path
        The bot's configuration, with the key `lease: true`.
    plan: str
        A plan's file, or the name of one that comes with Fairway; left out, the launch that was begun goes on.
    by: str
        Who you are; the user of this machine where it is left out.
    """
    settings = load(config)
    if not settings.lease:
        raise Failure(
            f"the trader of {config} needs nobody's leave, so no launch could hold it back; write  lease: true  into {config}",
            Exit.USAGE,
        )
    from fairway.assembly.tower import fly

    written = _plan_of(settings, plan)
    print(
        f"flying plan {written.plan.name} beside {settings.journal}; Ctrl-C stops the pilot, and leases end by themselves",
        flush=True,
    )
    fly(settings, written, by or getpass.getuser(), _tell)
    print("The pilot has stopped. What it gave runs out within a minute; `fairway launch start` goes on.")
    return Exit.OK


def _plan_of(settings: Settings, plan: str) -> "Written":
    """The plan that is to be flown. One launch has one plan: another needs another journal. Raises Failure, PlanError."""
    from fairway.assembly.tower import NotBegun, read_launch, written_of
    from fairway.cli.launch_plans import check_sound, read_plan

    named = read_plan(plan) if plan else None
    try:
        launch, _ = read_launch(settings)
    except NotBegun:
        if named is None:
            raise Failure("no launch was begun here yet; say which plan: fairway launch start CONFIG beta", Exit.USAGE) from None
        check_sound(named)
        return named
    begun = written_of(launch)
    if named is not None and named.plan.digest != begun.plan.digest:
        raise Failure(
            f"the launch that was begun here flies plan {begun.plan.name} as it was then, and {plan} says something else; "
            "a changed plan is a new launch, with a journal of its own",
            Exit.NO,
        )
    return begun


def _tell(event: "Struct", at: int) -> None:
    from fairway.launch.words import event_in_words
    from fairway.world.clock import text_of

    words = event_in_words(event)
    if words:
        print(f"{text_of(at)[:19]} {words}", flush=True)
