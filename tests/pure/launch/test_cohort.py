"""Who may be in a stage: each limit at its very edge, whoever came first first, and a reason for everybody else."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as some
from msgspec.structs import replace

from fairway.launch.control.cohort import AdmissionResult, Applicant, admissions
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.world.clock import DAY, HOUR, SECOND

NOW = 20_000 * DAY


def ann(number: int, **changes: Any) -> Applicant:
    """The account `a1` of the user `u1`, and so on, as they came."""
    one = Applicant(
        account=f"a{number}", user=f"u{number}", cohort="public", profile="moderate", joined_at=NOW - DAY * 9 + number * SECOND
    )
    return replace(one, **changes)


def refused(applicants: list[Applicant], **limits: Any) -> dict[str, str]:
    """Who is not let in, and why."""
    return {answer.account: answer.refused for answer in admissions(applicants, Limits(**limits), NOW) if answer.refused}


def test_without_limits_everybody_is_let_in_as_they_came() -> None:
    assert admissions([ann(2), ann(1)], NO_LIMITS, NOW) == (AdmissionResult("a1"), AdmissionResult("a2"))


def test_only_some_cohorts_and_profiles_are_let_in() -> None:
    """What nobody said of an account is none of those."""
    people = [ann(1, cohort="team"), ann(2, cohort="trusted", profile="aggressive"), ann(3, cohort="")]
    assert refused(people, cohorts=frozenset({"team", "trusted"})) == {
        "a3": "COHORT_NOT_ALLOWED: cohort=none allowed=team,trusted"
    }
    assert refused(people, profiles=frozenset({"moderate"})) == {"a2": "PROFILE_NOT_ALLOWED: profile=aggressive allowed=moderate"}
    assert set(refused(people, profiles=frozenset())) == {"a1", "a2", "a3"}


def test_so_many_users_and_no_more() -> None:
    """With all of their accounts: a user is one, however many those are."""
    people = [ann(1), ann(2), ann(3, user="u1"), ann(4)]
    assert refused(people, users=2) == {"a4": "USERS_MAX: users=2 max=2"}
    assert refused(people, users=3) == {}
    assert set(refused(people, users=0)) == {"a1", "a2", "a3", "a4"}


def test_whoever_is_in_stays_and_a_stage_that_shrinks_sends_the_last_away() -> None:
    """By when they were let in, not by when their accounts were added."""
    people = [ann(1), ann(2, admitted_at=NOW - HOUR), ann(3, admitted_at=NOW - 2 * HOUR)]
    assert set(refused(people, users=2)) == {"a1"}
    assert set(refused(people, users=1)) == {"a1", "a2"}


def test_whoever_has_left_was_a_new_user_of_the_day_all_the_same() -> None:
    """Else a day would let in as many as come and go."""
    people = [ann(1, admitted_at=NOW - HOUR), ann(2)]

    def answers(*gone: int) -> list[str]:
        return [each.account for each in admissions(people, Limits(users_a_day=2), NOW, gone=gone) if each.refused]

    assert answers() == answers(NOW - DAY) == []
    assert answers(NOW - DAY + 1) == ["a2"]


def test_so_many_new_users_within_a_day() -> None:
    """To the nanosecond after 24 hours a place is free; whoever is in already takes none."""
    people = [ann(1, admitted_at=NOW - DAY + 1), ann(2, admitted_at=NOW - 5 * DAY), ann(3), ann(4)]
    assert refused(people, users_a_day=2) == {"a4": "USERS_A_DAY_MAX: let_in=2 max=2 wait_s=1"}
    assert refused([ann(1, admitted_at=NOW - DAY), *people[1:]], users_a_day=2) == {}
    hours = [ann(number, admitted_at=NOW - number * HOUR) for number in (1, 2, 3)]
    assert refused([*hours, ann(4)], users_a_day=2) == {"a4": f"USERS_A_DAY_MAX: let_in=3 max=2 wait_s={22 * 3600}"}
    assert refused(people, users_a_day=0) == dict.fromkeys(("a3", "a4"), "USERS_A_DAY_MAX: let_in=1 max=0")


def test_the_second_account_of_a_user_who_is_in_takes_no_place() -> None:
    """Also where the first one was sent away."""
    people = [ann(1, admitted_at=NOW - 5 * DAY, cohort="team"), ann(2, user="u1")]
    assert refused(people, users_a_day=0, cohorts=frozenset({"public"})) == {
        "a1": "COHORT_NOT_ALLOWED: cohort=team allowed=public"
    }


def drawn(number: int, user: int, halves: int, cohort: str) -> Applicant:
    """Let in so many half days ago; never, where it is 0."""
    return ann(number, user=f"u{user}", cohort=cohort, admitted_at=NOW - halves * DAY // 2 if halves else 0)


cohorts = some.sampled_from(["team", "public"])
people_drawn = some.lists(
    some.builds(drawn, some.integers(1, 99), some.integers(1, 6), some.integers(0, 6), cohorts),
    unique_by=lambda it: it.account,
    max_size=12,
)


@given(people_drawn, some.integers(0, 6), some.integers(0, 6))
def test_no_more_are_let_in_than_each_limit_says(people: list[Applicant], users: int, new: int) -> None:
    """Asked again with whoever was let in, the answers are the same: nobody is sent away who was just let in."""
    limits = Limits(users=users, users_a_day=new, cohorts=frozenset({"public"}))
    answers = admissions(people, limits, NOW)
    let_in = {answer.account for answer in answers if not answer.refused}
    by_account = {it.account: it for it in people}
    old = {it.user for it in people if it.admitted_at}
    before = {it.user for it in people if it.admitted_at and NOW - it.admitted_at >= DAY}
    entered = {by_account[name].user for name in let_in}
    assert {answer.account for answer in answers} == set(by_account)
    assert len(entered) <= users
    assert len(entered - old) <= max(new - len(old - before), 0)
    again = [replace(it, admitted_at=it.admitted_at or NOW) if it.account in let_in else it for it in people]
    assert {answer.account for answer in admissions(again, limits, NOW) if not answer.refused} == let_in
