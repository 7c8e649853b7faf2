"""`fairway up`: exchange, trader and pilot of a configuration in one command; restarted when they crash, stopped in order."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cyclopts import App

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.interrupts import say, stop_signal
from fairway.cli.printing import say as say_line
from fairway.cli.shared_options import USUAL, Config, Flag

if TYPE_CHECKING:
    from fairway.settings import Settings
    from fairway.supervision.supervisor import SystemStatus

app = App(name="up", help="Run exchange, trader and pilot together; restart what crashes.")

PROGRAM: Final = (sys.executable, "-m", "fairway.cli.child")
_WIDTH: Final = 8


@app.default
def up(config: Config = USUAL, /, *, practice: Flag = False, print_systemd: Flag = False) -> int:
    """Run all that a configuration names until Ctrl-C: practice exchange, trader, pilot.

    What crashes is started again. What crashes too often brings safe mode: the trader opens nothing until a person lifts that.

    Parameters
    ----------
    practice: bool
        Make a practice exchange, an account, a configuration and a plan in this directory first, where it has no configuration.
    print_systemd: bool
        Print a systemd unit for this configuration, and start nothing.
    """
    from fairway.settings import load

    if practice:
        from fairway.cli.practice_files import make_practice

        make_practice(config)
    settings = load(config)
    if practice:
        from fairway.cli.practice_files import show_sign_in

        show_sign_in(settings)
    if print_systemd:
        from fairway.cli.systemd_unit import unit_of

        say_line(unit_of(config.absolute(), settings))
        return ExitCode.OK
    return _run(config.absolute(), settings)


@app.command
@shows
def status(config: Config = USUAL, /) -> CommandOutput:
    """Show the processes of a system that is up. Exit code 0 only where all are ready and nothing is in safe mode."""
    from fairway.operations.held_processes import status_place
    from fairway.settings import load
    from fairway.supervision.status_file import read_status

    found = read_status(status_place(load(config)))
    if found is None:
        none: dict[str, object] = {"is_up": False, "safe_mode": "", "children": []}
        return CommandOutput(value=none, text=["nothing is up; start it with:  fairway up"], code=ExitCode.NO)
    value = {"is_up": True, "safe_mode": found.safe_mode, "children": found.children}
    return CommandOutput(value=value, text=lambda: _show_status(found), code=ExitCode.OK if found.is_well else ExitCode.NO)


def _run(config: Path, settings: "Settings") -> int:
    import asyncio

    from fairway.operations.held_processes import status_place
    from fairway.supervision.child import ChildStatus
    from fairway.supervision.status_file import AlreadyUp, only_one
    from fairway.supervision.supervisor import NAME, Supervisor, SystemStatus
    from fairway.supervision.system import ConfiguredSystem, children
    from fairway.world.chance import SystemChance
    from fairway.world.clock import SystemClock
    from fairway.world.tasks import CrashBudget

    clock, specs = SystemClock(), list(children(config, settings))
    status = SystemStatus(clock.now(), os.getpid(), [ChildStatus(each.name, since=clock.now()) for each in specs])
    supervisor = Supervisor(
        specs=specs,
        program=PROGRAM,
        system=ConfiguredSystem(config, settings, _show),
        clock=clock,
        chance=SystemChance().stream("restarts"),
        show=_show,
        status=status,
        budget=CrashBudget(settings.up.crashes, settings.up.within / 10**9),
    )

    async def stopped() -> int:
        number = await stop_signal(patience_s=None)
        _show(NAME, "stopping; stops and targets stay at the venue")
        return number

    async def supervise() -> int:
        stopping = asyncio.create_task(stopped(), name="signal")
        await supervisor.run(stopping)
        return stopping.result()

    try:
        with only_one(status_place(settings)):
            return say(asyncio.run(supervise()))
    except AlreadyUp as error:
        raise Failure(str(error), ExitCode.JOURNAL_IN_USE) from None


def _show(name: str, line: str) -> None:
    say_line(f"{name:<{_WIDTH}} | {line}")


def _show_status(found: "SystemStatus") -> None:
    from fairway.cli.registry import show_rows
    from fairway.world.clock import text_of

    rows = [
        (each.name, each.state, text_of(each.since)[:19], str(each.process_id or ""), str(each.crashes), each.said)
        for each in found.children
    ]
    show_rows(("process", "state", "since", "pid", "crashes", "last end"), rows)
    if found.safe_mode:
        say_line(
            f"SAFE MODE: {found.safe_mode}; the trader opens nothing until a person lifts it: fairway caps, then fairway lift"
        )
