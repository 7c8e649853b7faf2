"""What the state makes of a venue that contradicts itself: each scene of `tests/scenes` that found a fault, as plain values."""

from decimal import Decimal

from tests.ids import RUN
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import CapLifted, CapRaised, CaughtUp, EntryRefused, ExitWanted, Unexplained
from fairway.market.candles import Candle
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent, OrderFilled
from fairway.orders.order import OrderState
from fairway.trading.inputs import (
    AccountSnapshot,
    CancelFailed,
    OrderQueried,
    OrdersAcknowledged,
    PlaceFailed,
    Tick,
)
from fairway.trading.order_queries import fills_wanted
from fairway.trading.recovery import replay, restart
from fairway.trading.step import StepOutcome
from fairway.trading.venue_requests import Place, PlacePair, QueryOrder
from fairway.venues.port import Ambiguous, KeyRefused, Rejected, ReportStatus, StreamChannel, StreamDown, StreamUp, Unreachable
from fairway.world.clock import MINUTE, SECOND

NO = Rejected("no", "-2010")


def totals(scene: Scene) -> dict[str, str]:
    return {asset: str(total) for asset, total in scene.state.money.ledger.balances.totals.items()}


def refusals(outcome: StepOutcome) -> list[str]:
    return [event.code for event in outcome.events if isinstance(event, EntryRefused)]


def test_an_open_order_that_the_venue_does_not_list_is_asked_for() -> None:
    """It may have ended with nobody told, or be hidden by a lag: only its own answer tells."""
    scene = Scene()
    pair = scene.protected()
    scene.now += SECOND
    outcome = scene.news(caught(totals(scene), scene.now, report(pair.stop)))
    [find] = outcome.commands
    assert isinstance(find, QueryOrder)
    assert find.order.id == pair.target.id
    scene.news(OrderQueried(pair.target, None, scene.now))
    assert scene.order(pair.target).state is OrderState.OPEN
    scene.news(OrderQueried(pair.target, report(pair.target, ReportStatus.EXPIRED), scene.now))
    assert scene.order(pair.target).state is OrderState.EXPIRED


def test_an_order_that_was_placed_while_the_venue_was_asked_is_not_missing() -> None:
    """The list is older than the order."""
    scene = Scene()
    scene.protected()
    assert scene.news(caught(totals(scene), scene.now - 1)).commands == []


def test_a_cancel_that_finds_no_order_asks_what_became_of_it() -> None:
    """The venue said that there is nothing to cancel."""
    scene = Scene()
    pair = scene.protected()
    scene.news(CancelFailed(pair.stop, Unreachable("no route")))
    assert "QueryOrder" in kinds(scene.news(CancelFailed(pair.stop, Rejected("Unknown order sent.", "-2011"))).commands)


def test_the_fill_of_an_order_that_was_refused_leads_back_to_it() -> None:
    """The no was not true: a fill of an unknown order makes the refused one a suspect, and what it is found to be counts."""
    scene = Scene()
    entry = scene.enter()
    assert kinds(scene.news(PlaceFailed([entry], NO)).commands) == ["QueryAccount"]
    stranger = filled(entry, "1", entry.quantity.value)
    balances = {"USDT": "9000", "BTC": "1"}
    unnamed = type(stranger)(client_id="", venue_id=stranger.venue_id, symbol=SYMBOL, side=stranger.side, fill=stranger.fill)
    [find] = scene.news(caught(balances, scene.now, fills=[unnamed])).commands
    assert isinstance(find, QueryOrder)
    assert find.order.id == entry.id
    answer = report(entry, ReportStatus.FILLED, filled=entry.quantity.value)
    assert kinds(scene.news(OrderQueried(entry, answer, scene.now)).commands) == ["QueryAccount"]
    outcome = scene.news(caught(balances, scene.now, fills=[unnamed]))
    assert any(isinstance(event, OrderFilled) for event in outcome.events)
    assert "PlacePair" in kinds(outcome.commands)


