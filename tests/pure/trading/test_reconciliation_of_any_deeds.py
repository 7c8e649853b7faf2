"""Whatever a person and the bot do at the venue, in any order: the books end as the venue has it."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pure.trading.test_reconciliation import by_hand, of
from tests.pure.trading.test_step import SYMBOL, Scene, caught, report

from fairway.journal.kinds import (
    AccountEvent,
    ExternalFill,
    Unexplained,
)
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.trading.inputs import AccountSnapshot, OrdersAcknowledged, PlaceFailed
from fairway.trading.recovery import replay
from fairway.venues.port import (
    FillReport,
    Rejected,
    ReportStatus,
)
from fairway.world.clock import MINUTE, SECOND

QUANTITIES = st.sampled_from(["0.001", "0.5", "2"])


DEED = st.one_of(
    st.tuples(st.just("buy"), QUANTITIES),
    st.tuples(st.just("sell"), QUANTITIES),
    st.tuples(st.just("give"), QUANTITIES),
    st.tuples(st.just("take"), QUANTITIES),
    st.tuples(st.just("pay"), st.sampled_from(["-100", "0.05", "700"])),
)


class Truth:
    """An account at its venue: what it holds, and its history."""

    def __init__(self, scene: Scene) -> None:
        self.holds = {asset: Decimal(value) for asset, value in scene.state.money.ledger.balances.totals.items()}
        self.fills: list[FillReport] = []

    def do(self, deed: str, amount: str, at: int) -> None:
        value = Decimal(amount)
        if deed == "pay":
            self.holds["USDT"] += value
        elif deed in ("give", "take"):
            self.holds["BTC"] += value if deed == "give" else -min(value, self.holds["BTC"])
        elif deed == "buy" or self.holds["BTC"] >= value:
            side, sign = (Side.BUY, 1) if deed == "buy" else (Side.SELL, -1)
            self.fills.append(by_hand(str(100 + len(self.fills)), side, amount, at))
            self.holds["BTC"] += sign * value
            self.holds["USDT"] -= sign * 100 * value + Decimal("0.1")

    def answer(self, scene: Scene) -> None:
        """The venue ends orders whose coins are not there any more, and takes new ones only as far as the coins go."""
        while waiting := [
            it for it in scene.state.orders.blotter.live.values() if it.state is OrderState.SENT or not self._has_coins(it)
        ]:
            order = waiting[0]
            pair = [it for it in scene.state.orders.blotter.live.values() if it.pair and it.pair == order.pair] or [order]
            if order.state is not OrderState.SENT:
                for leg in pair:
                    scene.news(report(leg, ReportStatus.CANCELLED))
            elif self._has_coins(order):
                scene.news(OrdersAcknowledged([report(leg) for leg in pair]))
            else:
                scene.news(PlaceFailed(pair, Rejected("insufficient balance")))

    def _has_coins(self, order: Order) -> bool:
        return order.type is not OrderType.MARKET and order.remaining.value <= self.holds["BTC"]

    def told(self, scene: Scene) -> AccountSnapshot:
        self.answer(scene)
        open_orders = [report(order) for order in scene.state.orders.blotter.live.values()]
        return caught({asset: str(value) for asset, value in self.holds.items()}, scene.now, *open_orders, fills=self.fills)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DEED, st.booleans()), max_size=12), st.data())
def test_whatever_a_person_does_the_books_end_as_the_venue_has_it(
    deeds: list[tuple[tuple[str, str], bool]], data: st.DataObject
) -> None:
    """Looked at in between or not. Told again, nothing moves; and a journal that is read again, or whose beginning is applied
    twice, gives the same books."""
    scene = Scene()
    scene.protected()
    truth = Truth(scene)
    for (deed, amount), is_looked_at in deeds:
        truth.do(deed, amount, scene.now)
        if is_looked_at:
            scene.news(truth.told(scene), after=SECOND)
    for _ in range(4):  # a minute apart, for so long a fill of nobody's may be of an order that was refused
        scene.news(truth.told(scene), after=MINUTE)
    truth.answer(scene)
    books = scene.state.money.ledger
    assert {asset: value for asset, value in books.balances.totals.items() if value} == {
        a: v for a, v in truth.holds.items() if v
    }
    held = books.positions[SYMBOL].quantity.value if SYMBOL in books.positions else Decimal(0)
    assert 0 <= held <= truth.holds["BTC"]
    assert of(scene.news(truth.told(scene), after=SECOND).events, ExternalFill | Unexplained) == []  # type: ignore[arg-type]
    again = scene._state()
    replay(again, scene.journal)  # type: ignore[arg-type]
    assert again.money.ledger == books
    told = [(event, at) for event, at in scene.journal if isinstance(event, AccountEvent)]
    replay(again, told[: data.draw(st.integers(0, len(told)))])
    assert again.money.ledger == books
