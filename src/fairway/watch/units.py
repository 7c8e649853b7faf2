"""In which unit a bound on an indicator is compared."""

from collections.abc import Mapping
from typing import Final

from fairway.texts.quantities import Quantity
from fairway.watch.indicators import Measures

UNITS: Final[Mapping[Measures, str]] = {
    Measures.SECONDS: "s",
    Measures.BYTES: "B",
    Measures.R: "R",
    Measures.BASIS_POINTS: "bps",
    Measures.DOLLARS: "USD",
    Measures.MESSAGES: "",
    Measures.ONE: "",
}


def in_its_unit(bound: Quantity, measures: Measures) -> float:
    """The bound as a number that values can be compared with; of a ratio, a share of one. Raises ValueError."""
    if measures is Measures.GOOD:
        return float(bound.in_unit("%")) / 100
    return float(bound.in_unit(UNITS[measures]))
