"""Says whether positions are protected, as far as it is known."""

from enum import StrEnum


class PositionProtection(StrEnum):
    """Whether stops at the venue cover everything that is held."""

    PROTECTED = "protected"
    UNPROTECTED = "unprotected"
    UNKNOWN = "unknown"