def test_a_refusal_says_nothing_against_what_the_stream_has_shown() -> None:
    """First the stream tells that it is open, then the answer says no: it is open."""
    scene = Scene()
    entry = scene.enter()
    scene.news(report(entry))
    scene.news(PlaceFailed([entry], NO))
    assert scene.order(entry).state is OrderState.OPEN


def test_nothing_is_sold_again_while_fills_of_a_sale_are_missing() -> None:
    """The answer says that a part was sold before the fills say which: selling all of it again would sell too much."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], NO))
    [sale] = scene.news(Tick(), after=SECOND).commands
    assert isinstance(sale, Place)
    half = sale.order.quantity.value / 2
    scene.news(OrdersAcknowledged([report(sale.order, ReportStatus.EXPIRED, filled=half)]))
    assert kinds(scene.news(Tick(), after=3 * SECOND).commands) == ["QueryAccount"]
    [rest] = scene.news(filled(sale.order, "2", half)).commands
    assert isinstance(rest, Place)
    assert rest.order.quantity.value + half <= sale.order.quantity.value


def test_news_that_tell_of_less_are_older_whenever_they_come() -> None:
    """Half of it, told after all of it, does not make the rest of its fills superfluous."""
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.EXPIRED, filled=Decimal(8))]))
    scene.news(filled(entry, "1", "2"))
    outcome = scene.news(report(entry, ReportStatus.PARTLY, filled=Decimal(2)))
    assert outcome.commands == []
    assert scene.state.orders.lacks_fills(SYMBOL)
    [pair] = scene.news(filled(entry, "2", "6")).commands
    assert isinstance(pair, PlacePair)
    assert not scene.state.orders.lacks_fills(SYMBOL)


def test_a_target_whose_stop_is_gone_makes_way_for_a_new_pair() -> None:
    """But not at once: a target that fills whole ends its stop a moment before."""
    scene = Scene()
    pair = scene.protected()
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    assert scene.news(filled(pair.target, "2", "1", "104")).commands == []
    outcome = scene.news(Tick(), after=SECOND)
    assert [event.order_id for event in outcome.events if isinstance(event, CancelSent)] == [pair.target.id]
    gone = report(pair.target, ReportStatus.CANCELLED, filled=Decimal(1))
    [new] = scene.news(OrdersAcknowledged([gone])).commands
    assert isinstance(new, PlacePair)
    assert new.stop.quantity.value == pair.stop.quantity.value - 1


def test_a_sale_that_sold_nothing_is_a_failure_and_not_repeated_at_once() -> None:
    """An empty book: two of them call a person, and the position gets its pair."""
    scene = Scene()
    pair = scene.protected()
    scene.state.apply(ExitWanted(symbol=SYMBOL, why="test"), scene.now)
    scene.news(OrdersAcknowledged([report(leg, ReportStatus.CANCELLED) for leg in (pair.stop, pair.target)]))
    for _ in range(2):
        [sale] = scene.state.orders.blotter.of(SYMBOL, Role.EXIT)
        assert scene.news(OrdersAcknowledged([report(sale, ReportStatus.EXPIRED)])).commands == []
        outcome = scene.news(Tick(), after=SECOND)
    assert any(isinstance(event, CapRaised) for event in outcome.events)
    assert kinds(outcome.commands) == ["PlacePair"]


def test_a_denial_from_before_a_repetition_is_no_reason_for_the_next_one() -> None:
    """The pair may have been taken, have filled and be over: to send it again would sell what is not ours to sell."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Ambiguous("503")))
    scene.now += 2 * SECOND
    asked_at = scene.now
    scene.news(OrderQueried(pair.stop, None, asked_at))
    [again] = scene.news(OrderQueried(pair.target, None, asked_at)).commands
    assert isinstance(again, PlacePair)
    scene.news(PlaceFailed([pair.stop, pair.target], Ambiguous("timeout")), after=SECOND)
    scene.news(OrderQueried(pair.stop, None, asked_at))
    assert kinds(scene.news(Tick(), after=10 * SECOND).commands) == ["QueryOrder", "QueryOrder"]


