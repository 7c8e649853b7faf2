"""Disposal: what happens to positions when an account is killed."""

from enum import StrEnum


class Disposal(StrEnum):
    """What happens to positions."""

    KEEP_STOPS = "keep-stops"
    """They stay, with their stops and targets at the venue."""
    FLATTEN = "flatten"
    """They are sold at once, by the program that kills and not by the trader."""
