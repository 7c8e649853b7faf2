"""What a drill is: what it shows, what it does to the system, who may carry it out, and how it is carried out."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from fairway.operations.drills.drill_run import DrillRun
from fairway.operations.operation import Exposure
from fairway.people.roles import UserAct
from fairway.plugins import BrokenPlugin, Kind, UnknownPlugin


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """claim: what its evidence is about. does: what happens to the system, as a sentence; lasts: how long that takes, in words.

    act, exposure: who may carry it out. is_of_account: whether it touches one account only. is_watched: whether it moves a
    running system and watches it at the venue, so that real money asks for a confirmation.
    """

    name: str
    claim: str
    does: str
    lasts: str
    carry_out: Callable[[DrillRun], Awaitable[None]]
    """Notes its steps in the run. Raises DrillNotPossible before it has changed anything, and DrillNotObserved."""
    act: UserAct = UserAct.STOP
    exposure: Exposure = Exposure.LOWERS
    is_of_account: bool = False
    is_watched: bool = True


class UnknownDrill(UnknownPlugin):
    """No drill has this name."""


class BrokenDrill(BrokenPlugin):
    """A drill that cannot be used."""


KIND: Final = Kind("drill", "fairway.operations.drills", "DRILL", Drill, "fairway.drills", UnknownDrill, BrokenDrill)


def all_drills() -> list[Drill]:
    """Every drill that can be used, by name."""
    return [drill for _, drill in sorted(KIND.installed().plugins.items())]
