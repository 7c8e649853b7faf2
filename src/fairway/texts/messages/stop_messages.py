"""What still protects a person once a trader has stopped, or was asked to."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class StopMessage(MessageKey):
    STOPPED = auto()
    HELD_WITHOUT_STOP = auto()
    TRADER_STOPPED = auto()
    STILL_STOPPING = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    StopMessage.STOPPED: Template(
        "Stopped."
        "{% if protective %} {{ protective }} protective order{{ ' stays' if protective == 1 else 's stay' }} at the venue, "
        "where they work without Fairway; start it again to go on.{% endif %}"
        "{% if without_stop %} {{ without_stop }} is held WITHOUT a stop: start again at once, "
        "or sell it at the venue's own page."
        "{% elif not protective and foreign %} By its journal no position is open, but {{ foreign }} "
        "order{{ ' rests' if foreign == 1 else 's rest' }} at the venue that it does not know: look at the venue's own page."
        "{% elif not protective %} No position is open, and no protective order was left at the venue.{% endif %}"
    ),
    StopMessage.HELD_WITHOUT_STOP: Template(
        "{{ account }}: {{ symbol }} is held WITHOUT a stop for all of it",
        "",
        "start again at once, or sell it at the venue's own page",
    ),
    StopMessage.TRADER_STOPPED: Template(
        "the trader ({{ process }}) has stopped, and released the journal",
        "stops and targets that rest at the venue go on working without Fairway",
        "what is held: fairway status {{ config }}",
    ),
    StopMessage.STILL_STOPPING: Template(
        "the trader ({{ process }}) was asked to stop and still writes the journal after {{ seconds }} s",
        "",
        "look at its terminal or log; to open nothing more: fairway kill {{ config }}",
    ),
}
