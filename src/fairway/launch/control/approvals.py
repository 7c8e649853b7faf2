"""Approvals: n of m people by role, never the author, each bound to what was approved, and each with an end.

Where one person is alone, time is the second one: a person who approves again, at least twelve hours later and after a new login,
counts as two, up to a ceiling of capital.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import msgspec
from msgspec import Struct

from fairway.launch.evidence.model import Evidence
from fairway.launch.plan.stage_ref import StageRef
from fairway.money.amount import Amount
from fairway.world.clock import HOUR

ALONE_AFTER_NS: Final = 12 * HOUR
"""After this time the same person may approve as the second one."""


class Approval(Struct, frozen=True, kw_only=True):
    """stage: what it lets be entered. binds: digest of plan, release, limits and evidence when it was given.

    login: of the session in which it was given; at, ends_at: ns.
    """

    stage: StageRef
    role: str
    person: str
    login: str
    binds: str
    at: int
    ends_at: int
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Need:
    """What a stage asks for. roles: how many people of each. alone: whether time may be the second person, up to a capital."""

    roles: Mapping[str, int]
    author: str
    alone: bool = False
    capital: Amount | None = None
    capital_alone_max: Amount | None = None
    alone_after_ns: int = ALONE_AFTER_NS


def bound(plan: str, release: str, limits: str, evidence: Iterable[Evidence]) -> str:
    """The digest of what is approved: any change of it voids the approval."""
    words = sorted((each.claim, each.digest, each.holds, each.release) for each in evidence)
    return sha256(msgspec.json.encode((plan, release, limits, words))).hexdigest()


def valid(given: Iterable[Approval], stage: StageRef, binds: str, now: int) -> list[Approval]:
    """The approvals of a stage that fit the current digest, and have not expired at an instant (ns)."""
    return [each for each in given if each.stage == stage and each.binds == binds and each.at <= now < each.ends_at]


def missing(need: Need, given: Sequence[Approval]) -> list[str]:
    """The approvals that are missing, in words. given: valid ones."""
    return _missing_alone(need, given) if need.alone else _missing(need, given)


def _missing(need: Need, given: Sequence[Approval]) -> list[str]:
    """One person counts in one role only, and the author in none."""
    lacks, counted = [], set[str]()
    for role, number in need.roles.items():
        found = sorted({each.person for each in given if each.role == role} - counted - {need.author})[:number]
        counted |= set(found)
        if len(found) < number:
            lacks.append(f"{number - len(found)} more as {role} ({len(found)} of {number} given)")
    return lacks


def _missing_alone(need: Need, given: Sequence[Approval]) -> list[str]:
    """Time is the second person; how far that goes is bounded by the capital."""
    asked = sum(need.roles.values())
    if not asked:
        return []
    if need.capital is None or need.capital_alone_max is None or need.capital.value > need.capital_alone_max.value:
        return [f"a second person: alone one may approve up to {need.capital_alone_max or 'nothing'}, and this is {need.capital}"]
    if not given:
        return ["your own"]
    hours = need.alone_after_ns // HOUR
    if asked > 1 and not _is_confirmed(need, given):
        return [f"your own once more, at least {hours} hours after the first and after a new login"]
    return []


def _is_confirmed(need: Need, given: Sequence[Approval]) -> bool:
    return any(
        second.person == first.person and second.login != first.login and second.at - first.at >= need.alone_after_ns
        for first in given
        for second in given
    )
