"""The trader dies between an entry and its protection, and starts with an empty journal: its coins are held and told."""

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.exchange.terms import Side
from fairway.journal.commands import LiftCap
from fairway.journal.kinds import CapRaised, ExternalFill
from fairway.orders.lifecycle import OrderSent
from fairway.trading.inputs import CommandReceived
from fairway.trading.other_writers import RIVAL_CAP

SENT_AT = 60.5005
"""The entry leaves at about this second, and is filled a millisecond or two later."""


class LosesItsJournal(Scene):
    def begin_without_a_journal(self) -> None:
        self.kill_trader()
        self.begin_anew()
        self.start_again()

    def say_that_none_trades_beside_it(self) -> None:
        self.trader.take(None, CommandReceived(1, "ann", LiftCap(reason="the disk was replaced", cap_id=RIVAL_CAP)))


def lost(after_ms: float, *wishes: object, **options: object) -> LosesItsJournal:
    acts = {SENT_AT + after_ms / 1000: LosesItsJournal.begin_without_a_journal}
    return LosesItsJournal(enter(0), *wishes, acts=acts, **options)  # type: ignore[arg-type]


def reasons(stage: Scene) -> list[str]:
    return [event.cap.reason for event in stage.events(CapRaised) if isinstance(event, CapRaised) and event.cap.symbol]


@pytest.mark.parametrize("after_ms", [2, 2.5, 3, 3.5])
def test_coins_that_no_stop_covers_hold_their_symbol(after_ms: float) -> None:
    """The entry was filled, and its stop not sent: it is told how much that is and what to do; nothing is opened beside it."""
    stage = lost(after_ms, enter(4))
    stage.run(minutes=7)
    [entry] = stage.orders
    assert stage.open_at_exchange() == {}
    [why] = reasons(stage)
    assert why.startswith(f"18.499482 BTC of the account were bought by orders such as {entry.client_id}")
    assert "protect or sell them at the exchange, then lift this" in why
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_an_entry_that_arrives_after_the_start_holds_its_symbol() -> None:
    """It was on its way for three seconds when the journal was lost; the new one begins before it is filled."""
    late = exchange_fault("latency", "order.place", since=60, until=61, before_ms=3000)
    stage = lost(2, enter(4), faults=[late])
    stage.run(minutes=7)
    assert len(stage.orders) == 1
    assert len(stage.events(ExternalFill)) > 0
    [why] = reasons(stage)
    assert "bought at" in why
    assert "no stop is sent for them; protect or sell them at the exchange, then lift this" in why
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


class ForgetsTheEntry(Scene):
    """Its journal loses what came after a record, as where the newest pages of a file were never written."""

    def keep(self, seconds: float) -> None:
        self.kill_trader()
        self.file.records = [record for record in self.file.records if record.at < self.second(seconds)]
        self.start_again()


@pytest.mark.in_memory
def test_an_entry_that_a_shortened_journal_lacks_holds_its_symbol() -> None:
    """The books were open before it: its fill is found in the venue's history, and told."""
    stage = ForgetsTheEntry(enter(0), enter(4), acts={SENT_AT + 0.0025: lambda it: it.keep(59)})
    stage.run(minutes=7)
    assert len(stage.orders) == 1
    [why] = reasons(stage)
    assert "bought at" in why
    assert "no stop is sent for them" in why
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_coins_that_were_sold_again_hold_no_symbol() -> None:
    """All that an earlier journal bought was sold, so what the account holds is its owner's. Orders of another run in the
    venue's history hold the account until a person says that no other trader has this key; then the new journal trades."""
    acts = {200.0: LosesItsJournal.begin_without_a_journal, 230.0: LosesItsJournal.say_that_none_trades_beside_it}
    stage = LosesItsJournal(enter(0), leave(1), enter(4), acts=acts, balances={"USDT": "10000", "BTC": "2"})
    stage.run(minutes=7)
    assert reasons(stage) == []
    assert len(stage.events(OrderSent)) == 3


def test_coins_of_the_owner_hold_nothing_at_the_first_start() -> None:
    """What a person bought or sold by hand before is no order of the bot's."""
    acts = {10.0: by_hand.trade(Side.BUY, "1"), 20.0: LosesItsJournal.begin_without_a_journal}
    stage = LosesItsJournal(enter(1), acts=acts, balances={"USDT": "10000", "BTC": "2"})
    stage.run(minutes=4)
    assert stage.events(CapRaised) == []
    assert len(stage.open_at_exchange()) == 2
