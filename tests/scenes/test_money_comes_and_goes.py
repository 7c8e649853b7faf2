"""Deposits, withdrawals and gifts: booked to the last digit once they were seen twice, and told."""

from decimal import Decimal

import pytest
from tests.scenes import by_hand
from tests.scenes.by_hand import Acts
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.journal.kinds import CapRaised, Unexplained
from fairway.money.amount import Amount


@pytest.mark.parametrize("amount", ["2500", "-2500"])
def test_a_deposit_and_a_withdrawal_of_money_hold_all_symbols(amount: str) -> None:
    """What is protected stays so; how much may be risked of a sum that changed by itself, a person says."""
    stage = Scene(enter(0), enter(3, symbol="ETH/USDT"), prices=PRICES, acts={90: by_hand.move("USDT", amount)})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert [event.amount for event in stage.events(Unexplained)] == [Amount.of(amount, "USDT")]  # type: ignore[union-attr]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.open_at_exchange()) == 2


def test_a_deposit_of_coins_holds_their_symbol_only() -> None:
    """The other one is traded on."""
    stage = Scene(enter(3), enter(3, symbol="ETH/USDT"), prices=PRICES, acts={90: by_hand.move("BTC", "1")})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert [order.symbol for order in stage.bought()] == ["ETHUSDT"]


def test_a_gift_in_an_asset_that_is_not_traded_holds_nothing() -> None:
    """Nor do a few cents: they are listed."""
    acts: Acts = {70: by_hand.move("BNB", "0.3"), 75: by_hand.move("USDT", "0.5")}
    stage = Scene(enter(3), acts=acts)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.unexplained == {"BNB": Decimal("0.3"), "USDT": Decimal("0.5")}
    assert stage.events(CapRaised) == []
    assert len(stage.bought()) == 1


def test_coins_of_a_position_are_withdrawn() -> None:
    """Its stop was cancelled by hand for that: the position loses what is not there any more, and the rest is protected."""
    acts: Acts = {90: by_hand.all_of(by_hand.cancel_all, by_hand.move("BTC", "-5"))}
    stage = Scene(enter(0), acts=acts)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2
    held = stage.account_state.money.ledger.positions["BTC/USDT"].quantity.value
    assert held == stage.account_state.money.ledger.balances.totals["BTC"]


PRICES = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}
