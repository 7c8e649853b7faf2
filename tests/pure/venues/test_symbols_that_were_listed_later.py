"""A person trades, on the same account, a pair that was listed after the venue was opened: it hides no order of the others."""

from tests.pure.venues.scripted_venue import order_answer, says, scene

from fairway.world.loop import run

NEW = "NEWUSDT"


def test_an_open_order_in_it_hides_no_other() -> None:
    """Neither from a trader that asks for what is open, nor from one that has been at it for months."""

    async def main() -> list[str]:
        async with scene() as (exchange, venue, _):
            strange = order_answer("by-hand", symbol=NEW)
            exchange.on("GET", "/api/v3/openOrders", says([strange, order_answer("fw-main-1-1-s")]))
            return [order.client_id for order in await venue.open_orders()]

    assert run(main) == ["fw-main-1-1-s"]
