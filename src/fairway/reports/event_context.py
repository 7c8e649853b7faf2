"""What is known beside an event when its text is made, and the text that is made."""

from dataclasses import dataclass
from enum import StrEnum

from fairway.ledger.result import RoundTrip
from fairway.market.instrument import Instrument
from fairway.money.amount import Price
from fairway.orders.order import Order
from fairway.texts.messages.catalogue import rendered
from fairway.texts.messages.message import KeyedMessage


class Weight(StrEnum):
    """Routine is only counted, news is shown once, trouble is shown and kept for the report."""

    ROUTINE = "routine"
    NEWS = "news"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class EventText:
    """what happened, without a full stop; what the bot did about it and what a person can do, which may be `""`."""

    weight: Weight
    what: str
    did: str = ""
    can: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """before and order: the order that the event moved, as it was and as it is."""

    before: Order | None = None
    order: Order | None = None
    instrument: Instrument | None = None
    trip: RoundTrip | None = None
    """The round trip that this fill closed."""
    stop: Price | None = None
    target: Price | None = None
    is_echo: bool = False
    """The other order of its pair had the same event just before. A pair is one request, so it is shown once."""
    was_down: bool = False
    """A stream had been lost before."""


def routine(said: KeyedMessage) -> EventText:
    return _text(Weight.ROUTINE, said)


def news(said: KeyedMessage) -> EventText:
    return _text(Weight.NEWS, said)


def trouble(said: KeyedMessage) -> EventText:
    return _text(Weight.TROUBLE, said)


def _text(weight: Weight, said: KeyedMessage) -> EventText:
    """Many exchanges end their reasons with a full stop; the screens and pages that show the text set their own."""
    text = rendered(said)
    return EventText(weight, text.what.rstrip(". "), text.did, text.can)
