"""Reads ccxt's unified structures into the port's values. Figures are the texts that ccxt hands on."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any, Final

from fairway.market.candles import INTERVALS, Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import CONTEXT, ZERO, Amount, exact
from fairway.orders.order import Fill, Side
from fairway.venues.ccxt.reading import MalformedAnswer, above_zero, fee, fill_price, not_below_zero, price_or_none, side
from fairway.venues.port import BalanceReport, FillReport, NewOrder, OrderReport, ReportStatus
from fairway.world.clock import MILLISECOND

Raw = Mapping[str, Any]
Listed = Mapping[str, Instrument]

STATUSES: Final = {
    "open": ReportStatus.OPEN,
    "closed": ReportStatus.FILLED,
    "canceled": ReportStatus.CANCELLED,
    "canceling": ReportStatus.OPEN,
    "expired": ReportStatus.EXPIRED,
    "rejected": ReportStatus.REJECTED,
}
_NO_ASSETS: Final = frozenset({"info", "timestamp", "datetime", "free", "used", "total", "debt"})


def order(raw: Raw, listed: Listed, *, asked: NewOrder | None = None) -> OrderReport:
    """An order; what an exchange leaves out of its first answer is what was asked for."""
    instrument = listed[raw["symbol"]]
    filled = _number(raw.get("filled")) or ZERO
    return OrderReport(
        client_id=raw.get("clientOrderId") or (asked.client_id if asked else ""),
        venue_id=str(raw["id"]),
        symbol=instrument.symbol,
        side=Side(raw["side"]) if raw.get("side") or asked is None else asked.side,
        status=_status(raw, filled),
        quantity=above_zero(_quantity(raw, asked), instrument.base, "the quantity of an order"),
        filled=not_below_zero(filled, instrument.base, "what an order has filled"),
        price=price_or_none(_number(raw.get("price")), instrument),
        stop_price=price_or_none(_number(raw.get("triggerPrice")), instrument),
        at=(raw.get("lastUpdateTimestamp") or raw.get("timestamp") or 0) * MILLISECOND,
        created_at=(raw.get("timestamp") or 0) * MILLISECOND,
    )


def fill(raw: Raw, listed: Listed) -> FillReport:
    """A fill. Raises Unreadable where its fee is not told: it is incomplete, and is to be asked for again."""
    instrument = listed[raw["symbol"]]
    price = fill_price(str(raw["price"]), instrument)
    quantity = above_zero(str(raw["amount"]), instrument.base, "the quantity of a fill")
    cost = _number(raw.get("cost"))
    with localcontext(CONTEXT):
        quote_amount = price * quantity if cost is None else not_below_zero(cost, instrument.quote, "the value of a fill")
    return FillReport(
        client_id="",
        venue_id=str(raw["order"]),
        symbol=instrument.symbol,
        side=Side(raw["side"]),
        fill=Fill(
            trade_id=str(raw["id"]),
            price=price,
            quantity=quantity,
            quote=quote_amount,
            fee=_fee(raw, instrument),
            is_maker=raw.get("takerOrMaker") == "maker",
            at=int(raw["timestamp"]) * MILLISECOND,
        ),
    )


def tells_fee(raw: Raw) -> bool:
    """Whether a fill says what it cost in fees; streams of many exchanges leave that to the history."""
    return bool(_known_fees(raw))


def _fee(raw: Raw, instrument: Instrument) -> Amount:
    """The one fee that was taken. Several in different assets cannot be booked as one."""
    fees = _known_fees(raw)
    taken = [each for each in fees if exact(str(each["cost"]))]
    if len(taken) > 1:
        several = ", ".join(f"{each['cost']} {each.get('currency')}" for each in taken)
        raise MalformedAnswer(f"fill {raw['id']} of {instrument.symbol} took fees in several assets: {several}")
    one: Raw = next(iter(taken or fees), {})
    return fee(one.get("cost"), one.get("currency"), instrument, raw["id"])


def _known_fees(raw: Raw) -> list[Raw]:
    """ccxt puts them into `fees`, one for each asset, or into `fee`; what is not told is there with a cost of None."""
    known = [each for each in raw.get("fees") or () if each.get("cost") is not None]
    single = raw.get("fee") or {}
    return known or ([single] if single.get("cost") is not None else [])


def balances(raw: Raw, *, is_complete: bool) -> BalanceReport:
    entries = {asset: entry for asset, entry in raw.items() if asset not in _NO_ASSETS and isinstance(entry, dict)}
    with localcontext(CONTEXT):
        held = {asset: _free_and_locked(asset, entry) for asset, entry in entries.items()}
    info = raw.get("info")
    info = info if isinstance(info, dict) else {}
    return BalanceReport(
        balances=held,
        is_complete=is_complete,
        at=(raw.get("timestamp") or 0) * MILLISECOND,
        can_trade=info.get("canTrade") is not False,  # ccxt has no word of its own for these two; some exchanges use these
        kind=str(info.get("accountType") or ""),
    )


def quote(raw: Raw, seen_at: int) -> Quote:
    bid, ask = (_side(raw.get(name), raw.get(f"{name}Volume")) for name in ("bid", "ask"))
    return Quote(raw["symbol"], *bid, *ask, (raw.get("timestamp") or 0) * MILLISECOND, seen_at)


def candle(row: Sequence[Any], symbol: str, interval: str) -> Candle:
    open_at = int(row[0]) * MILLISECOND
    opened, high, low, close, volume = (exact(str(value)) for value in row[1:6])
    return Candle(
        symbol=symbol,
        open_at=open_at,
        close_at=open_at + INTERVALS[interval],
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume,
    )


def trade_order(raw: Raw) -> tuple[int, int, str]:
    """Sorts fills by time, and those of one millisecond by id: as numbers where ids are numbers."""
    trade_id = str(raw["id"])
    return (raw["timestamp"], int(trade_id), "") if trade_id.isdecimal() else (raw["timestamp"], 0, trade_id)


def _quantity(raw: Raw, asked: NewOrder | None) -> Decimal:
    amount = _number(raw.get("amount"))
    if amount is not None:
        return amount
    if asked is None:
        raise MalformedAnswer("the order has no amount")
    return asked.quantity.value


def _status(raw: Raw, filled: Decimal) -> ReportStatus:
    text = raw.get("status") or "open"  # many exchanges answer a new order with its id alone
    if text not in STATUSES:
        raise MalformedAnswer(f"{text!r} is no state of an order that ccxt names; known are {', '.join(STATUSES)}")
    status = STATUSES[text]
    return ReportStatus.PARTLY if status is ReportStatus.OPEN and filled else status


def _free_and_locked(asset: str, entry: Raw) -> tuple[Amount, Amount]:
    """An exchange that tells two of free, used and total tells the third by them; one that tells fewer tells nothing."""
    free, used, total = (_number(entry.get(name)) for name in ("free", "used", "total"))
    if used is None and free is not None:
        used = ZERO if total is None else total - free
    if free is None and total is not None:
        used = used or ZERO
        free = total - used
    if free is None or used is None:
        raise MalformedAnswer(f"the balance of {asset} has no figures")
    return not_below_zero(free, asset, f"free {asset}"), not_below_zero(used, asset, f"used {asset}")


def _side(price: object, quantity: object) -> tuple[Decimal, Decimal]:
    """Many exchanges tell the price of a side and not its quantity; then the quantity is zero."""
    return (side(price, 1)[0], ZERO) if quantity is None else side(price, quantity)


def _number(value: object) -> Decimal | None:
    return None if value is None else exact(str(value))
