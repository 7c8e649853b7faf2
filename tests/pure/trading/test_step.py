"""The state, step by step: what each answer of a venue leads to, told as short scenes of plain values."""

from collections.abc import Sequence
from decimal import Decimal

from tests.ids import RUN

from fairway.journal.kinds import CapRaised, EntryRefused, ExitWanted, Marked
from fairway.ledger.reconcile import CLOCKS_APART_NS
from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.ids import Role
from fairway.orders.intent import Enter, Exit, Intent
from fairway.orders.order import Fill, Order, OrderState, Side
from fairway.risk.rules import RiskRules
from fairway.strategies.api import View
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import (
    AccountSnapshot,
    CancelFailed,
    Input,
    KeyRightsReported,
    OrderQueried,
    OrdersAcknowledged,
    PlaceFailed,
    Tick,
)
from fairway.trading.recovery import replay, restart
from fairway.trading.step import StepOutcome, step
from fairway.trading.venue_requests import Place, PlacePair, QueryOrder, VenueRequest
from fairway.venues.port import (
    Ambiguous,
    BalanceReport,
    Channel,
    Duplicate,
    FillReport,
    KeyRefused,
    OrderReport,
    Rejected,
    ReportStatus,
    StreamDown,
    StreamUp,
    Unreachable,
    VenueError,
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
        for channel in Channel:
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


def test_a_refused_stop_means_leaving_at_market() -> None:
    """A position that cannot be protected is closed, after a pause, and by one order."""
    scene = Scene()
    pair = scene.holding()
    outcome = scene.news(PlaceFailed([pair.stop, pair.target], Rejected("would trigger immediately", "-2010")))
    assert kinds(outcome.commands) == ["QueryAccount"]  # a no may be untrue: before anything is sold, the venue is asked
    outcome = scene.news(Tick(), after=SECOND)
    [exit_order] = [command for command in outcome.commands if isinstance(command, Place)]
    assert exit_order.order.role is Role.EXIT
    assert any(isinstance(event, ExitWanted) for event in outcome.events)


def test_what_a_target_left_over_is_sold_where_the_price_is_at_the_target() -> None:
    """The venue ends the stop with the target's first part; a new pair would be refused, for its target would fill at once."""
    scene = Scene()
    pair = scene.protected()
    scene.quote("104.00", "104.02")
    assert kinds(scene.news(filled(pair.target, "2", "1", "104")).commands) == ["Cancel"]
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    [sale] = scene.news(report(pair.target, ReportStatus.CANCELLED, Decimal(1))).commands
    assert isinstance(sale, Place)
    assert sale.order.quantity == scene.order(pair.target).remaining


def test_an_absurd_quote_sells_nothing() -> None:
    """A bid far above the newest candle is no target reached: the rest is protected by a new pair."""
    scene = Scene()
    pair = scene.protected()
    scene.quote("114.00", "114.02")
    scene.news(filled(pair.target, "2", "1", "104"))
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    outcome = scene.news(report(pair.target, ReportStatus.CANCELLED, Decimal(1)))
    assert kinds(outcome.commands) == ["PlacePair"]


def test_two_refused_closes_call_a_person() -> None:
    """The same failing close is not repeated for ever; what cannot be sold is protected, if that can be done."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no")))
    [place] = scene.news(Tick(), after=SECOND).commands
    assert isinstance(place, Place)
    scene.news(PlaceFailed([place.order], Rejected("no")))
    assert scene.news(Tick(), after=SECOND - 1).events == []
    outcome = scene.news(Tick(), after=1)
    assert isinstance(outcome.events[0], CapRaised)
    [again] = outcome.commands
    assert isinstance(again, PlacePair)
    scene.news(OrdersAcknowledged([report(again.stop), report(again.target)]))
    assert scene.news(Tick(), after=SECOND).events == []


def test_a_dead_line_is_no_reason_to_sell() -> None:
    """Unreachable while protecting: tried again with new ids after a pause; the position is not dumped."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Unreachable("no route")))
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["PlacePair"]


def test_an_exit_first_cancels_protection_and_then_sells_what_is_held() -> None:
    """Never two sells for one position: the sale waits for the cancel's confirmation."""
    scene = Scene()
    pair = scene.protected()
    outcome = scene.wish(Exit(symbol=SYMBOL, reason="enough"))
    assert kinds(outcome.commands) == ["Cancel"]
    cancelled = [report(leg, ReportStatus.CANCELLED) for leg in (pair.stop, pair.target)]
    assert scene.news(OrdersAcknowledged(cancelled[:1])).commands == []
    [sale] = scene.news(cancelled[1]).commands
    assert isinstance(sale, Place)
    assert sale.order.quantity == pair.stop.quantity


def test_a_stop_that_fills_while_it_is_being_cancelled_ends_the_story() -> None:
    """The cancel lost the race: the fill counts, the trip is closed, and nothing is sold twice."""
    scene = Scene()
    pair = scene.protected()
    scene.wish(Exit(symbol=SYMBOL, reason="enough"))
    scene.news(CancelFailed(pair.stop, Rejected("Unknown order sent.", "-2011")))
    outcome = scene.news(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    assert outcome.commands == []
    scene.news(report(pair.target, ReportStatus.EXPIRED))
    assert SYMBOL not in scene.state.money.ledger.positions
    assert scene.news(Tick(), after=2 * SECOND).commands == []


def test_a_cancel_that_nobody_answered_is_found_out() -> None:
    """Still open when asked: the cancel did not happen and is tried again."""
    scene = Scene()
    pair = scene.protected()
    scene.wish(Exit(symbol=SYMBOL, reason="enough"))
    asked = [command for command in scene.news(Tick(), after=SECOND).commands if isinstance(command, QueryOrder)]
    assert [find.order.id for find in asked] == [pair.stop.id, pair.target.id]
    scene.news(OrderQueried(pair.stop, report(pair.stop), scene.now))
    outcome = scene.news(OrderQueried(pair.target, report(pair.target), scene.now))
    assert kinds(outcome.commands) == ["Cancel"]


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
    scene.news(StreamDown(Channel.ACCOUNT, "silent"))
    assert kinds(scene.news(StreamUp(Channel.ACCOUNT), after=SECOND).commands) == ["QueryAccount"]
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


ERRORS: tuple[VenueError, ...] = (Ambiguous("x"), Unreachable("x"), Rejected("x"), Duplicate("x"), KeyRefused("x"))


def test_no_failure_of_an_exit_sells_twice() -> None:
    """Whatever goes wrong with a sale, at most one sale is alive at a time, and none beside a stop."""
    for error in ERRORS:
        scene = Scene()
        pair = scene.holding()
        scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no")))
        [place] = scene.news(Tick(), after=SECOND).commands
        assert isinstance(place, Place)
        scene.news(PlaceFailed([place.order], error))
        for _ in range(5):
            scene.news(Tick(), after=SECOND)
            roles = [order.role for order in scene.state.orders.blotter.of(SYMBOL) if order.side is Side.SELL]
            assert roles in ([], [Role.EXIT], [Role.STOP, Role.TARGET]), error
