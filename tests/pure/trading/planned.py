"""Scenes of an account state whose position has more of a plan than a stop and a target."""

from decimal import Decimal

from msgspec.structs import replace
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, filled, report

from fairway.market.candles import Candle
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.order import Order
from fairway.orders.plan import ExitPlan, Rung
from fairway.trading.inputs import OrdersAcknowledged
from fairway.trading.step import StepOutcome
from fairway.trading.venue_requests import Place, PlacePair
from fairway.venues.port import ReportStatus
from fairway.world.clock import MINUTE


def price(text: str) -> Price:
    return Price.of(text, "BTC", "USDT")


def usdt(text: str) -> Amount:
    return Amount.of(text, "USDT")


def rung(share: str, at: str) -> Rung:
    return Rung(Fraction.parse(share), price(at))


LADDER = ExitPlan(rungs=(rung("50 %", "102"), rung("30 %", "103")))


def bought(plan: ExitPlan) -> tuple[Scene, list[PlacePair]]:
    """A position of that plan, and the pairs that were sent for it."""
    scene = Scene()
    [place] = scene.wish(replace(ENTER, exit_plan=plan)).commands
    assert isinstance(place, Place)
    scene.news(OrdersAcknowledged([report(place.order, ReportStatus.FILLED, filled=place.order.quantity.value)]))
    sent = scene.news(filled(place.order, "1", place.order.quantity.value)).commands
    return scene, [pair for pair in sent if isinstance(pair, PlacePair)]


def rest(scene: Scene, pairs: list[PlacePair]) -> None:
    """The venue takes them all."""
    for pair in pairs:
        scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))


def protected(plan: ExitPlan) -> tuple[Scene, list[PlacePair]]:
    scene, pairs = bought(plan)
    rest(scene, pairs)
    return scene, pairs


def close_at(scene: Scene, text: str) -> StepOutcome:
    """A candle closes at a price, with a quote around it."""
    value = Decimal(text)
    scene.now = max(scene.now, (scene.bars + 2) * MINUTE)
    scene.quote(str(value - Decimal("0.01")), str(value + Decimal("0.01")))
    return candle_at(scene, text)


def candle_at(scene: Scene, text: str) -> StepOutcome:
    """A candle closes at a price, and the quote stays what it was."""
    scene.bars += 1
    value, opened = Decimal(text), scene.bars * MINUTE
    return scene.news(
        Candle(
            symbol=SYMBOL, open_at=opened, close_at=opened + MINUTE, open=value, high=value, low=value, close=value, volume=value
        )
    )


def cancelled(scene: Scene, *orders: Order) -> StepOutcome:
    """The venue confirms that orders are cancelled."""
    outcome = StepOutcome()
    for order in orders:
        outcome = scene.news(report(order, ReportStatus.CANCELLED, filled=scene.order(order).filled.value))
    return outcome


def held(scene: Scene) -> Decimal:
    """What of the position can be sold."""
    quantity = scene.state.money.ledger.positions[SYMBOL].quantity.value
    return quantity - quantity % Decimal("0.001")
