"""The names of the risk profiles; their numbers stand in risk/profiles.py, and those of guards in each guard's own file."""

from enum import StrEnum


class Profile(StrEnum):
    CONSERVATIVE = "conservative"
    MODERATE = "moderate"
    AGGRESSIVE = "aggressive"
