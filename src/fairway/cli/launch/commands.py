"""What people tell a pilot: approve, hold, release, review, promote, demote, abort, evidence, waive.

It answers in its own journal. They end with 0 only where the pilot has said that it did so.
"""

import os
import time
from typing import TYPE_CHECKING, Annotated, Final

from fairway.cli.durations import duration
from fairway.cli.exits import Exit, Failure
from fairway.cli.send_command import given, load_to_lower
from fairway.cli.shared_options import USUAL, By, ByAnyone, Config, Flag, Saw, Track, Why, speaker
from fairway.settings import Settings, load
from fairway.world.clock import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway.journal.port import Record
    from fairway.launch.control.commands import LaunchInstruction

LOOKS_MAX: Final = 50
NAP_S: Final = 0.1
"""Five seconds all in all: a pilot that flies listens once a second."""


def approve(config: Config, stage: str, /, *, role: str, reason: Saw, track: str = "", by: By = "") -> int:
    """Approve that a stage is entered, with the plan, the release, the limits and the evidence as they are now.

    Parameters
    ----------
    stage: str
        The next stage, as `fairway launch status` names it.
    role: str
        As whom, such as owner.
    track: str
        Which track, where the plan has several.
    """
    from fairway.assembly.tower import told_of
    from fairway.launch.control.command_handler import binds_of, tracks_meant
    from fairway.launch.control.commands import Approve
    from fairway.launch.control.transitions import lacks
    from fairway.launch.views.reason_text import limits_in_words

    settings, reason = load(config), given(reason, "a week without an incident")
    told = told_of(settings)
    found = [(each, one) for each in tracks_meant(told.plan, track) for one in each.stages if one.name == stage]
    if len(found) != 1:
        names = ", ".join(one.name for each in told.plan.tracks for one in each.stages)
        raise Failure(f"{stage!r} is no stage of one track; there are {names}", Exit.USAGE)
    each, one = found[0]
    print(f"{each.name}/{one.name} would allow: {limits_in_words(one.limits)}")
    print(f"still missing before you: {', '.join(lacks(told.plan, each, told.launch, told.sight.now)) or 'nothing'}")
    binds = binds_of(told.plan, told.launch, one)
    wish = Approve(reason=reason, track=track, stage=stage, role=role, login=login(), binds=binds)
    return tell_pilot(settings, wish, by)


