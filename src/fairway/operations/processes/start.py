"""Process start and process restart: the supervisor of a running system starts a process again, by the file as it is now.

The whole configuration is checked first: a process that could not read it is not stopped, and goes on by what it has read.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.processes.restarting import (
    LOOKS_MAX,
    NAP_S,
    StartEnd,
    ask_supervisor,
    follow_start,
    stop_for_restart,
)
from fairway.operations.processes.show import ENDED, READY, SERVER, ProcessesRequest, ProcessState, show_processes
from fairway.operations.refusal import against_rule, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load


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
    ask_supervisor(settings, found.name)
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
    stop_for_restart(settings, found)
    return _when_ready(call, settings, found)


def _process(call: Call[StartProcessRequest]) -> ProcessState:
    """The process that is meant. Raises Refusal, SettingsError."""
    shown = show_processes(Call(actor=call.actor, request=ProcessesRequest(config=call.request.config)))
    if not shown.is_up:
        what = f"no supervisor runs; start the system with  fairway up {call.request.config}"
        raise against_rule("SYSTEM_DOWN: supervisor", what)
    found = next((each for each in shown.processes if each.name == call.request.process), None)
    if found is None:
        names = ", ".join(each.name for each in shown.processes)
        what = f"no process is called {call.request.process!r}; there are {names}"
        raise wrong_input(f"PROCESS_UNKNOWN: process={call.request.process}", what, field="process", example="trader")
    return found


def _when_ready(call: Call[StartProcessRequest], settings: Settings, before: ProcessState) -> Outcome:
    match follow_start(settings, before):
        case StartEnd.READY, now:
            return Outcome(lines=(f"{now.name} is ready, by the configuration as it is now",))
        case StartEnd.ENDED, now:
            said = f"{now.name} ended again: {now.said}; its last lines are where fairway up runs"
            return Outcome(is_done=False, lines=(said,))
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
