"""What excuses a trader that does not protect in time, and for how long."""

import pytest
from msgspec.structs import replace

from fairway.exchange.faults.registry import faults
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAccepted, OrderAdopted
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.proving.exchange_recorder import LatchChange, RecordedEvent
from fairway.proving.outages import DOUBT_MAX_NS, FLATTENING_NS, Outage, of_exchange_faults, of_exits_in_doubt, of_flattening
from fairway.proving.scenario_script import ExchangeFault
from fairway.risk.disposal import Disposal
from fairway.trading.latch import Killed, KillScope
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS


def excused(kind: str, since: float, until: float) -> list[tuple[float, float]]:
    """Seconds from the beginning of a play."""
    troubles = of_exchange_faults([ExchangeFault(kind, since, until)])
    return [((it.since - EPOCH_NS) / SECOND, (it.until - EPOCH_NS) / SECOND) for it in troubles if isinstance(it, Outage)]


@pytest.mark.parametrize("kind", ["absurd_prices", "crossed_book", "frozen_book"])
def test_prices_that_cannot_be_excuse_nothing(kind: str) -> None:
    """Of a stop the exchange alone is the judge."""
    assert kind in faults()
    assert excused(kind, 60, 80) == []


def test_what_is_used_up_is_so_to_the_end_of_the_exchanges_minute() -> None:
    """And not a second longer."""
    assert excused("rate_limit_storm", 60.5, 63.5) == [(60.5, 120)]
    assert excused("rate_limit_storm", 60.5, 120) == [(60.5, 120)]
    assert excused("maintenance", 60.5, 63.5) == [(60.5, 63.5)]


def test_who_kills_and_sells_excuses_until_he_says_that_he_is_done() -> None:
    """Two minutes and a catch-up where he never does; what was over in another symbol says nothing of this one."""
    flatten = Killed(scope=KillScope.ACCOUNT, reason="test", by="ann", disposal=Disposal.FLATTEN)
    other = replace(flatten, scope=KillScope.SYMBOL, symbol="ETH/USDT", is_over=True)
    begins = LatchChange(EPOCH_NS, flatten)
    silent = of_flattening([begins, LatchChange(EPOCH_NS + SECOND, other)])
    assert [it.until - it.since for it in silent] == [FLATTENING_NS]
    told = of_flattening([begins, LatchChange(EPOCH_NS + 2 * SECOND, replace(flatten, is_over=True))])
    assert [it.until - it.since for it in told] == [2 * SECOND]


def test_a_sale_of_somebody_who_died_is_in_doubt_until_it_is_heard_of_and_no_longer_than_the_exchange_lags() -> None:
    """He had noted it before he sent it, so it may be carried out yet; one that is known to be open is in no doubt."""
    sale = Order(
        id="fw-main-kill-1-x",
        symbol="BTC/USDT",
        side=Side.SELL,
        type=OrderType.LIMIT,
        role=Role.EXIT,
        quantity=Amount.of(1, "BTC"),
        price=Price.of("97", "BTC", "USDT"),
        filled=Amount(ZERO, "BTC"),
        cost=Amount(ZERO, "USDT"),
        created_at=0,
        updated_at=0,
        state=OrderState.UNKNOWN,
    )

    def noted(event: OrderAdopted | OrderAccepted, second: int) -> RecordedEvent:
        return RecordedEvent(event, second * SECOND, second * SECOND, second * SECOND)

    adopted = noted(OrderAdopted(sale.id, "sent by the kill", order=sale), 1)
    heard = noted(OrderAccepted(sale.id, venue_id="7"), 4)
    assert [it.until - it.since for it in of_exits_in_doubt([adopted, heard])] == [3 * SECOND]
    assert [it.until - it.since for it in of_exits_in_doubt([adopted])] == [DOUBT_MAX_NS]
    known = noted(OrderAdopted(sale.id, "seen there", order=replace(sale, state=OrderState.OPEN)), 1)
    assert list(of_exits_in_doubt([known])) == []
