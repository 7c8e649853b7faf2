"""What becomes of an order, as sentences."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class OrderMessage(MessageKey):
    # What an order is called in the sentences below.
    ENTRY_ORDER = auto()
    STOP_ORDER = auto()
    TARGET_ORDER = auto()
    EXIT_ORDER = auto()
    PAIR_ORDER = auto()
    NAME = auto()
    PROTECTION = auto()
    # What happens to it.
    SENT = auto()
    SENT_AGAIN = auto()
    ADOPTED = auto()
    LOST = auto()
    LOST_TOO = auto()
    UNSENT = auto()
    UNSENT_TOO = auto()
    ACCEPTED = auto()
    ACCEPTED_TOO = auto()
    FOUND = auto()
    ALIVE_AFTER_ALL = auto()
    PROTECTED = auto()
    ENTRY_REJECTED = auto()
    PAIR_REJECTED = auto()
    EXIT_REJECTED = auto()
    REJECTED_TOO = auto()
    BOUGHT = auto()
    SOLD = auto()
    RESIZED = auto()
    CANCELLING = auto()
    CANCEL_REFUSED = auto()
    CANCELLED = auto()
    CANCELLED_BY_OTHERS = auto()
    EXPIRED = auto()
    EXPIRED_WITH_PAIR = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    OrderMessage.ENTRY_ORDER: Template("buy order"),
    OrderMessage.STOP_ORDER: Template("stop"),
    OrderMessage.TARGET_ORDER: Template("target"),
    OrderMessage.EXIT_ORDER: Template("closing order"),
    OrderMessage.PAIR_ORDER: Template("pair"),
    OrderMessage.NAME: Template("{{ symbol }}: the {{ kind }} for {{ quantity }}"),
    OrderMessage.PROTECTION: Template("{{ symbol }}: the protection for {{ quantity }} (a stop and a target)"),
    OrderMessage.SENT: Template("{{ order }} is sent"),
    OrderMessage.SENT_AGAIN: Template(
        "{{ order }} was sent again",
        "It carries the same id, so the exchange cannot take it twice.",
        "Nothing is needed.",
    ),
    OrderMessage.ADOPTED: Template("{{ order }} was {{ why }}", "The bot books what it did."),
    OrderMessage.LOST: Template(
        "{{ order }} got no clear answer ({{ why }}); it may exist, or not",
        "The bot treats it as unknown, does nothing else in this pair, and asks the exchange by the order's own id.",
        "Nothing, unless it stays unknown for minutes; then look at the exchange's own page.",
    ),
    OrderMessage.LOST_TOO: Template("{{ order }} got no clear answer either"),
    OrderMessage.UNSENT: Template(
        "{{ order }} never left: {{ why }}",
        "It counts as not done; the bot looks again after a pause.",
        "Check the network if it happens often.",
    ),
    OrderMessage.UNSENT_TOO: Template("{{ order }} never left either"),
    OrderMessage.ACCEPTED: Template("{{ order }} is at the exchange"),
    OrderMessage.ACCEPTED_TOO: Template("{{ order }} is at the exchange too"),
    OrderMessage.FOUND: Template(
        "{{ order }} was found: it had reached the exchange", "The bot carries on from what the exchange says."
    ),
    OrderMessage.ALIVE_AFTER_ALL: Template(
        "{{ order }} is alive at the exchange, which had said no to it before",
        "The bot believes what the exchange holds, and looks after the order.",
        "Nothing is needed.",
    ),
    OrderMessage.PROTECTED: Template(
        "{{ symbol }} protected: stop {{ stop }} and target {{ target }} rest at the exchange",
        "They work there even when the bot does not run.",
    ),
    OrderMessage.ENTRY_REJECTED: Template(
        "{{ order }} was refused by the exchange: {{ why }}",
        "Nothing was bought.",
        "Nothing is needed; the next signal is a new order.",
    ),
    OrderMessage.PAIR_REJECTED: Template(
        "{{ order }} was refused by the exchange: {{ why }}",
        "Neither of the two is at work: the bot protects the position by another try, or sells it at market.",
        "Watch that the position is protected or sold.",
    ),
    OrderMessage.EXIT_REJECTED: Template(
        "{{ order }} was refused by the exchange: {{ why }}",
        "The bot tries another way: first to protect, then to sell at market.",
        "Watch that the position is protected or closed.",
    ),
    OrderMessage.REJECTED_TOO: Template("{{ order }} was refused with it"),
    OrderMessage.BOUGHT: Template(
        "{{ symbol }} bought {{ quantity }} at {{ price }}{% if stop %}; stop {{ stop }}, target {{ target }}{% endif %}"
    ),
    OrderMessage.SOLD: Template(
        "{{ symbol }} {% if is_stop %}stop hit, {% elif is_target %}target reached, {% endif %}"
        "sold {{ quantity }} at {{ price }}{% if result %}; result {{ result }} {{ asset }}{% endif %}"
    ),
    OrderMessage.RESIZED: Template("{{ order }} is of another size now: {{ why }}", "The bot goes on with it as it is."),
    OrderMessage.CANCELLING: Template("{{ order }} is to be cancelled: {{ why }}"),
    OrderMessage.CANCEL_REFUSED: Template("{{ order }} was not cancelled: {{ why }}", "The bot goes by the order's next report."),
    OrderMessage.CANCELLED: Template("{{ order }} was cancelled: {{ why }}"),
    OrderMessage.CANCELLED_BY_OTHERS: Template(
        "{{ order }} was cancelled, and not by the bot: {{ why }}",
        "What it had bought or sold counts; the bot protects what is held.",
        "If it was not you, check who else uses this account.",
    ),
    OrderMessage.EXPIRED: Template("{{ order }} expired at the exchange: {{ why }}", "What it had bought or sold counts."),
    OrderMessage.EXPIRED_WITH_PAIR: Template("{{ order }} ended with its pair"),
}
