"""A second container is started beside the first: one key and two journals, so no lock keeps them apart, but their orders do."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from tests.scenes.by_hand import Act
from tests.scenes.harness import Scene
from tests.scenes.script import Path, ScriptedSignal, decimal, enter, leave

from fairway.journal.commands import LiftCap
from fairway.journal.kinds import AccountFailed, CapRaised, EntryPlanned, EpochRaised
from fairway.ledger.balances import differences
from fairway.orders.lifecycle import CancelSent, OrderAdopted, OrderSent
from fairway.risk.caps import Cap
from fairway.risk.limits import TradingState
from fairway.trading.inputs import CommandReceived
from fairway.trading.other_writers import RIVAL_CAP
from fairway.world.loop import running

LOT_SIZE = Decimal("0.001")
PRICES: Mapping[str, Path] = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}


class Second(Scene):
    """A trader on another machine, of the same account, with a journal of its own, until the scene is over."""

    def begin_beside(self, first: Scene) -> None:
        self.exchange, self.latch = first.exchange, first.latch
        running().spawn("second", self._trade(first._credentials))

    def be_told_to_go_on(self, _: Scene) -> None:
        """A person who believes that a journal was lost."""
        self.trader.take(None, CommandReceived(1, "ann", LiftCap(reason="the disk was replaced", cap_id=RIVAL_CAP)))


def played(*wishes: ScriptedSignal, second: Second, acts: Mapping[float, Act] = MappingProxyType({})) -> Scene:
    beside: dict[float, Act] = {90.0: second.begin_beside, 410.0: lambda _: running().kill("second")}
    return Scene(*wishes, acts={**beside, **acts}, prices=PRICES)


def test_a_second_one_opens_nothing_and_the_first_goes_on() -> None:
    """It finds a stop and a target of a run that it knows nothing of, leaves them alone, opens nothing in any symbol, and calls a
    person; the first one sees no order of the second, and trades as if it were alone."""
    second = Second(enter(2), enter(2, symbol="ETH/USDT"), prices=PRICES)
    stage = played(enter(0), enter(4, symbol="ETH/USDT"), second=second)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert second.events(OrderSent, CancelSent, OrderAdopted) == []
    assert second.refusals() == ["STATE_REDUCE_ONLY", "STATE_REDUCE_ONLY"]
    assert next(cap.id for cap in caps_raised(second)) == RIVAL_CAP
    assert second.events(EpochRaised) == []
    assert len(stage.bought()) == 2
    assert len(stage.open_at_exchange()) == 4
    assert stage.account_state.limits.of("").state is TradingState.ACTIVE


def test_when_a_person_lifts_it_the_second_trades_and_the_first_opens_nothing_more() -> None:
    """The first sees the second's first order at once, in its stream. It protects what it holds, and so does the second."""
    second = Second(enter(2, symbol="ETH/USDT"), enter(4, symbol="ETH/USDT"), prices=PRICES)
    stage = played(enter(0), enter(5), second=second, acts={200.0: second.be_told_to_go_on})
    stage.run(minutes=7)
    assert second.refusals() == ["STATE_REDUCE_ONLY"]
    assert [stage.refusals(), len(stage.bought()) - len(second.events(EntryPlanned))] == [["STATE_REDUCE_ONLY"], 1]
    assert RIVAL_CAP in stage.account_state.limits.caps
    assert len(stage.open_at_exchange()) == 4


def test_a_first_one_that_had_no_order_sees_one_of_the_second_and_opens_nothing() -> None:
    """Nothing at the venue told of it when the second came; what the second holds stays protected."""
    second = Second(enter(2), prices=PRICES)
    stage = played(enter(4, symbol="ETH/USDT"), second=second)
    stage.run(minutes=7)
    assert stage.events(OrderSent) == []
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(second.events(OrderSent)) == 3
    assert len(stage.open_at_exchange()) == 2


