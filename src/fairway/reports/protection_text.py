"""Says how a position is protected. The sentences are in `texts/messages/protection_messages.py`."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from fairway.journal import kinds
from fairway.reports.event_context import EventContext, EventText, news, routine, trouble
from fairway.texts.messages.message import DurationValue, message
from fairway.texts.messages.protection_messages import ProtectionMessage


def _moved(event: kinds.StopMoved, context: EventContext) -> EventText:
    return news(message(ProtectionMessage.STOP_MOVED, symbol=event.symbol, stop=event.stop, why=event.why))


def _dropped(event: kinds.LadderDropped, context: EventContext) -> EventText:
    return news(message(ProtectionMessage.LADDER_DROPPED, symbol=event.symbol, why=event.why))


def _failed(event: kinds.StopFailed, context: EventContext) -> EventText:
    return trouble(message(ProtectionMessage.STOP_FAILED, symbol=event.symbol, why=event.why))


def _protected(event: kinds.Protected, context: EventContext) -> EventText:
    return routine(message(ProtectionMessage.PROTECTED, symbol=event.symbol, duration=DurationValue(event.naked_ns)))


def _naked(event: kinds.NakedTooLong, context: EventContext) -> EventText:
    return trouble(message(ProtectionMessage.NAKED_TOO_LONG, symbol=event.symbol, duration=DurationValue(event.naked_ns)))


def _dust(event: kinds.DustLeft, context: EventContext) -> EventText:
    return news(message(ProtectionMessage.DUST_LEFT, symbol=event.symbol, quantity=event.quantity))


PROTECTION_TEXTS: Final[Mapping[type, Callable[[Any, EventContext], EventText]]] = {
    kinds.StopMoved: _moved,
    kinds.LadderDropped: _dropped,
    kinds.StopFailed: _failed,
    kinds.Protected: _protected,
    kinds.NakedTooLong: _naked,
    kinds.DustLeft: _dust,
}
