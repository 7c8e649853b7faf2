"""Who may perform which operation: one table of role x operation, for an own account, another's account and a whole bot."""

from dataclasses import replace
from itertools import product

import pytest

from fairway.operations.actor import Actor, Shell, owner_of_machine
from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Of, Operation, Outcome, Preview, Subject
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Ground, Refusal
from fairway.operations.registry import AnyOperation, all_operations
from fairway.people.roles import UserAct, UserRole
from fairway.people.token import TokenScope

OWN, OTHER = Subject(Of.ACCOUNT, "ann1"), Subject(Of.ACCOUNT, "bob1")
SUBJECTS = {"own": OWN, "other": OTHER, "bot": WHOLE_BOT}
ALLOWED: dict[UserAct, dict[UserRole, set[str]]] = {
    UserAct.STOP: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: {"own", "other", "bot"},
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: {"own"},
    },
    UserAct.TRADE: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: set(),
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: set(),
    },
    UserAct.LAUNCH: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: set(),
        UserRole.TRADER: set(),
        UserRole.VIEWER: set(),
    },
    UserAct.PAUSE: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: {"own", "other", "bot"},
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: {"own"},
    },
    UserAct.KEEP: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: set(),
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: set(),
    },
    UserAct.GOVERN: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: set(),
        UserRole.TRADER: set(),
        UserRole.VIEWER: set(),
    },
    UserAct.RESPOND: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: {"own", "other", "bot"},
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: {"own"},
    },
    UserAct.READ: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: {"own", "other", "bot"},
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: {"own", "other", "bot"},
    },
    UserAct.SIGN_IN: {
        UserRole.ADMIN: {"own", "other", "bot"},
        UserRole.SUPPORT: {"own"},
        UserRole.TRADER: {"own"},
        UserRole.VIEWER: {"own"},
    },
}
"""By act and role: on what an operation may be performed. That which lowers exposure is always allowed on the own account."""


def probe(operation: AnyOperation) -> "Operation[Subject, Outcome]":
    """The same operation by name, act and exposure, whose request is its subject, and which does nothing."""
    return Operation(
        name=operation.name,
        summary=operation.summary,
        act=operation.act,
        exposure=operation.exposure,
        request=Subject,
        subject=lambda subject: subject,
        preview=lambda call: Preview(effect="nothing"),
        perform=lambda call: Outcome(),
    )


def user(role: UserRole, *, is_active: bool = True) -> Actor:
    return Actor(name="ann", shell=Shell.API, role=role, is_active=is_active, accounts=frozenset({"ann1"}))


@pytest.mark.parametrize(("name", "role"), list(product(all_operations(), UserRole)))
def test_the_table_of_role_and_operation(name: str, role: UserRole) -> None:
    operation = all_operations()[name]
    for where, subject in SUBJECTS.items():
        is_own_and_lower = where == "own" and operation.exposure is Exposure.LOWERS
        is_allowed = is_own_and_lower or where in ALLOWED[operation.act][role]
        for act in (perform, preview):
            call = Call(actor=user(role), request=subject)
            if is_allowed:
                act(probe(operation), call)
            else:
                with pytest.raises(Refusal, match="ask an admin") as refused:
                    act(probe(operation), call)
                assert refused.value.ground is Ground.PERMISSION
                assert refused.value.code.startswith(f"ROLE_FORBIDS: by=ann role={role.value} operation={name}")


@pytest.mark.parametrize("name", list(all_operations()))
def test_the_owner_of_the_machine_may_do_everything(name: str) -> None:
    for subject in SUBJECTS.values():
        perform(probe(all_operations()[name]), Call(actor=owner_of_machine("ann"), request=subject))


@pytest.mark.parametrize("name", list(all_operations()))
def test_a_paused_user_may_only_lower_the_exposure_of_the_own_account(name: str) -> None:
    operation = all_operations()[name]
    for subject in SUBJECTS.values():
        call = Call(actor=user(UserRole.ADMIN, is_active=False), request=subject)
        if subject is OWN and operation.exposure is Exposure.LOWERS:
            perform(probe(operation), call)
            continue
        with pytest.raises(Refusal, match="is not active"):
            perform(probe(operation), call)


def test_each_operation_that_raises_exposure_needs_a_role() -> None:
    for operation in all_operations().values():
        if operation.exposure is Exposure.RAISES:
            assert operation.act in (UserAct.TRADE, UserAct.LAUNCH, UserAct.KEEP, UserAct.GOVERN, UserAct.SIGN_IN), operation.name


@pytest.mark.parametrize("name", list(all_operations()))
def test_an_old_sign_in_raises_neither_exposure_nor_rights(name: str) -> None:
    """And it never stands in the way of what lowers exposure."""
    operation = all_operations()[name]
    actor = replace(user(UserRole.ADMIN), is_recent=False)
    call = Call(actor=actor, request=OTHER)
    if operation.exposure is Exposure.RAISES or operation.act is UserAct.GOVERN:
        with pytest.raises(Refusal, match="asks for a sign-in of the last 5 min") as refused:
            perform(probe(operation), call)
        assert refused.value.code == f"SIGN_IN_OLD: by=ann operation={name}"
    else:
        perform(probe(operation), call)


@pytest.mark.parametrize(("name", "scope"), list(product(all_operations(), TokenScope)))
def test_the_table_of_scope_and_operation(name: str, scope: TokenScope) -> None:
    """A token reads, lowers exposure besides, or does all that the role allows."""
    operation = all_operations()[name]
    is_allowed = {
        TokenScope.READ: operation.act is UserAct.READ,
        TokenScope.STOP: operation.act is UserAct.READ or operation.exposure is Exposure.LOWERS,
        TokenScope.MANAGE: True,
    }[scope]
    call = Call(actor=replace(user(UserRole.ADMIN), scope=scope), request=OTHER)
    if is_allowed:
        perform(probe(operation), call)
        return
    with pytest.raises(Refusal, match="the token has the scope") as refused:
        perform(probe(operation), call)
    assert refused.value.code.startswith(f"SCOPE_FORBIDS: by=ann scope={scope.value}")
