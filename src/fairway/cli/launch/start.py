"""`fairway launch start`: the shell of the operation `launch start`."""

from fairway.cli.launch.clock import at_of
from fairway.cli.perform import perform_here
from fairway.cli.shared_options import USUAL, By, Config


def start(config: Config = USUAL, plan: str = "", /, *, at: str = "", by: By = "") -> int:
    """Fly a launch until Ctrl-C: issue leases to the trader stage by stage, and revoke them. A second start goes on where it was.

    A lease lasts a minute: when the pilot stops renewing them, the trader opens nothing.

    Parameters
    ----------
    plan: str
        A plan's file, or the name of one that comes with Fairway; left out, the launch that was begun goes on.
    at: str
        The instant of the launch, T, in UTC, such as 2026-12-01T10:00; a plan whose timeline raises stages needs it.
    """
    from fairway.cli.command_lines import command_trouble
    from fairway.operations.launch.start import START, StartLaunchRequest

    request = StartLaunchRequest(config=config, plan=plan, launch_at=at_of(at), command_trouble=command_trouble)
    return perform_here(START, request, by)
