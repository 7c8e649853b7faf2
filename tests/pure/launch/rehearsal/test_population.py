"""Rehearsals and the demo simulate users by one population: what they answer, and how the pilot reads their accounts."""

import pytest

from fairway.launch.plan import shipped
from fairway.launch.plan.load import parse
from fairway.launch.simulation.plan_terms import terms_of
from fairway.launch.simulation.population import SimulatedUser, SurveyAnswer, launch_accounts, survey_answer
from fairway.people.account import Cohort
from fairway.proving.users import TWELVE
from fairway.risk.profiles import Profile


@pytest.mark.parametrize(
    ("left", "answer"),
    [
        (1.2, SurveyAnswer(is_content=True, is_severe=False)),
        (0.95, SurveyAnswer(is_content=True, is_severe=False)),
        (0.9499, SurveyAnswer(is_content=False, is_severe=False)),
        (0.85, SurveyAnswer(is_content=False, is_severe=False)),
        (0.8499, SurveyAnswer(is_content=False, is_severe=True)),
    ],
)
def test_a_user_answers_by_what_is_left_of_the_opening_balance(left: float, answer: SurveyAnswer) -> None:
    assert survey_answer(left) == answer


def test_accounts_join_one_after_the_other_under_the_users_names() -> None:
    users = [SimulatedUser(name, Profile.MODERATE, Cohort.TRUSTED, 100, 200) for name in ("ann", "bob")]
    assert [(each.account, each.user, each.profile, each.cohort, each.joined_at) for each in launch_accounts(users, 7)] == [
        ("ann", "ann", "moderate", "trusted", 7),
        ("bob", "bob", "moderate", "trusted", 8),
    ]


def test_the_demo_and_a_rehearsal_take_their_users_from_it() -> None:
    rehearsed = terms_of(parse(shipped.text("beta"))).users
    assert {type(each) for each in (*rehearsed, *TWELVE)} == {SimulatedUser}
    assert {each.opening for each in TWELVE} == {2_000}
