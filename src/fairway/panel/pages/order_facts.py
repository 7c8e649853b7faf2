"""What one order's page says: its life from the decision to the last fill, and what protects or ends the position."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final

from fairway.journal.port import Record
from fairway.operations.actor import Actor
from fairway.operations.trader.order_life import ORDER_LIFE, LifeMoment, OrderLifeOutcome, OrderLifeRequest
from fairway.operations.trader.round_trips import NumberedTrip, OpenTrip
from fairway.panel.facts.money import Signed, signed_amount
from fairway.panel.facts.orders import OrderFacts, order_facts, order_facts_of
from fairway.panel.facts.record_text import record_pairs
from fairway.panel.feed import Question
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.reports.entry_margins import CheckMargin
from fairway.texts.display import NOTHING
from fairway.texts.durations import duration_words
from fairway.world.clock import MILLISECOND

LIFE_NS: Final = 300 * MILLISECOND
PHASES: Final = {
    "enter": "Intent",
    "exit": "Exit",
    "OrderSent": "Wire, request",
    "OrderAdopted": "Wire, found",
    "OrderAccepted": "Wire, answer",
    "OrderRejected": "Wire, answer",
    "OrderLost": "Wire, no answer",
    "OrderUnsent": "Wire, not sent",
    "OrderFilled": "Fill",
    "OrderResized": "Report",
    "CancelSent": "Wire, cancel",
    "CancelRefused": "Wire, answer",
    "OrderCancelled": "Report",
    "OrderExpired": "Report",
}
_MARKS: Final = {
    "OrderFilled": Mark.GOOD,
    "OrderRejected": Mark.BAD,
    "OrderLost": Mark.UNKNOWN,
    "OrderUnsent": Mark.BAD,
    "OrderAccepted": Mark.GOOD,
    "OrderCancelled": Mark.HELD,
    "OrderExpired": Mark.HELD,
    "enter": Mark.GOOD,
}
_OWN_ROLES: Final = {"stop": "Protection", "target": "Protection", "exit": "Exit"}


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeStep:
    """One event. after: how long after the first one. order: another one whose it is, "" for the page's own."""

    record: int
    at: int
    after: str
    phase: str
    sentence: str
    mark: Mark
    order: str
    pairs: tuple[tuple[str, str], ...]
    is_own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginFacts:
    """One check that was passed. share: of its bound, for a bar."""

    check: str
    words: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPageFacts:
    """why: the reason of the decision. checks: what stands above the margins, "" where the order had none to pass."""

    order: OrderFacts
    title: str
    sentence: str
    mark: Mark
    steps: tuple[LifeStep, ...]
    checks: str
    margins: tuple[MarginFacts, ...]
    family: tuple[OrderFacts, ...]
    result: Signed
    trip: str


def order_page_facts(order: str, sources: Sources, actor: Actor) -> OrderPageFacts:
    """Raises what the operation raises."""
    return facts_of_life(
        sources.outcome(actor, ORDER_LIFE, OrderLifeRequest(config=sources.context.config, order=order), LIFE_NS)
    )


def facts_of_life(life: OrderLifeOutcome) -> OrderPageFacts:
    """Of what is known of it."""
    order = order_facts_of(life.order)
    return OrderPageFacts(
        order=order,
        title=f"{order.role[:1].upper()}{order.role[1:]} of {order.symbol}",
        sentence=_sentence(order, life.trip),
        mark=order.mark,
        steps=tuple(_steps(life)),
        checks=_checks(life),
        margins=tuple(_margin(each) for each in life.margins),
        family=order_facts(life.family),
        result=_result(life.trip),
        trip=_trip(life.trip),
    )


def _sentence(order: OrderFacts, trip: NumberedTrip | None) -> str:
    done = "bought" if order.side == "buy" else "sold"
    head = f"{order.state[:1].upper()}{order.state[1:]}"
    if order.value != NOTHING:
        head = f"{head}: {done} {order.filled} of {order.quantity} at {order.average}, for {order.value}"
    elif order.is_live:
        head = f"{head}: it is to {order.side} {order.quantity}, and nothing of it is filled"
    return f"{head}. {_then(trip)}".rstrip()


def _then(trip: NumberedTrip | None) -> str:
    if trip is None:
        return ""
    if isinstance(trip.trip, OpenTrip):
        return "Its position is open."
    return f"Its position was left by {trip.trip.leaving.value}: {trip.trip.left_why}."


def _result(trip: NumberedTrip | None) -> Signed:
    if trip is None:
        return Signed("", "")
    return signed_amount(trip.trip.held.result if isinstance(trip.trip, OpenTrip) else trip.trip.trip.result, 2)


def _trip(trip: NumberedTrip | None) -> str:
    if trip is None:
        return "it belongs to no position that was opened"
    return f"trade {trip.number}, {'open' if trip.is_open else 'closed'}"


def _checks(life: OrderLifeOutcome) -> str:
    if not life.checks:
        return ""
    rest = life.checks - len(life.margins)
    return (
        f"It passed all {life.checks} checks. The journal holds the figures of {len(life.margins)}; of the other {rest} it holds "
        "that they were passed."
    )


def _margin(margin: CheckMargin) -> MarginFacts:
    now = ", the bound of now" if margin.is_bound_of_now else ""
    share = float(margin.share) if margin.share is not None else None
    return MarginFacts(check=margin.check, words=f"{margin.figure} of at most {margin.bound}{now}", share=share)


def _steps(life: OrderLifeOutcome) -> Iterator[LifeStep]:
    moments = [each for each in life.moments if _is_shown(each, life)]
    roles = {row.order_id: order_facts_of(row).role for row in life.family}
    first = moments[0].at if moments else 0
    for moment in moments:
        own = moment.order in ("", life.order.order_id)
        yield LifeStep(
            record=moment.number,
            at=moment.at,
            after=f"+{duration_words(moment.at - first)}" if moment.at > first else "",
            phase=_phase(moment, roles.get(moment.order, "")),
            sentence=moment.sentence,
            mark=_MARKS.get(moment.kind, Mark.PENDING),
            order="" if own else moment.order,
            pairs=_pairs(moment.record),
            is_own=own,
        )


def _is_shown(moment: LifeMoment, life: OrderLifeOutcome) -> bool:
    """All of the order itself; of the others what they did for the position, and not each of their requests."""
    return moment.order in ("", life.order.order_id) or moment.kind not in ("OrderSent", "CancelSent")


def _phase(moment: LifeMoment, role: str) -> str:
    """The orders that protect and close are a part of this one's life by what they do."""
    phase = PHASES.get(moment.kind, "Report")
    if role in _OWN_ROLES and moment.kind != "OrderFilled":
        return f"{_OWN_ROLES[role]}, {role}"
    return f"{phase} of the {role}" if role else phase


def _pairs(record: Record | None) -> tuple[tuple[str, str], ...]:
    return record_pairs(record) if record is not None else ()


def order_question(order: str) -> Question[OrderPageFacts]:
    """The question for one order."""
    return Question("order", partial(order_page_facts, order), order)