def test_protecting_and_selling_take_turns_once_both_have_failed() -> None:
    """What the market allows may change while a person is on the way."""
    scene = Scene()
    scene.holding()
    asked = []
    for _ in range(5):
        sent = [order for order in scene.state.orders.blotter.live.values() if order.state is OrderState.SENT]
        scene.news(PlaceFailed(sent, NO))
        asked += kinds(scene.news(Tick(), after=MINUTE).commands)
    assert asked == ["Place", "PlacePair", "Place", "PlacePair", "Place"]


def test_pauses_grow_while_failures_go_on() -> None:
    """1, 2, 2, 2 seconds while a position waits for its stop: a dead line is no reason to write a journal full of attempts."""
    scene = Scene()
    pair, pauses = scene.holding(), []
    for _ in range(4):
        scene.news(PlaceFailed([pair.stop, pair.target], Unreachable("no route")))
        pauses.append((scene.state.retries.wait_until[SYMBOL] - scene.now) // SECOND)
        [again] = scene.news(Tick(), after=pauses[-1] * SECOND).commands
        assert isinstance(again, PlacePair)
        pair = again
    assert pauses == [1, 2, 2, 2]


def test_pauses_are_longer_while_the_position_has_its_stop() -> None:
    """Cancels that are lost again and again, of a pair that rests."""
    scene = Scene()
    pair, pauses = scene.protected(), []
    for _ in range(4):
        scene.state.apply(CancelSent(pair.stop.id, "test"), scene.now)
        scene.state.protection.naked_since.clear()
        scene.news(CancelFailed(scene.order(pair.stop), Ambiguous("no route")))
        pauses.append((scene.state.retries.wait_until[SYMBOL] - scene.now) // SECOND)
        scene.now = scene.state.retries.wait_until[SYMBOL]
    assert pauses == [1, 2, 4, 4]


def test_a_refused_protection_does_not_wait_for_what_failed_before() -> None:
    """Three connections were lost; then the venue says no, and the position is sold half a second later."""
    scene = Scene()
    pair = scene.holding()
    for _ in range(3):
        scene.news(PlaceFailed([pair.stop, pair.target], Unreachable("no route")))
        [again] = scene.news(Tick(), after=2 * SECOND).commands
        assert isinstance(again, PlacePair)
        pair = again
    scene.news(PlaceFailed([pair.stop, pair.target], NO))
    assert scene.news(Tick(), after=SECOND // 2 - 1).commands == []
    assert kinds(scene.news(Tick(), after=1).commands) == ["Place"]


def test_what_an_entry_of_unknown_fate_has_bought_is_protected_at_once() -> None:
    """It was entries that failed before, and the third one arrived all the same."""
    scene = Scene()
    for _ in range(2):
        entry = scene.enter()
        scene.news(PlaceFailed([entry], NO), after=SECOND)
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("reset")), after=SECOND)
    scene.news(OrderQueried(entry, report(entry, ReportStatus.FILLED, filled=entry.quantity.value), scene.now))
    assert kinds(scene.news(filled(entry, "1", entry.quantity.value)).commands) == ["PlacePair"]


def test_a_refused_key_calls_a_person_once() -> None:
    """A position without its stop is tried again every two seconds: a key may be refused for an instant alone."""
    scene = Scene()
    pair = scene.holding()
    held = []
    for _ in range(3):
        held += scene.news(PlaceFailed([pair.stop, pair.target], KeyRefused("Invalid API-key", "-2015"))).events
        assert scene.news(Tick(), after=SECOND).commands == []
        [again] = scene.news(Tick(), after=SECOND).commands
        assert isinstance(again, PlacePair)
        pair = again
    assert len([event for event in held if isinstance(event, CapRaised)]) == 1


def test_what_nobody_could_be_asked_for_is_not_taken_for_moved_by_hand() -> None:
    """A symbol that the venue forgot: its missing fills may explain the difference, so nothing is adjusted or trusted."""
    scene = Scene()
    scene.news(StreamDown(StreamChannel.MARKET, "cut"))
    scene.news(StreamUp(StreamChannel.MARKET))
    for _ in range(3):
        told = caught({"USDT": "9000"}, scene.now)
        outcome = scene.news(AccountSnapshot(told.orders, told.fills, told.balances, scene.now, unasked=[SYMBOL]), after=SECOND)
        assert not any(isinstance(event, Unexplained | CaughtUp) for event in outcome.events)
    told = caught({"USDT": "10000"}, scene.now)
    outcome = scene.news(AccountSnapshot(told.orders, told.fills, told.balances, scene.now, unasked=[SYMBOL]))
    assert [type(event) for event in outcome.events] == [CapLifted, CaughtUp]


def test_a_quote_that_repeats_itself_grows_old() -> None:
    """A frozen book may go on sending: no entry on what has not changed for too long."""
    scene = Scene()
    for _ in range(12):
        scene.now += SECOND
        scene.quote("100.00", "100.02")
    assert refusals(scene.wish(ENTER)) == ["DATA_STALE: age_ms=12000 max_ms=10000"]


def test_a_candle_that_comes_late_leads_to_no_entry() -> None:
    """By the time it arrives, the next one has closed."""
    scene = Scene()
    scene.strategy.wish = (ENTER,)
    price, close_at = Decimal(100), scene.now - MINUTE
    late = Candle(
        symbol=SYMBOL, open_at=close_at - MINUTE, close_at=close_at, open=price, high=price, low=price, close=price, volume=price
    )
    assert refusals(scene.news(late)) == ["INTENT_LATE: age_ms=60000 max_ms=60000"]


def test_a_start_trusts_no_stream_and_moves_nothing_before_the_venue_has_answered() -> None:
    """What the journal says of streams and positions is from another life."""
    scene = Scene()
    scene.holding()
    after = Scene().state.__class__(scene.state.config)
    replay(after, [(event, at) for event, at in scene.journal])  # type: ignore[misc]
    for event in restart(after, release="test", venue="test", strategy="told", run=RUN):
        after.apply(event, scene.now)
    assert list(after.access.down) == list(StreamChannel)
    assert after.transient.asked_at == 0


def test_fills_are_asked_for_from_the_last_one_on_unless_one_before_it_is_missing() -> None:
    """A later fill that was told must not hide an earlier one: then all since the books tied out, and a minute for clocks."""
    scene = Scene()
    tied_at = scene.now
    assert fills_wanted(scene.state, SYMBOL) == ("", tied_at - MINUTE)
    scene.now += SECOND
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.EXPIRED, filled=Decimal(4))]))
    scene.news(filled(entry, "7", "2"))
    assert fills_wanted(scene.state, SYMBOL) == ("", tied_at - MINUTE)
    [pair] = scene.news(filled(entry, "6", "2")).commands
    assert isinstance(pair, PlacePair)
    scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
    assert fills_wanted(scene.state, SYMBOL) == ("7", 0)
    scene.news(caught({"USDT": "1"}, scene.now))
    assert fills_wanted(scene.state, SYMBOL) == ("", tied_at - MINUTE)


def test_a_position_of_any_age_is_explained_by_our_own_books() -> None:
    """A hundred days later only what came after the last trade is asked for; venues forget, and some refuse to look back."""
    scene = Scene()
    scene.protected()
    scene.now += 100 * 24 * 60 * MINUTE
    assert fills_wanted(scene.state, SYMBOL) == ("1", 0)
    scene.news(caught(totals(scene), scene.now))
    scene.now += SECOND
    scene.news(caught({"USDT": "1"}, scene.now))
    assert fills_wanted(scene.state, SYMBOL) == ("", scene.now - SECOND - MINUTE)
