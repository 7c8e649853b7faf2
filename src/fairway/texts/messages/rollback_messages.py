"""The rollback of a launch, as sentences: for each of its parts what is seen, or what is missing."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class RollbackMessage(MessageKey):
    HEADING = auto()
    PART_DONE = auto()
    PART_MISSING = auto()
    PART_OF_A_PERSON = auto()
    MAY_OPEN = auto()
    CONTAINED = auto()
    ENTRIES_LEFT = auto()
    ENTRIES = auto()
    CANCELLED = auto()
    OUT_OF_ORDER = auto()
    TROUBLE = auto()
    NAKED = auto()
    IN_ORDER = auto()
    HELD = auto()
    NOTHING_HELD = auto()
    TO_BE_SOLD = auto()
    HELD_BARE = auto()
    HELD_UNDER_STOPS = auto()
    NOT_LOOKED_AT = auto()
    NO_MESSAGE = auto()
    MESSAGE = auto()
    NO_RELEASE = auto()
    NOT_BEFORE = auto()
    MAY_BEGIN = auto()
    GO_BACK = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    RollbackMessage.HEADING: Template("the way back, in this order:"),
    RollbackMessage.PART_DONE: Template("{{ number }} {{ part }}: done, seen {{ at }}: {{ says }}"),
    RollbackMessage.PART_MISSING: Template("{{ number }} {{ part }}: NOT YET: {{ says }}"),
    RollbackMessage.PART_OF_A_PERSON: Template("{{ number }} {{ part }}: {{ says }}"),
    RollbackMessage.MAY_OPEN: Template("{{ accounts }} may open positions until the trader has heard it, or its lease ends"),
    RollbackMessage.CONTAINED: Template("no account may open a position"),
    RollbackMessage.ENTRIES_LEFT: Template("orders at the venue could still enlarge a position: {{ left }}"),
    RollbackMessage.ENTRIES: Template("{{ count }} of {{ account }}"),
    RollbackMessage.CANCELLED: Template("no order that could enlarge a position rests at the venue"),
    RollbackMessage.OUT_OF_ORDER: Template("the venue is not in order: {{ accounts }}"),
    RollbackMessage.TROUBLE: Template("{{ account }}: {{ trouble }}"),
    RollbackMessage.NAKED: Template("{{ account }}: no stop covers {{ symbols }}"),
    RollbackMessage.IN_ORDER: Template("the venue is in order: books agree, and what is held has its stops"),
    RollbackMessage.HELD: Template("{{ held }} of {{ account }}"),
    RollbackMessage.NOTHING_HELD: Template("nothing is held"),
    RollbackMessage.TO_BE_SOLD: Template("to be sold, and still held: {{ held }}"),
    RollbackMessage.HELD_BARE: Template("held, and not all of it is under a stop: {{ held }}"),
    RollbackMessage.HELD_UNDER_STOPS: Template("nothing is sold by this; it stays under its stops: {{ held }}"),
    RollbackMessage.NOT_LOOKED_AT: Template("{{ missing }} of {{ count }} accounts were not looked at since at the venue"),
    RollbackMessage.NO_MESSAGE: Template("the plan's `say` made no message due since: inform the people concerned"),
    RollbackMessage.MESSAGE: Template(
        "message {{ number }} to {{ to }} is written down; a reader of fairway launch messages has to pass it on"
    ),
    RollbackMessage.NO_RELEASE: Template("the plan names no release to go back to"),
    RollbackMessage.NOT_BEFORE: Template("NOT BEFORE the venue is seen in order: {{ steps }}"),
    RollbackMessage.MAY_BEGIN: Template(
        "may begin now{% if until %}, until {{ until }} (within {{ within }}){% endif %}: {{ steps }}. "
        "Fairway starts no software; a person does"
    ),
    RollbackMessage.GO_BACK: Template("go back to {{ release }}"),
}
