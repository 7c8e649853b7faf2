"""The service level indicators: what is measured, in which unit it is counted, what a value means, and where it comes from.

One observation is one unit: an order intent, a probe, an API call; never a fill where an order is meant, nor a tick. A ratio's
value is 1 for a good observation and 0 for a bad one.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Unit(StrEnum):
    """What one observation is."""

    ORDER_INTENT = "order intent"
    PROBE = "probe"
    API_CALL = "API call"
    QUERY = "query"
    SIGNAL = "signal"
    ROUND_TRIP = "round trip"
    FILL = "fill"
    SAMPLE = "sample"
    EVENT = "event"


class Measures(StrEnum):
    """What a value is."""

    GOOD = "1 for good, 0 for bad"
    SECONDS = "seconds"
    BYTES = "bytes"
    R = "R, multiples of the risk that was planned"
    BASIS_POINTS = "basis points"
    DOLLARS = "dollars"
    MESSAGES = "messages"
    ONE = "1 for each"


@dataclass(frozen=True, slots=True)
class Indicator:
    """label: what an observation is labelled with, such as a user or a kind of event; "" where it bears none.

    every_s: the seconds between two observations where they come by the clock, so that coverage is known; None where they come
    with trading. source: where its observations come from, in one sentence; "" where nothing measures it yet.
    """

    name: str
    unit: Unit
    measures: Measures
    means: str
    source: str
    label: str = ""
    every_s: int | None = None


INDICATORS: Final = (
    Indicator(
        "order_success",
        Unit.ORDER_INTENT,
        Measures.GOOD,
        "an order came to the end it was meant for: filled, or cancelled by us; not rejected, lost or expired",
        "the life of each order in the journal",
        label="account",
    ),
)
"""Every indicator; one more is one entry here, and its source in this room."""

BY_NAME: Final = {each.name: each for each in INDICATORS}
