"""How states look: a sign and a word beside each colour, so that nobody needs to tell colours apart."""

from enum import StrEnum
from typing import Final, NamedTuple


class Mark(StrEnum):
    """A state of a part, a gate or a position; also the name of its class in `panel.css`."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    HELD = "held"
    PENDING = "pending"


class Looks(NamedTuple):
    """sign: what is seen. word: what is read out."""

    sign: str
    word: str


MARKS: Final = {
    Mark.GOOD: Looks("✓", "in order"),
    Mark.BAD: Looks("✗", "failed"),
    Mark.UNKNOWN: Looks("?", "unknown"),
    Mark.HELD: Looks("‖", "held"),
    Mark.PENDING: Looks("…", "not yet"),
}
