"""What a signal leads to in an account: an entry that risk sizes and reviews, an exit, or an answer that says why not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, filled, report

from fairway.assembly import CODEC
from fairway.journal.commands import IssueLease, Pause, ReceiveSignal
from fairway.journal.kinds import EntryPlanned, EntryRefused, Event, ExitWanted, InstructionTaken, SignalReceived
from fairway.journal.memory import MemoryFile, open_memory
from fairway.orders.external_signal import ExternalSignal, SignalAction, SignalPosition
from fairway.orders.intent import Enter
from fairway.risk.cap_kinds import BREAKER_ACCOUNT
from fairway.risk.caps import Cap
from fairway.risk.limits import Limits, TradingState
from fairway.strategies.api import Remembered, View
from fairway.strategies.signals import SignalStrategy, SignalStrategySettings
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import BYTES_MAX, rebuilt, save_checkpoint
from fairway.trading.inputs import CommandReceived, OrdersAcknowledged, Tick
from fairway.trading.market_cache import MarketCache
from fairway.trading.step import StepOutcome
from fairway.trading.venue_requests import Cancel, Place, PlacePair
from fairway.venues.port import ReportStatus
from fairway.world.clock import MINUTE, SECOND

BUY, SELL = SignalAction.BUY, SignalAction.SELL


class Signalled(Scene):
    """An account whose strategy takes signals, after four candles at 100."""

    made: Any = SignalStrategy(SignalStrategySettings(range_bars=2))

    def __init__(self, *, bars: int = 4, needs_lease: bool = False) -> None:
        super().__init__(needs_lease=needs_lease)
        for _ in range(bars):
            self.wish()
            self.now += MINUTE
        self.quote("100.00", "100.03")
        self.numbers = 0

    def _state(self) -> AccountState:
        terms = super()._state().config
        return AccountState(replace(terms, strategy=self.made, strategy_name="signals"))

    def sends(self, action: SignalAction = BUY, *, stop: str = "98", target: str = "104", **changes: Any) -> StepOutcome:
        self.numbers += 1
        signal = ExternalSignal(
            source="tv",
            id=f"{self.numbers}",
            symbol=SYMBOL,
            action=action,
            sent_at=self.now,
            stop=Decimal(stop) if stop else None,
            target=Decimal(target) if target else None,
        )
        signal = msgspec.structs.replace(signal, **changes)
        return self.news(CommandReceived(self.numbers, "webhook", ReceiveSignal(reason="alert", signal=signal)))


def refused(outcome: StepOutcome) -> str:
    [answer] = [event for event in outcome.events if isinstance(event, InstructionTaken)]
    return answer.refused


def of(outcome: StepOutcome, kind: type[Event]) -> list[Any]:
    return [event for event in outcome.events if isinstance(event, kind)]


def test_a_signal_to_buy_is_sized_by_risk_and_planned_with_its_stop() -> None:
    scene = Signalled()
    outcome = scene.sends()
    [place] = outcome.commands
    assert isinstance(place, Place)
    [plan] = of(outcome, EntryPlanned)
    assert (plan.stop.value, plan.target.value, plan.why) == (98, 104, "signal tv/1")
    assert plan.bound
    assert of(outcome, InstructionTaken) == [InstructionTaken(number=1, what="ReceiveSignal buy BTC/USDT tv/1", by="webhook")]
    pair = scene.news(OrdersAcknowledged([report(place.order, ReportStatus.FILLED, filled=place.order.quantity.value)]))
    assert pair.commands == []
    [protection] = scene.news(filled(place.order, "1", place.order.quantity.value)).commands
    assert isinstance(protection, PlacePair)
    assert protection.stop.stop_price == plan.stop


def test_what_risk_refuses_is_in_the_answer() -> None:
    outcome = Signalled().sends(stop="101")
    [entry] = of(outcome, EntryRefused)
    assert refused(outcome) == entry.code == "PRICE_MOVED: bid=100.00 ask=100.03 stop=101 USDT target=104 USDT"
    assert outcome.commands == []


def test_a_pause_keeps_a_signal_from_buying_and_not_from_selling() -> None:
    scene = Signalled()
    hold(scene)
    scene.numbers += 1
    scene.news(CommandReceived(scene.numbers, "ann", Pause(reason="lunch")))
    assert refused(scene.sends()).startswith("STATE_REDUCE_ONLY")
    outcome = scene.sends(SELL)
    assert (refused(outcome), len(of(outcome, ExitWanted))) == ("", 1)


def test_a_lease_that_has_just_run_out_counts_before_the_next_tick() -> None:
    scene = Signalled(needs_lease=True)
    scene.numbers += 1
    scene.news(CommandReceived(1, "pilot", IssueLease(reason="watching", epoch=1, until=scene.now + SECOND)))
    scene.now += SECOND
    scene.quote("100.00", "100.02")
    assert refused(scene.sends()).startswith("STATE_REDUCE_ONLY")


def hold(scene: Signalled) -> PlacePair:
    """A position by a signal, with its stop and target at the venue."""
    [place] = scene.sends().commands
    assert isinstance(place, Place)
    scene.news(OrdersAcknowledged([report(place.order, ReportStatus.FILLED, filled=place.order.quantity.value)]))
    [pair] = scene.news(filled(place.order, "1", place.order.quantity.value)).commands
    assert isinstance(pair, PlacePair)
    scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
    return pair


def test_a_signal_to_sell_cancels_the_protection_to_sell_all_of_it() -> None:
    scene = Signalled()
    hold(scene)
    outcome = scene.sends(SELL)
    assert of(outcome, ExitWanted) == [ExitWanted(symbol=SYMBOL, why="signal tv/2")]
    assert [type(each) for each in outcome.commands] == [Cancel]
    assert refused(scene.sends(SELL)) == ""
    assert refused(scene.sends(expected=SignalPosition.FLAT)).startswith("SYMBOL_BUSY")


def test_an_entry_knows_the_age_of_its_signal() -> None:
    """Up to the bound of the strategy itself, and never below zero."""
    for age_ns in (0, 3 * SECOND, MINUTE):
        scene = Signalled()
        [plan] = of(scene.sends(sent_at=scene.now - age_ns), EntryPlanned)
        assert plan.intent_age_ns == age_ns
    scene = Signalled()
    [plan] = of(scene.sends(sent_at=scene.now + SECOND), EntryPlanned)
    assert plan.intent_age_ns == 0


def test_a_repeated_signal_leaves_its_answer_and_nothing_else() -> None:
    scene = Signalled()
    scene.sends(id="7")
    assert [type(event) for event in scene.sends(id="7").events] == [InstructionTaken]


def test_a_sale_of_nothing_is_done_already() -> None:
    outcome = Signalled().sends(SELL)
    assert refused(outcome) == ""
    assert [type(event) for event in outcome.events] == [InstructionTaken, SignalReceived]


def test_a_halted_account_says_that_it_does_not_sell() -> None:
    scene = Signalled()
    hold(scene)
    halt = Cap(id="x", kind=BREAKER_ACCOUNT, limits=Limits(state=TradingState.HALTED), reason="halted", since=scene.now)
    scene.state.limits.caps["x"] = halt
    scene.state.limits._in_force.clear()
    assert refused(scene.sends(SELL)) == "STATE_HALTED: halted"


def test_a_sale_that_met_an_entry_that_bought_nothing_closes_no_later_position() -> None:
    scene = Signalled()
    [place] = scene.sends().commands
    assert isinstance(place, Place)
    assert of(scene.sends(SELL), ExitWanted)
    scene.news(OrdersAcknowledged([report(place.order, ReportStatus.CANCELLED)]))
    scene.news(Tick(), after=SECOND)
    scene.quote("100.00", "100.02")
    hold(scene)
    assert scene.state.protection.exits == {}
    assert scene.replayed().protection.exits == {}


def test_without_stop_and_target_they_are_so_many_ranges_from_the_close() -> None:
    """The four candles have no range, so the widths are those of one candle that has."""
    scene = Signalled()
    newest = scene.state.market.candles[SYMBOL][-1]
    scene.state.market.candles[SYMBOL][-1] = replace(newest, high=Decimal(101), low=Decimal(99))
    [plan] = of(scene.sends(stop="", target=""), EntryPlanned)
    assert (plan.stop.value, plan.target.value) == (98, 104)  # the range is 1 on average; 2 and 4 of it


def test_nothing_is_bought_without_a_stop() -> None:
    """A market without any range gives none."""
    outcome = Signalled().sends(stop="", target="")
    assert refused(outcome) == "SIGNAL_WITHOUT_STOP: symbol=BTC/USDT close=100"
    assert outcome.commands == []


def test_before_enough_candles_have_closed_nothing_is_bought() -> None:
    assert refused(Signalled(bars=2).sends()) == "SIGNAL_WITHOUT_CANDLES: symbol=BTC/USDT candles=2 needed=3"
    assert refused(Signalled(bars=0).sends()) == "SIGNAL_WITHOUT_CANDLES: symbol=BTC/USDT candles=0 needed=3"


def test_a_trader_with_another_strategy_refuses_signals_and_remembers_none() -> None:
    class OfCandles(Signalled):
        def _state(self) -> AccountState:
            return AccountState(replace(Scene._state(self).config, strategy_name="trend"))

    scene = OfCandles()
    outcome = scene.sends()
    assert refused(outcome) == "STRATEGY_WITHOUT_SIGNALS: strategy=trend"
    assert scene.state.signals.seen == {}
    assert outcome.commands == []


def test_accounts_that_share_a_strategy_take_signals_too() -> None:
    class Shared(Signalled):
        made = Remembered(SignalStrategy(SignalStrategySettings(range_bars=2)))

    assert len(Shared().sends().commands) == 1


class Wrong(SignalStrategy):
    """A strategy of another package with a mistake. wish: what it takes for an entry."""

    wish: Any = None

    def entry(self, signal: ExternalSignal, view: View) -> Enter | None:
        if self.wish is None:
            raise ZeroDivisionError("by nothing")
        made: Enter = self.wish
        return made


@pytest.mark.parametrize("wish", [None, 7, msgspec.structs.replace(ENTER, symbol="ETH/USDT")])
def test_a_strategy_that_fails_refuses_the_signal_once(wish: object) -> None:
    """To end the account would have it read the same signal again."""

    class Failing(Signalled):
        made = Wrong(SignalStrategySettings(range_bars=2))

    scene = Failing()
    scene.made.wish = wish
    outcome = scene.sends()
    assert refused(outcome).startswith("CHECK_FAILED: check=strategy error=the strategy 'signals' failed")
    assert outcome.commands == []


def test_a_command_that_is_read_twice_is_one_signal() -> None:
    scene = Signalled()
    scene.sends()
    scene.numbers = 0
    assert scene.sends().events == []


def test_what_was_received_is_known_after_a_restart_with_a_checkpoint_and_without() -> None:
    """Ids, numbers and doubts: the same id has no second effect, and the lost number still keeps entries away."""
    scene = Signalled()
    scene.sends(number=1, sent_at=scene.now - SECOND)
    scene.sends(SELL, number=2)
    scene.sends(number=4)
    known = scene.state.signals
    assert known.sources["tv"].doubts == {SYMBOL: "SIGNAL_LOST: source=tv id=3 missing=3"}
    assert vars(scene.replayed().signals) == vars(known)
    journal = open_memory(MemoryFile(), CODEC, mode="test", trader="main")
    for event, at in scene.journal:
        journal.append([event], account="main", author="trader", at=at)  # type: ignore[list-item]
    journal.sync()
    save_checkpoint(journal, [scene.state], "1", BYTES_MAX)
    journal.sync()
    assert journal.snapshot() is not None
    again = rebuilt({"main": scene.state.config}, MarketCache(1), journal, CODEC, "1")["main"]
    assert vars(again.signals) == vars(known)
