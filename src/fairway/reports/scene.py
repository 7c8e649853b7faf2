"""What one has to know to tell an event, and the words that come of it."""

from dataclasses import dataclass
from enum import StrEnum

from fairway.ledger.result import RoundTrip
from fairway.market.instrument import Instrument
from fairway.money.amount import Price
from fairway.orders.order import Order


class Weight(StrEnum):
    """Routine is only counted, news is told once, trouble is told and kept for the report."""

    ROUTINE = "routine"
    NEWS = "news"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Words:
    """what happened, without a full stop; what the bot did about it and what a person may do, which may be `""`."""

    weight: Weight
    what: str
    did: str = ""
    may: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What one has to know beside the event to tell it. before and order: the order it moved, as it was and as it is."""

    before: Order | None = None
    order: Order | None = None
    instrument: Instrument | None = None
    trip: RoundTrip | None = None
    """The round trip that this fill closed."""
    stop: Price | None = None
    target: Price | None = None
    is_echo: bool = False
    """Whether the other order of its pair met with the same just before: a pair is one request, and is told of once."""
    was_down: bool = False
    """Whether a stream had been lost before."""


def routine(what: str) -> Words:
    return Words(Weight.ROUTINE, _unstopped(what))


def news(what: str, did: str = "", may: str = "") -> Words:
    return Words(Weight.NEWS, _unstopped(what), did, may)


def trouble(what: str, did: str, may: str) -> Words:
    return Words(Weight.TROUBLE, _unstopped(what), did, may)


def _unstopped(what: str) -> str:
    """Many exchanges end what they say with a full stop; whoever shows the words sets one of their own."""
    return what.rstrip(". ")
