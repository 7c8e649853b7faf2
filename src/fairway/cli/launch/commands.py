"""The shells of the operations on a launch: approve, hold, release, review, promote, demote, abort, waive, survey.

They end with 0 only where the pilot has answered that it obeyed.
"""

import os
from pathlib import Path
from typing import Annotated

from fairway.cli.durations import duration
from fairway.cli.perform import perform_here
from fairway.cli.shared_options import USUAL, By, ByAnyone, Config, Flag, Saw, Track, Why
from fairway.world.clock import DAY


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
    from fairway.operations.launch.approve import APPROVE, ApproveRequest

    request = ApproveRequest(config=config, stage=stage, role=role, reason=reason, login=login(), track=track)
    return perform_here(APPROVE, request, by)


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
    from fairway.operations.launch.hold import HOLD, HoldRequest

    return perform_here(HOLD, HoldRequest(config=config, reason=reason, track=track, contain=contain), by)


def release(config: Config, hold_id: str, /, *, reason: str, by: By = "") -> int:
    """Release a hold that a person may lift. Where a gate had failed, its stage starts again from its beginning.

    Parameters
    ----------
    hold_id: str
        The hold, as `fairway launch status` shows it.
    reason: str
        Why it may go; it goes into the journal.
    """
    from fairway.operations.launch.release import RELEASE, ReleaseRequest

    return perform_here(RELEASE, ReleaseRequest(config=config, hold_id=hold_id, reason=reason), by)


def promote(config: Config = USUAL, /, *, reason: Why, track: Track = "", by: By = "") -> int:
    """Ask for the next stage. The pilot enters it by itself as soon as nothing is missing.

    It is refused while gates, the least stay or the timeline are not met. `launch explain` shows approvals and holds, too."""
    from fairway.operations.launch.promote import PROMOTE, PromoteRequest

    return perform_here(PROMOTE, PromoteRequest(config=config, reason=reason, track=track), by)


def review(config: Config = USUAL, /, *, reason: Saw, track: Track = "", by: By = "") -> int:
    """State that you reviewed a stage, and what you saw, as often as the stage's plan asks for it."""
    from fairway.operations.launch.review import REVIEW, ReviewRequest

    return perform_here(REVIEW, ReviewRequest(config=config, reason=reason, track=track), by)


def demote(config: Config = USUAL, /, *, reason: Why, to: str = "", track: Track = "", by: ByAnyone = "") -> int:
    """Go back to a smaller stage, at once. It needs no approval.

    Parameters
    ----------
    to: str
        Which stage; the one before where it is left out.
    """
    from fairway.operations.launch.demote import DEMOTE, DemoteRequest

    return perform_here(DEMOTE, DemoteRequest(config=config, reason=reason, stage=to, track=track), by)


def abort(config: Config = USUAL, /, *, reason: Why, track: Track = "", by: ByAnyone = "") -> int:
    """Give a launch up for good: nothing is opened any more; what is held stays under its stops."""
    from fairway.operations.launch.abort import ABORT, AbortRequest

    return perform_here(ABORT, AbortRequest(config=config, reason=reason, track=track), by)


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
    """Waive an item of the checklist for a while, at most 7 days. The person who needs it cannot grant it.

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
    from fairway.operations.launch.waive import WAIVE, WaiveRequest

    request = WaiveRequest(config=config, claim=claim, reason=reason, asked_by=asked_by, role=role, length=length)
    return perform_here(WAIVE, request, by)


def survey(config: Config, file: Path, /, *, reason: str, by: By = "") -> int:
    """Bring users' answers to a survey: rows with the columns id, at, positive and, where it is known, severity.

    Each answer counts once, however often its file is brought, and of who gave it the launch keeps only a digest of the id.

    Parameters
    ----------
    file: Path
        A table in CSV: positive is yes or no, severity is none, mild or severe.
    reason: str
        Where the answers are from; it goes into the journal.
    """
    from fairway.operations.launch.survey import SURVEY, SurveyRequest

    return perform_here(SURVEY, SurveyRequest(config=config, file=file, reason=reason), by)


def login() -> str:
    """Names the session in which a command is given: a new login of the terminal is a new session."""
    terminal = os.ttyname(0) if os.isatty(0) else "no terminal"
    return f"{terminal} {os.getsid(0)}"
