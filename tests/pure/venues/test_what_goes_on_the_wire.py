"""What is sent to Binance is, to the digit and to the letter, what was asked for."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from decimal import Decimal
from urllib.parse import urlencode

import msgspec
import pytest
from tests.pure.venues.scripted_venue import SECRET, ScriptedVenue, account_answer, now_ms, order_answer, refuses, says, scene

from fairway.market.instrument import Instrument
from fairway.money.fees import Fees
from fairway.money.grid import Round
from fairway.orders.order import OrderType, Side
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import KeyRights, NewOrder, NewPair, Rejected, ReportStatus, Unreachable
from fairway.world.clock import DAY, MILLISECOND, SECOND
from fairway.world.loop import run, running

Story = Callable[[ScriptedVenue, CcxtVenue, Instrument], Awaitable[None]]
ORDER = "/api/v3/order"


def play(story: Story) -> None:
    async def main() -> None:
        async with scene() as (exchange, venue, btc):
            await story(exchange, venue, btc)

    run(main)


def new_order(
    btc: Instrument, kind: OrderType, quantity: str, *, price: str = "", stop: str = "", id: str = "fw-main-1-1-e"
) -> NewOrder:
    return NewOrder(
        client_id=id,
        symbol=btc.symbol,
        side=Side.SELL,
        type=kind,
        quantity=btc.quantity(quantity),
        price=None if not price else btc.price(price, Round.DOWN),
        stop_price=None if not stop else btc.price(stop, Round.DOWN),
    )


@pytest.mark.parametrize(
    ("kind", "quantity", "price", "stop", "expected"),
    [
        (OrderType.MARKET, "0.00001", "", "", {"type": "MARKET", "quantity": "0.00001"}),
        (
            OrderType.LIMIT,
            "123.45678",
            "999999.99",
            "",
            {"type": "LIMIT", "quantity": "123.45678", "price": "999999.99", "timeInForce": "GTC"},
        ),
        (OrderType.STOP, "1", "", "20000.1", {"type": "STOP_LOSS", "quantity": "1", "stopPrice": "20000.1"}),
        (
            OrderType.STOP_LIMIT,
            "10",
            "19990",
            "20000",
            {"type": "STOP_LOSS_LIMIT", "quantity": "10", "price": "19990", "stopPrice": "20000", "timeInForce": "GTC"},
        ),
    ],
)
def test_an_order_is_sent_as_it_is(kind: OrderType, quantity: str, price: str, stop: str, expected: dict[str, str]) -> None:
    """Exact text without padding, our own client id without a broker's prefix, nothing beside it but the signature."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("POST", ORDER, says(order_answer("fw-main-1-1-e")))
        at_ms = now_ms()
        await venue.place(new_order(btc, kind, quantity, price=price, stop=stop))
        (sent,) = exchange.questions(ORDER)
        signature, timestamp = sent.pop("signature"), sent["timestamp"]
        signed = urlencode(sent).encode()
        assert signature == hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        assert int(timestamp) == at_ms
        own = {"symbol": "BTCUSDT", "side": "SELL", "newClientOrderId": "fw-main-1-1-e", "newOrderRespType": "RESULT"}
        assert sent == {**own, **expected, "timestamp": timestamp, "recvWindow": "5000"}

    play(story)


def test_the_answer_to_an_order_is_read_exactly() -> None:
    """Every figure of the report is the venue's text."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        answer = order_answer("fw-main-1-1-e", status="PARTIALLY_FILLED", executedQty="0.12345678", price="0.10000001")
        exchange.on("POST", ORDER, says(answer))
        report = await venue.place(new_order(btc, OrderType.MARKET, "10"))
        assert (report.client_id, report.venue_id, report.symbol) == ("fw-main-1-1-e", "28", "BTC/USDT")
        assert report.status is ReportStatus.PARTLY
        assert report.filled.value == Decimal("0.12345678")
        assert report.price is not None
        assert report.price.value == Decimal("0.10000001")
        assert report.stop_price is None
        assert report.at == 1_507_725_176_595 * MILLISECOND

    play(story)


def test_a_market_order_with_a_collar_is_a_limit_that_does_not_stay() -> None:
    """Immediate or cancel, where it is asked for; good till cancelled otherwise."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("POST", ORDER, says(order_answer("fw-main-1-1-e", status="EXPIRED")))
        collared = msgspec.structs.replace(new_order(btc, OrderType.LIMIT, "1", price="19000"), time_in_force="IOC")
        assert (await venue.place(collared)).status is ReportStatus.EXPIRED
        (sent,) = exchange.questions(ORDER)
        assert (sent["type"], sent["price"], sent["timeInForce"]) == ("LIMIT", "19000", "IOC")

    play(story)


