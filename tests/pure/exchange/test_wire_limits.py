"""Weights, order counts, 429 with Retry-After, and the ban that grows."""

import pytest
from tests.pure.exchange.wire_ground import START, Ground, code_of, read, run

from fairway.exchange.wire.limits import FORGIVEN, RateLimits
from fairway.exchange.wire.rest import ENDPOINTS
from fairway.world.clock import DAY, MINUTE, SECOND

WEIGHTS = [
    ("ping", {}, 1),
    ("exchangeInfo", {}, 20),
    ("depth", {}, 5),
    ("depth", {"limit": "100"}, 5),
    ("depth", {"limit": "101"}, 25),
    ("depth", {"limit": "1000"}, 50),
    ("depth", {"limit": "5000"}, 250),
    ("trades.recent", {}, 25),
    ("klines", {}, 2),
    ("ticker.24hr", {"symbol": "BTCUSDT"}, 2),
    ("ticker.24hr", {}, 80),
    ("ticker.price", {}, 4),
    ("ticker", {"symbols": '["A","B","C"]'}, 12),
    ("order.place", {}, 1),
    ("order.status", {}, 4),
    ("openOrders.status", {"symbol": "BTCUSDT"}, 6),
    ("openOrders.status", {}, 80),
    ("account.status", {}, 20),
    ("myTrades", {"orderId": "1"}, 5),
]


@pytest.mark.parametrize(("name", "values", "weight"), WEIGHTS)
def test_each_request_has_its_weight(name: str, values: dict[str, str], weight: int) -> None:
    """As the exchange publishes them."""
    assert ENDPOINTS[name].weighs(values) == weight


def test_the_used_weight_is_told_and_starts_anew_each_minute() -> None:
    """By address, in headers, whatever the letter case."""

    async def scene() -> None:
        ground = await Ground().begin()
        used = [(await ground.send("GET", "/api/v3/exchangeInfo")).headers["x-mbx-used-weight-1m"] for _ in range(2)]
        other = await ground.send("GET", "/api/v3/ping", address="10.0.0.2")
        ground.clock.at = START // MINUTE * MINUTE + MINUTE
        later = await ground.send("GET", "/api/v3/ping")
        assert (used, other.headers["x-mbx-used-weight-1m"], later.headers["x-mbx-used-weight-1m"]) == (["20", "40"], "1", "1")

    run(scene())


def test_too_much_weight_is_429_and_going_on_is_a_ban_that_grows() -> None:
    """-1003 with Retry-After until the minute ends; then 418 for two minutes, and for four the next time."""

    async def scene() -> None:
        ground = await Ground().begin()
        ground.clock.at = START // MINUTE * MINUTE + 50 * SECOND

        async def ask() -> tuple[int, int, str]:
            response = await ground.send("GET", "/api/v3/depth", "symbol=BTCUSDT&limit=5000")
            return response.status, read(response).get("code", 0), response.headers.get("Retry-After", "")

        for ban in (120, 240, 480):
            answers = [await ask() for _ in range(24 + FORGIVEN + 1)]
            assert {it[0] for it in answers[:24]} == {200}
            assert set(answers[24:-1]) == {(429, -1003, "10")}
            assert answers[-1] == (418, -1003, str(ban))
            ground.clock.at += SECOND
            assert await ask() == (418, -1003, str(ban - 1))
            ground.clock.at += (ban - 1) * SECOND
            assert (await ask())[0] == 200
            ground.clock.at = ground.clock.at // MINUTE * MINUTE + MINUTE + 50 * SECOND

    run(scene())


def test_a_ban_lasts_three_days_at_most() -> None:
    """However often an address comes back."""
    limits, now = RateLimits(weight_a_minute=1), START
    longest = 0
    for _ in range(20):
        until = 0
        while not until > now + MINUTE:
            _, refusal, until = limits.charge("a", 2, now)
            assert refusal is not None
        longest = max(longest, until - now)
        now = until
    assert longest == 3 * DAY


def test_addresses_that_are_remembered_are_bounded() -> None:
    """The first one is forgotten."""
    limits = RateLimits()
    limits.charge("first", 5, START)
    for number in range(10_000):
        limits.charge(str(number), 1, START)
    assert limits.used("first", START) == 0
    assert len(limits.addresses) == 10_000


def test_orders_are_counted_by_account() -> None:
    """100 in ten seconds, then 429 with -1015; told in headers; a pair counts two; a rejected order does not."""

    async def scene() -> None:
        ground = await Ground().begin()
        terms = {"symbol": "BTCUSDT", "side": "BUY", "type": "LIMIT", "timeInForce": "IOC", "quantity": "0.01", "price": "40000"}
        rejected = await ground.ask("POST", "order", **terms | {"quantity": "50"})
        assert (read(rejected)["code"], rejected.headers["x-mbx-order-count-10s"]) == (-2010, "0")
        pair = {"symbol": "BTCUSDT", "side": "SELL", "quantity": "0.01", "aboveType": "LIMIT_MAKER", "abovePrice": "60000"}
        listed = await ground.ask("POST", "orderList/oco", belowType="STOP_LOSS", belowStopPrice="45000", **pair)
        assert listed.headers["x-mbx-order-count-10s"] == "2"
        for _ in range(98):
            placed = await ground.ask("POST", "order", **terms)
        assert (placed.headers["x-mbx-order-count-10s"], placed.headers["x-mbx-order-count-1d"]) == ("100", "100")
        refused = await ground.ask("POST", "order", **terms)
        assert (refused.status, code_of(read(refused))) == (429, -1015)
        assert read(refused)["msg"] == "Too many new orders; current limit is 100 orders per 10 SECOND."
        ground.clock.at += 10 * SECOND
        placed = await ground.ask("POST", "order", **terms)
        assert (placed.status, placed.headers["x-mbx-order-count-10s"], placed.headers["x-mbx-order-count-1d"]) == (
            200,
            "1",
            "101",
        )

    run(scene())


def test_connections_are_counted_too() -> None:
    """300 in five minutes from one address."""
    limits = RateLimits()
    assert all(limits.connects("a", START) for _ in range(300))
    assert not limits.connects("a", START)
    assert limits.connects("b", START)
    assert limits.connects("a", START + 5 * MINUTE)
