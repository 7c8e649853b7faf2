"""Processes: what the supervisor of a running system says of each of them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

SERVER: Final = "server"
READY, ENDED = "ready", "ended"
"""States of a process, as the supervisor names them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessesRequest:
    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessState:
    """One process. state: as the supervisor names it. since: ns. said: how it ended the last time. held: why it is held down."""

    name: str
    state: str
    since: int
    process_id: int
    crashes: int
    said: str
    held: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessesOutcome(Outcome):
    """is_up: whether a supervisor runs. began_at: ns, 0 where none runs. safe_mode: why, "" where it is not in force."""

    is_up: bool
    began_at: int
    safe_mode: str
    processes: tuple[ProcessState, ...]


def show_processes(call: Call[ProcessesRequest]) -> ProcessesOutcome:
    """Raises SettingsError, OSError."""
    return processes_of(load(call.request.config))


def processes_of(settings: Settings) -> ProcessesOutcome:
    """Of the system of a configuration. Raises OSError."""
    from fairway.assembly.system_status import place_of, read_status
    from fairway.operations.held_processes import held_down
    from fairway.world.clock import SystemClock

    now, found = SystemClock().now(), read_status(place_of(settings))
    if found is None:
        return ProcessesOutcome(is_up=False, began_at=0, safe_mode="", processes=(), lines=("nothing is up",))
    processes = tuple(
        ProcessState(
            name=each.name,
            state=each.state.value,
            since=each.since,
            process_id=each.process_id,
            crashes=each.crashes,
            said=each.said,
            held=str(held_down(settings, each.name, now) or ""),
        )
        for each in found.children
    )
    lines = tuple(f"{each.name}: {each.state}" for each in processes)
    return ProcessesOutcome(is_up=True, began_at=found.began_at, safe_mode=found.safe_mode, processes=processes, lines=lines)


PROCESSES = Operation(
    name="processes",
    summary="Show the processes of a running system, and how each of them fares.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ProcessesRequest,
    subject=lambda request: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the status of the supervisor; nothing is changed"),
    perform=show_processes,
)
OPERATIONS: Final = (PROCESSES,)
