"""An account, or a position, loses more than it may: it is sold at the exchange, once, and nothing is bought again by itself."""

from decimal import Decimal

from msgspec.structs import replace
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import ScriptedSignal, enter

from fairway.exchange.terms import Side
from fairway.journal.kinds import CapLifted, CapRaised, EscalationChanged, ExitWanted, GuardTripped
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk import breakers
from fairway.risk.escalation import Level
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import TradingState

HALF = replace(RULES, per_trade=Fraction.parse("50 %"))
"""Half of the account in one position, however far its stop."""
BREAKER = replace(HALF, guards=GuardRules(breaker_loss=Fraction.parse("5 %")))
FALLS = {"BTC/USDT": {0: "100", 150: "94", 210: "88"}}
"""Of half an account, 12 %: the account has lost 6 % when the price has fallen to 88, and 3 % before."""


def far(bar: int, symbol: str = "BTC/USDT") -> ScriptedSignal:
    """A wish whose stop no price of these scenes reaches."""
    return enter(bar, stop="60", target="140", symbol=symbol)


def trips(stage: Scene) -> list[tuple[str, str, Level]]:
    return [(it.guard, it.symbol, it.level) for it in stage.events(GuardTripped) if isinstance(it, GuardTripped)]


def test_a_loss_of_six_percent_in_a_day_trips_the_breaker_once_and_leaves_the_account_flat() -> None:
    """The position is sold at the exchange within seconds, its stop is gone, and the next wish is refused."""
    stage = Scene(far(0), far(5), prices=FALLS, rules=BREAKER)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert trips(stage) == [("daily loss", "", Level.EMERGENCY)]
    [tripped] = stage.seconds_of(GuardTripped)
    assert 210 < tripped < 213
    assert stage.account_state.money.ledger.positions == {}
    assert stage.held_at_exchange()["BTC"] < Decimal("0.001")
    assert stage.open_at_exchange() == {}
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.events(EscalationChanged)) == 1
    cap = stage.account_state.limits.caps[breakers.ACCOUNT]
    assert cap.not_before - cap.since == breakers.ACCOUNT_NS


def test_it_stays_open_through_a_restart_and_trips_no_second_time() -> None:
    """`kill -9` between the alarm and the sale: the journal alone says that the account is stopped, and why."""
    stage = Scene(far(0), far(5), prices=FALLS, rules=BREAKER, acts={211.01: Scene.kill_and_restart_trader})
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert trips(stage) == [("daily loss", "", Level.EMERGENCY)]
    assert stage.account_state.money.ledger.positions == {}
    assert stage.account_state.guards.trips == {"daily loss": 1}
    assert stage.account_state.guards.level is Level.EMERGENCY
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert stage.events(CapLifted) == []


def test_a_position_that_loses_too_much_is_sold_and_its_symbol_held() -> None:
    """The other symbol trades on."""
    rules = replace(HALF, position_max=Fraction.parse("5 %"), guards=GuardRules(position_loss=Amount.of(50, "USDT")))
    prices = {"BTC/USDT": {0: "100", 150: "94", 210: "88"}, "ETH/USDT": {0: "100"}}
    stage = Scene(far(0), far(5), far(5, symbol="ETH/USDT"), prices=prices, rules=rules)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert trips(stage) == [("position loss", "BTC/USDT", Level.EMERGENCY)]
    assert list(stage.account_state.money.ledger.positions) == ["ETH/USDT"]
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY
    assert stage.account_state.limits.of("ETH/USDT").state is TradingState.ACTIVE
    assert stage.events(EscalationChanged) == []


def test_one_absurd_price_sells_nothing() -> None:
    """A single second at a price that would be a loss of 6 % and of more than 50: the next one does not agree."""
    prices = {"BTC/USDT": {0: "100", 110: "91", 111: "100"}}
    guards = GuardRules(
        daily_loss=Fraction.parse("3 %"), breaker_loss=Fraction.parse("4 %"), position_loss=Amount.of(400, "USDT")
    )
    stage = Scene(far(0), prices=prices, rules=replace(HALF, guards=guards))
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.events(GuardTripped, ExitWanted, CapRaised) == []
    assert [order.side for order in stage.orders if order.executed] == [Side.BUY]


def test_one_price_that_is_a_little_wrong_sells_no_large_position() -> None:
    """A second at 98 costs half an account 2 % and twice its 50: a limit in money, not the position, makes that look large."""
    prices = {"BTC/USDT": {0: "100", 110: "98", 111: "100"}}
    rules = replace(HALF, guards=GuardRules(position_loss=Amount.of(50, "USDT")))
    stage = Scene(far(0), prices=prices, rules=rules)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.events(GuardTripped, ExitWanted, CapRaised) == []
    assert len(stage.open_at_exchange()) == 2


def test_a_market_that_jumps_is_not_bought_until_it_is_calm() -> None:
    """A candle that moves by 6 %: the wish of that very candle is refused; three calm ones later the cap has gone by itself."""
    rules = replace(RULES, guards=GuardRules(outlier_bar=Fraction.parse("5 %")))
    prices = {"BTC/USDT": {0: "100", 90: "106"}}
    stage = Scene(far(1), far(3), far(5), prices=prices, rules=rules)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_REDUCE_ONLY", "STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 1
    assert trips(stage) == [("outlier bar", "BTC/USDT", Level.CRITICAL)]
