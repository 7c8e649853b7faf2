"""A guard that only a person may lift: it does not arm itself again, whatever passes: calm prices, candles, a restart."""

from msgspec.structs import replace
from tests.scenes.by_hand import Act, Acts
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter

from fairway.journal.commands import LiftCap
from fairway.journal.kinds import CapLifted, CapRaised, GuardCleared, GuardTripped
from fairway.money.fraction import Fraction
from fairway.risk.caps import Lifting
from fairway.risk.guards.rules import GuardRules
from fairway.trading.inputs import CommandReceived

FALLS_AND_RECOVERS = {"BTC/USDT": {0: "100", 90: "94", 110: "100"}, "ETH/USDT": {0: "100"}}
WISHES = [enter(bar, symbol="ETH/USDT") for bar in (3, 5, 7)]
"""Two before a person has looked, with a `kill -9` between them, and one after."""


def lift(cap_id: str) -> Act:
    return lambda stage: stage.trader.take(None, CommandReceived(1, "ann", LiftCap(reason="a news day; over", cap_id=cap_id)))


def assert_a_person_ended_it(stage: Scene, cap_id: str) -> None:
    assert len(stage.events(GuardTripped)) == 1
    [raised] = [event.cap for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert (raised.id, raised.lifting) == (cap_id, Lifting.PERSON)
    assert stage.refusals() == ["STATE_REDUCE_ONLY"] * 2
    assert stage.events(GuardCleared) == []
    assert [event.by for event in stage.events(CapLifted) if isinstance(event, CapLifted)] == ["ann"]
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT", "ETHUSDT"]
    assert stage.account_state.limits.caps == {}


def test_a_loss_of_the_day_that_was_won_back_opens_nothing_by_itself() -> None:
    """The position is worth what it was, and the figure is zero: the cap stays all the same."""
    rules = replace(RULES, per_trade=Fraction.parse("50 %"), guards=GuardRules(daily_loss=Fraction.parse("1 %")))
    acts: Acts = {260: Scene.kill_and_restart_trader, 400: lift("guard daily loss")}
    stage = Scene(enter(0, stop="60", target="140"), *WISHES, prices=FALLS_AND_RECOVERS, rules=rules, acts=acts)
    stage.run(minutes=10)
    stage.assert_belief_is_truth()
    assert_a_person_ended_it(stage, "guard daily loss")


def test_a_loss_that_was_closed_counts_until_a_person_has_looked_and_then_no_more() -> None:
    """Its position is gone at 95. Lifted, the guard counts from there: it does not raise its cap again at once."""
    rules = replace(RULES, guards=GuardRules(losses_in_a_row=1))
    acts: Acts = {260: Scene.kill_and_restart_trader, 400: lift("guard losses in a row")}
    stage = Scene(enter(0), *WISHES, prices=FALLS_AND_RECOVERS, rules=rules, acts=acts)
    stage.run(minutes=10)
    stage.assert_belief_is_truth()
    assert_a_person_ended_it(stage, "guard losses in a row")
