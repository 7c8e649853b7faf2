"""Process start and process restart: the supervisor of a running system starts a process again, by the file as it is now.

The whole configuration is checked first: a process that could not read it is not stopped, and goes on by what it has read.
"""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.held_processes import ask_start, is_start_asked, take_start
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.processes.show import ProcessesOutcome, ProcessesRequest, ProcessState, show_processes
from fairway.operations.refusal import Ground, Refusal, against_rule, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.world.clock import SystemClock

LOOKS_MAX: Final = 600
NAP_S: Final = 0.1
"""A minute in all: a trader replays its journal and asks its venue before it is ready."""
OVER_AFTER: Final = 10
"""Looks: a process that was just taken to be started has not begun yet."""
SERVER: Final = "server"
ENDED, READY = "ended", "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class StartProcessRequest:
    """process: trader, pilot or alerting."""

    config: Path
    process: str = "trader"


def start_process(call: Call[StartProcessRequest]) -> Outcome:
    """Raises Refusal, SettingsError."""
    settings = load(call.request.config)
    found = _process(call)
    if found.state != ENDED:
        raise against_rule(f"PROCESS_RUNS: state={found.state}", f"{found.name} is {found.state}; nothing is to be started")
    _ask(settings, found.name)
    return _when_ready(call, settings, found)


def restart_process(call: Call[StartProcessRequest]) -> Outcome:
    """Raises Refusal, SettingsError."""
    settings = load(call.request.config)
    found = _process(call)
    if found.state != READY:
        raise against_rule(
            f"PROCESS_NOT_READY: state={found.state}", f"{found.name} is {found.state}; start it, or look why it ended"
        )
    if found.name == SERVER:
        raise against_rule(
            "PROCESS_IS_OURS: process=server",
            "this server cannot restart itself; stop the system with Ctrl-C, and start it with  fairway up",
        )
    call.tell(Progress(f"the configuration has no mistakes; {found.name} is stopped, and started again"))
    _ask(settings, found.name)
    try:
        os.kill(found.process_id, signal.SIGTERM)
    except ProcessLookupError:
        pass
    except PermissionError:
        take_start(settings, found.name, SystemClock().now())
        what = f"the system does not let this user stop process {found.process_id}"
        raise Refusal(f"STOP_FORBIDDEN: pid={found.process_id}", what, Ground.PERMISSION) from None
    return _when_ready(call, settings, found)


def _process(call: Call[StartProcessRequest]) -> ProcessState:
    """The process that is meant. Raises Refusal, SettingsError."""
    shown = _shown(call)
    if not shown.is_up:
        what = f"no supervisor runs; start the system with  fairway up {call.request.config}"
        raise against_rule("SYSTEM_DOWN: supervisor", what)
    found = next((each for each in shown.processes if each.name == call.request.process), None)
    if found is None:
        names = ", ".join(each.name for each in shown.processes)
        what = f"no process is called {call.request.process!r}; there are {names}"
        raise wrong_input(f"PROCESS_UNKNOWN: process={call.request.process}", what, field="process", example="trader")
    return found


def _shown(call: Call[StartProcessRequest]) -> ProcessesOutcome:
    return show_processes(Call(actor=call.actor, request=ProcessesRequest(config=call.request.config)))


def _ask(settings: Settings, name: str) -> None:
    try:
        ask_start(settings, name, SystemClock().now())
    except OSError as error:
        raise against_rule(f"START_UNWRITTEN: process={name}", f"the supervisor cannot be asked: {error}") from None


def _when_ready(call: Call[StartProcessRequest], settings: Settings, before: ProcessState) -> Outcome:
    over = 0
    for _ in range(LOOKS_MAX):
        time.sleep(NAP_S)
        now = next((each for each in _shown(call).processes if each.name == before.name), None)
        if now is None:
            continue
        if now.state == READY and now.process_id != before.process_id:
            return Outcome(lines=(f"{now.name} is ready, by the configuration as it is now",))
        is_over = now.state == ENDED and now.since > before.since and not is_start_asked(settings, before.name)
        over = over + 1 if is_over else 0
        if over >= OVER_AFTER:
            return Outcome(
                is_done=False, lines=(f"{now.name} ended again: {now.said}; its last lines are where fairway up runs",)
            )
    waited = f"{before.name} is not ready after {LOOKS_MAX * NAP_S:.0f} s; it is still being started"
    return Outcome(is_done=False, lines=(waited,))


def preview_start(call: Call[StartProcessRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    load(call.request.config)
    found = _process(call)
    effect = f"{found.name}, now {found.state}, runs by the configuration as the file has it now"
    return Preview(effect=f"{effect}; stops and targets that rest at the venue stay there meanwhile")


START_PROCESS = Operation(
    name="process start",
    summary="Let the supervisor start a process again that has ended.",
    act=UserAct.TRADE,
    exposure=Exposure.RAISES,
    request=StartProcessRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_start,
    perform=start_process,
)
RESTART_PROCESS = Operation(
    name="process restart",
    summary="Check the whole configuration, then stop a process and start it by the file as it is now.",
    act=UserAct.TRADE,
    exposure=Exposure.RAISES,
    request=StartProcessRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_start,
    perform=restart_process,
)
OPERATIONS: Final = (START_PROCESS, RESTART_PROCESS)
