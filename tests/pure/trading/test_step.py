"""The state, step by step: what each answer of a venue leads to, told as short scenes of plain values."""

from collections.abc import Sequence
from decimal import Decimal

from tests.ids import RUN

from fairway.journal.kinds import CapRaised, EntryRefused, Marked
from fairway.ledger.reconcile import CLOCKS_APART_NS
from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.ids import Role
from fairway.orders.intent import Enter, Intent
from fairway.orders.order import Fill, Order, OrderState, Side
from fairway.risk.rules import RiskRules
from fairway.strategies.api import View
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import AccountSnapshot, Input, KeyRightsReported, OrderQueried, OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.recovery import replay, restart
from fairway.trading.step import StepOutcome, step
from fairway.trading.venue_requests import Place, PlacePair, VenueRequest
from fairway.venues.port import (
    Ambiguous,
    BalanceReport,
    Duplicate,
    FillReport,
    KeyRefused,
    OrderReport,
    ReportStatus,
    StreamChannel,
    StreamDown,
    StreamUp,
    Unreachable,
)
from fairway.world.clock import MINUTE, SECOND

PAIR = Instrument(
    symbol="BTC/USDT",
    venue_symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    tick=Decimal("0.01"),
    lot=Decimal("0.001"),
    notional_min=Decimal(5),
)


SYMBOL = PAIR.symbol


class Told:
    """A strategy that wishes what the scene told it to, once."""

    warm_up = 1

    def __init__(self) -> None:
        self.wish: Sequence[Intent] = ()

    def decide(self, view: View) -> Sequence[Intent]:
        wish, self.wish = self.wish, ()
        return wish


class Scene:
    """An account state with 10,000 USDT, streams up, a quote of 100.00/100.02, and a journal of all that happened."""

    def __init__(self, *, needs_lease: bool = False) -> None:
        self.strategy = Told()
        self.needs_lease = needs_lease
        self.now = MINUTE
        self.state = self._state()
        self.journal: list[tuple[object, int]] = []
        for event in restart(self.state, release="test", venue="test", strategy="told", run=RUN):
            self.state.apply(event, self.now)
            self.journal.append((event, self.now))
        for channel in StreamChannel:
            self.news(StreamUp(channel))
        self.news(KeyRightsReported(None))
        self.now += SECOND
        self.news(caught({"USDT": "10000"}, began_at=self.now))
        self.quote("100.00", "100.02")
        self.bars = 0

    def _state(self) -> AccountState:
        return AccountState(
            AccountConfig(
                account="main",
                quote="USDT",
                symbols=(SYMBOL,),
                interval="1m",
                interval_ns=MINUTE,
                instruments={SYMBOL: PAIR},
                fees={SYMBOL: Fees(Decimal("0.001"), Decimal("0.001"))},
                strategy=self.strategy,
                rules=RiskRules(per_trade=Fraction.of("0.01"), position_max=Fraction.of("0.5"), positions_max=1),
                needs_lease=self.needs_lease,
            )
        )

    def replayed(self) -> AccountState:
        """Another state, made from the journal alone."""
        again = self._state()
        replay(again, self.journal)  # type: ignore[arg-type]
        return again

    def news(self, news: Input, after: int = 0) -> StepOutcome:
        self.now += after
        outcome = step(self.state, news, self.now)
        self.journal += [(event, self.now) for event in outcome.events]
        return outcome

    def quote(self, bid: str, ask: str) -> None:
        self.news(Quote(SYMBOL, Decimal(bid), Decimal(1), Decimal(ask), Decimal(1), self.now, self.now))

    def wish(self, *intents: Intent) -> StepOutcome:
        self.strategy.wish = intents
        self.bars += 1
        price = Decimal(100)
        return self.news(
            Candle(
                symbol=SYMBOL,
                open_at=self.bars * MINUTE,
                close_at=(self.bars + 1) * MINUTE,
                open=price,
                high=price,
                low=price,
                close=price,
                volume=Decimal(1),
            )
        )

    def enter(self) -> Order:
        [place] = self.wish(ENTER).commands
        assert isinstance(place, Place)
        return place.order

    def holding(self, quantity: str = "1") -> PlacePair:
        """An entry that filled at once, and the protection that follows."""
        entry = self.enter()
        self.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
        [pair] = self.news(filled(entry, "1", entry.quantity.value)).commands
        assert isinstance(pair, PlacePair)
        return pair

    def protected(self) -> PlacePair:
        pair = self.holding()
        self.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
        return pair

    def order(self, order: Order) -> Order:
        return self.state.orders.blotter[order.id]


ENTER = Enter(symbol=SYMBOL, stop=Price.of("98", "BTC", "USDT"), target=Price.of("104", "BTC", "USDT"), reason="test")


def report(order: Order, status: ReportStatus = ReportStatus.OPEN, filled: Decimal = Decimal(0)) -> OrderReport:
    return OrderReport(
        client_id=order.id,
        venue_id=f"v-{order.id}",
        symbol=order.symbol,
        side=order.side,
        status=status,
        quantity=order.quantity,
        filled=Amount(filled, "BTC"),
        price=order.price,
        stop_price=order.stop_price,
        at=0,
    )


