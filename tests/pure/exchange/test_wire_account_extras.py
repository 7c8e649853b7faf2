"""What clients ask an account besides orders and balances: prevented matches, filters, deposits, transfers."""

import json
from typing import Any

from tests.pure.exchange.wire_ground import START, Ground, code_of, read, run

from fairway.exchange.practice import Practice
from fairway.exchange.session import Request
from fairway.world.chance import Chance

AT = START // 1_000_000
MATCH = (
    "symbol preventedMatchId takerOrderId makerSymbol makerOrderId tradeGroupId selfTradePreventionMode price "
    "takerPreventedQuantity makerPreventedQuantity transactTime"
)


async def ask(ground: Ground, path: str, method: str = "GET", **parameters: Any) -> Any:
    return read(await ground.ask(method, path, **parameters))


async def meet_itself(ground: Ground, mode: str) -> tuple[Any, Any]:
    """A resting bid of 0.5 at 50,000.5 and a sale of 0.2 that would match it."""
    maker = await ground.order(quantity="0.5", price="50000.5", selfTradePreventionMode="NONE")
    taker = await ground.order(side="SELL", quantity="0.2", price="50000.5", selfTradePreventionMode=mode)
    return maker, taker


def test_prevented_matches_are_told_by_each_mode() -> None:
    """Who lost what: the whole rest of whoever expires, or the common quantity of both."""

    async def scene(mode: str) -> tuple[Any, Any]:
        ground = await Ground().begin()
        maker, taker = await meet_itself(ground, mode)
        (match,) = await ask(ground, "myPreventedMatches", symbol="BTCUSDT", orderId=taker["orderId"])
        assert [match] == await ask(ground, "myPreventedMatches", symbol="BTCUSDT", preventedMatchId=0)
        assert [match] == await ask(ground, "myPreventedMatches", symbol="BTCUSDT", orderId=maker["orderId"])
        api = await ground.tell(ground.api(), "myPreventedMatches", signed=True, symbol="BTCUSDT", preventedMatchId=0)
        assert api["result"] == [match]
        assert (match["takerOrderId"], match["makerOrderId"]) == (taker["orderId"], maker["orderId"])
        assert match["price"] == "50000.50000000"
        return match.get("takerPreventedQuantity"), match.get("makerPreventedQuantity")

    assert run(scene("EXPIRE_TAKER")) == ("0.20000000", None)
    assert run(scene("EXPIRE_MAKER")) == (None, "0.50000000")
    assert run(scene("EXPIRE_BOTH")) == ("0.20000000", "0.50000000")
    assert run(scene("DECREMENT")) == ("0.20000000", "0.20000000")


def test_a_prevented_match_has_the_exchanges_fields() -> None:
    """In the list, in the orders and in the account's events."""

    async def scene() -> None:
        ground = await Ground().begin()
        api = ground.api()
        await ground.tell(api, "userDataStream.subscribe.signature", signed=True)
        maker, taker = await meet_itself(ground, "EXPIRE_BOTH")
        (match,) = await ask(ground, "myPreventedMatches", symbol="BTCUSDT", orderId=taker["orderId"])
        assert " ".join(match) == MATCH
        assert (match["tradeGroupId"], match["transactTime"]) == (-1, AT)
        assert (taker["status"], taker["preventedMatchId"], taker["preventedQuantity"]) == ("EXPIRED_IN_MATCH", 0, "0.20000000")
        queried = await ask(ground, "order", symbol="BTCUSDT", orderId=maker["orderId"])
        assert (queried["preventedMatchId"], queried["preventedQuantity"]) == (0, "0.50000000")
        told = [it["event"] for it in await ground.frames() if "event" in it]
        of_maker, of_taker = (it for it in told if it.get("x") == "TRADE_PREVENTION")
        wanted = {"v": 0, "A": "0.50000000", "B": "0.50000000", "u": -1, "U": taker["orderId"], "Cs": "BTCUSDT"}
        wanted |= {"pl": "0.20000000", "pL": "50000.50000000", "pY": "10000.10000000"}
        assert {name: of_maker[name] for name in wanted} == wanted
        assert (of_taker["A"], of_taker["B"], of_taker["U"]) == ("0.20000000", "0.20000000", maker["orderId"])

    run(scene())


def test_what_was_decremented_adds_up() -> None:
    """Original less executed less prevented is what is left, over several matches; each is listed, from an id on."""

    async def scene() -> None:
        ground = await Ground().begin()
        maker = await ground.order(quantity="0.5", price="50000.5", selfTradePreventionMode="NONE")
        for _ in range(2):
            await ground.order(side="SELL", quantity="0.1", price="50000.5", selfTradePreventionMode="DECREMENT")
        queried = await ask(ground, "order", symbol="BTCUSDT", orderId=maker["orderId"])
        assert (queried["status"], queried["preventedQuantity"], queried["preventedMatchId"]) == ("NEW", "0.20000000", 1)
        of_maker = {"symbol": "BTCUSDT", "orderId": maker["orderId"]}
        assert [it["preventedMatchId"] for it in await ask(ground, "myPreventedMatches", **of_maker)] == [0, 1]
        assert len(await ask(ground, "myPreventedMatches", **of_maker, fromPreventedMatchId=1)) == 1
        assert len(await ask(ground, "myPreventedMatches", **of_maker, limit=1)) == 1
        assert code_of(await ask(ground, "myPreventedMatches", symbol="BTCUSDT")) == -1102
        assert code_of(await ask(ground, "myPreventedMatches", **of_maker, preventedMatchId=1)) == -1128

    run(scene())