def hold(
    config: Config = USUAL,
    /,
    *,
    reason: Why,
    track: Track = "",
    contain: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Hold a launch: no promotion, and the stage's clock stands, until a person releases it.

    Parameters
    ----------
    contain: bool
        And nothing is opened.
    """
    from fairway.launch.control.commands import HoldIt

    return tell_pilot(load_to_lower(config), HoldIt(reason=given(reason, "I want to look"), track=track, contains=contain), by)


def release(config: Config, hold_id: str, /, *, reason: str, by: By = "") -> int:
    """Release a hold that a person may lift. That of a gate that failed begins the stage anew.

    Parameters
    ----------
    hold_id: str
        The hold, as `fairway launch status` shows it.
    reason: str
        Why it may go; it goes into the journal.
    """
    from fairway.launch.control.commands import Release

    return tell_pilot(load(config), Release(reason=given(reason, "the cause is mended"), hold_id=hold_id), by)


def promote(config: Config = USUAL, /, *, reason: Why, track: Track = "", by: By = "") -> int:
    """Ask for the next stage now: the pilot goes on by itself as soon as all is there, and says here what is not."""
    from fairway.launch.control.commands import Promote

    return tell_pilot(load(config), Promote(reason=given(reason, "all is there"), track=track), by)


def review(config: Config = USUAL, /, *, reason: Saw, track: Track = "", by: By = "") -> int:
    """Say that you have looked, and what you saw, as often as the stage's plan asks for."""
    from fairway.launch.control.commands import Review

    return tell_pilot(load(config), Review(reason=given(reason, "ten trades, all with their stops"), track=track), by)


def demote(config: Config = USUAL, /, *, reason: Why, to: str = "", track: Track = "", by: ByAnyone = "") -> int:
    """Go back to a smaller stage, at once. It needs nobody's approval.

    Parameters
    ----------
    to: str
        Which stage; the one before where it is left out.
    """
    from fairway.launch.control.commands import Demote

    return tell_pilot(
        load_to_lower(config), Demote(reason=given(reason, "it is worth less than it looked"), stage=to, track=track), by
    )


def abort(config: Config = USUAL, /, *, reason: Why, track: Track = "", by: ByAnyone = "") -> int:
    """Give a launch up for good: nothing is opened any more; what is held stays under its stops."""
    from fairway.launch.control.commands import Abort

    settings = load_to_lower(config)
    code = tell_pilot(settings, Abort(reason=given(reason, "we begin anew with another plan"), track=track), by)
    if code == Exit.OK:
        _print_way_back(settings)
    return code


def _print_way_back(settings: Settings) -> None:
    """As far as it is in this instant; `explain` shows the rest as it is seen."""
    from fairway.assembly.tower import told_of
    from fairway.launch.views.rollback_view import in_words, way_back

    told = told_of(settings)
    for line in in_words(way_back(told.plan, told.launch, told.sight)):
        print(line)
    print("fairway launch explain shows how far it is")


def waive(
    config: Config,
    claim: str,
    /,
    *,
    reason: str,
    asked_by: str,
    role: str,
    length: Annotated[int, duration("1d", "7d", bare="d", names=["--for", "--days"])] = DAY,
    by: By = "",
) -> int:
    """Waive an item of the checklist for a while, at most 7 days. Who needs it is somebody else than who grants it.

    Parameters
    ----------
    claim: str
        The item, by its id in the plan.
    reason: str
        Why, and what stands in for it; it goes into the journal.
    asked_by: str
        Who needs it.
    role: str
        As whom you grant it, such as risk; the plan says which roles may.
    length: int
        For how long, such as 12h; at most 7d. A number alone is days.
    """
    from fairway.launch.control.commands import Waive
    from fairway.world.clock import SystemClock

    ends_at = SystemClock().now() + length
    why = given(reason, "the tool is down; we looked by hand")
    wish = Waive(reason=why, claim=claim, asked_by=asked_by, role=role, ends_at=ends_at)
    return tell_pilot(load(config), wish, by)


def login() -> str:
    """Names the session in which this is said: a new one is a new login of the terminal."""
    terminal = os.ttyname(0) if os.isatty(0) else "no terminal"
    return f"{terminal} {os.getsid(0)}"


def tell_pilot(settings: Settings, wish: "LaunchInstruction", by: str) -> int:
    """Says it, and prints the pilot's answer. Raises JournalErrors, NotBegun."""
    from fairway.assembly.tower import launch_as_begun, reader_of
    from fairway.launch.control.command_inbox import tell
    from fairway.launch.views.reason_text import plainly
    from fairway.world.clock import SystemClock

    launch_as_begun(settings)  # no more of it: whoever says stop must not wait for what may be millions of records
    with reader_of(settings) as journal:
        last = journal.last()
    by = speaker(by)
    number = tell(settings.journal, wish, mode=settings.mode, trader=settings.account, by=by, at=SystemClock().now())
    print(f"written down as instruction {number} to the pilot, by {by}: {wish.reason}", flush=True)
    with reader_of(settings) as journal:
        for _ in range(LOOKS_MAX):
            answer = _answer(journal.read(last.seq if last is not None else 0), number)
            if answer is not None:
                print(f"NOT DONE: {plainly(answer)}" if answer else "done; `fairway launch status` shows what follows")
                return Exit.NO if answer else Exit.OK
            time.sleep(NAP_S)
    print("no pilot has answered: where none flies, the next start hears it before anything else")
    return Exit.NO


def _answer(records: "Iterable[Record]", number: int) -> str | None:
    """Why it was refused, "" where it was obeyed; None where nobody has answered yet."""
    from fairway.launch.control.launch_events import InstructionHeard
    from fairway.launch.control.state import CODEC

    for record in records:
        if record.kind == InstructionHeard.__name__:
            event = CODEC.decode(record)
            assert isinstance(event, InstructionHeard)
            if event.number == number:
                return event.refused
    return None
