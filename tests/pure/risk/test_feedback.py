"""What a closed trade teaches the guards: its result, what it moved before fees, and what it risked."""

from decimal import Decimal

from tests.pure.risk.guard_ground import MIDNIGHT, Ground, usdt

from fairway.ledger.result import RoundTrip
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.risk.escalation import Level
from fairway.risk.feedback import of_closed_trade
from fairway.risk.guards.port import Planned


def trip(result: str) -> RoundTrip:
    """2 BTC from 100 to 110: 20 before fees."""
    return RoundTrip(
        symbol="BTC/USDT",
        opened_at=MIDNIGHT,
        closed_at=MIDNIGHT,
        quantity=Amount.of("2", "BTC"),
        entry=Decimal(100),
        exit=Decimal(110),
        result=usdt(result),
    )


def plan(ground: Ground, stop: str) -> None:
    stop_at, target = Price.of(stop, "BTC", "USDT"), Price.of("120", "BTC", "USDT")
    ground.roster.observe(Planned("BTC/USDT", Price.of("100", "BTC", "USDT"), stop_at, target, MIDNIGHT))


def test_fees_are_what_a_trade_moved_less_its_result() -> None:
    """Ten trips of 20, of which 10 were left: half of it is allowed, and a cent more of fees is not."""
    for result, alarm in (("10", []), ("9.99", [("fee churn", Level.WARNING)])):
        ground = Ground(fees=Fraction.parse("50 %"))
        for _ in range(10):
            of_closed_trade(ground.roster, trip(result))
        assert ground.look() == alarm


def test_a_result_is_told_in_multiples_of_what_was_risked() -> None:
    """By the stop that it was entered with, once: 8 of the 4 that were at risk; the next trip has no plan."""
    ground = Ground(edge=True)
    plan(ground, "98")
    for _ in range(2):
        of_closed_trade(ground.roster, trip("8"))
    record = ground.roster.record
    assert record is not None
    assert (record.trades, record.wins, record.win) == (1, 1, Decimal(2))


def test_a_trade_that_was_entered_at_its_stop_or_below_has_risked_nothing() -> None:
    for stop in ("100", "101"):
        ground = Ground(edge=True)
        plan(ground, stop)
        of_closed_trade(ground.roster, trip("8"))
        assert ground.roster.record is None or ground.roster.record.trades == 0
