"""The account is worth most between two candles of fifteen minutes, and falls from there: drawdown counts from that peak."""

from decimal import Decimal

from msgspec.structs import replace
from tests.scenes.harness import Scene
from tests.scenes.test_an_account_loses_too_much import HALF, far, trips

from fairway.journal.kinds import GuardTripped, Marked
from fairway.money.fraction import Fraction
from fairway.risk.escalation import Level
from fairway.risk.guards.rules import GuardRules

DRAWDOWN = replace(HALF, guards=GuardRules(drawdown=Fraction.parse("5 %")))
UP_AND_BACK = {"BTC/USDT": {0: "100", 1000: "108", 1060: "116", 1200: "108", 1300: "100"}}
"""Half of the account: its worth rises by 8 % and falls by 7.4 % of its peak, all within one candle (900 s to 1800 s)."""


class Slow(Scene):
    interval = "15m"


def test_a_fall_from_a_peak_within_a_candle_is_an_emergency() -> None:
    stage = Slow(far(0), prices=UP_AND_BACK, rules=DRAWDOWN)
    stage.run(minutes=25)
    stage.assert_belief_is_truth()
    assert trips(stage)[-1] == ("drawdown", "", Level.EMERGENCY)
    tripped = stage.seconds_of(GuardTripped)[-1]
    assert 1300 < tripped < 1305
    assert stage.held_at_exchange()["BTC"] < Decimal("0.001")


def test_one_price_alone_makes_no_peak() -> None:
    """The next look finds the account as it was, so the account has not fallen from anything."""
    spike = {"BTC/USDT": {0: "100", 1000: "109", 1001: "100"}}
    stage = Slow(far(0), prices=spike, rules=DRAWDOWN)
    stage.run(minutes=25)
    assert trips(stage) == []
    assert len(stage.events(Marked)) <= 5
