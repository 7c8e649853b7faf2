"""Commands from people to a pilot. The command line writes one, with its author, into the launch's command inbox; the pilot
records its answer in the launch's journal."""

from msgspec import Struct

from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import UserAnswer


class LaunchInstruction(Struct, frozen=True, tag=True, kw_only=True):
    """reason: in the person's own words. track: "" for all of them, or where there is only one."""

    reason: str
    track: str = ""


class Approve(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """stage: the name of the one that may be entered. role: in which the person approves; login: of the person's session.

    binds: digest of what the person was shown; it must still be current when the pilot reads the command.
    """

    stage: str
    role: str
    login: str
    binds: str


class HoldIt(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """No stage is entered until a person releases the hold. contains: whether nothing is opened either."""

    contains: bool = False


class Release(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """Lifts a hold that a person may lift. Releasing the hold of a failed gate restarts the stage."""

    hold_id: str


class Promote(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """Asks for the next stage, which the pilot enters by itself as soon as nothing is missing.

    Refused, with the reason, while gates, the least stay or the timeline are not met. Approvals and holds are not checked here.
    """


class Review(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """A person has reviewed the track; the reason says what was seen."""


class Demote(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """Back to a smaller stage, by its name; "" for the one before."""

    stage: str = ""


class Abort(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """Give the launch up: nothing is opened any more, and what is held stays under its stops."""


class Submit(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """Evidence for a claim."""

    evidence: Evidence


class BringAnswers(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """What users answered to a survey. digest: of the file that it was read from."""

    answers: tuple[UserAnswer, ...]
    digest: str


class Waive(LaunchInstruction, frozen=True, tag=True, kw_only=True):
    """A claim need not be met until an instant (ns). asked_by: who needs it, and must be another person. role: as whom."""

    claim: str
    asked_by: str
    role: str = ""
    ends_at: int


INSTRUCTIONS: tuple[type[Struct], ...] = (Approve, HoldIt, Release, Promote, Review, Demote, Abort, Submit, BringAnswers, Waive)
"""Every kind of instruction in a launch's command inbox."""
