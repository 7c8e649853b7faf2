"""Disposal: what becomes of positions when an account is killed."""

from enum import StrEnum


class Disposal(StrEnum):
    """What becomes of positions."""

    KEEP_STOPS = "keep-stops"
    """They stay, with their stops and targets at the venue."""
    FLATTEN = "flatten"
    """They are sold at once, by whoever kills and not by the trader."""
