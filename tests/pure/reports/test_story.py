"""The story tells what the journal holds: trips with their reasons, refusals, outages, orders by end."""

from decimal import Decimal

from msgspec.structs import replace
from tests.pure.reports.runs import PAIRS, START, Scribe, two_trips

from fairway.journal import kinds
from fairway.money.amount import Amount
from fairway.orders import lifecycle
from fairway.orders.ids import Role
from fairway.orders.intent import ExitCause
from fairway.orders.order import Order, OrderState
from fairway.reports.event_log import EventLog, story_of
from fairway.reports.story import Leaving
from fairway.world.clock import MINUTE


def test_round_trips_keep_why_they_began_and_what_ended_them() -> None:
    """The order that sold the last of it decides between stop, target and the strategy's own exit."""
    story = story_of(two_trips().events, PAIRS)
    assert [(trip.trip.symbol, trip.leaving) for trip in story.trips] == [
        ("BTC/USDT", Leaving.TARGET),
        ("ETH/USDT", Leaving.STOP),
    ]
    assert story.trips[0].entered_why == "close above the high"
    assert story.trips[0].trip.entry == Decimal("46420.10")
    assert story.trips[0].trip.exit == Decimal(47300)


def test_the_cause_of_an_exit_and_not_its_reason_says_what_ended_a_trip() -> None:
    """A strategy may write any reason, that of Fairway's own rules too."""
    for why, cause, leaving in (
        ("held for 96 bars", ExitCause.TIME, Leaving.TIME),
        ("held for 96 bars", ExitCause.STRATEGY, Leaving.STRATEGY),
        ("close 1 below the 10-bar low 2", ExitCause.STRATEGY, Leaving.STRATEGY),
        ("the price is at its target already", ExitCause.TARGET, Leaving.TARGET),
        ("the venue refused its stop and target", ExitCause.UNPROTECTED, Leaving.PROTECTION),
        ("daily loss is an emergency", ExitCause.GUARD, Leaving.GUARD),
    ):
        scribe = Scribe().begin()
        scribe.buy("BTC/USDT", "0.01", "100", stop="90", target="120")
        scribe.sell("BTC/USDT", "0.00999", "101", Role.EXIT, why, cause)
        assert story_of(scribe.events, PAIRS).trips[0].leaving is leaving


def test_r_is_the_result_in_units_of_the_risk_at_entry() -> None:
    """Stopped out with fees, a trade loses a little more than one R."""
    scribe = Scribe().begin()
    scribe.buy("ETH/USDT", "1", "100", stop="90", target="120")
    scribe.sell("ETH/USDT", "0.999", "90", Role.STOP)
    trip = story_of(scribe.events, PAIRS).trips[0]
    assert trip.risk == Amount.of(10, "USDT")
    assert trip.trip.result == Amount.of("-10.17991", "USDT")
    assert trip.r == Decimal("-1.017991")


def test_a_fill_told_twice_counts_once() -> None:
    """The stream and the answer both tell of it."""
    scribe = Scribe().begin()
    order = scribe.draft("BTC/USDT", Role.ENTRY, Decimal("0.02"))
    fill = scribe.fill(order, Decimal("0.01"), Decimal(100))
    scribe.write(lifecycle.OrderFilled(order.id, fill=fill))
    story = story_of(scribe.events, PAIRS)
    assert len(story.fills) == 1
    assert story.balances == scribe.exchange.totals


def test_orders_are_counted_by_their_last_end() -> None:
    """A fill that completes a cancelled order moves it from one count to the other."""
    scribe = Scribe().begin()
    order = scribe.draft("BTC/USDT", Role.ENTRY, Decimal("0.01"))
    scribe.write(lifecycle.OrderCancelled(order.id))
    assert story_of(scribe.events, PAIRS).orders_ended == {OrderState.CANCELLED: 1}
    scribe.fill(order, Decimal("0.01"), Decimal(100))
    assert story_of(scribe.events, PAIRS).orders_ended == {OrderState.FILLED: 1}


def test_refusals_are_counted_by_category() -> None:
    """The part before the colon is what people count."""
    scribe = Scribe().begin()
    for code in ("DATA_STALE: age_ms=1", "DATA_STALE: age_ms=2", "POSITIONS_MAX: open=3 max=3"):
        scribe.write(kinds.EntryRefused(symbol="BTC/USDT", code=code, intent="x"))
    assert story_of(scribe.events, PAIRS).refusals == {"DATA_STALE": 2, "POSITIONS_MAX": 1}


def test_an_outage_lasts_until_all_was_caught_up() -> None:
    """A stream that is subscribed again is not trusted yet."""
    scribe = Scribe().begin()
    scribe.write(kinds.StreamLost(channel="market", why="reset"))
    scribe.later(MINUTE).write(kinds.StreamRestored(channel="market"))
    assert story_of(scribe.events, PAIRS).outages[0].caught_up_at is None
    scribe.later(MINUTE).write(kinds.CaughtUp(channels=("market",)))
    (outage,) = story_of(scribe.events, PAIRS).outages
    assert (outage.lost_at, outage.caught_up_at) == (START, START + 2 * MINUTE)