def filled(order: Order, trade_id: str, quantity: Decimal | str, price: str = "100.02") -> FillReport:
    amount, at = Amount.of(quantity, "BTC"), Price.of(price, "BTC", "USDT")
    fee = amount * Decimal("0.001") if order.side is Side.BUY else (at * amount) * Decimal("0.001")
    when = max(MINUTE, order.created_at - CLOCKS_APART_NS)
    fill = Fill(trade_id=trade_id, price=at, quantity=amount, quote=at * amount, fee=fee, is_maker=False, at=when)
    return FillReport(client_id=order.id, venue_id=f"v-{order.id}", symbol=order.symbol, side=order.side, fill=fill)


def caught(
    balances: dict[str, str],
    began_at: int,
    *reports: OrderReport,
    fills: Sequence[FillReport] = (),
    second: dict[str, str] | None = None,
    is_confirmed: bool = True,
) -> AccountSnapshot:
    """A full answer of the venue. Its second endpoint for balances says the same, unless told otherwise, or says nothing."""
    told = told_balances(balances, began_at)
    confirmed = told_balances(second, began_at) if second is not None else told if is_confirmed else None
    return AccountSnapshot(reports, fills, told, began_at, second=confirmed)


def told_balances(balances: dict[str, str], at: int) -> BalanceReport:
    totals = {asset: (Amount.of(total, asset), Amount.of(0, asset)) for asset, total in balances.items()}
    return BalanceReport(balances=totals, is_complete=True, at=at)


def kinds(commands: Sequence[VenueRequest]) -> list[str]:
    return [type(command).__name__ for command in commands]


def test_a_filled_entry_is_protected_for_exactly_what_can_be_sold() -> None:
    """Stop and target cover the position after its fee, rounded down to the lot, as one pair."""
    scene = Scene()
    pair = scene.holding()
    held = scene.state.money.ledger.positions[SYMBOL].quantity.value
    assert pair.stop.quantity.value == pair.target.quantity.value == held - held % PAIR.lot
    assert (pair.stop.stop_price, pair.target.price) == (ENTER.stop, ENTER.target)
    assert pair.stop.pair == pair.target.pair != ""


def test_risk_sizes_the_entry_so_that_the_stop_costs_one_percent() -> None:
    """What is bought at the ask and sold at the stop loses at most 100 of 10,000, fees and slippage included."""
    entry = Scene().enter()
    loss = entry.quantity.value * (Decimal("100.02") - Decimal(98) + (Decimal("100.02") + Decimal(98)) * Decimal("0.002"))
    assert Decimal("99.5") < loss <= Decimal(100)


def test_no_second_entry_while_the_first_is_unanswered() -> None:
    """One intent, at most one live order."""
    scene = Scene()
    scene.enter()
    outcome = scene.wish(ENTER)
    assert [event.code for event in outcome.events if isinstance(event, EntryRefused)] == [
        "SYMBOL_BUSY: symbol=BTC/USDT has a position or a live order"
    ]


def test_a_lost_answer_is_asked_for_and_the_fills_are_fetched() -> None:
    """The order is UNKNOWN, asked for by its id, found filled; the missing fill is caught up and protected."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("the connection was reset")))
    assert scene.order(entry).state is OrderState.UNKNOWN
    outcome = scene.news(Tick(), after=SECOND)
    assert kinds(outcome.commands) == ["QueryOrder"]
    scene.news(OrderQueried(entry, report(entry, ReportStatus.FILLED, filled=entry.quantity.value), scene.now))
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["QueryAccount"]
    missing = filled(entry, "1", entry.quantity.value)
    outcome = scene.news(caught({"USDT": "0"}, scene.now, fills=[missing]))
    assert kinds(outcome.commands) == ["PlacePair"]


def test_not_found_is_believed_only_after_the_grace_time() -> None:
    """A venue's reads lag behind its writes: for a minute "no such order" proves nothing."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("timeout")))
    lost_at = scene.now
    scene.news(OrderQueried(entry, None, asked_at=lost_at + 59 * SECOND), after=60 * SECOND)
    assert scene.order(entry).state is OrderState.UNKNOWN
    outcome = scene.news(OrderQueried(entry, None, asked_at=lost_at + 60 * SECOND))
    assert scene.order(entry).state is OrderState.UNKNOWN
    assert kinds(outcome.commands) == ["QueryAccount"]  # nor before its fills were asked for
    scene.news(caught({"USDT": "10000"}, began_at=scene.now))
    scene.news(OrderQueried(entry, None, asked_at=scene.now))
    assert scene.order(entry).state is OrderState.REJECTED


def test_an_unreachable_venue_leaves_no_order_behind() -> None:
    """Certainly not sent is an end; nothing is repeated at once."""
    scene = Scene()
    entry = scene.enter()
    outcome = scene.news(PlaceFailed([entry], Unreachable("connection refused")))
    assert scene.order(entry).state is OrderState.REJECTED
    assert outcome.commands == []


