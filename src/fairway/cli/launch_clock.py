"""`fairway launch clock`: the launch's day by the clock on the wall: what is done when, by which command, and what it needs."""

from fairway.cli.exits import Exit, Failure


def clock(plan: str, /, *, at: str) -> int:
    """Print the timeline of a plan for a launch at an instant.

    Parameters
    ----------
    plan: str
        The plan's file, or the name of one that comes with Fairway.
    at: str
        The launch, T, such as 2026-12-01T10:00Z.
    """
    from fairway.cli.launch_plans import read_plan
    from fairway.launch.plan.day import moment_text
    from fairway.world.clock import parse_instant, text_of

    try:
        begins = parse_instant(at)
    except ValueError as error:
        raise Failure(f"--at: {error}", Exit.USAGE) from None
    written = read_plan(plan)
    if not written.plan.timeline:
        raise Failure(f"plan {written.plan.name} has no timeline; launch-day and ramp have one", Exit.USAGE)
    for step in written.plan.timeline:
        print(f"{text_of(begins + step.at)[:16]}Z  {moment_text(step.at):<7} {step.do}")
        told = {"run": step.run, "seen by": step.verify, "needs": ", ".join(step.needs), "begins": step.raises}
        for word, text in told.items():
            if text:
                print(f"{'':<27}{word}: {text}")
    return Exit.OK
