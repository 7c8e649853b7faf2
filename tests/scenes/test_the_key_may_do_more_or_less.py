"""What the key and the account may do changes from one moment to the next, and the venue does not say so by itself."""

from tests.scenes import by_hand
from tests.scenes.by_hand import Acts
from tests.scenes.harness import Scene
from tests.scenes.script import enter, leave

from fairway.exchange.answers import KeyPermissions, TradingStatus
from fairway.journal.kinds import AccountStatusReported, CapLifted, CapRaised

FALLS = {"BTC/USDT": {0: "100", 200: "94"}}


def caps(stage: Scene) -> list[str]:
    return [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]


def test_a_key_that_may_withdraw_opens_nothing_until_a_person_says_so() -> None:
    """It is found within five minutes, and stays forbidden when the right has gone again."""
    acts: Acts = {30: by_hand.give(KeyPermissions(withdrawals=True)), 400: by_hand.give(KeyPermissions())}
    stage = Scene(enter(6), enter(11), acts=acts)
    stage.run(minutes=13)
    stage.assert_belief_is_truth()
    assert caps(stage) == ["right to withdraw"]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"] * 2


def test_a_key_that_may_withdraw_from_the_start_never_opens_anything() -> None:
    """It is asked before the first entry is allowed."""
    stage = Scene(enter(0), acts={-1: by_hand.give(KeyPermissions(withdrawals=True))})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.bought() == []
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_a_lost_right_to_trade_is_found_and_comes_back_by_itself() -> None:
    """Meanwhile nothing is opened, and what rests at the exchange protects."""
    acts: Acts = {90: by_hand.give(KeyPermissions(spot_trading=False)), 250: by_hand.give(KeyPermissions())}
    stage = Scene(enter(0), enter(3), enter(5, stop="90", target="99"), acts=acts, prices=FALLS)
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert caps(stage) == ["no right to trade"]
    assert len(stage.events(CapLifted)) == 1
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 2


def test_a_suspended_account_is_found_at_the_next_look() -> None:
    """Half a minute at most: how it stands comes with its balances."""
    stage = Scene(enter(1), leave(3), acts={30: by_hand.become(TradingStatus(can_trade=False))})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert caps(stage) == ["no right to trade"]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_an_account_of_another_kind_calls_a_person_once() -> None:
    """Somebody made it a margin account: what the limits mean there nobody has thought through."""
    stage = Scene(enter(1), acts={30: by_hand.become(TradingStatus(kind="MARGIN"))})
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert caps(stage) == ["kind of account"]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.events(AccountStatusReported)) == 2
