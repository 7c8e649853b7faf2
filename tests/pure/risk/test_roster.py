"""The roster: which guards the rules ask for, what it tells of them, and what it remembers of entries."""

from decimal import Decimal
from typing import Any

import pytest
from tests.pure.risk.guard_ground import Ground, usdt

from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.risk.guards.port import Planned, Sent
from fairway.world.clock import SECOND

FIVE = Fraction.parse("5 %")


@pytest.mark.parametrize(
    ("rules", "is_on"),
    [
        ({"daily_loss": FIVE}, True),
        ({"breaker_loss": FIVE}, True),
        ({"drawdown": FIVE}, True),
        ({"position_loss": usdt("50")}, False),
    ],
)
def test_an_unknown_worth_is_watched_where_any_guard_needs_the_worth(rules: dict[str, Any], is_on: bool) -> None:
    assert ("unknown worth" in Ground(worth_unknown_ns=10 * SECOND, **rules).roster.bounds()) is is_on
    assert "unknown worth" not in Ground(worth_unknown_ns=0, **rules).roster.bounds()


def test_each_guard_that_is_on_is_told_with_its_bounds_by_level() -> None:
    """As a start writes them into the journal, by which a pilot knows who is guarded."""
    told = Ground(daily_loss=FIVE, breaker_loss=Fraction.parse("9 %"), worth_unknown_ns=10 * SECOND).roster.bounds()
    assert told == {
        "daily loss": {"WARNING": Decimal("0.035"), "CRITICAL": Decimal("0.05"), "EMERGENCY": Decimal("0.09")},
        "unknown worth": {"CRITICAL": Decimal(10)},
    }


def test_only_what_was_sent_to_enter_is_remembered_as_an_entry() -> None:
    """A stop or a sale of the same plan repeats nothing."""
    ground = Ground()
    stop, target = Price.of("98", "BTC", "USDT"), Price.of("104", "BTC", "USDT")
    ground.roster.observe(Planned("BTC/USDT", None, stop, target, ground.now))
    for is_entry in (False, True):
        ground.roster.observe(Sent("BTC/USDT", Amount.of("1", "BTC"), is_entry, ground.now))
        assert len(list(ground.roster.entries.since(0))) == int(is_entry)
