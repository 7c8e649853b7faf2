"""One guard counts what was closed, another what the account is worth: each is alarmed by its own figure, and names it."""

from msgspec.structs import replace
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import ScriptedSignal, enter

from fairway.journal.kinds import GuardTripped
from fairway.money.fraction import Fraction
from fairway.risk.guards.rules import GuardRules

GUARDS = GuardRules(losses_in_a_row=1, daily_loss=Fraction.parse("1 %"))
RULES_OF_BOTH = replace(RULES, per_trade=Fraction.parse("50 %"), position_max=Fraction.parse("30 %"), guards=GUARDS)


def far(bar: int, symbol: str) -> ScriptedSignal:
    """A wish whose stop no price of these scenes reaches."""
    return enter(bar, stop="60", target="140", symbol=symbol)


def alarms(stage: Scene) -> list[str]:
    """What was alarmed, and the figure by which it was."""
    return [it.code.split("=")[0] for it in stage.events(GuardTripped) if isinstance(it, GuardTripped)]


def test_a_loss_that_is_not_closed_yet_is_one_of_the_day_and_none_in_a_row() -> None:
    """A third of the account falls by 6 %."""
    stage = Scene(far(0, "BTC/USDT"), prices={"BTC/USDT": {0: "100", 150: "94"}}, rules=RULES_OF_BOTH)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert alarms(stage) == ["GUARD_DAILY_LOSS: lost_24h"]
    assert list(stage.account_state.money.trips) == []
    assert list(stage.account_state.money.ledger.positions) == ["BTC/USDT"]


def test_a_loss_that_was_closed_counts_in_the_row_though_the_account_has_gained() -> None:
    """One position is stopped out at 95; another one, still open, has brought more."""
    prices = {"BTC/USDT": {0: "100", 150: "94"}, "ETH/USDT": {0: "100", 130: "110"}}
    stage = Scene(enter(0), far(0, "ETH/USDT"), prices=prices, rules=RULES_OF_BOTH)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert alarms(stage) == ["GUARD_LOSSES_IN_A_ROW: losses"]
    [trip] = stage.account_state.money.trips
    worth = stage.account_state.worth()
    assert trip.result.value < 0
    assert worth is not None
    assert worth.value > 10_000
