"""The candles of the minutes in which one order lived, with every price of its position marked."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from fairway.journal.models import OrderRow
from fairway.market.candles import INTERVALS
from fairway.operations.actor import Actor
from fairway.operations.trader.candles import CANDLES_MAX, CandlesRequest
from fairway.operations.trader.order_life import ORDER_LIFE, OrderLifeOutcome, OrderLifeRequest
from fairway.orders.ids import Role
from fairway.orders.order import ENDED, Side
from fairway.panel.facts.candle_pictures import (
    ROLE_KINDS,
    ROLE_WORDS,
    CandlePicture,
    PriceKind,
    PriceLine,
    Traded,
    candle_picture,
)
from fairway.panel.feed import Question
from fairway.panel.pages.order_facts import LIFE_NS
from fairway.panel.sources import Sources

BEFORE: Final = 40
AFTER: Final = 20
"""Candles that are shown before the life and after it."""
ASKED_STEP: Final = 100
"""Candles are asked for by hundreds, so that the same question is asked for a while."""


def order_picture(order: str, sources: Sources, actor: Actor) -> CandlePicture:
    """Raises what the operation of an order's life raises."""
    context = sources.context
    life = sources.outcome(actor, ORDER_LIFE, OrderLifeRequest(config=context.config, order=order), LIFE_NS)
    now = context.clock.now()
    began, ended = span_of(life, now)
    interval, count = fitting(began, now, context.settings.interval)
    length = INTERVALS[interval]
    request = CandlesRequest(config=context.config, symbol=life.order.symbol, interval=interval, limit=count)
    return candle_picture(
        sources,
        actor,
        request,
        length,
        list(fills_of(life)),
        list(lines_of(life)),
        since=began - BEFORE * length,
        until=ended + AFTER * length,
    )


def span_of(life: OrderLifeOutcome, now: int) -> tuple[int, int]:
    """From the first to the last event of the position (ns); until now where something of it is still at work."""
    rows = (life.order, *life.family)
    began = min(life.moments[0].at if life.moments else now, *(row.created_at for row in rows))
    is_live = any(row.state not in ENDED for row in rows) or (life.trip is not None and life.trip.is_open)
    return began, now if is_live else max(row.updated_at for row in rows)


def fitting(began: int, now: int, own_interval: str) -> tuple[str, int]:
    """The shortest candles, from the strategy's own on, of which so many as may be asked for reach back to an instant (ns)."""
    for interval, length in INTERVALS.items():
        count = (now - began) // length + BEFORE + 1
        if length >= INTERVALS[own_interval] and count <= CANDLES_MAX:
            return interval, min(CANDLES_MAX, -(-count // ASKED_STEP) * ASKED_STEP)
    return list(INTERVALS)[-1], CANDLES_MAX


def fills_of(life: OrderLifeOutcome) -> Iterator[Traded]:
    """What was bought and sold of the position."""
    for booked in life.trip.fills if life.trip is not None else ():
        fill, is_own = booked.fill, booked.order_id == life.order.order_id
        words = f"{ROLE_WORDS[booked.role]}{' (this)' if is_own else ''}"
        is_buy = booked.side is Side.BUY
        yield Traded(key=fill.trade_id, at=fill.at, kind=ROLE_KINDS[booked.role], is_buy=is_buy, words=words)


def lines_of(life: OrderLifeOutcome) -> Iterator[PriceLine]:
    """Each price once: what was paid and got, and where orders wait or waited."""
    known: set[tuple[PriceKind, str]] = set()
    for row in (life.order, *life.family):
        for kind, price, words in _prices(row):
            if (kind, price) not in known:
                known.add((kind, price))
                yield PriceLine(f"{kind.value} {price}", kind, float(price), words)


def _prices(row: OrderRow) -> Iterator[tuple[PriceKind, str, str]]:
    kind, name = ROLE_KINDS[Role(row.role)], Role(row.role).name.lower()
    if row.stop_price:
        yield kind, row.stop_price, name
    if row.price and row.role != Role.STOP.value:  # a stop's own limit is below its trigger, and tells little
        yield kind, row.price, name
    filled = Decimal(row.filled or 0)
    if filled and not row.price:
        yield kind, f"{Decimal(row.cost) / filled:.8f}", f"{name}, filled"


def order_candles(order: str) -> Question[CandlePicture]:
    """The question for the candles of one order."""
    return Question("order candles", partial(order_picture, order), order)
