"""Holds what the exchange did in an incident against the journal: what the bot knew, what it did, and what it cost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fairway.journal.kinds import CaughtUp, Event, StreamLost, StreamRestored
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderEvent, OrderFilled, OrderSent
from fairway.reports.event_context import EventText, Weight
from fairway.reports.event_log import EventLog
from fairway.reports.incident_demo import ActionKind, DemoIncident, ExchangeAction
from fairway.reports.run import DemoResult
from fairway.reports.story import Story
from fairway.world.clock import SECOND

LEAD_NS = SECOND
"""The bot's part begins earlier than the exchange's: its request was on its way."""


@dataclass(frozen=True, slots=True)
class IncidentStep:
    """One event of the journal at an instant (ns), in words."""

    at: int
    words: EventText


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStory:
    """naked_ns, unaware_ns and closed_ns are None where they never began, or were not over when the incident was."""

    incident: DemoIncident
    steps: tuple[IncidentStep, ...]
    naked_ns: int | None
    """How long the exchange had a position of ours and no stop for it."""
    unaware_ns: int | None
    """From the last fill at the exchange until the journal had it."""
    closed_ns: int | None
    """How long nothing could be opened, because the account's stream was not trusted."""
    orders: int
    """How many the exchange took for what the incident was about: another one would have bought, or sold, twice."""
    fills: tuple[str, ...]
    """The trade ids that the exchange has of them."""
    booked: tuple[str, ...]
    """Those that the journal has."""

    @property
    def is_booked_once(self) -> bool:
        return self.orders == 1 and self.fills == self.booked


def incident_stories(run: DemoResult, story: Story) -> tuple[IncidentStory, ...]:
    """One for each incident of a run, in their order."""
    return tuple(_story_of(incident, run, story) for incident in run.incidents)


def _story_of(incident: DemoIncident, run: DemoResult, story: Story) -> IncidentStory:
    filled = [
        action
        for action in incident.actions
        if action.kind is ActionKind.FILLED and (action.role is Role.ENTRY) is incident.is_purchase
    ]
    orders = dict.fromkeys(action.order_id for action in filled)
    return IncidentStory(
        incident=incident,
        steps=tuple(_steps(incident, run)),
        naked_ns=_naked_ns(incident),
        unaware_ns=_unaware_ns(filled, run.events),
        closed_ns=_closed_ns(incident, story),
        orders=len(orders),
        fills=tuple(action.trade_id for action in filled),
        booked=tuple(booked.fill.trade_id for booked in story.fills if booked.order_id in orders),
    )


def _steps(incident: DemoIncident, run: DemoResult) -> Iterator[IncidentStep]:
    """What the journal has of the symbol and of the account's stream while the incident lasted, and is worth telling."""
    event_log, symbols = EventLog(run.instruments), dict[str, str]()
    for event, at in run.events:
        if at > incident.ended_at:
            return
        words = event_log.take(event, at)
        if isinstance(event, OrderSent) and event.order is not None:
            symbols[event.order_id] = event.order.symbol
        symbol = symbols.get(event.order_id) if isinstance(event, OrderEvent) else getattr(event, "symbol", "")
        concerned = symbol == incident.symbol or isinstance(event, StreamLost | StreamRestored | CaughtUp)
        if at >= incident.began_at - LEAD_NS and concerned and (words.weight is not Weight.ROUTINE or _is_purchase(event)):
            yield IncidentStep(at, words)


def _is_purchase(event: Event) -> bool:
    return isinstance(event, OrderSent) and event.order is not None and event.order.role is Role.ENTRY


def _naked_ns(incident: DemoIncident) -> int | None:
    bought = next((it.at for it in incident.actions if (it.kind, it.role) == (ActionKind.FILLED, Role.ENTRY)), None)
    safe = next((it.at for it in incident.actions if (it.kind, it.role) == (ActionKind.ACCEPTED, Role.STOP)), None)
    return None if bought is None or safe is None else safe - bought


def _unaware_ns(filled: Sequence[ExchangeAction], events: Iterable[tuple[Event, int]]) -> int | None:
    if not filled:
        return None
    trade_id = filled[-1].trade_id
    heard = (at for event, at in events if isinstance(event, OrderFilled) and event.fill.trade_id == trade_id)
    return next((at - filled[-1].at for at in heard), None)


def _closed_ns(incident: DemoIncident, story: Story) -> int | None:
    lost = (it for it in story.outages if it.channel == "account" and incident.began_at <= it.lost_at <= incident.ended_at)
    outage = next(lost, None)
    return None if outage is None or outage.caught_up_at is None else outage.caught_up_at - outage.lost_at
