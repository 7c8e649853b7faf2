"""An account is woken when its worth has fallen since it was looked at, and not before."""

from decimal import Decimal

from tests.pure.trading.test_guard_evaluation import Guarded
from tests.pure.trading.test_step import PAIR, SYMBOL, Scene, filled

from fairway.market.candles import Quote
from fairway.money.fraction import Fraction
from fairway.risk.guards.rules import GuardRules
from fairway.trading.inputs import Tick
from fairway.trading.price_watch import PriceWatch
from fairway.world.clock import SECOND

CENT = Decimal("0.01")


def quote(middle: str) -> Quote:
    price = Decimal(middle)
    return Quote(SYMBOL, price - CENT, Decimal(1), price + CENT, Decimal(1), 0, 0)


def kept(scene: Scene, at: str = "100") -> PriceWatch:
    price_watch = PriceWatch([PAIR])
    price_watch.woken(quote(at))
    price_watch.keep(scene.state)
    return price_watch


def test_a_fall_of_a_thousandth_wakes_and_a_smaller_one_does_not() -> None:
    """Of the account's worth, not of the price: what is in cash does not fall."""
    scene = Scene()
    scene.protected()
    held, cash = scene.state.money.ledger.positions[SYMBOL].quantity.value, scene.state.money.ledger.balances.of("USDT").value
    worth = cash + held * 100
    level = (worth * Decimal("0.999") - cash) / held
    price_watch = kept(scene)
    assert price_watch.woken(quote(str(level.quantize(CENT) + CENT))) == ()
    assert price_watch.woken(quote(str(level.quantize(CENT) - CENT))) == ("main",)


def test_each_look_begins_anew() -> None:
    """Who was looked at is woken by what falls after that."""
    scene = Scene()
    scene.protected()
    price_watch = kept(scene)
    assert price_watch.woken(quote("90")) == ("main",)
    price_watch.keep(scene.state)
    assert price_watch.woken(quote("90.01")) == ()
    assert price_watch.woken(quote("80")) == ("main",)


def test_who_holds_nothing_is_left_in_peace() -> None:
    """Before a position and after it."""
    scene = Scene()
    price_watch = kept(scene)
    assert price_watch.woken(quote("1")) == ()
    pair = scene.protected()
    price_watch.woken(quote("100"))
    price_watch.keep(scene.state)
    scene.news(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    price_watch.keep(scene.state)
    assert price_watch.woken(quote("1")) == ()


def test_an_impossible_quote_wakes_nobody() -> None:
    """A crossed book is no price."""
    scene = Scene()
    scene.protected()
    price_watch = kept(scene)
    assert price_watch.woken(Quote(SYMBOL, Decimal(2), Decimal(1), Decimal(1), Decimal(1), 0, 0)) == ()


def test_who_is_suspected_is_looked_at_once_more_with_the_next_price() -> None:
    """Whatever that price is, and once: if it does not convince, the clock looks, for others fall as well."""
    scene = Guarded(GuardRules(breaker_loss=Fraction.parse("4 %")))
    scene.holds()
    scene.quote("90.05", "90.07")
    scene.news(Tick(), after=SECOND)
    assert scene.state.guards.suspects
    price_watch = kept(scene, "90.06")
    assert price_watch.woken(quote("95")) == ("main",)
    price_watch.keep(scene.state)
    assert price_watch.woken(quote("95.01")) == ()
    scene.quote("95", "95.02")
    scene.news(Tick(), after=SECOND)
    assert not scene.state.guards.suspects
    price_watch.keep(scene.state)
    assert price_watch.woken(quote("95.02")) == ()
