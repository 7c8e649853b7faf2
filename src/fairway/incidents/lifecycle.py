"""The state machine of an incident: a table of phases and moves. A move that the table lacks raises IncidentMoveRefused."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

ALERTING: Final = "alerting"
"""The author of events that no person commanded."""


class IncidentPhase(StrEnum):
    """Where an incident is."""

    DECLARED = "declared"
    """It is known, and nothing was done about it yet."""
    MITIGATING = "mitigating"
    """Somebody or Fairway itself acts on it."""
    STABLE = "stable"
    """All its alerts have cleared. One that fires again leads back."""
    RESOLVED = "resolved"
    """It is over. The same cause within half an hour leads back."""
    POSTMORTEM = "postmortem"
    """Its postmortem is written."""
    CLOSED = "closed"
    """Nothing more is done about it but its action items."""


OPEN_PHASES: Final = (IncidentPhase.DECLARED, IncidentPhase.MITIGATING, IncidentPhase.STABLE)
"""An incident in one of these takes further alerts of its cause."""


class IncidentMove(Struct, frozen=True, tag=True, kw_only=True):
    """Base of an incident's moves. by: "alerting", or a person; why: in words."""

    incident: str
    by: str
    why: str


class MitigationBegan(IncidentMove, frozen=True, tag=True, kw_only=True):
    """A person or Fairway acts on it."""


class IncidentStabilised(IncidentMove, frozen=True, tag=True, kw_only=True):
    """All its alerts have cleared, or a person says that nothing gets worse."""


class IncidentWorsened(IncidentMove, frozen=True, tag=True, kw_only=True):
    """An alert of it fires again before it was resolved."""


class IncidentResolved(IncidentMove, frozen=True, tag=True, kw_only=True):
    """It is over."""


class IncidentReopened(IncidentMove, frozen=True, tag=True, kw_only=True):
    """Its cause is back shortly after it was resolved: it has to be acknowledged again."""


class PostmortemBegan(IncidentMove, frozen=True, tag=True, kw_only=True):
    """A person writes its postmortem."""


class IncidentClosed(IncidentMove, frozen=True, tag=True, kw_only=True):
    """Its postmortem is written, or none is asked for."""


class IncidentMoveRefused(Exception):
    """A move that the table does not have for the incident's phase."""


_P = IncidentPhase
TRANSITIONS: Final[dict[tuple[IncidentPhase, type[IncidentMove]], IncidentPhase]] = {
    (_P.DECLARED, MitigationBegan): _P.MITIGATING,
    (_P.STABLE, MitigationBegan): _P.MITIGATING,
    (_P.DECLARED, IncidentStabilised): _P.STABLE,
    (_P.MITIGATING, IncidentStabilised): _P.STABLE,
    (_P.STABLE, IncidentWorsened): _P.MITIGATING,
    **{(phase, IncidentResolved): _P.RESOLVED for phase in OPEN_PHASES},
    (_P.RESOLVED, IncidentReopened): _P.MITIGATING,
    (_P.POSTMORTEM, IncidentReopened): _P.MITIGATING,
    (_P.RESOLVED, PostmortemBegan): _P.POSTMORTEM,
    (_P.RESOLVED, IncidentClosed): _P.CLOSED,
    (_P.POSTMORTEM, IncidentClosed): _P.CLOSED,
}

INCIDENT_MOVES: Final = (
    MitigationBegan,
    IncidentStabilised,
    IncidentWorsened,
    IncidentResolved,
    IncidentReopened,
    PostmortemBegan,
    IncidentClosed,
)


def can_move(phase: IncidentPhase, move: type[IncidentMove]) -> bool:
    """Whether the table has the move from a phase."""
    return (phase, move) in TRANSITIONS


def phase_after(phase: IncidentPhase, move: IncidentMove) -> IncidentPhase:
    """The phase that a move leads to. Raises IncidentMoveRefused."""
    found = TRANSITIONS.get((phase, type(move)))
    if found is None:
        name = type(move).__name__
        raise IncidentMoveRefused(f"incident {move.incident} is {phase.value}, and {name} is no move from there")
    return found
