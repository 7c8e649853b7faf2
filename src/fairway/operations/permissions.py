"""Checks, in one place, whether an actor may perform an operation.

What a role allows, and that a user may always lower the exposure of the own accounts, is decided by `fairway.people.roles`. The
owner of this machine may perform every operation. The registrar asks the same rule once more within its transaction, for a name
on the command line that is a registered user's. Besides the role, a token has a scope; and what raises exposure or changes rights
asks for a sign-in of the last five minutes, while what lowers exposure never does.
"""

from typing import Final, TypeVar

from fairway.operations.actor import Actor
from fairway.operations.operation import Call, Exposure, Operation, Outcome
from fairway.operations.refusal import Ground, Refusal
from fairway.people.roles import Denial, UserAct, denial, may
from fairway.people.token import RECENT_NS, TokenScope
from fairway.texts.durations import duration_words

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
    _check_scope(operation, actor)
    _check_recent(operation, actor)


def may_read(actor: Actor, account: str) -> bool:
    """Whether the actor may see what belongs to an account."""
    return actor.role is None or may(actor.role, UserAct.READ, to_self=account in actor.accounts)


def may_read_all(actor: Actor) -> bool:
    """Whether the actor may see the whole bot, with every account."""
    return actor.role is None or may(actor.role, UserAct.READ, to_self=False)


def _check_scope(operation: Operation[R, O], actor: Actor) -> None:
    """Raises Refusal where the token that was shown does not allow it, whatever the role does."""
    needed = TokenScope.READ if operation.act is UserAct.READ else _SCOPES.get(operation.exposure, TokenScope.MANAGE)
    if _ORDER.index(actor.scope) < _ORDER.index(needed):
        raise Refusal(
            f"SCOPE_FORBIDS: by={actor.name} scope={actor.scope.value} operation={operation.name}",
            f"the token has the scope {actor.scope.value}, and `{operation.name}` needs {needed.value}; sign in instead",
            Ground.PERMISSION,
        )


def _check_recent(operation: Operation[R, O], actor: Actor) -> None:
    """Raises Refusal where it raises exposure or rights, and the person did not sign in lately."""
    if actor.is_recent or not (operation.exposure is Exposure.RAISES or operation.act is UserAct.GOVERN):
        return
    raise Refusal(
        f"SIGN_IN_OLD: by={actor.name} operation={operation.name}",
        f"`{operation.name}` asks for a sign-in of the last {duration_words(RECENT_NS)}; sign in again, and repeat it",
        Ground.PERMISSION,
    )


_ORDER: Final = tuple(TokenScope)
_SCOPES: Final = {Exposure.LOWERS: TokenScope.STOP}
"""By effect on exposure, the scope that is enough; MANAGE for any other."""