def test_the_lines_of_a_live_screen_are_the_words_of_the_story() -> None:
    """Routine is not told, and trouble is marked."""
    scribe = two_trips()
    event_log, lines = EventLog(PAIRS), []
    for event, at in scribe.events:
        lines += event_log.lines([event], at)
    assert "BTC/USDT bought 0.021 at 46,420.10; stop 45,900.00, target 47,300.00" in lines
    assert "BTC/USDT protected: stop 45,900.00 and target 47,300.00 rest at the exchange" in lines
    assert event_log.lines([kinds.StreamLost(channel="account", why="reset")], scribe.now)[0].startswith("! Lost the account")
    assert event_log.story().fills == story_of(scribe.events, PAIRS).fills


def test_a_refusal_is_told_once_until_something_else_happens() -> None:
    """Who waits for a lease is refused with each candle, and the line that matters would be lost among thousands."""
    event_log = EventLog(PAIRS)
    refused = kinds.EntryRefused(symbol="BTC/USDT", code="STATE_REDUCE_ONLY: by=lease", intent="x")
    told = [event_log.lines([refused], at) for at in range(3)]
    assert told == [
        ["BTC/USDT not bought: only closing and protecting orders are allowed now; see fairway caps"],
        [],
        [],
    ]
    assert event_log.lines([replace(refused, symbol="ETH/USDT")], 4), "another symbol is another matter"
    assert event_log.lines([replace(refused, code="POSITIONS_MAX: positions=3")], 5), "so is another reason"
    assert event_log.lines([kinds.StreamLost(channel="account", why="reset")], 6)
    assert event_log.lines([refused], 7), "and after news it is told again"
    assert sum(event_log.story().refusals.values()) == 6, "and all are counted"


def _told(scribe: Scribe) -> list[str]:
    """The lines of a live screen, without those of the start."""
    event_log = EventLog(PAIRS)
    return [line for event, at in scribe.events for line in event_log.lines([event], at)][2:]


def _pair(scribe: Scribe) -> tuple[Order, Order]:
    stop = scribe.draft("BTC/USDT", Role.STOP, Decimal("0.02"), price=Decimal(90), pair="p1")
    return stop, scribe.draft("BTC/USDT", Role.TARGET, Decimal("0.02"), price=Decimal(120), pair="p1")


def test_a_position_is_told_as_protected_once_both_orders_of_its_pair_rest() -> None:
    """The exchange names them one after the other, in either order; after the first the other may still be on its way."""
    for turn in (1, -1):
        scribe = Scribe().begin()
        first, second = _pair(scribe)[::turn]
        scribe.write(lifecycle.OrderAccepted(first.id, venue_id="1"))
        assert _told(scribe) == []
        scribe.later(MINUTE).write(lifecycle.OrderAccepted(second.id, venue_id="2"))
        assert _told(scribe) == ["BTC/USDT protected: stop 90.00 and target 120.00 rest at the exchange"]


def test_a_pair_that_is_refused_is_told_once_and_in_plain_words() -> None:
    """Both of its orders are refused, in one answer or one after the other, and it is one thing that went wrong."""
    for pause in (0, MINUTE):
        scribe = Scribe().begin()
        for leg in _pair(scribe):
            scribe.later(pause).write(lifecycle.OrderRejected(leg.id, "The relationship of the prices ... is not correct."))
        assert _told(scribe) == [
            "! BTC/USDT: the protection for 0.02 BTC (a stop and a target) was refused by the exchange: "
            "The relationship of the prices ... is not correct. "
            "Neither of the two is at work: the bot protects the position by another try, or sells it at market."
        ]
        assert story_of(scribe.events, PAIRS).troubles_count == 1


def test_a_pair_that_is_lost_sent_again_and_refused_is_told_once_each_time() -> None:
    """Whatever happens to both orders of it; what happens once more later is told once more."""
    scribe = Scribe().begin()
    legs = _pair(scribe)
    for event in (
        lambda leg: lifecycle.OrderLost(leg, "timed out"),
        lambda leg: lifecycle.OrderSent(leg, "again, under the same id"),
        lambda leg: lifecycle.OrderLost(leg, "timed out"),
        lambda leg: lifecycle.OrderRejected(leg, "the venue knows no such order"),
        lambda leg: lifecycle.OrderAccepted(leg, venue_id=f"v{leg}"),
    ):
        scribe.later(MINUTE).write(*(event(leg.id) for leg in legs))
    kinds_told = ("got no clear answer", "was sent again", "got no clear answer", "was refused", "is alive at the exchange")
    told = _told(scribe)
    assert len(told) == len(kinds_told)
    assert all(words in line for words, line in zip(kinds_told, told, strict=True))


def test_orders_of_a_pair_that_fare_differently_are_told_one_by_one() -> None:
    """The venue refused one and lost the other: two things went wrong."""
    scribe = Scribe().begin()
    stop, target = _pair(scribe)
    scribe.write(lifecycle.OrderRejected(stop.id, "no"), lifecycle.OrderLost(target.id, "timed out"))
    assert story_of(scribe.events, PAIRS).troubles_count == 2
