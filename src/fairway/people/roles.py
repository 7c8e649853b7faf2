"""Who may do what, as one table and one rule: operations and the registrar ask `denial` before anything is changed."""

from enum import StrEnum
from typing import Final


class UserRole(StrEnum):
    """What a user is here for."""

    ADMIN = "admin"
    TRADER = "trader"
    SUPPORT = "support"
    """Helps others: may stop what it sees going wrong, and start nothing."""
    VIEWER = "viewer"


class UserAct(StrEnum):
    """What may be done to people and accounts."""

    OWN = "have accounts"
    PAUSE = "pause an account"
    KEEP = "add, resume, rotate or remove an account"
    GOVERN = "change users"
    STOP = "stop trading"
    """Kill, pause, hold, demote, abort, close: it lowers exposure, so each user may do it to the own accounts."""
    TRADE = "let an account trade"
    """Resume, lift, lease: it raises exposure."""
    LAUNCH = "decide about a launch"
    """Approve, promote, release, waive, review, bring evidence. The plan says besides whose word counts."""
    RESPOND = "respond to incidents and tickets"
    """Declare, acknowledge, resolve; answer a ticket. Each user may open a ticket of the own."""
    READ = "read"
    SIGN_IN = "keep a sign-in"
    """Set a password, issue and revoke tokens."""


class ActReach(StrEnum):
    """Whose users and accounts a role may do an act to."""

    NONE = "none"
    SELF = "self"
    ALL = "all"


RULES: Final[dict[UserRole, dict[UserAct, ActReach]]] = {
    UserRole.ADMIN: {UserAct.OWN: ActReach.SELF} | {act: ActReach.ALL for act in UserAct if act is not UserAct.OWN},
    UserRole.TRADER: {
        UserAct.OWN: ActReach.SELF,
        UserAct.PAUSE: ActReach.SELF,
        UserAct.KEEP: ActReach.SELF,
        UserAct.GOVERN: ActReach.NONE,
        UserAct.STOP: ActReach.SELF,
        UserAct.TRADE: ActReach.SELF,
        UserAct.LAUNCH: ActReach.NONE,
        UserAct.RESPOND: ActReach.SELF,
        UserAct.READ: ActReach.SELF,
        UserAct.SIGN_IN: ActReach.SELF,
    },
    UserRole.SUPPORT: {
        UserAct.OWN: ActReach.NONE,
        UserAct.PAUSE: ActReach.ALL,
        UserAct.KEEP: ActReach.NONE,
        UserAct.GOVERN: ActReach.NONE,
        UserAct.STOP: ActReach.ALL,
        UserAct.TRADE: ActReach.NONE,
        UserAct.LAUNCH: ActReach.NONE,
        UserAct.RESPOND: ActReach.ALL,
        UserAct.READ: ActReach.ALL,
        UserAct.SIGN_IN: ActReach.SELF,
    },
    UserRole.VIEWER: {
        UserAct.OWN: ActReach.NONE,
        UserAct.PAUSE: ActReach.NONE,
        UserAct.KEEP: ActReach.NONE,
        UserAct.GOVERN: ActReach.NONE,
        UserAct.STOP: ActReach.SELF,
        UserAct.TRADE: ActReach.NONE,
        UserAct.LAUNCH: ActReach.NONE,
        UserAct.RESPOND: ActReach.SELF,
        UserAct.READ: ActReach.ALL,
        UserAct.SIGN_IN: ActReach.SELF,
    },
}
"""By role: whose accounts each act may be done to."""


def may(role: UserRole, act: UserAct, *, to_self: bool) -> bool:
    """Whether a role may do this, to the user's own things or to another's."""
    match RULES[role][act]:
        case ActReach.ALL:
            return True
        case ActReach.SELF:
            return to_self
        case ActReach.NONE:
            return False


class Denial(StrEnum):
    """Why a user may not do something."""

    INACTIVE = "ROLE_INACTIVE"
    """The user is paused or removed."""
    FORBIDDEN = "ROLE_FORBIDS"
    """The role does not allow it."""


def denial(role: UserRole, act: UserAct, *, is_active: bool, to_self: bool, lowers: bool) -> Denial | None:
    """Why a user may not do this; None where the user may.

    lowers: it lowers exposure. A user may always do that to the own accounts, in every role and also while paused: lowering
    exposure needs no approval.
    """
    if lowers and to_self:
        return None
    if not is_active:
        return Denial.INACTIVE
    return None if may(role, act, to_self=to_self) else Denial.FORBIDDEN
