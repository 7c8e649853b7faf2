"""How a position is protected, as sentences."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class ProtectionMessage(MessageKey):
    STOP_MOVED = auto()
    LADDER_DROPPED = auto()
    STOP_FAILED = auto()
    PROTECTED = auto()
    NAKED_TOO_LONG = auto()
    DUST_LEFT = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    ProtectionMessage.STOP_MOVED: Template(
        "{{ symbol }}: the stop is to rest at {{ stop }}: {{ why }}", "The bot cancels its pairs and places new ones."
    ),
    ProtectionMessage.LADDER_DROPPED: Template(
        "{{ symbol }}: the rungs on the way to the target are given up: {{ why }}",
        "One stop and one target cover the whole position.",
    ),
    ProtectionMessage.STOP_FAILED: Template(
        "{{ symbol }}: the stop did not sell the position: {{ why }}",
        "The bot cancels what is left of the stop and sells, at first no more than 1 % below the best price that is offered.",
        "Watch that the position is sold; the bot calls for help if it cannot.",
    ),
    ProtectionMessage.PROTECTED: Template(
        "{{ symbol }}: stops cover the whole position, after {{ duration }} in which they did not"
    ),
    ProtectionMessage.NAKED_TOO_LONG: Template(
        "{{ symbol }}: the position has been without a whole stop for {{ duration }}",
        "The bot goes on trying to protect it or to sell it, and buys no more of it until it is protected.",
        "Look at the position at the exchange, and protect or sell it by hand if that goes on.",
    ),
    ProtectionMessage.DUST_LEFT: Template(
        "{{ symbol }}: {{ quantity }} are left over, too little for any order at the exchange",
        "The position counts as closed; the rest stays in the account.",
    ),
}
