"""Checks, in one place, whether an actor may perform an operation.

What a role allows, and that a user may always lower the exposure of the own accounts, is decided by `fairway.people.roles`. The
owner of this machine may perform every operation. The registrar asks the same rule once more within its transaction, for a name
on the command line that is a registered user's.
"""

from typing import TypeVar

from fairway.operations.operation import Call, Exposure, Operation, Outcome
from fairway.operations.refusal import Ground, Refusal
from fairway.people.roles import Denial, denial

R = TypeVar("R")
O = TypeVar("O", bound=Outcome)  # noqa: E741


def check_permission(operation: Operation[R, O], call: Call[R]) -> None:
    """Raises Refusal where the actor's role does not allow this operation on this subject."""
    actor = call.actor
    if actor.role is None:
        return
    subject = operation.subject(call.request)
    is_own = subject.belongs_to(actor)
    lowers = operation.exposure is Exposure.LOWERS
    why = denial(actor.role, operation.act, is_active=actor.is_active, to_self=is_own, lowers=lowers)
    if why is Denial.INACTIVE:
        raise Refusal(
            f"{why.value}: by={actor.name}",
            f"user {actor.name} is not active and changes nothing; ask an admin",
            Ground.PERMISSION,
        )
    if why is Denial.FORBIDDEN:
        whose = f"{subject.of.value} {subject.id}" if subject.id else f"the whole {subject.of.value}"
        raise Refusal(
            f"{why.value}: by={actor.name} role={actor.role.value} operation={operation.name} subject='{whose}'",
            f"the role {actor.role.value} of {actor.name} does not allow `{operation.name}` for {whose}; ask an admin",
            Ground.PERMISSION,
        )
