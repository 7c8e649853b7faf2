"""The market trades at the very price of a target, which fills bit by bit: no pair can be placed there."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import NakedTooLong
from fairway.money.amount import Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import PLAIN, ExitPlan, Rung

RUNG = Rung(Fraction.parse("50 %"), Price.of("105", "BTC", "USDT"))


@pytest.mark.parametrize(("target", "plan"), [("105", PLAIN), ("110", ExitPlan(rungs=(RUNG,)))])
def test_the_rest_is_sold_at_once(target: str, plan: ExitPlan) -> None:
    """The best bid is a tick below it, and the last trade is not: the first refusal says so. Naked for less than five seconds."""
    stage = Scene(enter(0, target=target, exit_plan=plan), prices={"BTC/USDT": {0: "100", 90: "105"}})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.events(NakedTooLong) == []
