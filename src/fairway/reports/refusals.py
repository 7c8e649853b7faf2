"""Says why an order was refused or not answered: one sentence for each category of Fairway's own checks, and the meaning of what
exchanges and networks report.
"""

import re
from typing import Final

from fairway.texts.messages.catalogue import rendered
from fairway.texts.messages.message import message
from fairway.texts.messages.refusals import RefusalMessage

EXCHANGE_MEANT: Final[dict[str, str]] = {
    "the relationship of the prices for the orders is not correct": "the price had already passed the stop or the target",
    "order would trigger immediately": "the price had already passed the stop",
    "stop price would trigger immediately": "the price had already passed the stop",
    "order would immediately match and take": "the price had already passed the target",
    "account has insufficient balance for requested action": "the account does not have enough for it",
    "market is closed": "trading in it is closed",
}
"""By what exchanges say, in small letters."""

UNANSWERED: Final[dict[str, str]] = {
    "connection reset by peer": "the connection was cut",
    "server disconnected": "the connection was cut",
    "timeouterror": "none came in time",
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
        return rendered(message(RefusalMessage[category])).what
    family = next((key for key in RefusalMessage if category.startswith(f"{key.name}_")), None)
    return rendered(message(family)).what if family is not None else code


def meant(why: str) -> str:
    """What an exchange said, after what it meant by that where this release knows."""
    said = why.rstrip(". ")
    plain = next((plain for words, plain in EXCHANGE_MEANT.items() if words in said.lower()), "")
    return f"{plain} ({said})" if plain else said


def unanswered(why: str) -> str:
    """Why there was no answer. Where this release does not know it is told as it was, less the host: reports name none."""
    said = why.lower()
    return next((plain for words, plain in UNANSWERED.items() if words in said), _HOST.sub("", why)) or "no reason given"
