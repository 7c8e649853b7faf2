"""Every venue keeps the same promises, whatever carries its messages and whichever words it speaks."""

import asyncio
from collections.abc import Callable
from decimal import Decimal

import pytest
from tests.conformance.practice_ground import (
    ASK,
    BID,
    SYMBOL,
    Ground,
    Story,
    in_memory,
    in_simulated_time,
    in_unified_words,
    on_real_sockets,
    without_trading,
)

from fairway.exchange.answers import KeyPermissions, TradingStatus
from fairway.exchange.practice_exchange import Credentials
from fairway.market.candles import Quote
from fairway.money.fees import Fees
from fairway.orders.order import OrderType, Side
from fairway.venues.port import (
    BalanceReport,
    Duplicate,
    FillReport,
    KeyRefused,
    NewPair,
    OrderReport,
    Rejected,
    ReportStatus,
    StreamChannel,
    StreamUp,
)
from fairway.world.clock import MINUTE, SECOND

Play = Callable[[Story], None]


@pytest.fixture(params=[in_simulated_time, on_real_sockets, in_unified_words, in_memory])
def play(request: pytest.FixtureRequest) -> Play:
    """Each kind of venue plays each story."""
    chosen: Play = request.param
    return chosen


def test_instruments_have_the_venues_grid(play: Play) -> None:
    """Symbols by the names that people use, with tick, lot and smallest value."""

    async def story(ground: Ground) -> None:
        it = ground.instrument
        assert (it.symbol, it.venue_symbol, it.base, it.quote) == ("BTC/USDT", "BTCUSDT", "BTC", "USDT")
        assert (it.tick, it.lot, it.notional_min) == (Decimal("0.01"), Decimal("0.00001"), Decimal(5))
        assert it.is_trading

    play(story)


def test_a_limit_order_rests_is_found_and_is_cancelled(play: Play) -> None:
    """Under our own id from the first answer to the last."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        order = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000.01")
        placed = await venue.place(order)
        assert (placed.client_id, placed.status) == (order.client_id, ReportStatus.OPEN)
        found = await venue.find(SYMBOL, order.client_id)
        assert found is not None
        assert (found.client_id, found.venue_id, found.status) == (order.client_id, placed.venue_id, ReportStatus.OPEN)
        assert (found.quantity, found.price, found.side) == (order.quantity, order.price, Side.BUY)
        assert [report.client_id for report in await venue.open_orders()] == [order.client_id]
        assert [report.client_id for report in await venue.open_orders([SYMBOL])] == [order.client_id]
        cancelled = await venue.cancel(SYMBOL, order.client_id)
        assert (cancelled.client_id, cancelled.status) == (order.client_id, ReportStatus.CANCELLED)
        assert list(await venue.open_orders()) == []
        with pytest.raises(Rejected):
            await venue.cancel(SYMBOL, order.client_id)

    play(story)


def test_a_stop_rests_with_its_stop_price(play: Play) -> None:
    """A market order in waiting: it has a stop price and no other."""

    async def story(ground: Ground) -> None:
        order = ground.order(Side.SELL, OrderType.STOP, "0.1", stop="25000")
        assert (await ground.venue.place(order)).status is ReportStatus.OPEN
        found = await ground.venue.find(SYMBOL, order.client_id)
        assert found is not None
        assert (found.stop_price, found.price) == (order.stop_price, None)
        await ground.venue.cancel(SYMBOL, order.client_id)

    play(story)


def test_a_market_order_fills_and_its_money_adds_up(play: Play) -> None:
    """Fills with the venue's own quote and fee, once each, and balances that moved by exactly that."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        before = (await venue.balances()).balances
        order = ground.order(Side.BUY, OrderType.MARKET, "7.00001")
        assert (await venue.place(order)).status is ReportStatus.FILLED
        fills = await venue.fills_since(SYMBOL, "", ground.clock.now() - MINUTE)
        assert sum((report.fill.quantity.value for report in fills), Decimal(0)) == Decimal("7.00001")
        assert [report.fill.price.value for report in fills] == [ASK, ASK + 10]
        quote = sum((report.fill.quote.value for report in fills), Decimal(0))
        fee = sum((report.fill.fee.value for report in fills), Decimal(0))
        assert {report.fill.fee.asset for report in fills} == {"BTC"}
        after = (await venue.balances()).balances
        assert before["USDT"][0].value - after["USDT"][0].value == quote
        assert after["BTC"][0].value - before["BTC"][0].value == Decimal("7.00001") - fee
        assert not after["BTC"][1]
        last = fills[-1].fill.trade_id
        assert list(await venue.fills_since(SYMBOL, last, 0)) == []
        assert [report.fill.trade_id for report in await venue.fills_since(SYMBOL, fills[0].fill.trade_id, 0)] == [last]

    play(story)


