"""Decides which accounts a stage admits, and why it refuses each of the others.

Limits of all accounts together cannot be kept by one account alone, so they are kept where leases are issued: an account that is
not admitted gets no lease, and opens nothing.
"""

from collections.abc import Sequence

from msgspec import Struct

from fairway.launch.control.guard_requirements import why_unguarded
from fairway.risk.codes import unless_allowed
from fairway.risk.limits import Limits
from fairway.world.clock import DAY, SECOND


class Applicant(Struct, frozen=True, kw_only=True):
    """An account that may want to be in. joined_at: when it was added (ns). admitted_at: when it was first admitted (ns), or 0.

    guards: those that are on; None where its trader has not reported them.
    """

    account: str
    user: str
    cohort: str
    profile: str
    joined_at: int
    admitted_at: int = 0
    guards: tuple[str, ...] | None = None


class AdmissionResult(Struct, frozen=True):
    """refused: why it is not let in, as a code; "" where it is."""

    account: str
    refused: str = ""


def admissions(
    applicants: Sequence[Applicant], limits: Limits, now: int, guards: tuple[str, ...] = (), gone: Sequence[int] = ()
) -> tuple[AdmissionResult, ...]:
    """An answer for each account: of users who are in first, oldest first, then the others as they came. now: ns.

    guards: which must be on; an account that lacks one takes no place. gone: when accounts were let in that have left (ns): in
    a day's number of new users they still count.

    Admitted users stay while there is room, so a stage that shrinks sends away those who came last. All accounts of one
    user count as one.
    """
    first = _first_let_in(applicants)
    lately = sorted(at for at in (*first.values(), *gone) if now - at < DAY)
    users: dict[str, None] = {}
    answers = []

    def turn(each: Applicant) -> tuple[bool, int, int, str]:
        return each.user not in first, first.get(each.user, 0), each.joined_at, each.account

    for each in sorted(applicants, key=turn):
        is_one_more, is_new = each.user not in users, each.user not in first
        refused = why_unguarded(each.guards, guards) or _unfit(each, limits)
        if not refused and is_one_more:
            refused = _full(len(users), limits) or (_too_many_new(lately, limits, now) if is_new else "")
        if not refused:
            users[each.user] = None
            lately += [now] if is_one_more and is_new else []
        answers.append(AdmissionResult(each.account, refused))
    return tuple(answers)


def _first_let_in(applicants: Sequence[Applicant]) -> dict[str, int]:
    """By user, when the first account was (ns)."""
    first: dict[str, int] = {}
    for each in applicants:
        if each.admitted_at:
            first[each.user] = min(first.get(each.user, each.admitted_at), each.admitted_at)
    return first


def _unfit(applicant: Applicant, limits: Limits) -> str:
    cohort = unless_allowed("cohort", applicant.cohort, limits.cohorts)
    return cohort or unless_allowed("profile", applicant.profile, limits.profiles) or ""


def _full(users: int, limits: Limits) -> str:
    return f"USERS_MAX: users={users} max={limits.users}" if limits.users is not None and users >= limits.users else ""


def _too_many_new(lately: Sequence[int], limits: Limits, now: int) -> str:
    """lately: when each user was let in who was so within 24 hours (ns), oldest first."""
    most = limits.users_a_day
    if most is None or len(lately) < most:
        return ""
    told = f"USERS_A_DAY_MAX: let_in={len(lately)} max={most}"
    return f"{told} wait_s={-(-(lately[-most] + DAY - now) // SECOND)}" if most else told
