"""Every path of an order, told by an unmodified ccxt: types by time in force, stops that fire, and both ends of every pair.

A second account with much money moves the price by a level of the book, while the market itself stands still.
"""

import asyncio
from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from tests.clients.ccxt_client import client
from tests.clients.served import Served

SMALL = "0.001"
LOOKS_MAX = 20
Request = Mapping[str, str]
Levels = list[tuple[Decimal, Decimal]]


class Floor:
    """The exchange, a trader, and one who moves the price."""

    def __init__(self, served: Served, trader: Any, mover: Any) -> None:
        self.served, self.trader, self.mover = served, trader, mover
        self.asks: Levels = []
        self.bids: Levels = []

    async def look(self) -> None:
        """A book that is whole again, with the last price inside its second levels: no stop there would fire at once."""
        for _ in range(LOOKS_MAX):
            self.served.practice("POST", "/advance", {"seconds": 2})
            book = await self.trader.public_get_depth({"symbol": "BTCUSDT", "limit": "10"})
            last = Decimal((await self.trader.public_get_ticker_price({"symbol": "BTCUSDT"}))["price"])
            self.asks, self.bids = ([(Decimal(p), Decimal(q)) for p, q in book[side]] for side in ("asks", "bids"))
            if self.bids[1][0] < last < self.asks[1][0]:
                return
        raise AssertionError(f"the last price {last} stays outside of {self.bids[1][0]} to {self.asks[1][0]}")

    async def move(self, *, up: bool) -> None:
        """Trades through the best level, so that the last price is the second one's."""
        levels = self.asks if up else self.bids
        terms = {"side": "BUY" if up else "SELL", "price": str(levels[1][0]), "quantity": str(levels[0][1] + 2 * Decimal(SMALL))}
        moved = await self.mover.private_post_order({**BASE, **terms, "type": "LIMIT", "timeInForce": "IOC"})
        assert Decimal(moved["fills"][-1]["price"]) == levels[1][0]

    async def place(self, terms: Request) -> dict[str, Any]:
        placed: dict[str, Any] = await self.trader.private_post_order({**BASE, "newOrderRespType": "FULL", **terms})
        return placed

    async def found(self, order_id: str) -> dict[str, Any]:
        order: dict[str, Any] = await self.trader.private_get_order({"symbol": "BTCUSDT", "orderId": order_id})
        return order

    async def locked(self) -> dict[str, Decimal]:
        balances = (await self.trader.private_get_account())["balances"]
        return {it["asset"]: Decimal(it["locked"]) for it in balances if Decimal(it["locked"])}


BASE = {"symbol": "BTCUSDT", "quantity": SMALL}


def play(served: Served, scene: Any, *arguments: Any) -> None:
    """Run a scene on a market that stands still; nothing in it may take longer than 30 seconds."""
    trader = served.account({"USDT": "100000000", "BTC": "50"})
    mover = served.account({"USDT": "900000000", "BTC": "5000"})

    async def main() -> None:
        async with asyncio.timeout(30), client(served, trader) as first, client(served, mover) as second:
            await first.load_markets()
            with served.still_market():
                await scene(Floor(served, first, second), *arguments)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("time_in_force", "lots", "status", "rests"),
    [
        ("GTC", "1", "FILLED", False),
        ("IOC", "1", "FILLED", False),
        ("FOK", "1", "FILLED", False),
        ("GTC", "3", "PARTIALLY_FILLED", True),
        ("IOC", "3", "EXPIRED", False),
        ("FOK", "3", "EXPIRED", False),
    ],
)
def test_a_limit_order_by_its_time_in_force(served: Served, time_in_force: str, lots: str, status: str, rests: bool) -> None:
    """For exactly what the best level holds, or three times as much: it fills, rests with the remainder, or gives it up."""

    async def scene(floor: Floor) -> None:
        await floor.look()
        price, there = floor.asks[0]
        asked = there * int(lots)
        terms = {"type": "LIMIT", "side": "BUY", "timeInForce": time_in_force, "price": str(price), "quantity": str(asked)}
        placed = await floor.place(terms)
        assert placed["status"] == status
        filled = Decimal(0) if status == "EXPIRED" and time_in_force == "FOK" else there
        assert Decimal(placed["executedQty"]) == filled == sum(Decimal(fill["qty"]) for fill in placed["fills"])
        assert (await floor.locked()).get("USDT", Decimal(0)) == ((asked - filled) * price if rests else 0)

    play(served, scene)


FIRES_UP = [("STOP_LOSS", "BUY"), ("STOP_LOSS_LIMIT", "BUY"), ("TAKE_PROFIT", "SELL"), ("TAKE_PROFIT_LIMIT", "SELL")]
FIRES_DOWN = [(kind, "SELL" if side == "BUY" else "BUY") for kind, side in FIRES_UP]


