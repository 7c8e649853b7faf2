"""Holds what the exchange did in a mishap against the journal: what the bot knew, what it did step by step, and what it cost."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from fairway.journal.kinds import CaughtUp, Event, StreamLost, StreamRestored
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderEvent, OrderFilled, OrderSent
from fairway.reports.event_context import EventText, Weight
from fairway.reports.event_log import EventLog
from fairway.reports.incident_demo import Deed, Done, Mishap
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
class MishapStory:
    """naked_ns, unaware_ns and closed_ns are None where they never began, or were not over when the mishap was."""

    mishap: Mishap
    steps: tuple[IncidentStep, ...]
    naked_ns: int | None
    """How long the exchange had a position of ours and no stop for it."""
    unaware_ns: int | None
    """From the last fill at the exchange until the journal had it."""
    closed_ns: int | None
    """How long nothing could be opened, because the account's stream was not trusted."""
    orders: int
    """How many the exchange took for what the mishap was about: another one would have bought, or sold, twice."""
    fills: tuple[str, ...]
    """The trade ids that the exchange has of them."""
    booked: tuple[str, ...]
    """Those that the journal has."""

    @property
    def is_booked_once(self) -> bool:
        return self.orders == 1 and self.fills == self.booked


def mishap_stories(run: DemoResult, story: Story) -> tuple[MishapStory, ...]:
    """One for each mishap of a run, in their order."""
    return tuple(_told(mishap, run, story) for mishap in run.mishaps)


def _told(mishap: Mishap, run: DemoResult, story: Story) -> MishapStory:
    filled = [done for done in mishap.done if done.deed is Deed.FILLED and (done.role is Role.ENTRY) is mishap.is_purchase]
    orders = dict.fromkeys(done.order_id for done in filled)
    return MishapStory(
        mishap=mishap,
        steps=tuple(_steps(mishap, run)),
        naked_ns=_naked_ns(mishap),
        unaware_ns=_unaware_ns(filled, run.events),
        closed_ns=_closed_ns(mishap, story),
        orders=len(orders),
        fills=tuple(done.trade_id for done in filled),
        booked=tuple(booked.fill.trade_id for booked in story.fills if booked.order_id in orders),
    )


def _steps(mishap: Mishap, run: DemoResult) -> Iterator[IncidentStep]:
    """What the journal has of the symbol and of the account's stream while the mishap lasted, and is worth telling."""
    chronicle, symbols = EventLog(run.instruments), dict[str, str]()
    for event, at in run.events:
        if at > mishap.ended_at:
            return
        words = chronicle.take(event, at)
        if isinstance(event, OrderSent) and event.order is not None:
            symbols[event.order_id] = event.order.symbol
        symbol = symbols.get(event.order_id) if isinstance(event, OrderEvent) else getattr(event, "symbol", "")
        concerned = symbol == mishap.symbol or isinstance(event, StreamLost | StreamRestored | CaughtUp)
        if at >= mishap.began_at - LEAD_NS and concerned and (words.weight is not Weight.ROUTINE or _is_purchase(event)):
            yield IncidentStep(at, words)


def _is_purchase(event: Event) -> bool:
    return isinstance(event, OrderSent) and event.order is not None and event.order.role is Role.ENTRY


def _naked_ns(mishap: Mishap) -> int | None:
    bought = next((done.at for done in mishap.done if (done.deed, done.role) == (Deed.FILLED, Role.ENTRY)), None)
    safe = next((done.at for done in mishap.done if (done.deed, done.role) == (Deed.ACCEPTED, Role.STOP)), None)
    return None if bought is None or safe is None else safe - bought


def _unaware_ns(filled: Sequence[Done], events: Iterable[tuple[Event, int]]) -> int | None:
    if not filled:
        return None
    trade_id = filled[-1].trade_id
    heard = (at for event, at in events if isinstance(event, OrderFilled) and event.fill.trade_id == trade_id)
    return next((at - filled[-1].at for at in heard), None)


def _closed_ns(mishap: Mishap, story: Story) -> int | None:
    lost = (it for it in story.outages if it.channel == "account" and mishap.began_at <= it.lost_at <= mishap.ended_at)
    outage = next(lost, None)
    return None if outage is None or outage.caught_up_at is None else outage.caught_up_at - outage.lost_at
