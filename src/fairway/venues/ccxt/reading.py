"""Reads what Binance's protocol says into the port's values, exactly: every figure is the venue's own text."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from fairway.market.candles import INTERVALS, Candle, Quote, Trade
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount, Price, exact
from fairway.money.fees import Fees
from fairway.orders.order import Fill, Side
from fairway.venues.port import BalanceReport, FillReport, KeyRights, OrderReport, ReportStatus
from fairway.world.clock import MILLISECOND

Raw = Mapping[str, Any]

STATUSES: Final[Mapping[str, ReportStatus]] = {
    "NEW": ReportStatus.OPEN,
    "PENDING_NEW": ReportStatus.OPEN,
    "PENDING_CANCEL": ReportStatus.OPEN,
    "PARTIALLY_FILLED": ReportStatus.PARTLY,
    "FILLED": ReportStatus.FILLED,
    "CANCELED": ReportStatus.CANCELLED,
    "REJECTED": ReportStatus.REJECTED,
    "EXPIRED": ReportStatus.EXPIRED,
    "EXPIRED_IN_MATCH": ReportStatus.EXPIRED,
}


NO_SIDE: Final = (ZERO, ZERO)


class MalformedAnswer(Exception):
    """The venue said something that does not have the form it promises."""


UNREADABLE: Final = (MalformedAnswer, LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""What reading an answer of another form than promised may raise, here or inside ccxt."""


class Instruments:
    """Instruments by symbol and by the venue's own name."""

    def __init__(self, instruments: Sequence[Instrument]) -> None:
        self.by_symbol = {instrument.symbol: instrument for instrument in instruments}
        self._by_venue = {instrument.venue_symbol: instrument for instrument in instruments}

    def lists(self, venue_symbol: str) -> bool:
        return venue_symbol in self._by_venue

    def named(self, venue_symbol: str) -> Instrument:
        try:
            return self._by_venue[venue_symbol]
        except KeyError:
            raise MalformedAnswer(f"{venue_symbol!r} is no instrument that was listed when the venue was opened") from None


def order(raw: Raw, instruments: Instruments) -> OrderReport:
    """An order as a request answers it. A cancel's answer names the request in clientOrderId and the order beside it."""
    listed = instruments.named(raw["symbol"])
    return OrderReport(
        client_id=raw.get("origClientOrderId") or raw["clientOrderId"],
        venue_id=str(raw["orderId"]),
        symbol=listed.symbol,
        side=Side(raw["side"].lower()),
        status=_status(raw["status"]),
        quantity=above_zero(raw["origQty"], listed.base, "the quantity of an order"),
        filled=not_below_zero(raw["executedQty"], listed.base, "what an order has filled"),
        price=price_or_none(raw.get("price"), listed),
        stop_price=price_or_none(raw.get("stopPrice"), listed),
        at=int(raw.get("transactTime") or raw.get("updateTime") or raw["time"]) * MILLISECOND,
        created_at=int(raw.get("time") or 0) * MILLISECOND,
        list_id=_list_id(raw.get("orderListId")),
    )


def order_event(raw: Raw, instruments: Instruments) -> OrderReport:
    """An order as the account stream tells it. On a cancel the order's own client id is in C, and c names the request."""
    listed = instruments.named(raw["s"])
    return OrderReport(
        client_id=raw.get("C") or raw["c"],
        venue_id=str(raw["i"]),
        symbol=listed.symbol,
        side=Side(raw["S"].lower()),
        status=_status(raw["X"]),
        quantity=above_zero(raw["q"], listed.base, "the quantity of an order"),
        filled=not_below_zero(raw["z"], listed.base, "what an order has filled"),
        price=price_or_none(raw.get("p"), listed),
        stop_price=price_or_none(raw.get("P"), listed),
        at=int(raw["T"]) * MILLISECOND,
        created_at=int(raw.get("O") or 0) * MILLISECOND,
        reason="" if raw.get("r", "NONE") == "NONE" else str(raw["r"]),
        list_id=_list_id(raw.get("g")),
    )


