"""A program outside sends signals: each is obeyed once, late ones never, and a lost one stops entries and no exit.

The judge is the exchange's own record of orders.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal

from tests.scenes.harness import Scene
from tests.scenes.test_many_accounts_share_a_trader import NAMES, Crowd

from fairway.assembly import Bot
from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.terms import OrderType, Side
from fairway.journal.commands import ReceiveSignal
from fairway.journal.kinds import InstructionTaken, SignalReceived
from fairway.orders.external_signal import ExternalSignal, SignalAction, SignalPosition
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.strategies.api import Strategy
from fairway.strategies.signals import SignalStrategy, SignalStrategySettings
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.inputs import CommandReceived
from fairway.world.clock import DAY, SECOND
from fairway.world.loop import EPOCH_NS

Act = Callable[[Scene], object]
BUY, SELL = SignalAction.BUY, SignalAction.SELL


class Signalled(Scene):
    """A trader whose strategy decides nothing of its own."""

    def __init__(self, acts: Mapping[float, Act]) -> None:
        super().__init__(acts=acts)
        self.delayed_inbox: DelayedInbox = DelayedInbox()

    def strategy(self) -> Strategy:
        return SignalStrategy(SignalStrategySettings(range_bars=2))

    def command_inbox(self) -> CommandInbox:
        return self.delayed_inbox

    def refused(self) -> list[str]:
        return answers_of(self)

    def losses(self) -> list[str]:
        received = (event for event in self.events(SignalReceived) if isinstance(event, SignalReceived))
        return [event.lost for event in received if event.lost]

    def sold_at_market(self) -> list[OrderSnapshot]:
        return [order for order in self.orders if order.side is Side.SELL and order.type is OrderType.MARKET]

    def held(self) -> Decimal:
        return self.held_at_exchange().get("BTC", Decimal(0))


def answers_of(stage: Scene) -> list[str]:
    """The category of each answer, "" for a signal that was obeyed."""
    return [event.refused.split(":")[0] for event in stage.events(InstructionTaken) if isinstance(event, InstructionTaken)]


def send(
    id: str,
    action: SignalAction,
    at: float,
    *,
    number: int | None = None,
    expected: SignalPosition | None = None,
    age_ns: int = 0,
    stop: str = "95",
) -> dict[float, Act]:
    """The sender sends a signal at a second of the play; age_ns: it was first sent so long before."""

    def act(stage: Scene) -> None:
        signal = ExternalSignal(
            source="tv",
            id=id,
            symbol="BTC/USDT",
            action=action,
            sent_at=stage.second(at) - age_ns,
            expected=expected,
            number=number,
            stop=Decimal(stop),
            target=Decimal(110),
        )
        assert isinstance(stage.delayed_inbox, DelayedInbox)
        stage.delayed_inbox.say("webhook", ReceiveSignal(reason="a signal", signal=signal))

    return {at: act}


def seconds(order: OrderSnapshot) -> int:
    """When the exchange took an order, in tens of seconds of the play: a signal and its order are less than that apart."""
    return round((order.created_at - EPOCH_NS) / SECOND) // 10 * 10


def test_a_signal_to_buy_becomes_a_position_with_its_stop_at_the_venue_within_seconds() -> None:
    """It waits for no candle: the one that is open closes at 120 s."""
    stage = Signalled(send("1", BUY, 70))
    stage.run(minutes=1.4)
    stage.assert_belief_is_truth()
    [entry] = stage.bought()
    assert stage.second(70) <= entry.created_at <= stage.second(72)
    stops = [order for order in stage.open_at_exchange().values() if order.stop_price]
    assert [order.stop_price for order in stops] == [95 * 10**8]
    held = stage.held()
    assert held > 0
    assert held - Decimal("0.001") < Decimal(stops[0].quantity) / 10**8 <= held


def test_a_signal_that_is_sent_again_buys_nothing_a_second_time() -> None:
    """Also not after its position is closed, when nothing else would stop it; and the trader was killed in between."""
    acts = send("1", BUY, 70) | send("1", BUY, 80) | send("2", SELL, 90)
    acts |= {100: Scene.kill_and_restart_trader} | send("1", BUY, 115)
    stage = Signalled(acts)
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.sold_at_market()) == 1
    assert stage.refused() == ["", "SIGNAL_REPEATED", "", "SIGNAL_REPEATED"]
    assert stage.held() < Decimal("0.001")


def test_a_signal_of_three_days_ago_buys_nothing_and_sells_nothing() -> None:
    """A sale that was sent so long ago does not close a new position."""
    acts = send("1", BUY, 70, age_ns=3 * DAY) | send("2", BUY, 80) | send("3", SELL, 100, age_ns=3 * DAY)
    stage = Signalled(acts)
    stage.run(minutes=2.5)
    stage.assert_belief_is_truth()
    assert [seconds(order) for order in stage.bought()] == [80]
    assert stage.sold_at_market() == []
    assert stage.refused() == ["SIGNAL_LATE", "", "SIGNAL_LATE"]


def test_signals_that_waited_while_the_trader_was_dead_are_late() -> None:
    stage = Signalled({65: Scene.kill_trader} | send("1", BUY, 70) | {150: Scene.come_back})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.bought() == []
    assert stage.refused() == ["SIGNAL_LATE"]


def test_a_lost_number_stops_the_next_entry_and_not_the_next_exit() -> None:
    """Number 2 never comes, and 3 sells all the same. Number 5 never comes: 6 buys nothing, and after a restart neither does 7.
    Then 8 sells, so both sides are flat, and 9 buys."""
    acts = send("a", BUY, 70, number=1) | send("c", SELL, 90, number=3) | send("d", BUY, 110, number=4)
    acts |= send("f", BUY, 150, number=6) | {155: Scene.kill_and_restart_trader} | send("g", BUY, 170, number=7)
    acts |= send("h", SELL, 180, number=8) | send("i", BUY, 190, number=9)
    stage = Signalled(acts)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert [seconds(order) for order in stage.bought()] == [70, 110, 190]
    assert [seconds(order) for order in stage.sold_at_market()] == [90, 180]
    assert stage.refused() == ["", "", "", "SIGNAL_LOST", "SIGNAL_LOST", "", ""]
    assert stage.losses() == ["SIGNAL_LOST: source=tv id=c missing=2", "SIGNAL_LOST: source=tv id=f missing=5"]


def test_a_position_that_the_sender_does_not_expect_stops_the_next_entry() -> None:
    """Its sale was lost: it buys as if it were flat. The next sale settles it."""
    flat, long = SignalPosition.FLAT, SignalPosition.LONG
    acts = send("1", BUY, 70, expected=flat) | send("3", BUY, 90, expected=flat) | send("4", SELL, 110, expected=long)
    acts |= send("5", BUY, 130, expected=flat)
    stage = Signalled(acts)
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert [seconds(order) for order in stage.bought()] == [70, 130]
    assert stage.refused() == ["", "SIGNAL_LOST", "", ""]
    assert stage.losses() == ["SIGNAL_LOST: source=tv id=3 symbol=BTC/USDT expected=flat held=long"]


def test_a_sale_that_meets_an_entry_in_flight_closes_what_it_buys() -> None:
    """Both signals are read at once."""
    stage = Signalled(send("1", BUY, 70) | send("2", SELL, 70.01))
    stage.run(minutes=2)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == len(stage.sold_at_market()) == 1
    assert stage.held() < Decimal("0.001")
    assert stage.refused() == ["", ""]


class SignalledCrowd(Crowd):
    """Accounts that share one strategy, which takes signals."""

    def _bot(self, name: str) -> Bot:
        changed = {"strategy": SignalStrategy(SignalStrategySettings(range_bars=2)), "strategy_name": "signals"}
        bot = super()._bot(name)
        return Bot(**{field: getattr(bot, field) for field in Bot.__dataclass_fields__} | changed)


def test_one_signal_for_all_accounts_buys_once_in_each() -> None:
    """The same signal is read twice, as two commands."""

    def act(number: int) -> Act:
        def take(stage: Scene) -> None:
            stop, target = Decimal(95), Decimal(110)
            signal = ExternalSignal(
                source="tv", id="1", symbol="BTC/USDT", action=BUY, sent_at=stage.second(70), stop=stop, target=target
            )
            stage.trader.take(None, CommandReceived(number, "webhook", ReceiveSignal(reason="a signal", signal=signal)))

        return take

    stage = SignalledCrowd(acts={70: act(1), 75: act(2)})
    stage.run(minutes=2)
    assert sorted(stage.planned()) == sorted(NAMES)
    for name in NAMES:
        stage.assert_ties_out_for(name)
    assert sorted(answers_of(stage)) == [""] * len(NAMES) + ["SIGNAL_REPEATED"] * len(NAMES)
