"""The state machine of a track: a table of phases and moves. A move that the table lacks raises IllegalMove.

Holds are not in it: they stop whatever phase a track is in, and go by themselves or by a person.
"""

from enum import StrEnum
from typing import Final

from msgspec import Struct

PILOT: Final = "pilot"
"""The author of events that no person commanded."""


class Phase(StrEnum):
    """Where a track is."""

    ARMED = "armed"
    """Nothing is allowed yet: the first stage waits for its evidence and its approvals."""
    ENTERING = "entering"
    """Leases with the stage's limits are issued; the stage counts once trader and venue show them."""
    DWELLING = "dwelling"
    """The stage runs, and its gates collect observations."""
    READY = "ready"
    """Every gate passes. Approvals, or another condition of the instant, may be missing."""
    DEMOTING = "demoting"
    """Back to a smaller stage, which counts once trader and venue show its limits."""
    STEADY = "steady"
    """The last stage was passed."""
    ABORTED = "aborted"
    """Given up: nothing is allowed any more."""


class Move(Struct, frozen=True, tag=True, kw_only=True):
    """Base of a track's moves. by: "pilot", or a person; why: in words."""

    track: str
    by: str
    why: str


class StageEntered(Move, frozen=True, tag=True, kw_only=True):
    """Leases with its limits are issued from now on; `StageSettled` says that they are in force. stage: its place in the track,
    from 0. name: for readers."""

    stage: int
    name: str


class StageSettled(Move, frozen=True, tag=True, kw_only=True):
    """The stage's limits were seen at the trader, and the venue was seen in order."""


class GatesPassed(Move, frozen=True, tag=True, kw_only=True):
    """Every gate passes at this instant."""


class GatesLapsed(Move, frozen=True, tag=True, kw_only=True):
    """A gate that passed does not pass any more."""


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
    """For good; only a new launch can open positions again."""


class IllegalMove(Exception):
    """A move that the table does not have for the track's phase."""


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