def test_what_the_venue_refuses_is_rejected(play: Play) -> None:
    """Too little money, and a value below the smallest: certainly not done, and nothing rests."""

    async def story(ground: Ground) -> None:
        with pytest.raises(Rejected):
            await ground.venue.place(ground.order(Side.BUY, OrderType.LIMIT, "100", price="29000"))
        with pytest.raises(Rejected):
            await ground.venue.place(ground.order(Side.BUY, OrderType.LIMIT, "0.00001", price="29000"))
        assert list(await ground.venue.open_orders()) == []

    play(story)


def test_the_same_id_twice_is_a_duplicate(play: Play) -> None:
    """While the first lives; it is the proof that it arrived."""

    async def story(ground: Ground) -> None:
        order = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000")
        await ground.venue.place(order)
        with pytest.raises(Duplicate):
            await ground.venue.place(order)
        assert len(await ground.venue.open_orders()) == 1

    play(story)


def test_an_order_that_never_was_is_none(play: Play) -> None:
    """The venue's own answer, not silence."""

    async def story(ground: Ground) -> None:
        assert await ground.venue.find(SYMBOL, "fw-main-1-zz-e") is None

    play(story)


def test_a_pair_holds_together(play: Play) -> None:
    """Both rest under their own ids, hold the quantity once, and cancelling one cancels the other; or it is refused clearly."""

    async def story(ground: Ground) -> None:
        venue, pair = ground.venue, ground.pair("1")
        if not venue.promises.pairs:
            with pytest.raises(Rejected, match="does not hold a stop and a target"):
                await venue.place_pair(pair)
            return
        stop, target = await venue.place_pair(pair)
        assert (stop.client_id, target.client_id) == (pair.stop.client_id, pair.target.client_id)
        assert (stop.stop_price, target.price) == (pair.stop.stop_price, pair.target.price)
        assert {report.client_id for report in await venue.open_orders()} == {stop.client_id, target.client_id}
        assert str((await venue.balances()).balances["BTC"][1]) == "1 BTC"
        cancelled = await venue.cancel(SYMBOL, target.client_id)
        assert (cancelled.client_id, cancelled.status) == (target.client_id, ReportStatus.CANCELLED)
        other = await venue.find(SYMBOL, stop.client_id)
        assert other is not None
        assert other.status in (ReportStatus.CANCELLED, ReportStatus.EXPIRED)
        assert list(await venue.open_orders()) == []

    play(story)


