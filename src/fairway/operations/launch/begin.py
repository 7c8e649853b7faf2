"""Begin: a launch begins by the plan that a person looked at, flown by the pilot that `fairway up` starts for it.

It is done when the launch's own journal says that it was begun by this plan. Where the pilot ends without that, the plan's file
is as it was before.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.held_processes import PILOT, ask_start, is_start_asked, take_start
from fairway.operations.launch.begin_files import (
    PlanDraft,
    RequestedBegin,
    kept_draft,
    plan_file,
    request_begin,
    withdraw_begin,
)
from fairway.operations.launch.begin_preview import said_of_plan
from fairway.operations.launch.instruct import launch_subject
from fairway.operations.launch.plan_files import check_sound
from fairway.operations.launch.start import any_command, begin_again, check_lease, check_needs_no_clock
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.refusal import against_rule, reason_given
from fairway.operations.trader.accounts_of_trader import carried_accounts
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.world.clock import SystemClock
from fairway.world.files import write_whole

if TYPE_CHECKING:
    from fairway.assembly.system_status import ChildStatus
    from fairway.launch.control.state import Launch
    from fairway.launch.plan.load import Written

LOOKS_MAX: Final = 600
NAP_S: Final = 0.1
"""A minute in all: a pilot reads its plan, its registry and the trader's journal before it begins."""
OVER_AFTER: Final = 10
"""Looks: a pilot that was just taken to be started has not begun yet."""
EXAMPLE: Final = "two weeks of practice were in order"


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginLaunchRequest:
    """digest: of the plan that was looked at, which is kept as the draft; another plan is not begun."""

    config: Path
    digest: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginLaunchOutcome(Outcome):
    """is_done: whether the launch's journal says that it was begun by this plan. plan: its name."""

    plan: str


def begin_launch(call: Call[BeginLaunchRequest]) -> BeginLaunchOutcome:
    """Raises Refusal, SettingsError, PlanError, JournalErrors."""
    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, EXAMPLE)
    draft, written = _plan(settings, asked)
    pilot, place = _pilot(settings, asked.config), plan_file(asked.config, settings)
    before = _text_in(place)
    _ask(settings, place, draft, RequestedBegin(text=draft.text, digest=draft.digest, by=call.actor.name, reason=reason, at=0))
    call.tell(Progress(f"the supervisor is asked for the pilot, by {call.actor.name}: {reason}"))
    trouble = _wait(settings, draft.digest, pilot)
    if trouble.is_over:
        _take_back(settings, place, before)
    return BeginLaunchOutcome(is_done=not trouble.why, plan=written.plan.name, lines=(trouble.why or _begun_line(written),))


def _begun_line(written: "Written") -> str:
    return f"the launch of plan {written.plan.name} ({written.plan.digest[:12]}) is begun, and the pilot flies it"


# -- what may begin ----------------------------------------------------------------------------------------------------


def _plan(settings: Settings, asked: BeginLaunchRequest) -> "tuple[PlanDraft, Written]":
    """The plan that would be begun, where nothing forbids it. Raises Refusal, PlanError, JournalErrors."""
    from fairway.assembly.tower import plan_of
    from fairway.launch.plan.load import parse

    check_lease(settings, asked.config)
    draft = kept_draft(settings, asked.digest)
    written = parse(draft.text, file="plan.yaml")
    _check_none_begun(settings, asked.config, written)
    _check_not_shipped(asked.config, settings)
    check_sound(written, any_command)
    check_needs_no_clock(written, "plan.yaml")
    plan_of(settings, written)
    return draft, written


def _check_none_begun(settings: Settings, config: Path, written: "Written") -> None:
    """A trader flies one launch. Raises Refusal, JournalErrors."""
    launch = _begun(settings)
    if launch is None or launch.began is None:
        return
    raise against_rule(
        f"LAUNCH_BEGUN: plan={launch.began.plan}",
        f"a launch of plan {launch.began.plan} was begun here, and a trader flies one launch; give that one up first:  "
        f'fairway launch abort {config} --reason "WHY"  ; then {begin_again(settings, written.plan.name)}',
    )


def _check_not_shipped(config: Path, settings: Settings) -> None:
    """Such a plan is begun by the pilot itself, when it starts, and has no file that another could take. Raises Refusal."""
    if settings.up.plan and plan_file(config, settings) is None:
        raise against_rule(
            f"PLAN_SHIPPED: plan={settings.up.plan}",
            f"up.plan names {settings.up.plan}, which comes with Fairway, and the pilot begins that one when it starts; "
            "name a file there, such as  up: {plan: plan.yaml}  , and start the system again",
        )


def _begun(settings: Settings) -> "Launch | None":
    """The launch as it began; None where none was. Raises JournalErrors."""
    from fairway.assembly.tower import NotBegun, launch_as_begun

    try:
        return launch_as_begun(settings)
    except NotBegun:
        return None