def test_the_stop_of_a_pair_may_have_a_price_of_its_own() -> None:
    """A stop-limit below, with its price and its time in force; the target above as ever."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        stop = new_order(btc, OrderType.STOP_LIMIT, "1", price="89", stop="90")
        target = msgspec.structs.replace(new_order(btc, OrderType.LIMIT, "1", price="110"), client_id="fw-main-1-3-t")
        reports = [order_answer(it.client_id) for it in (stop, target)]
        exchange.on("POST", "/api/v3/orderList/oco", says({"orderListId": 7, "orderReports": reports}))
        await venue.place_pair(NewPair(client_id="fw-main-1-4-p", stop=stop, target=target))
        (sent,) = exchange.questions("/api/v3/orderList/oco")
        below = {name: text for name, text in sent.items() if name.startswith("below")}
        assert below == {
            "belowType": "STOP_LOSS_LIMIT",
            "belowClientOrderId": stop.client_id,
            "belowPrice": "89",
            "belowTimeInForce": "GTC",
            "belowStopPrice": "90",
        }

    play(story)


@pytest.mark.parametrize("side", list(Side))
def test_a_pair_names_both_its_orders(side: Side) -> None:
    """The higher price is above; a market stop, a resting target, and three ids of ours."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        stop = NewOrder(
            client_id="fw-main-1-2-s",
            symbol="BTC/USDT",
            side=side,
            type=OrderType.STOP,
            quantity=btc.quantity("0.5"),
            stop_price=btc.price("90" if side is Side.SELL else "110", Round.DOWN),
        )
        target = NewOrder(
            client_id="fw-main-1-3-t",
            symbol="BTC/USDT",
            side=side,
            type=OrderType.LIMIT,
            quantity=btc.quantity("0.5"),
            price=btc.price("110" if side is Side.SELL else "90", Round.DOWN),
        )
        reports = [order_answer("fw-main-1-3-t", orderId=2), order_answer("fw-main-1-2-s", orderId=1, stopPrice="90.00")]
        exchange.on("POST", "/api/v3/orderList/oco", says({"orderListId": 7, "orderReports": reports}))
        answers = await venue.place_pair(NewPair(client_id="fw-main-1-4-p", stop=stop, target=target))
        assert [report.client_id for report in answers] == ["fw-main-1-2-s", "fw-main-1-3-t"]
        (sent,) = exchange.questions("/api/v3/orderList/oco")
        upper, lower = ("above", "below") if side is Side.SELL else ("below", "above")
        expected = {
            "symbol": "BTCUSDT",
            "side": side.value.upper(),
            "quantity": "0.5",
            "listClientOrderId": "fw-main-1-4-p",
            f"{upper}Type": "LIMIT_MAKER",
            f"{upper}ClientOrderId": "fw-main-1-3-t",
            f"{upper}Price": "110" if side is Side.SELL else "90",
            f"{lower}Type": "STOP_LOSS",
            f"{lower}ClientOrderId": "fw-main-1-2-s",
            f"{lower}StopPrice": "90" if side is Side.SELL else "110",
            "newOrderRespType": "RESULT",
        }
        assert {name: sent[name] for name in expected} == expected
        assert set(sent) - set(expected) == {"timestamp", "recvWindow", "signature"}

    play(story)


def test_a_cancel_names_the_order_and_is_read_as_the_order() -> None:
    """The answer's clientOrderId is the request's; the order's own is beside it. A pair answers with both its orders."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        one = order_answer("request", origClientOrderId="fw-main-1-2-s", status="CANCELED")
        other = order_answer("request", origClientOrderId="fw-main-1-3-t", status="CANCELED", orderId=29)
        exchange.on("DELETE", ORDER, says(one))
        report = await venue.cancel("BTC/USDT", "fw-main-1-2-s")
        assert (report.client_id, report.status) == ("fw-main-1-2-s", ReportStatus.CANCELLED)
        exchange.on("DELETE", ORDER, says({"orderListId": 1, "orderReports": [one, other]}))
        assert (await venue.cancel("BTC/USDT", "fw-main-1-3-t")).venue_id == "29"
        assert [sent["origClientOrderId"] for sent in exchange.questions(ORDER)] == ["fw-main-1-2-s", "fw-main-1-3-t"]

    play(story)


def test_only_the_venues_own_words_make_an_order_unknown() -> None:
    """-2013 is None. Another no, silence and nonsense are not."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        exchange.on("GET", ORDER, refuses(-2013, "Order does not exist."))
        assert await venue.find("BTC/USDT", "fw-main-1-1-e") is None
        exchange.on("GET", ORDER, refuses(-2011, "Unknown order sent."))
        with pytest.raises(Rejected):
            await venue.find("BTC/USDT", "fw-main-1-1-e")
        exchange.on("GET", ORDER, says("<html>Order does not exist</html>", 404))
        with pytest.raises(Unreachable):
            await venue.find("BTC/USDT", "fw-main-1-1-e")

    play(story)


def fill_row(trade_id: int, at_ms: int) -> dict[str, object]:
    return {
        "symbol": "BTCUSDT",
        "id": trade_id,
        "orderId": 100,
        "price": "4.00000100",
        "qty": "12.00000000",
        "quoteQty": "48.00001199",
        "commission": "0.00001234",
        "commissionAsset": "BNB",
        "time": at_ms,
        "isBuyer": True,
        "isMaker": False,
    }


