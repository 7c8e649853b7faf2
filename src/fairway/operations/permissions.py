"""Checks, in one place, whether an actor may perform an operation.

What a role allows is the table of `fairway.people.roles`. The owner of this machine may perform every operation. A user may
always lower the exposure of the own accounts. The registrar asks the same table once more within its transaction, for a name on
the command line that is a registered user's.
"""

from typing import TypeVar

from fairway.operations.operation import Call, Exposure, Operation, Outcome
from fairway.operations.refusal import Ground, Refusal
from fairway.people.roles import may

R = TypeVar("R")
O = TypeVar("O", bound=Outcome)  # noqa: E741


def check_permission(operation: Operation[R, O], call: Call[R]) -> None:
    """Raises Refusal where the actor's role does not allow this operation on this subject."""
    actor = call.actor
    if actor.role is None:
        return
    subject = operation.subject(call.request)
    is_own = subject.belongs_to(actor)
    if operation.exposure is Exposure.LOWERS and is_own:
        return
    if not actor.is_active:
        raise Refusal(
            f"ROLE_INACTIVE: by={actor.name}",
            f"user {actor.name} is not active and changes nothing; ask an admin",
            Ground.PERMISSION,
        )
    if not may(actor.role, operation.act, to_self=is_own):
        whose = f"{subject.of.value} {subject.id}" if subject.id else f"the whole {subject.of.value}"
        raise Refusal(
            f"ROLE_FORBIDS: by={actor.name} role={actor.role.value} operation={operation.name} subject='{whose}'",
            f"the role {actor.role.value} of {actor.name} does not allow `{operation.name}` for {whose}; ask an admin",
            Ground.PERMISSION,
        )
