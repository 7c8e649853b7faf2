"""Where the books and an exchange differ: one sentence for each kind of difference."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class DifferenceMessage(MessageKey):
    MISSING_FILL = auto()
    FOREIGN_FILL = auto()
    ORPHAN_ORDER = auto()
    RIVAL_ORDER = auto()
    OTHER_RUN_ORDER = auto()
    FOREIGN_ORDER = auto()
    GONE_ORDER = auto()
    BALANCE_OFF = auto()
    KIND_CHANGED = auto()
    RIGHT_LOST = auto()
    RIGHT_TOO_MANY = auto()
    # Parts of the sentences above.
    BOUGHT = auto()
    SOLD = auto()
    ORDER = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    DifferenceMessage.MISSING_FILL: Template(
        "{{ symbol }}: {{ traded }} by our order {{ order_id }}, which our books lack (trade {{ trade_id }})"
    ),
    DifferenceMessage.FOREIGN_FILL: Template("{{ symbol }}: {{ traded }} by an order that is not ours (trade {{ trade_id }})"),
    DifferenceMessage.ORPHAN_ORDER: Template("{{ symbol }}: {{ order }} has an id of ours, and our books do not have it"),
    DifferenceMessage.RIVAL_ORDER: Template(
        "{{ symbol }}: {{ order }} has a number of start {{ epoch }} that our journal does not have"
    ),
    DifferenceMessage.OTHER_RUN_ORDER: Template(
        "{{ symbol }}: {{ order }} is of a trader of account {{ account }} that our journal does not know"
    ),
    DifferenceMessage.FOREIGN_ORDER: Template("{{ symbol }}: {{ order }} is open, and is not ours"),
    DifferenceMessage.GONE_ORDER: Template(
        "{{ symbol }}: order {{ order_id }} is {{ state }} in our books, and the venue does not list it"
    ),
    DifferenceMessage.BALANCE_OFF: Template(
        "the venue holds {{ amount }} {% if is_more %}more{% else %}less{% endif %} than is explained"
        "{% if doubt %} ({{ doubt }}){% endif %}"
    ),
    DifferenceMessage.KIND_CHANGED: Template("the account was of the kind {{ was }}, and is {{ now }} now"),
    DifferenceMessage.RIGHT_LOST: Template("the account or its key may not trade"),
    DifferenceMessage.RIGHT_TOO_MANY: Template("the key may withdraw, which no trader needs"),
    DifferenceMessage.BOUGHT: Template("{{ quantity }} bought at {{ price }}"),
    DifferenceMessage.SOLD: Template("{{ quantity }} sold at {{ price }}"),
    DifferenceMessage.ORDER: Template("the {{ side }} order {{ order_id }} of {{ quantity }}"),
}