def fresh(*wishes: ScriptedSignal, second: Second, prices: Mapping[str, Path] = PRICES) -> Scene:
    """Both are started before either has an order, so nothing at the venue tells of the other."""
    stage = Scene(*wishes, acts={10.0: second.begin_beside, 410.0: lambda _: running().kill("second")}, prices=prices)
    stage.run(minutes=7)
    for each in (stage, second):
        assert each.events(AccountFailed) == []
        assert differences(each.account_state.money.ledger.balances.totals, stage.held_at_exchange()) == {}
    assert len({order.client_id for order in stage.orders}) == len(stage.orders)
    return stage


def protected(stage: Scene, asset: str) -> Decimal:
    """How much of it stops at the exchange would sell."""
    symbol = f"{asset}USDT"
    stops = [order for order in stage.open_at_exchange().values() if order.symbol == symbol and order.client_id.endswith("-s")]
    return sum((decimal(order.quantity) for order in stops), Decimal(0))


def test_two_fresh_ones_that_buy_the_same_at_the_same_time_each_book_and_protect_their_own_and_open_nothing_more() -> None:
    """Nothing could tell the first orders of both; from then on each sees those of the other in its stream."""
    falls = {"BTC/USDT": {0: "100", 200: "94", 210: "100"}, "ETH/USDT": {0: "100"}}
    wishes = (enter(1), enter(2, symbol="ETH/USDT"), enter(4), enter(5, symbol="ETH/USDT"))
    second = Second(*wishes, prices=PRICES)
    stage = fresh(*wishes, second=second, prices=falls)
    assert [len(each.events(EntryPlanned)) for each in (stage, second)] == [1, 1]
    assert len(stage.bought()) == 2
    for each in (stage, second):
        assert each.refusals() == ["STATE_REDUCE_ONLY"] * 3
        assert len(each.account_state.money.trips) == 1
        assert each.account_state.money.ledger.positions == {}


def test_what_two_fresh_ones_hold_of_one_coin_is_protected_by_each_for_itself() -> None:
    second = Second(enter(1), prices=PRICES)
    stage = fresh(enter(1), second=second)
    sellable = [each.account_state.money.ledger.positions["BTC/USDT"].quantity.value for each in (stage, second)]
    assert protected(stage, "BTC") == sum(quantity // LOT_SIZE * LOT_SIZE for quantity in sellable)


def test_what_the_other_one_sells_while_this_one_is_dead_takes_nothing_that_its_own_stop_locks() -> None:
    """At its start it hears of the sale, and only later of the purchase before it, for that is older than its own last trade. Its
    stop rests, so what it holds is still there: no protective order is cancelled on the word of a history alone."""
    second = Second(enter(1), leave(2), prices=PRICES)
    acts: dict[float, Act] = {10.0: second.begin_beside, 150.0: Scene.kill_trader, 200.0: Scene.come_back}
    stage = Scene(enter(1), acts={**acts, 410.0: lambda _: running().kill("second")}, prices=PRICES)
    stage.run(minutes=7)
    assert stage.events(CancelSent) == []
    assert list(stage.account_state.money.ledger.positions) == ["BTC/USDT"]
    assert protected(stage, "BTC") == stage.account_state.money.ledger.positions["BTC/USDT"].quantity.value // LOT_SIZE * LOT_SIZE
    assert differences(stage.account_state.money.ledger.balances.totals, stage.held_at_exchange()) == {}


def test_two_fresh_ones_that_trade_other_symbols_see_each_other_and_open_nothing_more() -> None:
    """No answer about one symbol is taken for one about another."""
    second = Second(enter(1, symbol="ETH/USDT"), enter(3), prices=PRICES)
    stage = fresh(enter(1), enter(3, symbol="ETH/USDT"), second=second)
    assert [list(each.account_state.money.ledger.positions) for each in (stage, second)] == [["BTC/USDT"], ["ETH/USDT"]]
    assert [each.refusals() for each in (stage, second)] == [["STATE_REDUCE_ONLY"]] * 2
    assert len(stage.bought()) == 2
    assert len(stage.open_at_exchange()) == 4


def caps_raised(stage: Scene) -> list[Cap]:
    return [event.cap for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
