"""An incident of the demo, as sentences: what the exchange did step by step, what it cost, and whether all was booked once."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template
from fairway.texts.messages.plural import counted


class IncidentMessage(MessageKey):
    HEADING = auto()
    INTRODUCTION = auto()
    LOST_ANSWER = auto()
    SILENT_STREAM = auto()
    # What an order is called in the sentences below.
    ENTRY_ORDER = auto()
    STOP_ORDER = auto()
    TARGET_ORDER = auto()
    EXIT_ORDER = auto()
    # What the exchange did.
    ENTRY_ACCEPTED = auto()
    ACCEPTED = auto()
    TRIGGERED = auto()
    ENTRY_FILLED = auto()
    SOLD = auto()
    ENDED = auto()
    CUT = auto()
    REPORTED_LATE = auto()
    FELL_SILENT = auto()
    SPOKE_AGAIN = auto()
    # What it cost.
    NEVER_PROTECTED = auto()
    UNPROTECTED = auto()
    UNAWARE = auto()
    CLOSED = auto()
    # Whether everything was ordered once and booked once.
    BOUGHT_ONCE = auto()
    SOLD_ONCE = auto()
    BOOKED_OTHERWISE = auto()


_AT_EXCHANGE = f"{counted('orders', 'order')} and {counted('fills', 'fill')} at the exchange"

ENGLISH: Final[Mapping[MessageKey, Template]] = {
    IncidentMessage.HEADING: Template("What was made to go wrong, and what Fairway did"),
    IncidentMessage.INTRODUCTION: Template(
        "The exchange of this demo was told to misbehave, to show what happens then. On the exchange's side is what it did, by "
        "its own log; on Fairway's what the bot knew and did, by its journal."
    ),
    IncidentMessage.LOST_ANSWER: Template("The answer to an accepted order got lost"),
    IncidentMessage.SILENT_STREAM: Template("The stream was silent while a position was sold"),
    IncidentMessage.ENTRY_ORDER: Template("order"),
    IncidentMessage.STOP_ORDER: Template("stop"),
    IncidentMessage.TARGET_ORDER: Template("target"),
    IncidentMessage.EXIT_ORDER: Template("closing order"),
    IncidentMessage.ENTRY_ACCEPTED: Template("Accepted the order to buy {{ quantity }} {{ asset }}"),
    IncidentMessage.ACCEPTED: Template(
        "Accepted the {{ kind }} for {{ quantity }} {{ asset }}{% if price %} at {{ price }}{% endif %}"
    ),
    IncidentMessage.TRIGGERED: Template("Triggered the stop: the price had reached it"),
    IncidentMessage.ENTRY_FILLED: Template("Filled the order: {{ quantity }} {{ asset }} at {{ price }}"),
    IncidentMessage.SOLD: Template("Sold {{ quantity }} {{ asset }} at {{ price }} by the {{ kind }}"),
    IncidentMessage.ENDED: Template("Ended the {{ kind }}"),
    IncidentMessage.CUT: Template("Cut the connection before the answer was out"),
    IncidentMessage.REPORTED_LATE: Template("Reported it by the account's stream only now, {{ late }} late"),
    IncidentMessage.FELL_SILENT: Template("Fell silent on the account's stream, which stays open and answers pings"),
    IncidentMessage.SPOKE_AGAIN: Template(
        "Reports again on the account's stream; what it has not reported by now, it never reports there"
    ),
    IncidentMessage.NEVER_PROTECTED: Template("The exchange held the position without a stop for as long as this was watched."),
    IncidentMessage.UNPROTECTED: Template("The exchange held the position without a stop for {{ duration }}."),
    IncidentMessage.UNAWARE: Template("The bot believed for {{ duration }} that it still held what was sold."),
    IncidentMessage.CLOSED: Template("Nothing could be opened for {{ duration }}, until all that was missed had been asked for."),
    IncidentMessage.BOUGHT_ONCE: Template(f"{_AT_EXCHANGE}, the same in the journal: nothing was bought twice."),
    IncidentMessage.SOLD_ONCE: Template(f"{_AT_EXCHANGE}, the same in the journal: nothing was sold twice."),
    IncidentMessage.BOOKED_OTHERWISE: Template(
        f"{_AT_EXCHANGE} ({{{{ trade_ids or 'none' }}}}); the journal has booked {{{{ booked or 'none' }}}}."
    ),
}
