"""Tells the people whose turns on call end and begin that they do, once for each change."""

from collections.abc import Iterator

from msgspec import Struct

from fairway.incidents import incident_text
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.incident_events import OnCallChanged
from fairway.incidents.policy import OnCallTable
from fairway.notify.message import Message
from fairway.notify.outbox import MessageQueued
from fairway.risk.causes import AlertSeverity


def hand_over(context: IncidentContext) -> Iterator[Struct]:
    """A change since the last tick, or since the process last ran: then it is told late. At the first start there is none."""
    table, before = context.policy.on_call, context.state.on_call
    if table is None:
        return
    person = table.person(context.now)
    if person == before:
        return
    number = context.state.turns + 1
    yield OnCallChanged(number=number, was=before or "", now=person)
    if before is None:
        return
    message = Message(
        id=f"on-call-{number}",
        title=incident_text.hand_over_title(before, person),
        lines=tuple(incident_text.hand_over(table.words(context.now), context.state)),
        at=context.now,
    )
    for channel in _channels(context, table, before, person):
        yield MessageQueued(channel=channel, message=message)


def _channels(context: IncidentContext, table: OnCallTable, before: str, person: str) -> tuple[str, ...]:
    """Of both people. That no person is on call any more concerns all who hear of incidents."""
    found = [*table.channels_of(before), *table.channels_of(person)]
    found += context.policy.routes_of(AlertSeverity.P2) if not person else ()
    return tuple(dict.fromkeys(found))