def test_filters_allocations_and_the_account_status() -> None:
    """The symbol's own filters; no smart order routing, so no allocations; nothing is wrong with the account."""

    async def scene() -> None:
        ground = await Ground().begin()
        listed = (await ground.get("exchangeInfo"))["symbols"][0]["filters"]
        filters = await ask(ground, "myFilters", symbol="BTCUSDT")
        assert filters == {"exchangeFilters": [], "symbolFilters": listed, "assetFilters": []}
        assert await ask(ground, "myAllocations", symbol="BTCUSDT") == []
        assert code_of(await ask(ground, "myFilters", symbol="NOSUCH")) == -1121
        assert await ask(ground, "/sapi/v1/account/status") == {"data": "Normal"}

    run(scene())


def test_assets_of_the_account() -> None:
    """What it has something of, or the one that is named."""

    async def scene() -> None:
        ground = await Ground().begin()
        await ground.order()
        usdt, btc = await ask(ground, "/sapi/v3/asset/getUserAsset", "POST")
        assert (usdt["asset"], usdt["free"], usdt["locked"]) == ("USDT", "99600.00000000", "400.00000000")
        assert [btc] == await ask(ground, "/sapi/v3/asset/getUserAsset", "POST", asset="BTC", needBtcValuation="true")
        assert list(btc) == ["asset", "free", "locked", "freeze", "withdrawing", "ipoable", "btcValuation"]

    run(scene())


def test_deposits_and_transfers_of_practice_are_in_the_accounts_history() -> None:
    """Newest first, by coin and time; a transfer to another account is an internal one for both."""

    async def scene() -> None:
        ground = await Ground().begin()
        ground.exchange.open_account("bob", {}, key="bobskey00001", secret="bobssecret")
        practice = Practice(ground.exchange, Chance(2), _no_delivery)

        async def wish(path: str, **terms: str) -> Any:
            body, local = json.dumps(terms), {"Host": "127.0.0.1"}
            return read(await practice.handle(Request("POST", f"/practice/accounts/{path}", "", body, local, "10.0.0.1")))

        await wish("alice/deposits", asset="USDT", amount="7.5")
        ground.clock.at += 10**9
        await wish("alice/deposits", asset="BTC", amount="-0.5")
        await wish("alice/transfers", to="bob", asset="USDT", amount="100")
        assert "does not have 5 BNB free" in (await wish("bob/transfers", to="alice", asset="BNB", amount="5"))["error"]
        assert "there is no account 'eve'" in (await wish("alice/transfers", to="eve", asset="USDT", amount="1"))["error"]
        assert "to itself" in (await wish("bob/transfers", to="bob", asset="USDT", amount="1"))["error"]

        (came,) = await ask(ground, "/sapi/v1/capital/deposit/hisrec")
        assert (came["amount"], came["coin"], came["status"], came["insertTime"]) == ("7.5", "USDT", 1, AT)
        assert came["transferType"] == 0
        sent, gone = await ask(ground, "/sapi/v1/capital/withdraw/history")
        assert (sent["amount"], sent["address"], sent["transferType"]) == ("100", "bob", 1)
        assert (gone["amount"], gone["coin"], gone["applyTime"], gone["transferType"]) == ("0.5", "BTC", "2023-11-14 22:13:01", 0)
        assert await ask(ground, "/sapi/v1/capital/withdraw/history", coin="BTC") == [gone]
        assert await ask(ground, "/sapi/v1/capital/withdraw/history", limit=1, offset=1) == [gone]
        assert await ask(ground, "/sapi/v1/capital/deposit/hisrec", startTime=AT + 1) == []
        assert await ask(ground, "/sapi/v1/capital/deposit/hisrec", status=0) == []
        bobs = {"key": "bobskey00001", "secret": "bobssecret"}
        (received,) = await ask(ground, "/sapi/v1/capital/deposit/hisrec", **bobs)
        assert (received["amount"], received["txId"].startswith("Internal transfer ")) == ("100", True)
        assert (await ask(ground, "account", **bobs))["balances"][0]["free"] == "100.00000000"
        assert await ask(ground, "/sapi/v1/asset/transfer", type="MAIN_FUNDING") == {"total": 0, "rows": []}

    run(scene())


async def _no_delivery(deliveries: list[Any]) -> None:
    assert deliveries == []
