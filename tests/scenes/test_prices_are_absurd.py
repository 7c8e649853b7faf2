"""NaN, zero and other nonsense stand where prices should be."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

NONSENSE = ["NaN", "0.00000000", "-1.00000000", "Infinity", "1e999", ""]
FALLS = {"BTC/USDT": {0: "100", 150: "94"}}


@pytest.mark.parametrize("price", NONSENSE)
def test_no_entry_is_made_on_an_absurd_quote(price: str) -> None:
    """Quotes are nonsense for a while; candles are not."""
    nonsense = exchange_fault("absurd_prices", "bookTicker", "ticker.book", since=40, until=130, price=price)
    stage = Scene(enter(0), enter(2), faults=[nonsense])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.refusals()) == 1
    assert len(stage.bought()) == 1


@pytest.mark.parametrize("price", NONSENSE)
def test_an_absurd_candle_is_never_decided_on(price: str) -> None:
    """Candles are nonsense for a while; the trader goes on, and decides on true ones only."""
    nonsense = exchange_fault("absurd_prices", "klines", since=40, until=130, price=price)
    stage = Scene(enter(0), enter(3), faults=[nonsense])
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert stage.bought()[0].created_at > stage.second(240)


@pytest.mark.parametrize("price", ["NaN", "0.00000000"])
def test_a_position_is_safe_from_absurd_prices(price: str) -> None:
    """No stop fires at a price that does not exist; the true one fires it."""
    stage = Scene(enter(0), faults=[exchange_fault("absurd_prices", since=70, price=price)], prices=FALLS)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert [trip.exit > 90 for trip in stage.account_state.money.trips] == [True]
