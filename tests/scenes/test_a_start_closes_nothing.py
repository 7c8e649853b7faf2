"""A trader starts while prices are old or nonsense, or without its journal: a start sells nothing, and no option makes it."""

import pytest
from msgspec.structs import replace
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import ExchangeFault, ScriptedSignal, enter, exchange_fault

from fairway.exchange.terms import Side
from fairway.journal.kinds import ExitWanted, GuardTripped
from fairway.journal.memory import MemoryFile
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.guards.rules import GuardRules
from fairway.world.loop import running

GUARDED = replace(RULES, guards=GuardRules(position_loss=Amount.of(50, "USDT"), breaker_loss=Fraction.parse("0.5 %")))
DEAD = {80.0: lambda _: running().kill("trader"), 100.0: Scene.come_back}
OLD = exchange_fault("frozen_book", since=90, until=150)
ABSURD = exchange_fault("absurd_prices", "bookTicker", "ticker.book", since=90, until=150, price="1.00")


@pytest.mark.parametrize("faults", [OLD, ABSURD], ids=["old", "absurd"])
def test_no_price_from_before_and_no_absurd_one_closes_a_position(faults: ExchangeFault) -> None:
    """The first quotes after it mean a loss beyond what a position, and the account, may lose; nothing is sold on them, and
    no guard but that of an unknown worth is alarmed."""
    prices = {"BTC/USDT": {0: "100", 85: "95.5", 104: "100"}}
    stage = Scene(enter(0), faults=[faults], prices=prices, rules=GUARDED, acts=DEAD)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.events(ExitWanted) == []
    assert {it.guard for it in stage.events(GuardTripped) if isinstance(it, GuardTripped)} == {"unknown worth"}
    assert sold(stage) == []
    assert len(stage.open_at_exchange()) == 2


@pytest.mark.in_memory
def test_a_start_without_its_journal_sells_and_cancels_nothing() -> None:
    """What a bot that "does not know" a position would close at its start: it stays under its stop, and a person is called."""
    stage = Scene(enter(0), ScriptedSignal(4, "95", "110"), acts={100: forget_all})
    stage.run(minutes=7)
    assert sold(stage) == []
    assert len(stage.open_at_exchange()) == 2
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def forget_all(stage: Scene) -> None:
    """The trader is killed, and comes back to an empty folder."""
    running().kill("trader")
    stage.file = MemoryFile()
    stage.come_back()


def sold(stage: Scene) -> list[str]:
    return [order.client_id for order in stage.orders if order.side is Side.SELL and order.executed]
