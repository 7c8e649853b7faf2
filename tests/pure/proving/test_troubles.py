"""What excuses a trader that does not protect in time, and for how long."""

import pytest

from fairway.proving.faults import CHOICES
from fairway.proving.script import Misdeed
from fairway.proving.troubles import Trouble, of_misdeeds
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS


def excused(kind: str, since: float, until: float) -> list[tuple[float, float]]:
    """Seconds from the beginning of a play."""
    troubles = of_misdeeds([Misdeed(kind, since, until)])
    return [((it.since - EPOCH_NS) / SECOND, (it.until - EPOCH_NS) / SECOND) for it in troubles if isinstance(it, Trouble)]


@pytest.mark.parametrize("kind", ["absurd_prices", "crossed_book", "frozen_book"])
def test_prices_that_cannot_be_excuse_nothing(kind: str) -> None:
    """Of a stop the exchange alone is the judge."""
    assert kind in CHOICES
    assert excused(kind, 60, 80) == []


def test_what_is_used_up_is_so_to_the_end_of_the_exchanges_minute() -> None:
    """And not a second longer."""
    assert excused("rate_limit_storm", 60.5, 63.5) == [(60.5, 120)]
    assert excused("rate_limit_storm", 60.5, 120) == [(60.5, 120)]
    assert excused("maintenance", 60.5, 63.5) == [(60.5, 63.5)]