def test_an_ambiguous_pair_is_sent_again_under_the_same_ids() -> None:
    """A position must not wait for a minute without a stop: the venue refuses the repetition if it holds the pair."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Ambiguous("503")))
    assert kinds(scene.news(Tick(), after=2 * SECOND).commands) == ["QueryOrder", "QueryOrder"]  # nothing is repeated unasked
    scene.news(OrderQueried(pair.stop, None, scene.now))
    outcome = scene.news(OrderQueried(pair.target, None, scene.now))
    [again] = [command for command in outcome.commands if isinstance(command, PlacePair)]
    assert (again.stop.id, again.target.id, again.stop.pair) == (pair.stop.id, pair.target.id, pair.stop.pair)
    scene.news(PlaceFailed([again.stop, again.target], Duplicate("Duplicate order sent.")))
    scene.news(OrderQueried(pair.stop, report(pair.stop), scene.now))
    scene.news(OrderQueried(pair.target, report(pair.target), scene.now))
    assert {scene.order(leg).state for leg in (pair.stop, pair.target)} == {OrderState.OPEN}


def test_an_orphan_is_swept() -> None:
    """No position, no stop: what still rests after the venue had its moment is cancelled."""
    scene = Scene()
    pair = scene.protected()
    scene.news(filled(pair.target, "2", pair.target.quantity.value, "104"))
    assert scene.news(Tick()).commands == []
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["Cancel"]


def test_the_same_fill_by_stream_answer_and_history_is_booked_once() -> None:
    """However often it is told."""
    scene = Scene()
    entry = scene.enter()
    fill = filled(entry, "1", entry.quantity.value)
    scene.news(fill)
    before = dict(scene.state.money.ledger.balances.totals)
    assert scene.news(fill).events == []
    again = scene.news(caught({"USDT": "0"}, scene.now, fills=[fill])).events
    assert [type(event) for event in again] == [Marked]
    assert scene.state.money.ledger.balances.totals == before


def test_money_moved_by_hand_is_adopted_when_seen_twice() -> None:
    """The venue is right; once may be a race, twice is a fact."""
    scene = Scene()
    scene.news(caught({"USDT": "10500"}, scene.now))
    assert scene.state.money.ledger.balances.of("USDT") == Amount.of("10000", "USDT")
    scene.news(caught({"USDT": "10500"}, scene.now), after=30 * SECOND)
    assert scene.state.money.ledger.balances.of("USDT") == Amount.of("10500", "USDT")


def test_no_entry_while_a_stream_is_not_caught_up() -> None:
    """Subscribed is not enough: what was missed must have been asked for since."""
    scene = Scene()
    scene.news(StreamDown(StreamChannel.ACCOUNT, "silent"))
    assert kinds(scene.news(StreamUp(StreamChannel.ACCOUNT), after=SECOND).commands) == ["QueryAccount"]
    scene.news(caught({"USDT": "10000"}, scene.now - 1))
    outcome = scene.wish(ENTER)
    assert [event.code for event in outcome.events if isinstance(event, EntryRefused)] == [
        "DATA_BLIND: a stream is down, or not caught up"
    ]
    scene.news(caught({"USDT": "10000"}, scene.now))
    assert kinds(scene.wish(ENTER).commands) == ["Place"]


def test_a_revoked_key_holds_the_symbol() -> None:
    """A person is needed; nothing is tried in a loop."""
    scene = Scene()
    entry = scene.enter()
    outcome = scene.news(PlaceFailed([entry], KeyRefused("Invalid API-key", "-2015")))
    assert [type(event) for event in outcome.events if isinstance(event, CapRaised)] == [CapRaised]


def test_replay_gives_the_same_account_state_and_doubts_what_was_in_flight() -> None:
    """Start is recovery: same orders, same ledger, a new epoch; the unanswered order is UNKNOWN and asked for."""
    scene = Scene()
    entry = scene.enter()
    again = scene._state()
    replay(again, scene.journal)  # type: ignore[arg-type]
    assert (again.orders.blotter.live, again.money.ledger.balances.totals, again.starts.sequence) == (
        scene.state.orders.blotter.live,
        scene.state.money.ledger.balances.totals,
        scene.state.starts.sequence,
    )
    for event in list(restart(again, release="test", venue="test", strategy="told", run=RUN)):
        again.apply(event, scene.now)
    assert (again.starts.epoch, again.orders.blotter[entry.id].state) == (2, OrderState.UNKNOWN)
    assert kinds(step(again, Tick(), scene.now + SECOND).commands) == ["QueryOrder"]


def test_ids_of_a_new_epoch_never_repeat_old_ones() -> None:
    """Even where the sequence begins again."""
    scene = Scene()
    first = scene.enter()
    again = scene._state()
    replay(again, scene.journal)  # type: ignore[arg-type]
    for event in list(restart(again, release="test", venue="test", strategy="told", run=RUN)):
        again.apply(event, scene.now)
    assert again.starts.next_id(Role.ENTRY) not in again.orders.blotter.live
    assert first.id in again.orders.blotter.live
