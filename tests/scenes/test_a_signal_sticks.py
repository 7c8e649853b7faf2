"""A strategy wishes for the very same entry again and again, as one does whose price rounds to the same level."""

from msgspec.structs import replace
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter, leave

from fairway.money.amount import Amount
from fairway.risk.limits import Limits

SAME_SIZE = replace(RULES, limits=Limits(order_value=Amount.of(1000, "USDT")), repeats_max=3)


def test_the_fourth_of_the_same_entry_within_ten_minutes_is_refused() -> None:
    """Symbol, quantity, stop and target alike: three are bought and sold again, the next gets a code and costs nothing."""
    stage = Scene(*(wish for bar in range(0, 8, 2) for wish in (enter(bar), leave(bar + 1))), rules=SAME_SIZE)
    stage.run(minutes=10)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["REPEATED"]
    assert len(stage.bought()) == len(stage.account_state.money.trips) == 3
    assert len({order.quantity for order in stage.bought()}) == 1


def test_another_stop_makes_it_another_entry() -> None:
    """A strategy that has looked at the market again is not held up."""
    wishes = (wish for bar in range(0, 8, 2) for wish in (enter(bar, stop=f"{95 - bar}"), leave(bar + 1)))
    stage = Scene(*wishes, rules=SAME_SIZE)
    stage.run(minutes=10)
    stage.assert_belief_is_truth()
    assert stage.refusals() == []
    assert len(stage.account_state.money.trips) == 4
