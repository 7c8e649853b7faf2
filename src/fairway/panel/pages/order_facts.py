"""What one order's page says: its life from the decision to the last fill, and what protects or ends the position."""

import json
import shlex
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
from fairway.settings.model import LogSettings
from fairway.texts.display import NOTHING
from fairway.texts.durations import duration_words
from fairway.world.clock import MILLISECOND

LIFE_NS: Final = 300 * MILLISECOND
PHASES: Final = {
    "enter": "Intent",
    "exit": "Exit",
    "OrderSent": "Journaled, then sent",
    "OrderAdopted": "Found at the exchange",
    "OrderAccepted": "Taken by the exchange",
    "OrderRejected": "Refused by the exchange",
    "OrderLost": "No answer",
    "OrderUnsent": "Not sent",
    "OrderFilled": "Fill",
    "OrderResized": "Report",
    "CancelSent": "Cancel sent",
    "CancelRefused": "Cancel refused",
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


@dataclass(frozen=True, slots=True)
class WireHint:
    """Where the requests of an order are seen, and the command or the setting to copy: the journal holds none of them."""

    words: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPageFacts:
    """checks: what stands above the margins, "" where the order had none to pass. wire: where its requests are seen."""

    order: OrderFacts
    title: str
    sentence: str
    mark: Mark
    steps: tuple[LifeStep, ...]
    checks: str
    margins: tuple[MarginFacts, ...]
    family: tuple[OrderFacts, ...]
    wire: WireHint
    result: Signed
    trip: str


def order_page_facts(order: str, sources: Sources, actor: Actor) -> OrderPageFacts:
    """Raises what the operation raises."""
    asked = OrderLifeRequest(config=sources.context.config, order=order)
    return facts_of_life(sources.outcome(actor, ORDER_LIFE, asked, LIFE_NS), sources.context.settings.log)


def facts_of_life(life: OrderLifeOutcome, log: LogSettings) -> OrderPageFacts:
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
        wire=wire_hint(life.order.order_id, log),
        result=_result(life.trip),
        trip=_trip(life.trip),
    )


def wire_hint(order: str, log: LogSettings) -> WireHint:
    """The log names each request with its duration and its failure; keys and bodies are in no file."""
    if log.file is None:
        words = "These are records of the journal. Requests to the exchange are in the operational log, which is off; to keep it:"
        return WireHint(words, "log: {file: fairway.log, level: debug}")
    if log.level != "debug":
        words = "These are records of the journal. The operational log leaves requests to the exchange out; to keep them:"
        return WireHint(words, f"log: {{file: {log.file}, level: debug}}")
    words = (
        "These are records of the journal. Each request to the exchange, with its duration or failure, is in the operational log:"
    )
    asked = f"select(.order_id == {json.dumps(order)})"
    return WireHint(words, f"jq -c {shlex.quote(asked)} {shlex.quote(str(log.file))}")


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
