"""What exchanges and networks mean by what they report, and why a request got no answer."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class ExchangeMessage(MessageKey):
    PRICE_PASSED_EITHER = auto()
    PRICE_PASSED_STOP = auto()
    PRICE_PASSED_TARGET = auto()
    BALANCE_TOO_SMALL = auto()
    MARKET_CLOSED = auto()
    MEANT = auto()
    # Why there was no answer.
    CONNECTION_CUT = auto()
    NONE_IN_TIME = auto()
    NO_REASON = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    ExchangeMessage.PRICE_PASSED_EITHER: Template("the price had already passed the stop or the target"),
    ExchangeMessage.PRICE_PASSED_STOP: Template("the price had already passed the stop"),
    ExchangeMessage.PRICE_PASSED_TARGET: Template("the price had already passed the target"),
    ExchangeMessage.BALANCE_TOO_SMALL: Template("the account does not have enough for it"),
    ExchangeMessage.MARKET_CLOSED: Template("trading in it is closed"),
    ExchangeMessage.MEANT: Template("{{ meaning }} ({{ said }})"),
    ExchangeMessage.CONNECTION_CUT: Template("the connection was cut"),
    ExchangeMessage.NONE_IN_TIME: Template("none came in time"),
    ExchangeMessage.NO_REASON: Template("no reason given"),
}
