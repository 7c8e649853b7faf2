"""The kill command at work: with a connection of its own it cancels, sells, and looks until the venue says that it is so."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from tests.ids import RUN
from tests.scenes.harness import HOST, PORT, Scene
from tests.scenes.script import ExchangeFault, enter, exchange_fault

from fairway.orders.ids import ClientId
from fairway.risk.disposal import Disposal
from fairway.risk.limits import TradingState
from fairway.trading.agreement import open_questions
from fairway.trading.kill import PATIENCE_S, Killer, Killing
from fairway.trading.latch import Killed, KillScope
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import SECOND
from fairway.world.loop import running

KEEP = Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann")
FLATTEN = Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann", disposal=Disposal.FLATTEN)


OWN = Decimal(5)
"""Coins of the account's owner, which are nobody's position."""


class KillScene(Scene):
    """A position is opened at the first bar; a person kills it at second 90."""

    killing: Killing
    killed_at: float

    def __init__(
        self,
        killed: Killed,
        *,
        faults: Sequence[ExchangeFault] = (),
        earlier: Killed | None = None,
        trader_dies: bool = False,
        loses_journal: bool = False,
    ) -> None:
        acts: dict[float, Callable[[Scene], object]] = {90: lambda stage: running().spawn("killer", self._kill(killed))}
        if earlier is not None:
            acts[70] = lambda stage: stage.latch.set(earlier)
        if trader_dies:
            acts |= {89: _die, 150: Scene.come_back}
        if loses_journal:
            acts |= {80: _lose_journal, 150: Scene.come_back}
        super().__init__(enter(0), enter(3), acts=acts, faults=faults, balances={"USDT": "10000", "BTC": str(OWN)})

    async def _kill(self, killed: Killed) -> None:
        loop = running()
        self.latch.set(killed)
        settings = CcxtSettings(
            exchange="binance", key=self._credentials.key, secret=self._credentials.secret, url=f"http://{HOST}:{PORT}"
        )
        venue = CcxtVenue(settings, loop.clock, loop.chance.child("killer"))
        try:
            self.killing = await Killer(venue, self.latch, loop.clock, "main", killed, tuple(self._prices), run=RUN).run()
        finally:
            await venue.close()
        self.killed_at = loop.elapsed_ns / 1e9

    def assert_flat(self) -> None:
        """At the exchange: nothing rests, and of what the account holds its owner's coins are left, and not a lot more."""
        assert self.killing.unsold == {}
        assert self.open_at_exchange() == {}
        assert OWN <= self.held_at_exchange()["BTC"] < OWN + Decimal("0.001")


def _die(stage: Scene) -> None:
    running().kill("trader")
    stage.journal.crash()


def _lose_journal(stage: Scene) -> None:
    _die(stage)
    stage.begin_anew()


def test_stops_are_kept_and_named() -> None:
    """Nothing is sold; the two protective orders are what is left, by the exchange's own word."""
    stage = KillScene(KEEP)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert {order.client_id for order in stage.killing.protective} == set(stage.open_at_exchange())
    assert (stage.killing.cancelled, stage.killing.sold) == (0, {})
    assert stage.killed_at < 92


def test_a_position_is_sold_in_slices_and_the_trader_books_it() -> None:
    """The trader stands back, adopts the sales, and believes what is true; its next wish is refused."""
    stage = KillScene(FLATTEN)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    stage.assert_flat()
    assert stage.account_state.money.ledger.positions == {}
    assert stage.refusals() == ["STATE_KILLED"]
    assert len([order for order in stage.orders if order.client_id.endswith("x")]) >= 5


def test_what_was_sold_before_a_new_journal_began_is_not_missed_in_it() -> None:
    """The trader is dead and its journal lost when a person kills and sells. Whoever comes back begins its books with what is
    left: the sales are in that, so nothing is missing, and a resume has nothing to wait for."""
    stage = KillScene(FLATTEN, loses_journal=True)
    stage.run(minutes=5)
    stage.assert_flat()
    assert not stage.account_state.orders.lacks_fills("BTC/USDT")
    assert (list(open_questions(stage.account_state)), stage.account_state.guards.alarms) == ([], {})
    assert list(stage.account_state.orders.blotter.ended) == []
    assert stage.refusals() == ["STATE_KILLED"]


def test_a_bot_that_was_killed_is_flattened_later() -> None:
    """Stops were to stay; now all is to go: the trader stands back, and does not protect again what is being sold."""
    stage = KillScene(FLATTEN, earlier=KEEP)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    stage.assert_flat()
    assert stage.killing.cancelled == 2


