"""Describes the users of a simulated launch: who they are, what they bring, and what they answer to a survey.

A rehearsal and the demo of `fairway.proving` simulate the same kind of users by it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from fairway.launch.control.launch_events import LaunchAccount
from fairway.people.account import Cohort
from fairway.risk.profiles import Profile

CONTENT_FROM: Final = 0.95
"""A user who has this share of the opening balance left is content."""
SEVERE_BELOW: Final = 0.85
"""A user who has less than this share left complains severely."""


@dataclass(frozen=True, slots=True)
class SimulatedUser:
    """A user with one account, which has the user's name."""

    name: str
    profile: Profile
    cohort: Cohort
    cents_min: int
    """The least opening balance, in cents of the quote currency; a simulation draws one between the two."""
    cents_max: int

    @property
    def opening(self) -> int:
        """The largest opening balance, in whole units of the quote currency."""
        return self.cents_max // 100


class SurveyAnswer(NamedTuple):
    """What a user answers when asked whether the bot may go on."""

    is_content: bool
    is_severe: bool
    """Whether the answer is a severe complaint."""


def survey_answer(left: float) -> SurveyAnswer:
    """left: the share of the opening balance that the user still has."""
    return SurveyAnswer(is_content=left >= CONTENT_FROM, is_severe=left < SEVERE_BELOW)


def launch_accounts(users: Iterable[SimulatedUser], since: int = 0) -> tuple[LaunchAccount, ...]:
    """The accounts as a pilot reads them from the trader, in the order of joining. since: when the first one joined (ns)."""
    return tuple(
        LaunchAccount(
            account=user.name, user=user.name, profile=user.profile.value, cohort=user.cohort.value, joined_at=since + number
        )
        for number, user in enumerate(users)
    )
