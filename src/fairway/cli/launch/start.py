"""`fairway launch start` and `begin`: the shells of the operations `launch start`, and `launch draft` with `launch begin`."""

from fairway.cli.launch.clock import at_of
from fairway.cli.perform import outcome_of, perform_here
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, By, Config, Why


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


def begin(config: Config, plan: str, /, *, reason: Why, by: By = "") -> int:
    """Let the system that `fairway up` runs begin a launch: it starts the pilot. Exit code 0 only where the launch has begun.

    It is refused where a launch was begun already.

    Parameters
    ----------
    plan: str
        A plan's file, or the name of one that comes with Fairway.
    """
    from fairway.cli.command_lines import command_trouble
    from fairway.operations.launch.begin import BEGIN_LAUNCH, BeginLaunchRequest
    from fairway.operations.launch.draft import DRAFT_PLAN, DraftPlanRequest
    from fairway.operations.launch.plan_files import read_plan

    read = read_plan(plan)
    draft = DraftPlanRequest(config=config, text=read.text, file=read.file, command_trouble=command_trouble)
    drafted = outcome_of(DRAFT_PLAN, draft, by)
    for line in drafted.lines:
        say(line)
    return perform_here(BEGIN_LAUNCH, BeginLaunchRequest(config=config, digest=drafted.digest, reason=reason), by)