def test_it_needs_no_trader() -> None:
    """The trader died a second before; when it comes back, it finds out what was done, and stays killed."""
    stage = KillScene(FLATTEN, trader_dies=True)
    stage.run(minutes=5)
    stage.assert_flat()
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["STATE_KILLED"]


def test_it_gets_through_a_bad_day_of_the_exchange() -> None:
    """Answers are lost after orders were accepted, requests are cut before they arrive: sold all the same, and once."""
    for kind in ("error_after", "reset_before", "reset_after", "status_unknown", "latency"):
        stage = KillScene(FLATTEN, faults=[ExchangeFault(kind, 89.5, 93)], trader_dies=True)
        stage.run(minutes=4)
        stage.assert_flat()
        stage.assert_belief_is_truth()


@pytest.mark.in_memory
@pytest.mark.parametrize("dies_at", [89, 90.52, 100])
def test_its_sales_are_known_by_their_ids_alone(dies_at: float) -> None:
    """The disk is full, so the journal never hears of the kill; the trader dies, and somebody removes the latch.

    It comes back to a position that is gone, and sells nothing of its owner's.
    """

    def come_back(stage: Scene) -> None:
        stage.file.records_max = None
        stage.come_back()

    def fill_disk(stage: Scene) -> None:
        stage.file.records_max = len(stage.file.records)

    stage = Scene(
        enter(0),
        acts={
            80: fill_disk,
            90: lambda stage: stage.kill(FLATTEN),
            dies_at: Scene.kill_trader,
            110: Scene.lose_latch,
            120: come_back,
        },
        balances={"USDT": "10000", "BTC": str(OWN)},
    )
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, stage.open_at_exchange()) == ({}, {})
    assert OWN <= stage.held_at_exchange()["BTC"] < OWN + Decimal("0.001")
    sales = [order for order in stage.orders if (own := ClientId.parse(order.client_id)) is not None and own.is_of_a_kill]
    assert len(sales) >= 5
    assert all(stage.account_state.orders.blotter[sale.client_id].filled.value > 0 for sale in sales)
    assert len(stage.account_state.money.trips) == 1
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY


@pytest.mark.parametrize("instant", [60.5025, 60.5035])
def test_what_was_bought_an_instant_before_a_kill_is_sold(instant: float) -> None:
    """Killed between fill and stop: no order at the venue covers the position, and the newest orders tell of it."""
    stage = Scene(enter(0), acts={instant: lambda stage: stage.kill(FLATTEN)})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    (killing,) = stage.killings
    assert isinstance(killing, Killing)
    assert (list(killing.sold), killing.unsold) == (["BTC/USDT"], {})
    assert (stage.account_state.money.ledger.positions, stage.open_at_exchange()) == ({}, {})


def untold(until: float) -> ExchangeFault:
    """The venue answers no question for its newest orders."""
    return exchange_fault("reset_before", "allOrders", since=60, until=until)


def test_what_the_kill_could_not_know_of_is_not_left_naked() -> None:
    """Killed between fill and stop, and the venue does not tell its newest orders: the trader protects the position."""
    stage = Scene(enter(0), acts={60.5025: lambda stage: stage.kill(FLATTEN)}, faults=[untold(130)])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    (killing,) = stage.killings
    assert isinstance(killing, Killing)
    assert "the venue does not answer" in killing.unsold["BTC/USDT"]
    assert len(stage.open_at_exchange()) == 2
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.KILLED
    stop = next(order for order in stage.open_at_exchange().values() if order.client_id.endswith("-s"))
    assert stop.created_at - stage.second(60.5) < (PATIENCE_S + 10) * SECOND


def test_who_comes_back_long_after_a_kill_protects_at_once_what_it_left() -> None:
    """The trader died between fill and stop, and the venue did not tell of the position; whoever killed is long done."""
    acts = {60.5035: Scene.kill_trader, 65: lambda stage: stage.kill(FLATTEN), 300: Scene.come_back}
    stage = Scene(enter(0), acts=acts, faults=[untold(140)])
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    stop = next(order for order in stage.open_at_exchange().values() if order.client_id.endswith("-s"))
    assert stop.created_at - stage.second(300) < 5 * SECOND


def test_who_kills_again_is_left_alone_again() -> None:
    """The first kill was long ago, and the trader has protected what it had left; the second sells it, and once."""
    acts = {60.5025: lambda stage: stage.kill(FLATTEN), 220: lambda stage: stage.kill(FLATTEN)}
    stage = Scene(enter(0), acts=acts, faults=[untold(140)])
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert stage.open_at_exchange() == {}
