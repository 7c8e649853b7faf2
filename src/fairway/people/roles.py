"""Who may do what, as one table. Every command asks it before anything about people or accounts is changed."""

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
    READ = "read"


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
        UserAct.READ: ActReach.SELF,
    },
    UserRole.SUPPORT: {
        UserAct.OWN: ActReach.NONE,
        UserAct.PAUSE: ActReach.ALL,
        UserAct.KEEP: ActReach.NONE,
        UserAct.GOVERN: ActReach.NONE,
        UserAct.STOP: ActReach.ALL,
        UserAct.TRADE: ActReach.NONE,
        UserAct.LAUNCH: ActReach.NONE,
        UserAct.READ: ActReach.ALL,
    },
    UserRole.VIEWER: {
        UserAct.OWN: ActReach.NONE,
        UserAct.PAUSE: ActReach.NONE,
        UserAct.KEEP: ActReach.NONE,
        UserAct.GOVERN: ActReach.NONE,
        UserAct.STOP: ActReach.SELF,
        UserAct.TRADE: ActReach.NONE,
        UserAct.LAUNCH: ActReach.NONE,
        UserAct.READ: ActReach.ALL,
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
