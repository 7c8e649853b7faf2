"""A user: a person whose accounts are traded, or who looks after the accounts of others."""

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.people.lifecycle import TRANSITIONS, AccountChange, LifecycleState
from fairway.people.problems import ChangeRefused
from fairway.people.roles import UserRole

USER_FORM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
NAME_MAX: Final = 80


class Profile(StrEnum):
    """How much a user is ready to lose; risk/ knows its numbers."""

    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"


class ChangeNote(Struct, frozen=True, kw_only=True):
    """The author of a change, its reason and its instant (ns). reason: "" where none is required."""

    by: str
    reason: str
    at: int


class User(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    role: UserRole
    profile: Profile
    state: LifecycleState = LifecycleState.ACTIVE
    created_at: int
    said: ChangeNote
    """Of the last change of its state."""


def check_user(user: User) -> User:
    """A user as it may be added. Raises ChangeRefused."""
    if not USER_FORM.fullmatch(user.id):
        raise ChangeRefused(
            f"{user.id!r} is no user's id: up to 32 small letters, digits, dots, hyphens or underlines; a right one is 'ann'"
        )
    if len(user.name) > NAME_MAX or not user.name.isprintable():
        raise ChangeRefused(f"the name of user {user.id} has more than {NAME_MAX} characters, or some that do not print")
    return user


def after(state: LifecycleState, change: AccountChange, thing: str, said: ChangeNote) -> LifecycleState:
    """The state after a change. Raises ChangeRefused where there is none; thing is like `account main`, said is of its last
    change."""
    found = TRANSITIONS.get((state, change))
    if found is None:
        raise ChangeRefused(f"{thing} is {state}, by {said.by}{_because(said.reason)}; {_ADVICE[state]}")
    return found


def changed(user: User, change: AccountChange, said: ChangeNote) -> User:
    """The user after a change. Raises ChangeRefused."""
    return replace(user, state=after(user.state, change, f"user {user.id}", user.said), said=said)


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


_ADVICE: Final = {
    LifecycleState.ACTIVE: "there is nothing to resume",
    LifecycleState.PAUSED: "it opens nothing until it is resumed",
    LifecycleState.DEACTIVATED: "the venue refuses its keys, so give it new ones first: fairway accounts rotate",
    LifecycleState.REMOVED: "a removed user does not come back; add one under another id",
}
