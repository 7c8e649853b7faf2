"""What accounts hold and what protects it, as sentences."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class HoldingsMessage(MessageKey):
    NOTHING_HELD = auto()
    HELD = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    HoldingsMessage.NOTHING_HELD: Template("No position is open."),
    HoldingsMessage.HELD: Template(
        "{{ account }} holds {{ quantity }} {% if is_covered %}under a stop at the venue"
        "{% else %}NOT wholly under a stop at the venue{% endif %}{% if is_selling %}, and is being sold{% endif %}."
    ),
}
