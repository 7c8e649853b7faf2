"""A fee that an exchange does not tell is not zero: the fill is incomplete and is asked for again; and sums stay exact."""

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

import pytest

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount
from fairway.venues.ccxt import reading, unified_reading
from fairway.venues.ccxt.dialect import ignore_news
from fairway.venues.ccxt.errors import FailedRequest, sort
from fairway.venues.ccxt.reading import Instruments, MalformedAnswer
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.unified import UnifiedVenue
from fairway.venues.port import FillReport, Unreachable, VenueError, VenueEvent
from fairway.world.loop import run, running

BTC = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)
LISTED = {"BTC/USDT": BTC}


def trade(trade_id: str = "7", **changes: Any) -> dict[str, Any]:
    """A fill as ccxt hands it on: what an exchange leaves out is None."""
    fee = {"cost": "0.42", "currency": "USDT"}
    told = {"id": trade_id, "order": "3", "symbol": "BTC/USDT", "side": "buy", "timestamp": 1_700_000_000_000}
    return {
        **told,
        "price": "42000",
        "amount": "0.01",
        "cost": "420",
        "takerOrMaker": "taker",
        "fee": fee,
        "fees": [fee],
        **changes,
    }


UNTOLD = {"fee": {"cost": None, "currency": None}, "fees": []}


def fee_of(**changes: Any) -> Amount:
    return unified_reading.fill(trade(**changes), LISTED).fill.fee


def test_a_told_fee_is_the_exchanges_own() -> None:
    """In whatever asset; ccxt puts it into `fee`, into `fees`, or into both."""
    assert fee_of() == Amount.of("0.42", "USDT")
    assert fee_of(fee={"cost": "0.001", "currency": "BNB"}, fees=[]) == Amount.of("0.001", "BNB")
    assert fee_of(fee={"cost": None, "currency": None}, fees=[{"cost": "-0.1", "currency": "USDT"}]) == Amount.of("-0.1", "USDT")


def test_a_fee_of_zero_is_told_as_zero() -> None:
    """An exchange that takes none may leave out in which asset; of two fees one that is zero does not count."""
    assert fee_of(fee={"cost": "0", "currency": "BTC"}, fees=[]) == Amount.of(0, "BTC")
    assert fee_of(fee={"cost": "0.00", "currency": None}, fees=[]) == Amount.of(0, "USDT")
    both = [{"cost": "0", "currency": "BTC"}, {"cost": "0.42", "currency": "USDT"}]
    assert fee_of(fee={"cost": None, "currency": None}, fees=both) == Amount.of("0.42", "USDT")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (UNTOLD, "fill 7 of BTC/USDT does not tell its fee"),
        ({"fee": None, "fees": None}, "fill 7 of BTC/USDT does not tell its fee"),
        ({"fee": {"cost": "0.42", "currency": None}, "fees": []}, "does not tell in which asset its fee of 0.42 was taken"),
        (
            {"fees": [{"cost": "1", "currency": "BNB"}, {"cost": "2", "currency": "USDT"}]},
            "took fees in several assets: 1 BNB, 2 USDT",
        ),
    ],
)
def test_a_fee_that_cannot_be_known_is_no_fee_of_zero(changes: Mapping[str, Any], said: str) -> None:
    """A ledger that books it as zero is wrong for ever; one that waits for it is asked to look again."""
    with pytest.raises(MalformedAnswer, match=said):
        fee_of(**changes)


@pytest.mark.parametrize("changes", [{"n": None}, {"n": ""}, {"n": "0.42", "N": None}])
def test_nor_is_it_on_binances_stream(changes: Mapping[str, Any]) -> None:
    """Binance says `"n": "0", "N": null` where it takes none; anything else that lacks a part is not understood."""
    event = {"s": "BTCUSDT", "c": "x", "i": 3, "S": "BUY", "t": 7, "L": "42000", "l": "0.01", "Y": "420", "m": False, "T": 1}
    assert reading.fill_event({**event, "n": "0", "N": None}, Instruments([BTC])).fill.fee == Amount.of(0, "USDT")
    with pytest.raises(MalformedAnswer, match="fill 7 of BTC/USDT"):
        reading.fill_event({**event, "N": "USDT", **changes}, Instruments([BTC]))


def test_what_a_fill_costs_is_exact_whatever_the_callers_context_is() -> None:
    """Twenty-eight digits, which decimals have by themselves, would round this product."""
    with localcontext(Context(prec=28)):
        read = unified_reading.fill(trade(price="1000000000.000000001", amount="1000000000.000000001", cost=None), LISTED)
    assert str(read.fill.quote.value) == "1000000000000000002.000000000000000001"


def test_a_balance_that_is_told_by_two_of_its_three_figures_is_exact_too() -> None:
    """The third is their difference, and has all its digits."""
    entry = {"free": "0.000000000000000000001", "total": "1234567890.5"}
    with localcontext(Context(prec=28)):
        read = unified_reading.balances({"BTC": entry}, is_complete=True)
    assert str(read.balances["BTC"][1].value) == "1234567890.499999999999999999999"


class Exchange:
    """ccxt's client of an exchange: what its history and its stream tell of the account's trades."""

    id = "kraken"
    has: Mapping[str, bool] = {}

    def __init__(self, trades: Sequence[Mapping[str, Any]]) -> None:
        self.trades = trades
        self.clients: dict[str, Any] = {}

    async def fetch_my_trades(self, symbol: str, since: int, limit: int) -> Sequence[Mapping[str, Any]]:
        return self.trades

    async def watch_my_trades(self) -> Sequence[Mapping[str, Any]]:
        told, self.trades = self.trades, ()
        return told or await self.silence()

    async def silence(self) -> Any:
        await asyncio.get_running_loop().create_future()

    watch_orders = watch_balance = silence

    async def close_ws_clients(self) -> None:
        pass


def unified(exchange: Exchange) -> UnifiedVenue:
    dialect = UnifiedVenue(exchange, CcxtSettings(exchange="kraken"), running().clock)
    dialect.instruments = Instruments([BTC])
    return dialect


def test_a_history_with_such_a_fill_is_no_answer_and_is_asked_for_again() -> None:
    """Until the fee is told; meanwhile the caller hears that the venue did not answer, and why."""

    async def scene() -> tuple[VenueError, Sequence[FillReport]]:
        exchange = Exchange([trade("7"), trade("8", **UNTOLD)])
        dialect = unified(exchange)
        with pytest.raises(MalformedAnswer) as refused:
            await dialect.fills_after(BTC, "", 0)
        exchange.trades = [trade("7"), trade("8")]
        failure = sort(refused.value, FailedRequest(venue="kraken", effect=False, at=0, codes={}))
        return failure, await dialect.fills_after(BTC, "", 0)

    failure, fills = run(scene)
    assert isinstance(failure, Unreachable)
    assert "fill 8 of BTC/USDT does not tell its fee" in str(failure)
    assert [report.fill.trade_id for report in fills] == ["7", "8"]


def test_a_stream_that_leaves_fees_out_leaves_such_fills_to_the_history() -> None:
    """The order's own report says that a fill is missing, so it is asked for; the connection need not be dropped for it."""

    async def scene() -> list[VenueEvent]:
        told: list[VenueEvent] = []
        dialect = unified(Exchange([trade("7", **UNTOLD), trade("8")]))
        session = asyncio.create_task(dialect.account_session(told.append, lambda: None, ignore_news))
        await asyncio.sleep(1)
        assert not session.done()
        session.cancel()
        await asyncio.wait([session])
        return told

    assert [event.fill.trade_id for event in run(scene) if isinstance(event, FillReport)] == ["8"]
