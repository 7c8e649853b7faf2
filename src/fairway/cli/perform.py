"""Performs an operation for a person at the command line: shows its progress and its outcome, and returns the exit code."""

from typing import TYPE_CHECKING, TypeVar

from fairway.cli.exits import ExitCode
from fairway.cli.printing import say
from fairway.cli.shared_options import speaker

if TYPE_CHECKING:
    from fairway.operations.operation import Operation, Outcome

R = TypeVar("R")
O = TypeVar("O", bound="Outcome")  # noqa: E741


def perform_here(operation: "Operation[R, O]", request: R, by: str = "") -> int:
    """Shows the outcome as lines. by: who acts; "" for the user of this machine. Raises Refusal."""
    outcome = outcome_of(operation, request, by)
    for line in outcome.lines:
        say(line)
    return ExitCode.OK if outcome.is_done else ExitCode.NO


def outcome_of(operation: "Operation[R, O]", request: R, by: str = "") -> O:
    """The outcome, for a command that shows it in its own way. Raises Refusal."""
    from fairway.operations.actor import owner_of_machine
    from fairway.operations.operation import Call
    from fairway.operations.perform import perform

    actor = owner_of_machine(speaker(by))
    return perform(operation, Call(actor=actor, request=request, tell=lambda progress: say(progress.sentence)))
