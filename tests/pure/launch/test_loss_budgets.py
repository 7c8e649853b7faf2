"""A launch is promoted only while enough is left of what its stage may lose, over all of its accounts."""

from dataclasses import replace

from tests.pure.launch.launches import STAGES, Flight, plan

from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.money.amount import Amount
from fairway.risk.limits import Limits
from fairway.watch.indicators import BY_NAME
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import HOUR, MINUTE


def lose(*results: float) -> Flight:
    """The first is one account's, and the second another's; all that follow are a third's."""
    small = replace(STAGES[0], limits=Limits(loss_total=Amount.of("100", "USDT")))
    flight = Flight(plan=plan(CompiledTrack("engine", (small, *STAGES[1:]))))
    flight.fly(10 * MINUTE, MINUTE)
    growing = SeriesBuilder(BY_NAME["trade_pnl"])
    for number, result in enumerate(results):
        growing.add(flight.now, result, f"a{min(number, 2)}")
    flight.series = {"trade_pnl": growing.series()}
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    return flight


def test_who_has_lost_nearly_all_that_may_be_lost_is_not_promoted() -> None:
    assert lose(-89.99).track.stage == 1
    spent = lose(-90)
    assert spent.track.stage == 0
    assert "go back, or give up" in spent.launch.holds["budget engine"].reason


def test_what_one_account_gains_makes_up_for_nothing_that_another_loses() -> None:
    """As its traders count it, and as its limit says."""
    spent = lose(-60.0, 200.0, -50.0, 20.0)
    assert spent.track.stage == 0
    assert spent.launch.holds["budget engine"].reason.startswith("90.00 of the 100 USDT")