def test_fills_lead_on_by_id_until_there_are_no_more() -> None:
    """A full page is followed by the next; the venue's own quote and commission are kept, in their own asset."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        rows = [fill_row(number, now_ms()) for number in range(6, 1_206)]

        def page(request: object) -> object:
            first = int(exchange.asked[-1][2]["fromId"])
            return says([row for row in rows if int(str(row["id"])) >= first][:1_000])(request)  # type: ignore[arg-type]

        exchange.on("GET", "/api/v3/myTrades", page)
        fills = await venue.fills_since("BTC/USDT", "5", 0)
        assert [report.fill.trade_id for report in fills] == [str(number) for number in range(6, 1_206)]
        assert [sent["fromId"] for sent in exchange.questions("/api/v3/myTrades")] == ["6", "1006"]
        fill = fills[0].fill
        assert str(fill.quote) == "48.00001199 USDT"
        assert str(fill.fee) == "0.00001234 BNB"
        assert (fills[0].client_id, fills[0].venue_id, fills[0].side) == ("", "100", Side.BUY)

    play(story)


def test_fills_from_an_instant_on_are_looked_for_day_by_day() -> None:
    """By time the venue gives one day at once."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        await asyncio.sleep(3 * DAY / SECOND)
        begin = running().wall_ns - 3 * DAY + 5_000 * MILLISECOND
        row = fill_row(77, now_ms() - 3_600_000)

        def day(request: object) -> object:
            asked = exchange.asked[-1][2]
            inside = int(asked["startTime"]) <= int(str(row["time"])) <= int(asked["endTime"])
            return says([row] if inside else [])(request)  # type: ignore[arg-type]

        exchange.on("GET", "/api/v3/myTrades", day)
        fills = await venue.fills_since("BTC/USDT", "", begin)
        assert [report.fill.trade_id for report in fills] == ["77"]
        assert len(exchange.questions("/api/v3/myTrades")) == 3

    play(story)


def test_absent_zero_and_failed_balances_are_different_answers() -> None:
    """An asset that is not told is absent, zero is zero, and an account without balances is an error."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        held = [{"asset": "BTC", "free": "0.00000000", "locked": "0.00000000"}, {"asset": "USDT", "free": "1.10", "locked": "2"}]
        exchange.on("GET", "/api/v3/account", says(account_answer(balances=held)))
        report = await venue.balances()
        assert report.is_complete
        assert {asset: (str(free), str(locked)) for asset, (free, locked) in report.balances.items()} == {
            "BTC": ("0 BTC", "0 BTC"),
            "USDT": ("1.1 USDT", "2 USDT"),
        }
        for answer in (says({"canTrade": True, "updateTime": 5}), says([]), says("", 200), says(account_answer(balances=None))):
            exchange.on("GET", "/api/v3/account", answer)
            with pytest.raises(Unreachable):
                await venue.balances()

    play(story)


def test_fees_count_every_surcharge() -> None:
    """Standard, special and tax rates add up, and the dearer of the buyer's and the seller's share counts."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        rates = {
            "symbol": "BTCUSDT",
            "standardCommission": {"maker": "0.00080000", "taker": "0.00100000", "buyer": "0.00020000", "seller": "0.00010000"},
            "specialCommission": {"maker": "0.00010000", "taker": "0.00010000", "buyer": "0", "seller": "0"},
            "taxCommission": {"maker": "0.00000112", "taker": "0.00000114", "buyer": "0.00000118", "seller": "0.00000116"},
            "discount": {"enabledForAccount": True, "discountAsset": "BNB", "discount": "0.75000000"},
        }
        exchange.on("GET", "/api/v3/account/commission", says(rates))
        assert await venue.fees("BTC/USDT") == Fees(Decimal("0.00110230"), Decimal("0.00130232"))

    play(story)


def test_key_rights_call_every_way_out_a_withdrawal() -> None:
    """Sending to another user is a way out too."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        told = {
            "ipRestrict": True,
            "enableReading": True,
            "enableWithdrawals": False,
            "enableInternalTransfer": True,
            "enableSpotAndMarginTrading": True,
            "tradingAuthorityExpirationTime": 1_628_985_600_000,
        }
        exchange.on("GET", "/sapi/v1/account/apiRestrictions", says(told))
        assert await venue.key_rights() == KeyRights(
            can_read=True,
            can_trade=True,
            can_withdraw=True,
            is_address_restricted=True,
            expires_at=1_628_985_600_000 * MILLISECOND,
        )

    play(story)


def test_an_unlisted_symbol_is_refused_before_anything_is_sent() -> None:
    """The sentence names the venue, the symbol and a right one."""

    async def story(exchange: ScriptedVenue, venue: CcxtVenue, btc: Instrument) -> None:
        before = len(exchange.asked)
        with pytest.raises(Rejected, match="binance does not list 'DOGE/USDT'; a listed one is 'BTC/USDT'"):
            await venue.find("DOGE/USDT", "x")
        assert len(exchange.asked) == before

    play(story)
