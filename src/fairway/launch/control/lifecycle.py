"""The life of a launch's track: a total table. What is not in it is refused loudly.

Holds are not in it: they stop whatever phase a track is in, and go by themselves or by a person.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

PILOT: Final = "pilot"
"""The author of what no person decided."""


class Phase(StrEnum):
    """Where a track is."""

    ARMED = "armed"
    """Nothing is allowed yet: the first stage waits for its evidence and its approvals."""
    ENTERING = "entering"
    """The stage's limits are handed out; they count when trader and venue have been seen to have them."""
    DWELLING = "dwelling"
    """The stage is lived in, and its gates gather what they need."""
    READY = "ready"
    """Every gate passes; what is missing is people, or the instant itself."""
    DEMOTING = "demoting"
    """Back to a smaller stage; it counts when trader and venue have been seen to have its limits."""
    STEADY = "steady"
    """The last stage was passed."""
    ABORTED = "aborted"
    """Given up: nothing is allowed any more."""


class Move(Struct, frozen=True, tag=True, kw_only=True):
    """Base of what moves a track. by: "pilot", or a person; why: in words."""

    track: str
    by: str
    why: str


class StageEntered(Move, frozen=True, tag=True, kw_only=True):
    """Its limits are in force from now on. stage: its place in the track, from 0. name: for whoever reads."""

    stage: int
    name: str


class StageSettled(Move, frozen=True, tag=True, kw_only=True):
    """The stage's limits were seen at the trader, and the venue was seen in order."""


class GatesPassed(Move, frozen=True, tag=True, kw_only=True):
    """All of them, at once."""


class GatesLapsed(Move, frozen=True, tag=True, kw_only=True):
    """One that passed does so no more."""


class TrackDemoted(Move, frozen=True, tag=True, kw_only=True):
    """stage: a smaller one, or the same once more where there is none.

    voids: all evidence and approvals so far are void; written by older versions only, where another release ran.
    """

    stage: int
    name: str
    voids: bool = False


class TrackRearmed(Move, frozen=True, tag=True, kw_only=True):
    """The release has changed: the track is armed again, before its first stage, and nothing is allowed until that is entered."""


class TrackFinished(Move, frozen=True, tag=True, kw_only=True):
    """The last stage was passed."""


class TrackAborted(Move, frozen=True, tag=True, kw_only=True):
    """For good; a new launch begins anew."""


class IllegalMove(Exception):
    """A track was moved in a way that its table does not have."""


_LIVING: Final = (Phase.ENTERING, Phase.DWELLING, Phase.READY, Phase.DEMOTING, Phase.STEADY)

TRANSITIONS: Final[dict[tuple[Phase, type[Move]], Phase]] = {
    (Phase.ARMED, StageEntered): Phase.ENTERING,
    (Phase.ENTERING, StageSettled): Phase.DWELLING,
    (Phase.DEMOTING, StageSettled): Phase.DWELLING,
    (Phase.DWELLING, GatesPassed): Phase.READY,
    (Phase.READY, GatesLapsed): Phase.DWELLING,
    (Phase.READY, StageEntered): Phase.ENTERING,
    (Phase.READY, TrackFinished): Phase.STEADY,
    (Phase.STEADY, GatesLapsed): Phase.DWELLING,  # what was proven long ago has to be proven again
    **{(phase, TrackDemoted): Phase.DEMOTING for phase in _LIVING},
    **{(phase, TrackRearmed): Phase.ARMED for phase in _LIVING},
    **{(phase, TrackAborted): Phase.ABORTED for phase in (Phase.ARMED, *_LIVING)},
}

MOVES: Final = (StageEntered, StageSettled, GatesPassed, GatesLapsed, TrackDemoted, TrackRearmed, TrackFinished, TrackAborted)


def after(phase: Phase, move: Move) -> Phase:
    """The phase that a move leads to. Raises IllegalMove."""
    found = TRANSITIONS.get((phase, type(move)))
    if found is None:
        raise IllegalMove(f"track {move.track} is {phase.value}, and {type(move).__name__} is no move from there")
    return found
