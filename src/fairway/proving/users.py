"""The twelve users of the demo's launch: three profiles, and how near each is to whoever runs the bot."""

from dataclasses import dataclass
from typing import Final

from fairway.people.account import Cohort
from fairway.risk.profiles import Profile


@dataclass(frozen=True, slots=True)
class User:
    """opening: USDT that the account begins with. The account has the user's name."""

    name: str
    profile: Profile
    cohort: Cohort
    opening: int = 2_000


TWELVE: Final = (
    User("ada", Profile.CONSERVATIVE, Cohort.TEAM),
    User("ben", Profile.CONSERVATIVE, Cohort.TEAM),
    User("cleo", Profile.CONSERVATIVE, Cohort.TRUSTED),
    User("dan", Profile.MODERATE, Cohort.TRUSTED),
    User("elsa", Profile.AGGRESSIVE, Cohort.TRUSTED),
    User("finn", Profile.CONSERVATIVE, Cohort.TRUSTED),
    User("gina", Profile.MODERATE, Cohort.TRUSTED),
    User("hugo", Profile.AGGRESSIVE, Cohort.TRUSTED),
    User("iris", Profile.MODERATE, Cohort.TRUSTED),
    User("jan", Profile.AGGRESSIVE, Cohort.TRUSTED),
    User("kim", Profile.MODERATE, Cohort.PUBLIC),
    User("leo", Profile.AGGRESSIVE, Cohort.PUBLIC),
)
"""Two of the team, eight who are trusted, and two who wait until everybody is let in."""