def _pilot(settings: Settings, config: Path) -> "ChildStatus":
    """The pilot of the system that is up, which does not run. Raises Refusal."""
    from fairway.assembly.system_status import ChildState, place_of, read_status

    status = read_status(place_of(settings))
    if status is None:
        raise against_rule("SYSTEM_DOWN: supervisor", f"no supervisor runs; start the system with  fairway up {config}")
    found = next((each for each in status.children if each.name == PILOT), None)
    if found is None:
        what = "the system that is up has no pilot, for its configuration was another one; stop it, and start it with  fairway up"
        raise against_rule("PILOT_MISSING: supervisor", f"{what} {config}")
    if found.state not in (ChildState.IDLE, ChildState.ENDED):
        raise against_rule(
            f"PILOT_BUSY: state={found.state}", f"the pilot is {found.state}, by the plan that it found; look again in a minute"
        )
    return found


# -- asking the supervisor, and seeing it begin ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Trouble:
    """why: the launch was not begun, "" where it was. is_over: whether no pilot begins it later."""

    why: str = ""
    is_over: bool = False


def _text_in(place: Path | None) -> bytes | None:
    """None where there is no file. Raises Refusal."""
    try:
        return place.read_bytes() if place is not None else None
    except FileNotFoundError:
        return None
    except OSError as error:
        raise against_rule("FILE_UNREADABLE: plan", f"{place} cannot be read ({error.strerror or error})") from None


def _ask(settings: Settings, place: Path | None, draft: PlanDraft, asked: RequestedBegin) -> None:
    """Raises Refusal; nothing is asked for then."""
    from msgspec.structs import replace

    before, now = _text_in(place), SystemClock().now()
    try:
        if place is not None:
            write_whole(place, draft.text.encode())
        request_begin(settings, replace(asked, at=now))
        ask_start(settings, PILOT, now)
    except OSError as error:
        _take_back(settings, place, before)
        raise against_rule("BEGIN_UNWRITTEN: plan", f"the launch cannot be asked for: {error}; nothing changed") from None


def _take_back(settings: Settings, place: Path | None, before: bytes | None) -> None:
    """Nothing is asked for any more, and the plan's file is as it was. Raises Refusal."""
    try:
        take_start(settings, PILOT, SystemClock().now())
        withdraw_begin(settings)
        if place is not None and before is None:
            place.unlink(missing_ok=True)
        elif place is not None and before is not None:
            write_whole(place, before)
    except OSError as error:
        what = f"nothing was begun, and what was asked for cannot be taken back: {error}"
        raise against_rule("BEGIN_NOT_TAKEN_BACK: plan", what) from None


def _wait(settings: Settings, digest: str, before: "ChildStatus") -> _Trouble:
    """Until the launch's journal says that it is begun, the pilot has ended, or a minute is over. Raises JournalErrors."""
    from fairway.assembly.system_status import ChildState, place_of, read_status

    over, now = 0, before
    for _ in range(LOOKS_MAX):
        time.sleep(NAP_S)
        launch = _begun_yet(settings)
        if launch is not None and launch.began is not None:
            return _by_which(launch.began.digest, digest)
        status = read_status(place_of(settings))
        now = next((each for each in status.children if each.name == PILOT), now) if status is not None else now
        is_over = now.state is ChildState.ENDED and now.since > before.since and not is_start_asked(settings, PILOT)
        over = over + 1 if is_over else 0
        if over >= OVER_AFTER:
            return _Trouble(f"NOT BEGUN: the pilot {now.said}; its last lines are where fairway up runs", is_over=True)
    waited = f"NOT BEGUN after {LOOKS_MAX * NAP_S:.0f} s"
    if is_start_asked(settings, PILOT):
        return _Trouble(f"{waited}: the supervisor did not start the pilot, and is no longer asked for it", is_over=True)
    return _Trouble(f"{waited}: the pilot is {now.state}, and may begin it still; the launch's page shows when it does")


def _begun_yet(settings: Settings) -> "Launch | None":
    """A journal that the pilot is just making has no launch. Raises JournalErrors."""
    from fairway.journal.port import JournalMissing

    try:
        return _begun(settings)
    except JournalMissing:
        return None


def _by_which(begun: str, wanted: str) -> _Trouble:
    if begun == wanted:
        return _Trouble()
    return _Trouble(f"NOT BEGUN: another plan was begun meanwhile, {begun[:12]}; look at the launch before anything else")


def preview_begin(call: Call[BeginLaunchRequest]) -> Preview:
    """What the plan says, and which file it takes. Raises Refusal, SettingsError, PlanError, JournalErrors, StoreErrors."""
    asked = call.request
    settings = load(asked.config)
    draft, written = _plan(settings, asked)
    _pilot(settings, asked.config)
    place = plan_file(asked.config, settings)
    replaced = () if _text_in(place) in (None, draft.text.encode()) else (f"the plan in {place} is replaced",)
    kept = (f"it is written to {place}",) if place is not None else ()
    return Preview(
        effect=f"a launch begins by plan {written.plan.name}: the pilot starts, and issues leases stage by stage",
        details=(*said_of_plan(settings, written, any_command), *(replaced or kept)),
        accounts=tuple(carried_accounts(settings)),
    )


BEGIN_LAUNCH = Operation(
    name="launch begin",
    summary="Begin a launch by the plan that was looked at: the supervisor starts its pilot.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=BeginLaunchRequest,
    subject=launch_subject,
    preview=preview_begin,
    perform=begin_launch,
)
OPERATIONS: Final = (BEGIN_LAUNCH,)
