"""Which quotes far from the newest candle may be acted on to lower exposure: at the edges of time and of agreement."""

from decimal import Decimal

import pytest
from tests.pure.trading.planned import cancelled, price, protected, usdt
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, filled, kinds, report

from fairway.journal.kinds import StopFailed
from fairway.market.candles import Quote
from fairway.orders.plan import PLAIN, ExitPlan
from fairway.trading.inputs import QuoteReported, Tick
from fairway.trading.prices import ASK_AGAIN_NS, is_only_old, lacks_quote, quote_to_reduce, triggered_at
from fairway.trading.venue_requests import Place, QueryQuote
from fairway.venues.port import ReportStatus
from fairway.world.clock import MILLISECOND, SECOND

GAPPED = ExitPlan(stop_gap=usdt("0.5"))
FAR = "80.00"
"""A fifth below the newest candle's close."""


def show(scene: Scene, bid: str, after_ms: int = 0) -> None:
    scene.now += after_ms * MILLISECOND
    scene.quote(bid, str(Decimal(bid) + Decimal("0.02")))


def usable(scene: Scene) -> Decimal | None:
    quote = quote_to_reduce(scene.state, SYMBOL, scene.now)
    return quote.bid if quote is not None else None


def triggered(plan: ExitPlan = GAPPED) -> Scene:
    """The venue has ended the target, as it does when it triggers the stop, and the stop still rests."""
    scene, [pair] = protected(plan)
    scene.now += SECOND
    scene.news(report(pair.target, ReportStatus.EXPIRED))
    return scene


@pytest.mark.parametrize(("after_ms", "bid", "is_usable"), [(500, "80.01", True), (499, "80.01", False), (500, FAR, False)])
def test_a_second_quote_is_of_another_update_half_a_second_later_or_more(after_ms: int, bid: str, is_usable: bool) -> None:
    scene, _ = protected(PLAIN)
    show(scene, FAR, after_ms=1000)
    assert usable(scene) is None
    show(scene, bid, after_ms=after_ms)
    assert usable(scene) == (Decimal(bid) if is_usable else None)


@pytest.mark.parametrize(("bid", "is_usable"), [("78.39", False), ("78.40", True), ("81.60", True), ("81.62", False)])
def test_two_quotes_agree_within_two_percent(bid: str, is_usable: bool) -> None:
    """Of the middle of the first, which is 80.01: between 78.4098 and 81.6102."""
    scene, _ = protected(PLAIN)
    show(scene, FAR, after_ms=1000)
    show(scene, bid, after_ms=1000)
    assert (usable(scene) is not None) is is_usable


def test_a_fall_in_small_steps_agrees_with_itself() -> None:
    """Each quote with the one before, not with the first of them."""
    scene, _ = protected(PLAIN)
    for step in range(6):
        show(scene, str(80 - step), after_ms=100)
    assert usable(scene) == Decimal(75)


@pytest.mark.parametrize("between", ["100.00", "0"])
def test_a_quote_between_that_disagrees_or_is_flawed_begins_again(between: str) -> None:
    scene, _ = protected(PLAIN)
    show(scene, FAR, after_ms=1000)
    show(scene, between, after_ms=300)
    show(scene, "80.01", after_ms=300)
    assert usable(scene) is None
    show(scene, FAR, after_ms=500)
    assert usable(scene) == Decimal(FAR)


def test_quotes_that_agree_are_no_older_than_ten_seconds() -> None:
    scene, _ = protected(PLAIN)
    show(scene, FAR, after_ms=1000)
    show(scene, "80.01", after_ms=1000)
    scene.now += 10 * SECOND
    assert usable(scene) is not None
    scene.now += 1
    assert usable(scene) is None
    assert is_only_old(scene.state, SYMBOL)


def test_a_quote_that_was_never_usable_is_not_only_old() -> None:
    scene, _ = protected(PLAIN)
    show(scene, FAR, after_ms=1000)
    scene.now += 11 * SECOND
    assert not is_only_old(scene.state, SYMBOL)
    show(scene, "0")
    assert not is_only_old(scene.state, SYMBOL)


def test_after_a_trigger_one_quote_is_enough_and_two_seconds() -> None:
    scene = triggered()
    assert triggered_at(scene.state, SYMBOL) == scene.now
    show(scene, FAR, after_ms=1)
    assert usable(scene) == Decimal(FAR)
    assert scene.news(Tick(), after=2 * SECOND - 2 * MILLISECOND).events == []
    outcome = scene.news(Tick(), after=MILLISECOND)
    assert [type(event) for event in outcome.events][:1] == [StopFailed]
    assert kinds(outcome.commands)[:1] == ["Cancel"]


def test_a_target_that_has_sold_is_no_trigger() -> None:
    scene, [pair] = protected(GAPPED)
    scene.news(filled(pair.target, "2", "1", "104"))
    scene.news(report(pair.target, ReportStatus.EXPIRED, filled=Decimal(1)))
    assert triggered_at(scene.state, SYMBOL) is None


def test_a_target_that_was_cancelled_is_no_trigger() -> None:
    scene, [pair] = protected(GAPPED)
    scene.news(report(pair.target, ReportStatus.CANCELLED))
    assert triggered_at(scene.state, SYMBOL) is None


def test_a_quote_of_before_the_trigger_is_asked_for_once_in_two_seconds() -> None:
    """By all states together: they share the cache."""
    scene = triggered()
    assert lacks_quote(scene.state, SYMBOL, scene.now)
    assert scene.news(Tick()).commands == [QueryQuote(SYMBOL)]
    assert scene.state.market.asked_at == {SYMBOL: scene.now}
    assert scene.news(Tick(), after=ASK_AGAIN_NS - 1).commands == []
    assert scene.news(Tick(), after=1).commands == [QueryQuote(SYMBOL)]
    outcome = scene.news(QuoteReported(Quote(SYMBOL, Decimal(80), Decimal(1), Decimal("80.02"), Decimal(1), 0, scene.now)))
    assert [type(event) for event in outcome.events][:1] == [StopFailed]
    assert usable(scene) == Decimal(80)
    assert not lacks_quote(scene.state, SYMBOL, scene.now)


def test_a_quote_that_was_asked_for_counts_only_after_a_trigger() -> None:
    scene, _ = protected(PLAIN)
    scene.now += SECOND
    scene.news(QuoteReported(Quote(SYMBOL, Decimal(80), Decimal(1), Decimal("80.02"), Decimal(1), 0, scene.now)))
    assert usable(scene) == Decimal("100.00")


def test_the_collar_hangs_below_the_price_of_now_once_a_stop_has_failed() -> None:
    """By one quote, however far it is from the candle: the stop's failure is the other fact."""
    scene, [pair] = protected(GAPPED)
    scene.state.apply(StopFailed(symbol=SYMBOL, why="test"), scene.now)
    scene.news(report(pair.stop))
    show(scene, FAR, after_ms=10)
    [sale] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(sale, Place)
    assert sale.order.price == price("79.2")


def test_no_entry_is_made_on_quotes_that_only_agree_with_each_other() -> None:
    scene = Scene()
    show(scene, FAR, after_ms=1000)
    show(scene, "80.01", after_ms=1000)
    assert usable(scene) == Decimal("80.01")
    [refused] = scene.wish(ENTER).events
    assert refused.code.startswith("DATA_DISAGREES")  # type: ignore[union-attr]