def test_a_pair_may_hold_a_stop_limit(play: Play) -> None:
    """It rests with both its prices; when the market falls to the stop it becomes a limit order, and its target ends."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        if not venue.promises.pairs:
            return
        stop = ground.order(Side.SELL, OrderType.STOP_LIMIT, "1", stop="25000", price="24900", role="s")
        target = ground.order(Side.SELL, OrderType.LIMIT, "1", price="35000", role="t")
        rests, _ = await venue.place_pair(NewPair(client_id=ground.id("p"), stop=stop, target=target))
        assert (rests.status, rests.stop_price, rests.price) == (ReportStatus.OPEN, stop.stop_price, stop.price)
        await venue.cancel(SYMBOL, stop.client_id)
        near = ground.order(Side.SELL, OrderType.STOP_LIMIT, "1", stop="29999", price="29000", role="s")
        far = ground.order(Side.SELL, OrderType.LIMIT, "1", price="35000", role="t")
        await venue.place_pair(NewPair(client_id=ground.id("p"), stop=near, target=far))
        await venue.place(ground.order(Side.SELL, OrderType.MARKET, "0.1"))  # trades at 29,990, below the stop
        for order, ended in ((near, ReportStatus.FILLED), (far, ReportStatus.EXPIRED)):
            found = await venue.find(SYMBOL, order.client_id)
            assert found is not None
            assert found.status is ended

    play(story)


def test_a_collared_order_takes_what_is_there_and_does_not_stay(play: Play) -> None:
    """Above the collar nothing is sold; within it as much as the book holds, and the rest ends."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        too_dear = ground.order(Side.SELL, OrderType.LIMIT, "1", price="29995", time_in_force="IOC")
        assert (await venue.place(too_dear)).filled.value == 0
        in_part = ground.order(Side.SELL, OrderType.LIMIT, "9", price="29985", time_in_force="IOC")
        report = await venue.place(in_part)
        assert (report.status, report.filled.value) == (ReportStatus.EXPIRED, Decimal(5))
        assert list(await venue.open_orders()) == []

    play(story)


def test_a_second_endpoint_tells_the_same_balances(play: Play) -> None:
    """What an order locks included; a venue that has none says so."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        await venue.place(ground.order(Side.SELL, OrderType.STOP, "1", stop="25000"))
        if venue.promises.second_balances:
            told = (await venue.second_balances()).balances
            assert str(told["BTC"][1]) == "1 BTC"
            assert told == (await venue.balances()).balances
        else:
            with pytest.raises(Rejected):
                await venue.second_balances()

    play(story)


def test_an_account_shows_how_it_stands(play: Play) -> None:
    """Whether it may trade, and its kind; one that may not is refused new orders and shows its balances all the same."""

    async def story(ground: Ground) -> None:
        before = await ground.venue.balances()
        assert (before.can_trade, before.kind) == (True, "SPOT")
        ground.exchange.set_standing("main", TradingStatus(can_trade=False, kind="MARGIN"))
        after = await ground.venue.balances()
        assert (after.can_trade, after.kind, after.balances) == (False, "MARGIN", before.balances)
        with pytest.raises(Rejected):
            await ground.venue.place(ground.order(Side.BUY, OrderType.MARKET, "1"))

    play(story)


def test_a_key_shows_what_became_of_its_rights(play: Play) -> None:
    """A right to withdraw appears, the right to trade goes, an end is set."""

    async def story(ground: Ground) -> None:
        if not ground.venue.promises.key_rights:
            return
        ends_at = ground.clock.now() // SECOND * SECOND + MINUTE
        ground.exchange.set_rights("main", KeyPermissions(spot_trading=False, withdrawals=True, expires_at=ends_at))
        rights = await ground.venue.key_rights()
        assert (rights.can_trade, rights.can_withdraw, rights.expires_at) == (False, True, ends_at)

    play(story)


def test_fees_are_the_accounts(play: Play) -> None:
    """As fractions of the fill."""

    async def story(ground: Ground) -> None:
        assert await ground.venue.fees(SYMBOL) == Fees(Decimal("0.001"), Decimal("0.001"))

    play(story)


def test_the_venues_clock_is_told(play: Play) -> None:
    """To the millisecond, in nanoseconds."""

    async def story(ground: Ground) -> None:
        before = ground.clock.now()
        told = await ground.venue.server_time()
        assert before - SECOND < told <= ground.clock.now()

    play(story)


def test_a_key_shows_its_rights(play: Play) -> None:
    """Where the venue promises to tell them; else it says that it does not."""

    async def story(ground: Ground) -> None:
        if not ground.venue.promises.key_rights:
            with pytest.raises(Rejected):
                await ground.venue.key_rights()
            return
        rights = await ground.venue.key_rights()
        assert (rights.can_read, rights.can_trade, rights.can_withdraw) == (True, True, False)

    play(story)


def test_a_wrong_key_and_a_key_without_the_right_are_refused(play: Play) -> None:
    """A person is needed; repeating helps nothing."""

    async def story(ground: Ground) -> None:
        wrong = Credentials("main", "thiskeyisnobodys0000", "secret")
        for credentials, asks in ((wrong, "balances"), (without_trading(ground.exchange), "place")):
            venue = ground.make(credentials)
            try:
                await venue.open()
                order = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000")
                with pytest.raises(KeyRefused):
                    await (venue.balances() if asks == "balances" else venue.place(order))
            finally:
                await venue.close()

    play(story)


def test_the_streams_tell_what_queries_tell(play: Play) -> None:
    """The same quote, orders, fills and balances, once each, with the order's own id even on its cancel."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        async with ground.streaming():
            await ground.until(lambda: {event.channel for event in ground.all_heard(StreamUp)} == set(StreamChannel))
            await ground.until(lambda: ground.all_heard(Quote))
            quote = ground.all_heard(Quote)[-1]
            assert quote.symbol == SYMBOL
            assert quote.ask == ASK
            assert BID <= quote.bid <= BID + Decimal("0.01")
            resting = ground.order(Side.BUY, OrderType.LIMIT, "0.5", price="20000.01")
            await venue.place(resting)
            bought = ground.order(Side.BUY, OrderType.MARKET, "7")
            await venue.place(bought)
            await venue.cancel(SYMBOL, resting.client_id)
            await ground.until(lambda: _last(ground, resting.client_id) is ReportStatus.CANCELLED)
            await ground.until(lambda: _last(ground, bought.client_id) is ReportStatus.FILLED)
            asked = await venue.fills_since(SYMBOL, "", ground.clock.now() - MINUTE)
            await ground.until(lambda: len(ground.all_heard(FillReport)) == len(asked) == 2)
            assert [told.fill for told in ground.all_heard(FillReport)] == [report.fill for report in asked]
            assert [told.venue_id for told in ground.all_heard(FillReport)] == [report.venue_id for report in asked]
            held = (await venue.balances()).balances
            await ground.until(lambda: _held(ground) == {asset: held[asset] for asset in ("BTC", "USDT")})

    play(story)