def _stop(floor: Floor, kind: str, side: str, time_in_force: str, *, up: bool) -> Request:
    """A stop at the second level's price; its limit, where it has one, is worse than all the book shows."""
    stop = (floor.asks if up else floor.bids)[1][0]
    terms = {"type": kind, "side": side, "stopPrice": str(stop)}
    if kind.endswith("LIMIT"):
        worst = stop * (Decimal("1.01") if side == "BUY" else Decimal("0.99"))
        terms |= {"timeInForce": time_in_force, "price": f"{worst:.2f}"}
    return terms


@pytest.mark.parametrize("up", [True, False], ids=["up", "down"])
def test_each_stop_waits_and_fires(served: Served, up: bool) -> None:
    """Of both sides, with each time in force: new and not working, then filled by what the book holds, nothing left locked."""

    async def scene(floor: Floor) -> None:
        for (kind, side), time_in_force in product(FIRES_UP if up else FIRES_DOWN, ("GTC", "IOC", "FOK")):
            await floor.look()
            placed = await floor.place(_stop(floor, kind, side, time_in_force, up=up))
            waiting = await floor.found(placed["orderId"])
            assert (waiting["status"], waiting["isWorking"]) == ("NEW", False), (kind, side, time_in_force)
            assert set(await floor.locked()) == {"USDT" if side == "BUY" else "BTC"}
            await floor.move(up=up)
            fired = await floor.found(placed["orderId"])
            assert (fired["status"], fired["executedQty"]) == ("FILLED", "0.00100000"), (kind, side, time_in_force)
            assert await floor.locked() == {}
            if not kind.endswith("LIMIT"):
                continue
            await floor.look()
            far = _stop(floor, kind, side, time_in_force, up=up)
            price = Decimal(far["price"]) * (Decimal("0.97") if side == "BUY" else Decimal("1.03"))
            placed = await floor.place({**far, "price": f"{price:.2f}"})
            await floor.move(up=up)
            fired = await floor.found(placed["orderId"])
            assert (fired["status"], fired["isWorking"]) == ("NEW" if time_in_force == "GTC" else "EXPIRED", True)
            if time_in_force == "GTC":
                await floor.trader.private_delete_order({"symbol": "BTCUSDT", "orderId": placed["orderId"]})
            assert await floor.locked() == {}

    play(served, scene)


PROFITS, LOSSES = ("LIMIT_MAKER", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"), ("STOP_LOSS", "STOP_LOSS_LIMIT")


def _pair(floor: Floor, side: str, above: str, below: str) -> Request:
    terms = {**BASE, "side": side, "aboveType": above, "belowType": below}
    for leg, kind, levels in (("above", above, floor.asks), ("below", below, floor.bids)):
        at = levels[1][0]
        if kind != "LIMIT_MAKER":
            terms[f"{leg}StopPrice"] = str(at)
        if kind == "LIMIT_MAKER":
            tick = Decimal("-0.01") if leg == "above" else Decimal("0.01")  # before the crowd at that price
            terms[f"{leg}Price"] = str(at + tick)
        elif kind.endswith("LIMIT"):
            worst = at * (Decimal("1.01") if side == "BUY" else Decimal("0.99"))
            terms |= {f"{leg}Price": f"{worst:.2f}", f"{leg}TimeInForce": "GTC"}
    return terms


@pytest.mark.parametrize("side", ["SELL", "BUY"])
@pytest.mark.parametrize("up", [True, False], ids=["up", "down"])
def test_either_end_of_each_pair_ends_the_other(served: Served, side: str, up: bool) -> None:
    """All six pairs of a side: the end that the price comes to fills, the other expires, the list is done, nothing is locked."""

    async def scene(floor: Floor) -> None:
        for profit, loss in product(PROFITS, LOSSES):
            above, below = (profit, loss) if side == "SELL" else (loss, profit)
            await floor.look()
            placed = await floor.trader.private_post_orderlist_oco(_pair(floor, side, above, below))
            assert set(await floor.locked()) == {"USDT" if side == "BUY" else "BTC"}
            await floor.move(up=up)
            ends = {it["type"]: it for it in [await floor.found(leg["orderId"]) for leg in placed["orders"]]}
            came_to, other = (above, below) if up else (below, above)
            assert {kind: it["status"] for kind, it in ends.items()} == {came_to: "FILLED", other: "EXPIRED"}
            told = await floor.trader.private_get_orderlist({"orderListId": placed["orderListId"]})
            assert (told["listStatusType"], told["listOrderStatus"]) == ("ALL_DONE", "ALL_DONE")
            assert await floor.locked() == {}

    play(served, scene)
