"""When a trader cannot be expected to act: the exchange is down or lies, the network is cut, the trader itself is dead.

A deadline of the trader begins when the exchange answers it again.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeGuard

from fairway.exchange.faults.registry import KIND
from fairway.orders.ids import Role
from fairway.orders.lifecycle import (
    OrderAccepted,
    OrderAdopted,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRejected,
    OrderSent,
)
from fairway.orders.order import OrderState
from fairway.proving.exchange_recorder import FOR_EVER, LatchChange, RecordedAnswer, RecordedEvent
from fairway.proving.scenario_script import ExchangeFault
from fairway.risk.disposal import Disposal
from fairway.world.clock import MILLISECOND, MINUTE, SECOND

ASKS_AGAIN_NS: Final = 35 * SECOND
"""After a trouble a trader asks the exchange something within this time, of its own accord: a catch-up and a reconnection."""

DOUBT_MAX_NS: Final = 65 * SECOND
"""For so long what became of a sale may stay unknown: the minute of an exchange's lag, and the question after it."""
FLATTENING_NS: Final = 155 * SECOND
"""After a kill with --flatten that never noted its end: two minutes that the trader grants it, and its next catch-up."""
NEWS: Final = (OrderAccepted, OrderRejected, OrderFilled, OrderCancelled, OrderExpired)

SEES_AGAIN_NS: Final = 35 * SECOND
"""After it a trader may need so long to notice that a stream is mute, and to subscribe again."""


class Outage(NamedTuple):
    """Instants in ns; symbol: as people write it, "" where it concerns all."""

    since: int
    until: int
    what: str
    symbol: str = ""


def of_exchange_faults(exchange_faults: Iterable[ExchangeFault]) -> Iterator[Outage]:
    """While a fault may keep the trader from protecting its positions."""
    for it in exchange_faults:
        rule, scope = KIND.named(it.kind).fuzz, it.scope()
        if rule.protection_late_s is None:
            continue
        until = scope.until + rule.protection_late_s * SECOND + _lasts_ns(it) if scope.until else FOR_EVER
        if rule.lasts_to_minute_end:
            until = -(-until // MINUTE) * MINUTE
        yield Outage(scope.since, until, it.kind, it.symbol)


def of_blindness(exchange_faults: Iterable[ExchangeFault]) -> Iterator[Outage]:
    """While a fault hides from the trader what the market does, so that it cannot see a loss."""
    for it in exchange_faults:
        if KIND.named(it.kind).fuzz.hides_market:
            scope = it.scope()
            yield Outage(scope.since, scope.until + SEES_AGAIN_NS if scope.until else FOR_EVER, it.kind, it.symbol)


def of_exits_in_doubt(journal: Sequence[RecordedEvent]) -> Iterator[Outage]:
    """A sale that was sent and not heard of may yet be carried out: a stop beside it could sell twice. The exchange's own lag is
    waited for, and not a moment longer."""
    exits = {event.order_id for event, *_ in journal if isinstance(event, OrderSent | OrderAdopted) and _is_exit(event)}
    for number, (event, _, _, since) in enumerate(journal):
        if _is_in_doubt(event) and event.order_id in exits:
            news = (it for it in journal[number + 1 :] if isinstance(it.event, NEWS) and it.event.order_id == event.order_id)
            known_at = next((it.durable_at for it in news), FOR_EVER)
            yield Outage(since, min(known_at, since + DOUBT_MAX_NS), f"what became of the sale {event.order_id} is not known")


def of_flattening(latchings: Sequence[LatchChange]) -> Iterator[Outage]:
    """`fairway kill --flatten` sells undisturbed until it notes its end; from then on the trader is responsible."""
    for at, killed, _ in latchings:
        if killed.disposal is Disposal.FLATTEN and not killed.is_over:
            ends = (it.at for it in latchings if it.at >= at and it.killed.is_over and it.killed.cap_id == killed.cap_id)
            until = min(next(ends, FOR_EVER), at + FLATTENING_NS)
            yield Outage(at, until, "a kill sells everything", killed.symbol.replace("/", ""))


def _is_in_doubt(event: object) -> TypeGuard[OrderLost | OrderAdopted]:
    """Also a sale that `fairway kill` noted before it sent it and then died."""
    if isinstance(event, OrderAdopted):
        return event.order is not None and event.order.state is OrderState.UNKNOWN
    return isinstance(event, OrderLost)


def _is_exit(event: OrderSent | OrderAdopted) -> bool:
    return event.order is not None and event.order.role is Role.EXIT


def _lasts_ns(exchange_fault: ExchangeFault) -> int:
    """How long what it holds back may still be on its way."""
    options = exchange_fault.options.items()
    return sum(abs(value) * MILLISECOND for name, value in options if name.endswith("_ms") and isinstance(value, int))


def is_free_from(start: int, troubles: Sequence[Outage], answers: Sequence[RecordedAnswer], within_ns: int) -> int:
    """The first instant from `start` on with no trouble for so long after it, and an answer since the last one."""
    free = start
    for trouble in sorted(troubles):
        if trouble.since < free + within_ns and trouble.until > free:
            free = min(_answered(trouble.until, answers), trouble.until + ASKS_AGAIN_NS)
    return free


def _answered(since: int, answers: Sequence[RecordedAnswer]) -> int:
    return next((answer.at for answer in answers if answer.at >= since and answer.is_good), since + ASKS_AGAIN_NS)
