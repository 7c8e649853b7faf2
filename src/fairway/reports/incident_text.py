"""Shows an incident of the demo: what the exchange did, what Fairway did, in the order of time, and what it cost.

The sentences are in `texts/messages/incident_messages.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fairway.market.instrument import Instrument
from fairway.orders.ids import Role
from fairway.reports.event_context import Weight
from fairway.reports.incident_demo import ActionKind, DemoIncident, ExchangeAction, IncidentKind
from fairway.reports.incident_story import IncidentStep, IncidentStory
from fairway.reports.report import Report
from fairway.texts.display import exact_clock_text, moment_text, tick_places
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.incident_messages import IncidentMessage
from fairway.texts.messages.message import DurationValue, KeyedMessage, NumberValue, message

_TITLES: Final = {
    IncidentKind.LOST_ANSWER: IncidentMessage.LOST_ANSWER,
    IncidentKind.SILENT_STREAM: IncidentMessage.SILENT_STREAM,
}
_KINDS: Final = {
    Role.ENTRY: IncidentMessage.ENTRY_ORDER,
    Role.STOP: IncidentMessage.STOP_ORDER,
    Role.TARGET: IncidentMessage.TARGET_ORDER,
    Role.EXIT: IncidentMessage.EXIT_ORDER,
}
_MessageOf = Callable[[ExchangeAction, DemoIncident, Instrument], KeyedMessage]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentLine:
    """One thing that one of the two sides did at a time (UTC); did is what the bot did about it, or `""`."""

    at: str
    is_exchange: bool
    what: str
    did: str = ""
    is_trouble: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentSection:
    title: str
    when: str
    symbol: str
    lines: tuple[IncidentLine, ...]
    """Of both sides, oldest first."""
    costs: tuple[str, ...]
    verdict: str
    is_well: bool
    """Whether everything was ordered once and booked once."""


def heading() -> str:
    """The heading above all incidents."""
    return line(message(IncidentMessage.HEADING))


def introduction() -> str:
    """What the two sides of the incidents show, as a paragraph."""
    return line(message(IncidentMessage.INTRODUCTION))


def incident_sections(report: Report) -> Iterator[IncidentSection]:
    """Each incident of the run, in their order."""
    for story in report.incidents:
        incident = story.incident
        yield IncidentSection(
            title=line(KeyedMessage(_TITLES[incident.kind], {})),
            when=moment_text(incident.began_at),
            symbol=incident.symbol,
            lines=tuple(_lines(story, report.run.instruments[incident.symbol])),
            costs=tuple(map(line, _costs(story))),
            verdict=line(_verdict(story)),
            is_well=story.is_booked_once,
        )


def _lines(story: IncidentStory, instrument: Instrument) -> Iterator[IncidentLine]:
    """At the same instant the exchange comes first: the bot cannot know earlier."""
    theirs = [(action.at, _their_line(action, story.incident, instrument)) for action in story.incident.actions]
    ours = [(step.at, _our_line(step, story.incident.symbol)) for step in story.steps]
    return (each for _, each in sorted((*theirs, *ours), key=lambda timed: timed[0]))


def _their_line(action: ExchangeAction, incident: DemoIncident, instrument: Instrument) -> IncidentLine:
    what = line(_ACTIONS[action.kind](action, incident, instrument))
    return IncidentLine(at=exact_clock_text(action.at), is_exchange=True, what=what)


def _our_line(step: IncidentStep, symbol: str) -> IncidentLine:
    """Without the symbol, which the section's heading shows."""
    what = step.words.what.removeprefix(f"{symbol}: ")
    return IncidentLine(
        at=exact_clock_text(step.at),
        is_exchange=False,
        what=f"{what[0].upper()}{what[1:]}",
        did=step.words.did,
        is_trouble=step.words.weight is Weight.TROUBLE,
    )


def _accepted(action: ExchangeAction, incident: DemoIncident, instrument: Instrument) -> KeyedMessage:
    if action.role is Role.ENTRY:
        return message(IncidentMessage.ENTRY_ACCEPTED, quantity=action.quantity, asset=instrument.base)
    price = _price(action, instrument) if action.price else None
    return message(IncidentMessage.ACCEPTED, kind=_kind(action), quantity=action.quantity, asset=instrument.base, price=price)


def _filled(action: ExchangeAction, incident: DemoIncident, instrument: Instrument) -> KeyedMessage:
    quantity, price = action.quantity, _price(action, instrument)
    if action.role is Role.ENTRY:
        return message(IncidentMessage.ENTRY_FILLED, quantity=quantity, asset=instrument.base, price=price)
    return message(IncidentMessage.SOLD, quantity=quantity, asset=instrument.base, price=price, kind=_kind(action))


def _price(action: ExchangeAction, instrument: Instrument) -> NumberValue:
    return NumberValue(action.price, tick_places(instrument.tick))


def _kind(action: ExchangeAction) -> KeyedMessage:
    return KeyedMessage(_KINDS[action.role], {})


def _reported_late(action: ExchangeAction, incident: DemoIncident, instrument: Instrument) -> KeyedMessage:
    return message(IncidentMessage.REPORTED_LATE, late=DurationValue(action.at - incident.began_at))


_ACTIONS: Final[Mapping[ActionKind, _MessageOf]] = {
    ActionKind.ACCEPTED: _accepted,
    ActionKind.TRIGGERED: lambda action, incident, instrument: message(IncidentMessage.TRIGGERED),
    ActionKind.FILLED: _filled,
    ActionKind.ENDED: lambda action, incident, instrument: message(IncidentMessage.ENDED, kind=_kind(action)),
    ActionKind.CUT: lambda action, incident, instrument: message(IncidentMessage.CUT),
    ActionKind.REPORTED_LATE: _reported_late,
    ActionKind.FELL_SILENT: lambda action, incident, instrument: message(IncidentMessage.FELL_SILENT),
    ActionKind.SPOKE_AGAIN: lambda action, incident, instrument: message(IncidentMessage.SPOKE_AGAIN),
}


def _costs(story: IncidentStory) -> Iterator[KeyedMessage]:
    if story.incident.is_purchase and story.naked_ns is None:
        yield message(IncidentMessage.NEVER_PROTECTED)
    elif story.naked_ns is not None:
        yield message(IncidentMessage.UNPROTECTED, duration=DurationValue(story.naked_ns))
    elif story.unaware_ns is not None:
        yield message(IncidentMessage.UNAWARE, duration=DurationValue(story.unaware_ns))
    if story.closed_ns is not None:
        yield message(IncidentMessage.CLOSED, duration=DurationValue(story.closed_ns))


def _verdict(story: IncidentStory) -> KeyedMessage:
    orders, fills = story.orders, len(story.fills)
    if not story.is_booked_once:
        return message(IncidentMessage.BOOKED_OTHERWISE, orders=orders, fills=fills, trade_ids=story.fills, booked=story.booked)
    if story.incident.is_purchase:
        return message(IncidentMessage.BOUGHT_ONCE, orders=orders, fills=fills)
    return message(IncidentMessage.SOLD_ONCE, orders=orders, fills=fills)
