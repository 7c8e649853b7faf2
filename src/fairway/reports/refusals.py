"""Says why an order was refused or not answered: one sentence for each category of Fairway's own checks, and the meaning of what
exchanges and networks report.

The sentences are in `texts/messages/refusals.py` and `texts/messages/exchange_messages.py`.
"""

import re
from collections.abc import Mapping
from typing import Final

from fairway.texts.messages.catalogue import line
from fairway.texts.messages.exchange_messages import ExchangeMessage
from fairway.texts.messages.message import KeyedMessage, message
from fairway.texts.messages.refusals import RefusalMessage

EXCHANGE_MEANT: Final[dict[str, ExchangeMessage]] = {
    "the relationship of the prices for the orders is not correct": ExchangeMessage.PRICE_PASSED_EITHER,
    "order would trigger immediately": ExchangeMessage.PRICE_PASSED_STOP,
    "stop price would trigger immediately": ExchangeMessage.PRICE_PASSED_STOP,
    "order would immediately match and take": ExchangeMessage.PRICE_PASSED_TARGET,
    "account has insufficient balance for requested action": ExchangeMessage.BALANCE_TOO_SMALL,
    "market is closed": ExchangeMessage.MARKET_CLOSED,
}
"""By what exchanges say, in small letters."""

UNANSWERED: Final[dict[str, ExchangeMessage]] = {
    "connection reset by peer": ExchangeMessage.CONNECTION_CUT,
    "server disconnected": ExchangeMessage.CONNECTION_CUT,
    "timeouterror": ExchangeMessage.NONE_IN_TIME,
}
"""By what a request without an answer ended with, in small letters."""
_HOST: Final = re.compile(r"\w+://[^/\s]+")


def category_of(code: str) -> str:
    """`DATA_STALE` of `DATA_STALE: age_ms=…`."""
    return code.partition(":")[0].strip()


def in_words(code: str) -> str:
    """The sentence for a code; the code itself where this release has none."""
    category = category_of(code)
    if category in RefusalMessage.__members__:
        return line(message(RefusalMessage[category]))
    family = next((key for key in RefusalMessage if category.startswith(f"{key.name}_")), None)
    return line(message(family)) if family is not None else code


def meant(why: str) -> str:
    """What an exchange said, after what it meant by that where this release knows."""
    said = why.rstrip(". ")
    meaning = _meaning(EXCHANGE_MEANT, said)
    return said if meaning is None else line(message(ExchangeMessage.MEANT, meaning=meaning, said=said))


def unanswered(why: str) -> str:
    """Why there was no answer; a reason that this release does not know without its host, for reports name none."""
    meaning = _meaning(UNANSWERED, why)
    return line(meaning) if meaning is not None else _HOST.sub("", why) or line(message(ExchangeMessage.NO_REASON))


def _meaning(meanings: Mapping[str, ExchangeMessage], said: str) -> KeyedMessage | None:
    key = next((key for phrase, key in meanings.items() if phrase in said.lower()), None)
    return KeyedMessage(key, {}) if key is not None else None
