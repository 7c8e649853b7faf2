"""Shows what became of a launch over time: stages, holds, results of gates, limits in force, and what happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.launch.instruct import launch_subject
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.launch.views.track_history import LaunchHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchHistoryRequest:
    """config: of the trader beside which the launch flies."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchHistoryOutcome(Outcome):
    """now: the instant (ns) until which it is told."""

    now: int
    history: "LaunchHistory"


def show_history(call: Call[LaunchHistoryRequest]) -> LaunchHistoryOutcome:
    """Raises SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_as_begun
    from fairway.launch.views.track_history import launch_history
    from fairway.world.clock import SystemClock

    settings = load(call.request.config)
    launch_as_begun(settings)
    return LaunchHistoryOutcome(now=SystemClock().now(), history=launch_history(_events(settings)))


def _events(settings: Settings) -> Iterator[tuple[int, Any]]:
    """Of the kinds that a history is made of; of millions of records most are measurements."""
    from fairway.assembly.tower import reader_of
    from fairway.launch.control.state import CODEC
    from fairway.launch.views.track_history import KINDS

    with reader_of(settings) as journal:
        for entry in journal.replay():
            if entry.kind in KINDS:
                yield entry.at, CODEC.decode(entry)


SHOW_HISTORY = Operation(
    name="launch history",
    summary="Show what became of a launch over time: stages, holds, results of gates, limits in force.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=LaunchHistoryRequest,
    subject=launch_subject,
    preview=lambda call: Preview(effect="reads the journal of the launch; nothing is changed"),
    perform=show_history,
)
OPERATIONS: Final = (SHOW_HISTORY,)
