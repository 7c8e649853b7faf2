"""A stage has a budget of losses: once it is spent nothing is opened, whatever the price does, until a person has looked."""

from msgspec.structs import replace
from tests.scenes.by_hand import Act, Acts
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter

from fairway.journal.commands import IssueLease, LiftCap
from fairway.journal.kinds import CapRaised, GuardTripped, LeaseAccepted, StageBegan
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.limits import Limits, TradingState
from fairway.trading.inputs import CommandReceived
from fairway.world.clock import HOUR

HALF = replace(RULES, per_trade=Fraction.parse("50 %"))
FALLS_AND_RECOVERS = {"BTC/USDT": {0: "100", 150: "94", 260: "100"}, "ETH/USDT": {0: "100"}}
"""Of half an account of 10,000, 6 %: about 300."""
MAY_LOSE_250 = Limits(loss=Amount.of(250, "USDT"))
MAY_LOSE_MORE = Limits(loss=Amount.of(3_000, "USDT"))


def lease(number: int, limits: Limits, stage: str = "beta/internal 1") -> Act:
    def act(played: Scene) -> None:
        until = played.second(0) + HOUR
        grant = IssueLease(reason="scene", account="main", epoch=1, until=until, limits=limits, stage=stage)
        played.trader.take(None, CommandReceived(number, "pilot", grant))

    return act


def lift(number: int) -> Act:
    return lambda stage: stage.trader.take(
        None, CommandReceived(number, "ann", LiftCap(reason="looked", cap_id="guard stage loss"))
    )


def test_a_stage_that_has_lost_what_it_may_opens_nothing_until_a_person_has_looked() -> None:
    """Not by `kill -9`, not by the next leases, nor by a better price; the position stays, protected, and is not sold."""
    acts: Acts = {
        100: lease(1, MAY_LOSE_250),
        200: Scene.kill_and_restart_trader,
        220: lease(2, MAY_LOSE_250),
        280: lease(3, MAY_LOSE_MORE, "beta/limited 1"),
        400: lift(4),
    }
    wishes = [enter(bar, stop="99", target="140", symbol="ETH/USDT") for bar in (2, 3, 5, 7)]
    stage = Scene(
        enter(0, stop="60", target="140"), *wishes, prices=FALLS_AND_RECOVERS, rules=replace(HALF, positions_max=3), acts=acts
    )
    stage.run(minutes=10)
    stage.assert_belief_is_truth()
    [tripped] = [event for event in stage.events(GuardTripped) if isinstance(event, GuardTripped)]
    assert tripped.guard == "stage loss"
    [at] = stage.seconds_of(GuardTripped)
    assert 150 < at < 153
    assert stage.refusals() == ["STATE_REDUCE_ONLY"] * 3
    assert [order.symbol for order in stage.bought()] == ["BTCUSDT", "ETHUSDT"]
    assert "BTC/USDT" in stage.account_state.money.ledger.positions
    assert len(stage.events(LeaseAccepted)) == 3
    assert [event.stage for event in stage.events(StageBegan) if isinstance(event, StageBegan)] == [
        "beta/internal 1",
        "beta/limited 1",
        "beta/limited 1",
    ]
    assert [e.cap.id for e in stage.events(CapRaised) if isinstance(e, CapRaised) and e.cap.id != "lease"] == ["guard stage loss"]


def test_an_entry_whose_stop_would_spend_the_budget_is_never_sent() -> None:
    """Half of the account with a stop 40 % below could lose 2,000; the same with a near stop is bought."""
    acts: Acts = {30: lease(1, MAY_LOSE_250)}
    stage = Scene(enter(0, stop="60", target="140"), enter(2, stop="99", target="140"), rules=HALF, acts=acts)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["LOSS_MAX"]
    assert len(stage.bought()) == 1
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.ACTIVE
