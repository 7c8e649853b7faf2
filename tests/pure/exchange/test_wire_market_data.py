"""REST answers about the market: candles, trades, tickers and the rules of symbols."""

from typing import Any

from tests.pure.exchange.wire_ground import START, Ground, code_of, crowd, run

from fairway.world.clock import HOUR, MINUTE, SECOND

DAY_TICKER = (
    "symbol priceChange priceChangePercent weightedAvgPrice prevClosePrice lastPrice lastQty bidPrice bidQty "
    "askPrice askQty openPrice highPrice lowPrice volume quoteVolume openTime closeTime firstId lastId count"
)


ASKED = "symbol=BTCUSDT"


LIVE = ("prevClosePrice", "lastQty", "bidPrice", "bidQty", "askPrice", "askQty")


DAY_OPENS = 1_700_006_400 * SECOND  # 2023-11-15, midnight in UTC; in the zone +08:00 it is eight in the morning


def test_candles_open_by_the_time_zone_that_is_asked_for() -> None:
    """Days and hours; startTime stays in UTC. Streams in the zone +08:00 tell of the same candles."""

    async def scene() -> None:
        opens = [DAY_OPENS - 8 * HOUR, DAY_OPENS - MINUTE, DAY_OPENS, DAY_OPENS + 16 * HOUR]
        ground = await Ground([crowd(at, 50_000 + number) for number, at in enumerate(opens)]).begin()
        ground.clock.at = opens[-1]
        await ground.exchange.apply_due()

        async def days(**asked: Any) -> list[tuple[int, int]]:
            rows = await ground.get("klines", symbol="BTCUSDT", interval="1d", **asked)
            assert all(row[6] - row[0] == 86_399_999 for row in rows)
            return [((row[0] * 1_000_000 - DAY_OPENS) // HOUR, row[8]) for row in rows]

        assert await days() == [(-24, 2), (0, 2)]
        assert await days(timeZone="8") == await days(timeZone="+08:00") == [(-8, 3), (16, 1)]
        assert await days(timeZone="-1:00") == [(-23, 3), (1, 1)]
        assert await days(timeZone="8", startTime=DAY_OPENS // 1_000_000) == [(16, 1)]
        hours = await ground.get("klines", symbol="BTCUSDT", interval="1h", timeZone="05:45", limit=1)
        assert (hours[0][0] * 1_000_000 - DAY_OPENS) % HOUR == 15 * MINUTE
        for wrong in ("15", "-12:30", "8:60", "UTC", "8:"):
            assert code_of(await ground.get("klines", symbol="BTCUSDT", interval="1d", timeZone=wrong)) == -1130

    run(scene())


def test_the_trading_day_begins_at_midnight() -> None:
    """In UTC or in a zone; FULL and MINI, for one symbol or several; one of them must be named."""

    async def scene() -> None:
        opens = [DAY_OPENS - MINUTE, DAY_OPENS, DAY_OPENS + HOUR]
        ground = await Ground([crowd(at, 50_000 + 100 * number) for number, at in enumerate(opens)]).begin()
        ground.clock.at = opens[-1]
        await ground.exchange.apply_due()
        full = await ground.get("ticker/tradingDay", symbol="BTCUSDT")
        assert list(full) == [it for it in DAY_TICKER.split() if it not in LIVE]
        assert (full["openPrice"], full["lastPrice"], full["count"]) == ("50100.00000000", "50200.00000000", 2)
        assert (full["openTime"], full["closeTime"]) == (DAY_OPENS // 1_000_000, DAY_OPENS // 1_000_000 + 86_399_999)
        assert (full["priceChange"], full["priceChangePercent"], full["firstId"], full["lastId"]) == (
            "100.00000000",
            "0.199",
            2,
            3,
        )
        (mini,) = await ground.get("ticker/tradingDay", symbols='["BTCUSDT"]', type="MINI", timeZone="8")
        assert (mini["openPrice"], mini["count"], "priceChange" in mini) == ("50000.00000000", 3, False)
        assert code_of(await ground.get("ticker/tradingDay")) == -1102
        api = await ground.tell(ground.api(), "ticker.tradingDay", symbol="BTCUSDT")
        assert api["result"] == full

    run(scene())


def test_answers_say_how_much_history_there_is() -> None:
    """A header on what draws from history that is cut off; the same for all in /practice."""

    async def scene() -> None:
        ground = await Ground().begin()
        trades = await ground.send("GET", "/api/v3/trades", ASKED)
        klines = await ground.send("GET", "/api/v3/klines", f"{ASKED}&interval=1m")
        assert trades.headers["x-fairway-kept"] == "the last 5000 trades of a symbol"
        assert klines.headers["x-fairway-kept"] == "30 days; of seconds 1 hour"
        orders, fills = (
            await ground.ask("GET", "allOrders", symbol="BTCUSDT"),
            await ground.ask("GET", "myTrades", symbol="BTCUSDT"),
        )
        assert "the last 10000 closed orders of an account and symbol" in orders.headers["x-fairway-kept"]
        assert "the last 10000 fills of an account and symbol" in fills.headers["x-fairway-kept"]
        assert "x-fairway-kept" not in (await ground.ask("GET", "account")).headers

    run(scene())


def test_aggregate_trades_are_searched_by_time_as_far_back_as_trades_are_kept() -> None:
    """Older than the last thousand, which is what one answer holds."""

    async def scene() -> None:
        ground = await Ground([crowd(START, 50_000)] + [crowd(START + SECOND, 50_000) for _ in range(1_500)]).begin()
        ground.clock.at += 2 * SECOND
        while ground.exchange.next_update_at() <= ground.clock.at:
            await ground.exchange.apply_due()
        at = START // 1_000_000
        (found,) = await ground.get("aggTrades", symbol="BTCUSDT", startTime=at, endTime=at)
        assert (found["a"], found["T"]) == (1, at)

    run(scene())


def test_market_data_has_the_exchanges_shapes() -> None:
    """Each public answer of a market with one trade, whole."""

    async def scene() -> None:
        ground = await Ground().begin()
        ground.clock.at += SECOND
        at, opened = START // 1_000_000, START // MINUTE * 60_000
        assert await ground.get("ping") == {}
        assert await ground.get("time") == {"serverTime": at + 1000}
        assert await ground.get("depth", symbol="BTCUSDT", limit=2) == {
            "lastUpdateId": 2,
            "bids": [["49999.00000000", "1.00000000"], ["49998.00000000", "2.00000000"]],
            "asks": [["50001.00000000", "1.00000000"], ["50002.00000000", "2.00000000"]],
        }
        assert await ground.get("trades", symbol="BTCUSDT") == [
            {
                "id": 1,
                "price": "50000.00000000",
                "qty": "0.50000000",
                "quoteQty": "25000.00000000",
                "time": at,
                "isBuyerMaker": False,
                "isBestMatch": True,
            }
        ]
        assert await ground.get("aggTrades", symbol="BTCUSDT", startTime=at, endTime=at) == [
            {"a": 1, "p": "50000.00000000", "q": "0.50000000", "f": 1, "l": 1, "T": at, "m": False, "M": True}
        ]
        price, volume, quote = "50000.00000000", "0.50000000", "25000.00000000"
        candle = [opened, price, price, price, price, volume, opened + 59_999, quote, 1, volume, quote, "0"]
        assert await ground.get("klines", symbol="BTCUSDT", interval="1m") == [candle]
        assert await ground.get("avgPrice", symbol="BTCUSDT") == {"mins": 5, "price": price, "closeTime": at + 1000}
        assert await ground.get("ticker/price") == [{"symbol": "BTCUSDT", "price": price}]
        best = {"bidPrice": "49999.00000000", "bidQty": "1.00000000", "askPrice": "50001.00000000", "askQty": "1.00000000"}
        assert await ground.get("ticker/bookTicker", symbol="BTCUSDT") == {"symbol": "BTCUSDT", **best}
        day = await ground.get("ticker/24hr", symbols='["BTCUSDT"]')
        assert list(day[0]) == DAY_TICKER.split()
        assert (day[0]["weightedAvgPrice"], day[0]["count"], day[0]["priceChangePercent"]) == (price, 1, "0.000")
        rolling = await ground.get("ticker", symbol="BTCUSDT", windowSize="1h", type="MINI")
        assert (rolling["lastPrice"], rolling["volume"]) == (price, volume)

    run(scene())


def test_exchange_info_tells_the_rules() -> None:
    """Filters as the exchange writes them; what the practice exchange cannot do is switched off."""

    async def scene() -> None:
        ground = await Ground().begin()
        info = await ground.get("exchangeInfo", symbol="BTCUSDT")
        assert info["rateLimits"][0] == {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000}
        (symbol,) = info["symbols"]
        assert (symbol["status"], symbol["baseAsset"], symbol["quoteAsset"]) == ("TRADING", "BTC", "USDT")
        assert not symbol["icebergAllowed"]
        filters = {it.pop("filterType"): it for it in symbol["filters"]}
        assert filters["PRICE_FILTER"] == {"minPrice": "0.01000000", "maxPrice": "1000000.00000000", "tickSize": "0.01000000"}
        assert filters["LOT_SIZE"] == {"minQty": "0.00001000", "maxQty": "9000.00000000", "stepSize": "0.00001000"}
        assert filters["PERCENT_PRICE_BY_SIDE"]["bidMultiplierDown"] == "0.2"
        assert filters["NOTIONAL"]["minNotional"] == "5.00000000"
        assert filters["MAX_NUM_ORDERS"] == {"maxNumOrders": 200}

    run(scene())


def test_candles_of_the_data_are_served_to_the_digit() -> None:
    """What the crowd traded in a minute is the minute's candle, in a long interval too."""

    async def scene() -> None:
        market = [crowd(START + n * 10 * SECOND, 50_000 + n) for n in range(12)]
        ground = Ground(market)
        await ground.pass_time(START + 2 * MINUTE)
        rows = await ground.get("klines", symbol="BTCUSDT", interval="1m", limit=2, endTime=START // 1_000_000 + 119_999)
        assert [row[1] for row in rows] == ["50000.00000000", "50006.00000000"]
        assert [row[4] for row in rows] == ["50005.00000000", "50011.00000000"]
        (hour,) = await ground.get("klines", symbol="BTCUSDT", interval="1h", limit=1)
        assert (hour[1], hour[4], hour[8]) == ("50000.00000000", "50011.00000000", 12)

    run(scene())