def fill_event(raw: Raw, instruments: Instruments) -> FillReport:
    """A fill as the account stream tells it."""
    listed = instruments.named(raw["s"])
    return FillReport(
        client_id=raw.get("C") or raw["c"],
        venue_id=str(raw["i"]),
        symbol=listed.symbol,
        side=Side(raw["S"].lower()),
        fill=Fill(
            trade_id=str(raw["t"]),
            price=fill_price(raw["L"], listed),
            quantity=above_zero(raw["l"], listed.base, "the quantity of a fill"),
            quote=not_below_zero(raw["Y"], listed.quote, "the value of a fill"),
            fee=fee(raw["n"], raw.get("N"), listed, raw["t"]),
            is_maker=bool(raw["m"]),
            at=int(raw["T"]) * MILLISECOND,
        ),
    )


def fill(raw: Raw, instruments: Instruments) -> FillReport:
    """A fill from the account's history, which knows the venue's id of the order and not ours."""
    listed = instruments.named(raw["symbol"])
    return FillReport(
        client_id="",
        venue_id=str(raw["orderId"]),
        symbol=listed.symbol,
        side=Side.BUY if raw["isBuyer"] else Side.SELL,
        fill=Fill(
            trade_id=str(raw["id"]),
            price=fill_price(raw["price"], listed),
            quantity=above_zero(raw["qty"], listed.base, "the quantity of a fill"),
            quote=not_below_zero(raw["quoteQty"], listed.quote, "the value of a fill"),
            fee=fee(raw["commission"], raw["commissionAsset"], listed, raw["id"]),
            is_maker=bool(raw["isMaker"]),
            at=int(raw["time"]) * MILLISECOND,
        ),
    )


def fee(cost: object, asset: object, listed: Instrument, trade_id: object) -> Amount:
    """A fee as the venue states it, zero included. One that is not told is not zero: its fill is incomplete."""
    if cost is None or cost == "":
        raise MalformedAnswer(f"fill {trade_id} of {listed.symbol} does not tell its fee")
    value = exact(str(cost))
    if value and not asset:
        raise MalformedAnswer(f"fill {trade_id} of {listed.symbol} does not tell in which asset its fee of {cost} was taken")
    return Amount(value, str(asset or listed.quote))


def balances(raw: Raw) -> BalanceReport:
    """All balances and how the account stands.

    An account that answers without one of them has not said zero, or yes: it has said nothing, and that is an error.
    """
    held = {entry["asset"]: _both(entry["asset"], entry["free"], entry["locked"]) for entry in raw["balances"]}
    return BalanceReport(
        balances=held,
        is_complete=True,
        at=int(raw["updateTime"]) * MILLISECOND,
        can_trade=_yes_or_no(raw["canTrade"]),
        kind=str(raw["accountType"]),
    )


def wallet(raw: Sequence[Raw]) -> BalanceReport:
    """Balances as the wallet's endpoint tells them, which does not say how the account stands, nor when it last changed."""
    held = {entry["coin"]: _both(entry["coin"], entry["free"], entry["locked"]) for entry in raw}
    return BalanceReport(balances=held, is_complete=True, at=0)


def balances_event(raw: Raw) -> BalanceReport:
    """The balances that an event may have changed."""
    held = {entry["a"]: _both(entry["a"], entry["f"], entry["l"]) for entry in raw["B"]}
    return BalanceReport(balances=held, is_complete=False, at=int(raw["E"]) * MILLISECOND)


def quote(raw: Raw, symbol: str, seen_at: int) -> Quote:
    """The top of the book. Binance does not date it on spot."""
    return Quote(symbol, *side(raw["b"], raw["B"]), *side(raw["a"], raw["A"]), 0, seen_at)


def asked_quote(raw: Raw, symbol: str, asked_at: int) -> Quote:
    """The top of the book as a request answers it; it is at least as new as the question."""
    bid, ask = side(raw["bidPrice"], raw["bidQty"]), side(raw["askPrice"], raw["askQty"])
    return Quote(symbol, *bid, *ask, 0, asked_at)


def trade(raw: Raw, symbol: str) -> Trade:
    """A public trade."""
    price, quantity = _positive(raw["p"], "the price of a trade"), _positive(raw["q"], "the quantity of a trade")
    return Trade(symbol, str(raw["t"]), int(raw["T"]) * MILLISECOND, price, quantity, bool(raw["m"]))


