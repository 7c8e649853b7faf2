"""What limits an account, as lines of `fairway caps` and `fairway status`."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class CapsMessage(MessageKey):
    MAY_OPEN = auto()
    OPENS_NOTHING = auto()
    CANNOT_BE_KNOWN = auto()
    REMOVED = auto()
    NO_ACCOUNT = auto()
    WAITS = auto()
    WAITING_UNREADABLE = auto()
    JOURNAL_UNREADABLE = auto()
    JOURNAL_UNWRITABLE = auto()
    JOURNAL_BEHIND = auto()
    LEASE = auto()
    # Parts of the lines above.
    STREAM_LOST = auto()
    STREAM_ENDS = auto()
    ENDS_BY_ITSELF = auto()
    ENDS_WITH_SETTINGS = auto()
    ENDS_BY_PERSON = auto()
    STATE_KILLED = auto()
    STATE_HALTED = auto()
    STATE_REDUCE_ONLY = auto()
    HANDS_OFF = auto()
    NOTHING_LIMITED = auto()
    ALLOWS = auto()
    LEASE_NONE = auto()
    LEASE_REVOKED = auto()
    LEASE_OF_STAGE = auto()
    LEASE_UNTIL = auto()
    # Of `fairway status`.
    HELD = auto()
    HELD_STOP = auto()
    TRADER_NOT_STARTED = auto()
    TRADER_OF_DATABASE = auto()
    TRADER_RUNS = auto()
    TRADER_STOPPED = auto()
    LAST_WROTE = auto()
    NEVER_WROTE = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    CapsMessage.MAY_OPEN: Template("{{ account }} may open positions"),
    CapsMessage.OPENS_NOTHING: Template("{{ account }} opens nothing"),
    CapsMessage.CANNOT_BE_KNOWN: Template("{{ account }}: it cannot be known whether it may open positions: {{ doubt }}"),
    CapsMessage.REMOVED: Template(
        "{{ account }} is traded here no more", "", "what was done with it: fairway accounts show {{ account }}"
    ),
    CapsMessage.NO_ACCOUNT: Template(
        "no account is traded yet", "", "`fairway accounts list` shows those of the registry, and where each of them is"
    ),
    CapsMessage.WAITS: Template(
        "waits for the trader: instruction {{ number }}, {{ what }} for {{ account or 'all accounts' }}, "
        "by {{ by }}: {{ reason }}"
    ),
    CapsMessage.WAITING_UNREADABLE: Template("what people have told the trader cannot be read: {{ error }}"),
    CapsMessage.JOURNAL_UNREADABLE: Template("the journal cannot be read: {{ error }}"),
    CapsMessage.JOURNAL_UNWRITABLE: Template(
        "the journal is {{ seconds }} s behind, for its trader cannot write it ({{ trouble }})",
        "",
        "its terminal says what it holds",
    ),
    CapsMessage.JOURNAL_BEHIND: Template(
        "the journal is {{ seconds }} s behind, and a trader that runs writes once a minute",
        "",
        "look at the trader and its disk",
    ),
    CapsMessage.LEASE: Template("the lease that it needs: {{ lease }}"),
    CapsMessage.STREAM_LOST: Template("it was lost: {{ why }}"),
    CapsMessage.STREAM_ENDS: Template("by itself, when it is back and all that was missed has been asked for"),
    CapsMessage.ENDS_BY_ITSELF: Template("by itself, {{ clears }}"),
    CapsMessage.ENDS_WITH_SETTINGS: Template("with a change of {{ config }} and a restart"),
    CapsMessage.ENDS_BY_PERSON: Template(
        'by a person{% if not_before %}, not before {{ not_before }}{% endif %}:  {{ command }} --reason "..."'
    ),
    CapsMessage.STATE_KILLED: Template("opens nothing, until it is resumed"),
    CapsMessage.STATE_HALTED: Template("cancels entries and protects what is held, nothing else"),
    CapsMessage.STATE_REDUCE_ONLY: Template("opens nothing; what is held stays protected, and may be sold"),
    CapsMessage.HANDS_OFF: Template("sends nothing, because another program sells"),
    CapsMessage.NOTHING_LIMITED: Template("nothing is limited"),
    CapsMessage.ALLOWS: Template("allows no more than: {{ limits }}"),
    CapsMessage.LEASE_NONE: Template("none was granted yet, so nothing is opened"),
    CapsMessage.LEASE_REVOKED: Template("{{ by }} has revoked the lease to open positions"),
    CapsMessage.LEASE_OF_STAGE: Template(
        "{{ by }} lets it open positions in the stage {{ stage }}{% if began %}, which began {{ began }}{% endif %}, "
        "until {{ until }}"
    ),
    CapsMessage.LEASE_UNTIL: Template("{{ by }} lets it open positions until {{ until }}"),
    CapsMessage.HELD: Template(
        "{{ quantity }} bought at {{ entry }}, {% if mark %}now {{ mark }}{% else %}without a price{% endif %}: {{ result }}"
    ),
    CapsMessage.HELD_STOP: Template(
        "{% if stop %}stop {{ stop }}{% if part %} for {{ part }} of it ONLY{% endif %}{% else %}NO STOP{% endif %}"
        "{% if target %}, target {{ target }}{% endif %}; held for {{ duration }}"
    ),
    CapsMessage.TRADER_NOT_STARTED: Template("It has not been started yet."),
    CapsMessage.TRADER_OF_DATABASE: Template("Of the trader: {{ wrote }}."),
    CapsMessage.TRADER_RUNS: Template("The trader runs; {{ wrote }}."),
    CapsMessage.TRADER_STOPPED: Template("The trader does NOT run; its orders stay at the exchange; {{ wrote }}."),
    CapsMessage.LAST_WROTE: Template("it wrote last {{ duration }} ago"),
    CapsMessage.NEVER_WROTE: Template("it has written nothing"),
}
