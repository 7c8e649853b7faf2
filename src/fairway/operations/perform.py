"""Performs an operation or previews it: checks the permission first, and performs a repeated request only once."""

from typing import TypeVar, cast

from fairway.operations.once import Outcomes
from fairway.operations.operation import Call, Operation, Outcome, Preview
from fairway.operations.permissions import check_permission

R = TypeVar("R")
O = TypeVar("O", bound=Outcome)  # noqa: E741


def perform(operation: Operation[R, O], call: Call[R], outcomes: Outcomes | None = None) -> O:
    """The outcome. outcomes: where a shell keeps them by idempotency key; without it a key counts in the command inbox alone.

    It blocks until the outcome is known, so a server calls it in a worker thread. Raises Refusal, and the errors of the rooms
    below with their own names.
    """
    check_permission(operation, call)
    if not call.key or outcomes is None:
        return operation.perform(call)
    known = outcomes.known(call.actor.name, call.key, operation.name, call.request)
    if known is not None:
        return cast(O, known)
    outcome = operation.perform(call)
    outcomes.keep(call.actor.name, call.key, operation.name, call.request, outcome)
    return outcome


def preview(operation: Operation[R, O], call: Call[R]) -> Preview:
    """What the operation would do now; nothing is changed. Raises Refusal."""
    check_permission(operation, call)
    return operation.preview(call)
