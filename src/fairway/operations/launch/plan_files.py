"""Reads a plan by its file or its shipped name, and refuses one that the linter refuses."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.operations.refusal import against_rule

if TYPE_CHECKING:
    from fairway.launch.plan.load import Written


def read_plan(plan: str) -> "Written":
    """The plan of a file, or one that comes with Fairway, by its name. Raises PlanError, which names what leads nowhere, too."""
    from fairway.launch.plan import shipped
    from fairway.launch.plan.lint.names_of_damaged_plans import with_names
    from fairway.launch.plan.load import PlanError, parse, read

    if plan in shipped.names() and not Path(plan).exists():
        return parse(shipped.text(plan), file=plan)
    try:
        return read(Path(plan))
    except PlanError as error:
        raise with_names(error) from None


def check_sound(written: "Written", command_trouble: Callable[[str], str]) -> None:
    """A plan that the linter refuses is not launched. Raises Refusal, which names what is wrong, and PlanError.

    command_trouble: what is wrong with a command line of Fairway's own, "" for a right one.
    """
    from fairway.launch.plan.lint.draft import Draft
    from fairway.launch.plan.lint.linter import lint
    from fairway.launch.plan.load import whole

    refused = [finding for finding in lint(Draft(whole(written), command_trouble)) if finding.refuses]
    if refused:
        first, more = refused[0], len(refused) - 1
        raise against_rule(
            f"PLAN_REFUSED: plan={written.plan.name} rule={first.name}",
            f"plan {written.plan.name} is not launched: {first.name}: {first.what}{f'; and {more} more' if more else ''}; "
            f"see  fairway launch lint {written.file}",
        )