def candle(row: Sequence[Any], symbol: str, interval: str) -> Candle:
    """One kline. Its end is where the next begins; the wire names the millisecond before."""
    open_at = int(row[0]) * MILLISECOND
    return Candle(
        symbol=symbol,
        open_at=open_at,
        close_at=open_at + INTERVALS[interval],
        open=exact(row[1]),
        high=exact(row[2]),
        low=exact(row[3]),
        close=exact(row[4]),
        volume=exact(row[5]),
        quote_volume=exact(row[7]),
        count=int(row[8]),
        taker_buy_volume=exact(row[9]),
        taker_buy_quote=exact(row[10]),
    )


def fees(raw: Raw) -> Fees:
    """The account's rates with every surcharge, and without a discount that ends when the discount's asset runs out."""
    parts = [raw[name] for name in ("standardCommission", "specialCommission", "taxCommission") if raw.get(name)]
    side = sum((max(exact(part.get("buyer", "0")), exact(part.get("seller", "0"))) for part in parts), ZERO)
    maker = sum((exact(part["maker"]) for part in parts), ZERO)
    taker = sum((exact(part["taker"]) for part in parts), ZERO)
    return Fees(maker + side, taker + side)


def key_rights(raw: Raw) -> KeyRights:
    """What the key may do. Sending to another user's account takes money away just as a withdrawal does."""
    return KeyRights(
        can_read=bool(raw["enableReading"]),
        can_trade=bool(raw["enableSpotAndMarginTrading"]),
        can_withdraw=bool(raw["enableWithdrawals"]) or bool(raw.get("enableInternalTransfer", False)),
        is_address_restricted=bool(raw["ipRestrict"]),
        expires_at=int(raw.get("tradingAuthorityExpirationTime") or 0) * MILLISECOND,
    )


def server_time(raw: object) -> int:
    """The venue's clock in ns, told in milliseconds."""
    return int(_positive(str(raw), "the venue's time")) * MILLISECOND


def side(price: object, quantity: object) -> tuple[Decimal, Decimal]:
    """One side of the top of a book. If either figure is absurd, the side is not there, which is a flaw of the quote."""
    figures = _finite(price), _finite(quantity)
    return NO_SIDE if min(figures) <= 0 else figures


def fill_price(text: str, listed: Instrument) -> Price:
    return Price(_positive(text, "the price of a fill"), listed.base, listed.quote)


def above_zero(value: Decimal | str, asset: str, what: str) -> Amount:
    return Amount(_positive(value, what), asset)


def not_below_zero(value: Decimal | str, asset: str, what: str) -> Amount:
    amount = Amount.of(value, asset)
    if amount.value < 0:
        raise MalformedAnswer(f"{what} cannot be {value}; it is zero or above")
    return amount


def price_or_none(value: Decimal | str | None, listed: Instrument) -> Price | None:
    """Of an order: zero and nothing both mean that it has no such price."""
    if value is None or not (price := exact(value)):
        return None
    return Price(_positive(price, "the price of an order"), listed.base, listed.quote)


def _positive(value: Decimal | str, what: str) -> Decimal:
    number = exact(value)
    if number <= 0:
        raise MalformedAnswer(f"{what} cannot be {value}; it is above zero")
    return number


def _finite(text: object) -> Decimal:
    """A finite number, or zero for whatever else was sent in its place."""
    try:
        number = Decimal(str(text))
    except InvalidOperation:
        return ZERO
    return number if number.is_finite() else ZERO


def _both(asset: str, free: str, locked: str) -> tuple[Amount, Amount]:
    return not_below_zero(free, asset, f"free {asset}"), not_below_zero(locked, asset, f"locked {asset}")


def _yes_or_no(value: object) -> bool:
    if not isinstance(value, bool):
        raise MalformedAnswer(f"{value!r} is neither true nor false")
    return value


def _list_id(value: object) -> str:
    """Of an order alone the venue says -1, or nothing."""
    return "" if value is None or str(value) == "-1" else str(value)


def _status(text: str) -> ReportStatus:
    try:
        return STATUSES[text]
    except KeyError:
        raise MalformedAnswer(f"{text!r} is no state of an order that is known; known are {', '.join(STATUSES)}") from None
