"""Half of the account leaves without a trade: a loss until a person announces it as a transfer. What comes is never a profit."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.scenes import by_hand
from tests.scenes.by_hand import Act
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.commands import AnnounceTransfer
from fairway.journal.kinds import CapRaised, GuardTripped, TransferAnnounced, Unexplained
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk import breakers
from fairway.risk.escalation import Level
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import TradingState
from fairway.risk.rules import RiskRules
from fairway.trading.inputs import CommandReceived

DAILY = replace(RULES, guards=GuardRules(breaker_loss=Fraction.parse("5 %")))
DRAWDOWN = replace(RULES, guards=GuardRules(drawdown=Fraction.parse("15 %")))
GUARDED = replace(RULES, guards=GuardRules(breaker_loss=Fraction.parse("5 %"), drawdown=Fraction.parse("15 %")))
PRICES = {"BTC/USDT": {0: "100"}}


def announce(amount: str, asset: str = "USDT", number: int = 1) -> Act:
    """`fairway transfer`, by a person."""
    told = AnnounceTransfer(reason="moved by ann", account="main", amount=Amount.of(amount, asset))
    return lambda stage: stage.trader.take(None, CommandReceived(number, "ann", told))


def tripped(stage: Scene) -> list[tuple[str, Level]]:
    return [(event.guard, event.level) for event in stage.events(GuardTripped) if isinstance(event, GuardTripped)]


def played(acts: dict[float, Act], **options: object) -> Scene:
    stage = Scene(enter(5), acts=acts, prices=PRICES, **{"rules": GUARDED, **options})  # type: ignore[arg-type]
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    return stage


@pytest.mark.parametrize(("asset", "amount"), [("USDT", "-6000"), ("BTC", "-60")])
@pytest.mark.parametrize(("guard", "rules"), [("daily loss", DAILY), ("drawdown", DRAWDOWN)])
def test_what_vanishes_is_a_loss(guard: str, rules: RiskRules, asset: str, amount: str) -> None:
    """Of 20,000 in money and coins 6,000 are gone, and no person has said why: the breaker opens, and nothing is bought."""
    stage = played({130: by_hand.move(asset, amount)}, balances={"USDT": "10000", "BTC": "100"}, rules=rules)
    assert (guard, Level.EMERGENCY) in tripped(stage)
    assert breakers.ACCOUNT in stage.account_state.limits.caps
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_what_was_announced_before_is_a_transfer() -> None:
    """No guard is alarmed, nothing is held, and the next wish is sized by what is left."""
    stage = played({100: announce("-5000"), 130: by_hand.move("USDT", "-5000")})
    assert len(stage.events(Unexplained)) == len(stage.events(TransferAnnounced)) == 1
    assert tripped(stage) == []
    assert stage.events(CapRaised) == []
    assert len(stage.bought()) == 1


def test_what_is_announced_after_it_was_booked_is_a_transfer_from_then_on() -> None:
    """The breaker that it tripped stays until a person lifts it; the loss is none any more, also after a restart."""
    acts: dict[float, Act] = {
        130: by_hand.move("USDT", "-5000"),
        250: announce("-5000"),
        260: Scene.kill_and_restart_trader,
    }
    stage = played(acts)
    assert ("daily loss", Level.EMERGENCY) in tripped(stage)
    assert stage.account_state.guards.drawdown(Amount.of(5000, "USDT"), None).value == 0
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY


@pytest.mark.parametrize(("amount", "asset"), [("-4999", "USDT"), ("5000", "USDT"), ("-5000", "BTC")])
def test_an_announcement_of_something_else_explains_nothing(amount: str, asset: str) -> None:
    """Another amount, the other direction, another asset: what left is a loss all the same."""
    stage = played({100: announce(amount, asset), 130: by_hand.move("USDT", "-5000")})
    assert ("daily loss", Level.EMERGENCY) in tripped(stage)


def test_a_deposit_that_nobody_announced_is_no_profit() -> None:
    """It makes up for no loss: the account lost 6 % before, and after."""
    stage = played({130: by_hand.move("USDT", "-600"), 200: by_hand.move("USDT", "2000")})
    assert tripped(stage) == [("daily loss", Level.EMERGENCY)]
    assert stage.account_state.guards.drawdown(Amount.of(11400, "USDT"), None).value >= Decimal("0.05")


def test_what_comes_back_is_no_loss_any_more() -> None:
    """Exactly what left before, so that the account has what it had: neither a loss nor a deposit is counted."""
    stage = played({130: by_hand.move("USDT", "-600"), 250: by_hand.move("USDT", "600")})
    assert stage.account_state.guards.drawdown(Amount.of(10000, "USDT"), None).value == 0
    assert stage.account_state.guards.drawdown(Amount.of(9000, "USDT"), None).value == Decimal("0.1")


def test_an_announced_withdrawal_needs_no_second_source() -> None:
    """A person is one: where the other endpoint for balances does not answer, it is booked all the same."""
    silent = exchange_fault("error_after", "sapi.coins", since=60, status=500)
    stage = Scene(
        enter(5),
        acts={100: announce("-5000"), 130: by_hand.move("USDT", "-5000")},
        faults=[silent],
        rules=GUARDED,
        prices=PRICES,
    )
    stage.run(minutes=8)
    stage.assert_ties_out()
    assert stage.events(CapRaised) == []
    assert len(stage.bought()) == 1
