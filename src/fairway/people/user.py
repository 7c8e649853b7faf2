"""A user: a person whose accounts are traded, or who looks after the accounts of others."""

import re
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.people.lifecycle import TRANSITIONS, Change, State
from fairway.people.problems import Refused
from fairway.people.roles import Role

USER_FORM: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
NAME_MAX: Final = 80


class Profile(StrEnum):
    """How much a user is ready to lose; risk/ knows its numbers."""

    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"


class Said(Struct, frozen=True, kw_only=True):
    """Who changed something, why, and when (ns). reason is "" where none was asked for."""

    by: str
    reason: str
    at: int


class User(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    role: Role
    profile: Profile
    state: State = State.ACTIVE
    created_at: int
    said: Said
    """Of the last change of its state."""


def check_user(user: User) -> User:
    """A user as it may be added. Raises Refused."""
    if not USER_FORM.fullmatch(user.id):
        raise Refused(
            f"{user.id!r} is no user's id: up to 32 small letters, digits, dots, hyphens or underlines; a right one is 'ann'"
        )
    if len(user.name) > NAME_MAX or not user.name.isprintable():
        raise Refused(f"the name of user {user.id} has more than {NAME_MAX} characters, or some that do not print")
    return user


def after(state: State, change: Change, thing: str, said: Said) -> State:
    """The state after a change. Raises Refused where there is none; thing is like `account main`, said is of its last change."""
    found = TRANSITIONS.get((state, change))
    if found is None:
        raise Refused(f"{thing} is {state}, by {said.by}{_because(said.reason)}; {_ADVICE[state]}")
    return found


def changed(user: User, change: Change, said: Said) -> User:
    """The user after a change. Raises Refused."""
    return replace(user, state=after(user.state, change, f"user {user.id}", user.said), said=said)


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


_ADVICE: Final = {
    State.ACTIVE: "there is nothing to resume",
    State.PAUSED: "it opens nothing until it is resumed",
    State.DEACTIVATED: "the venue refuses its keys, so give it new ones first: fairway accounts rotate",
    State.REMOVED: "a removed user does not come back; add one under another id",
}
