"""The twelve users of the demo's launch: their risk profile, and their cohort: team, trusted users or the public."""

from typing import Final

from fairway.launch.simulation.population import SimulatedUser
from fairway.people.account import Cohort
from fairway.risk.profiles import Profile

OPENING_CENTS: Final = 200_000
"""2,000 USDT."""


def _user(name: str, profile: Profile, cohort: Cohort) -> SimulatedUser:
    return SimulatedUser(name, profile, cohort, OPENING_CENTS, OPENING_CENTS)


TWELVE: Final = (
    _user("ada", Profile.CONSERVATIVE, Cohort.TEAM),
    _user("ben", Profile.CONSERVATIVE, Cohort.TEAM),
    _user("cleo", Profile.CONSERVATIVE, Cohort.TRUSTED),
    _user("dan", Profile.MODERATE, Cohort.TRUSTED),
    _user("elsa", Profile.AGGRESSIVE, Cohort.TRUSTED),
    _user("finn", Profile.CONSERVATIVE, Cohort.TRUSTED),
    _user("gina", Profile.MODERATE, Cohort.TRUSTED),
    _user("hugo", Profile.AGGRESSIVE, Cohort.TRUSTED),
    _user("iris", Profile.MODERATE, Cohort.TRUSTED),
    _user("jan", Profile.AGGRESSIVE, Cohort.TRUSTED),
    _user("kim", Profile.MODERATE, Cohort.PUBLIC),
    _user("leo", Profile.AGGRESSIVE, Cohort.PUBLIC),
)
"""Two of the team, eight who are trusted, and two who wait for the stage that is open to the public."""
