"""`fairway launch clock`: the day of a launch by the clock."""

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure


@shows
def clock(plan: str, /, *, at: str = "") -> CommandOutput:
    """Print the day of a launch by the clock: what is done when, what it needs, and how it is seen to be done.

    Parameters
    ----------
    plan: str
        The plan's file, or the name of one that comes with Fairway.
    at: str
        The instant of the launch, T, in UTC, such as 2026-11-24T12:00; the next full hour where it is left out.
    """
    from fairway.launch.control.agenda import agenda
    from fairway.operations.launch.plan_files import read_plan
    from fairway.world.clock import HOUR, SystemClock, text_of

    begins = at_of(at) or -(-SystemClock().now() // HOUR) * HOUR
    read = read_plan(plan).plan
    steps = [
        {
            "at": text_of(begins + step.at),
            "do": step.do,
            "needs": list(step.needs),
            "begins": step.raises,
            "destroys": step.destroys,
            "run": step.run,
            "verify": step.verify,
        }
        for step in sorted(read.timeline, key=lambda each: each.at)
    ]
    value = {"plan": read.name, "launch_at": text_of(begins), "steps": steps}
    return CommandOutput(value=value, text=list(agenda(read, begins)))


def at_of(at: str) -> int:
    """The instant T of a launch (ns); 0 where it is not given. Raises Failure."""
    from fairway.world.clock import parse_instant

    try:
        return parse_instant(at) if at else 0
    except ValueError as error:
        raise Failure(f"--at: {error}", ExitCode.USAGE) from None
