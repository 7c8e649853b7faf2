"""Who may do what, as one table. Every command asks it before anything about people or accounts is changed."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What a user is here for."""

    ADMIN = "admin"
    TRADER = "trader"
    SUPPORT = "support"
    """Helps others: may stop what it sees going wrong, and start nothing."""
    VIEWER = "viewer"


class Act(StrEnum):
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


class Reach(StrEnum):
    """Whose users and accounts a role may do an act to."""

    NONE = "none"
    SELF = "self"
    ALL = "all"


RULES: Final[dict[Role, dict[Act, Reach]]] = {
    Role.ADMIN: {Act.OWN: Reach.SELF} | {act: Reach.ALL for act in Act if act is not Act.OWN},
    Role.TRADER: {
        Act.OWN: Reach.SELF,
        Act.PAUSE: Reach.SELF,
        Act.KEEP: Reach.SELF,
        Act.GOVERN: Reach.NONE,
        Act.STOP: Reach.SELF,
        Act.TRADE: Reach.SELF,
        Act.LAUNCH: Reach.NONE,
        Act.READ: Reach.SELF,
    },
    Role.SUPPORT: {
        Act.OWN: Reach.NONE,
        Act.PAUSE: Reach.ALL,
        Act.KEEP: Reach.NONE,
        Act.GOVERN: Reach.NONE,
        Act.STOP: Reach.ALL,
        Act.TRADE: Reach.NONE,
        Act.LAUNCH: Reach.NONE,
        Act.READ: Reach.ALL,
    },
    Role.VIEWER: {
        Act.OWN: Reach.NONE,
        Act.PAUSE: Reach.NONE,
        Act.KEEP: Reach.NONE,
        Act.GOVERN: Reach.NONE,
        Act.STOP: Reach.SELF,
        Act.TRADE: Reach.NONE,
        Act.LAUNCH: Reach.NONE,
        Act.READ: Reach.ALL,
    },
}
"""By role: whose accounts each act may be done to."""


def may(role: Role, act: Act, *, to_self: bool) -> bool:
    """Whether a role may do this, to the user's own things or to another's."""
    match RULES[role][act]:
        case Reach.ALL:
            return True
        case Reach.SELF:
            return to_self
        case Reach.NONE:
            return False