def _last(ground: Ground, client_id: str) -> ReportStatus | None:
    told = [report.status for report in ground.all_heard(OrderReport) if report.client_id == client_id]
    return told[-1] if told else None


def _held(ground: Ground) -> dict[str, object]:
    held: dict[str, object] = {}
    for report in ground.all_heard(BalanceReport):
        held |= report.balances
    return held


def test_nothing_is_left_behind(play: Play) -> None:
    """A closed venue has no tasks and no connections, and can be opened again."""

    async def story(ground: Ground) -> None:
        async with ground.streaming():
            await ground.until(lambda: len(ground.all_heard(StreamUp)) == 2)
        await ground.venue.close()
        left = [task for task in asyncio.all_tasks() if "ccxt" in str(task.get_coro())]
        assert left == []
        assert SYMBOL in await ground.venue.open()

    play(story)


def test_an_order_is_found_by_the_venues_own_number(play: Play) -> None:
    """It has our id, which a history of fills may not tell; a number that was never given is no order."""

    async def story(ground: Ground) -> None:
        venue = ground.venue
        order = ground.order(Side.BUY, OrderType.MARKET, "1")
        placed = await venue.place(order)
        [fill, *_] = await venue.fills_since(SYMBOL, "", ground.clock.now() - MINUTE)
        found = await venue.order_of(SYMBOL, fill.venue_id)
        assert found is not None
        assert (found.client_id, found.venue_id, found.status) == (order.client_id, placed.venue_id, ReportStatus.FILLED)
        assert found.filled == order.quantity
        assert await venue.order_of(SYMBOL, "987654") is None

    play(story)
