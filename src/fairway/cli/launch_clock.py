"""`fairway launch clock`: the day of a launch by the clock."""

import sys

from fairway.cli.exits import Exit, Failure


def clock(plan: str, /, *, at: str = "") -> int:
    """Print the day of a launch by the clock: what is done when, what it needs, and how it is seen to be done.

    Parameters
    ----------
    plan: str
        The plan's file, or the name of one that comes with Fairway.
    at: str
        The instant of the launch, T, in UTC, such as 2026-11-24T12:00; the next full hour where it is left out.
    """
    from fairway.cli.launch_plans import read_plan
    from fairway.launch.agenda import agenda
    from fairway.world.clock import HOUR, SystemClock

    instant = at_of(at) or -(-SystemClock().now() // HOUR) * HOUR
    sys.stdout.writelines(f"{line}\n" for line in agenda(read_plan(plan).plan, instant))
    return Exit.OK


def at_of(at: str) -> int:
    """The instant T of a launch (ns); 0 where nobody says it. Raises Failure."""
    from fairway.world.clock import parse_instant

    try:
        return parse_instant(at) if at else 0
    except ValueError as error:
        raise Failure(f"--at: {error}", Exit.USAGE) from None
