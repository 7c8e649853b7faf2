"""The record of a launch, as sentences: what is at stake, what is missing, what each claim rests on, and the results so far."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template
from fairway.texts.messages.plural import unit


class RecordMessage(MessageKey):
    # Whose money it is, and whose accounts.
    PRACTICE = auto()
    TESTNET = auto()
    LIVE = auto()
    MODE_UNKNOWN = auto()
    VENUE_UNKNOWN = auto()
    ACCOUNTS = auto()
    NO_ACCOUNTS = auto()
    # What may be lost.
    NOTHING_AT_RISK = auto()
    NOTHING_MORE = auto()
    OPENS_NOTHING_NOW = auto()
    EACH_ACCOUNT = auto()
    NO_REAL_MONEY = auto()
    OTHER_TRACKS_LIMITS = auto()
    REAL_MONEY = auto()
    # What was won or lost.
    NOTHING_TRADED = auto()
    RESULTS_UNKNOWN = auto()
    RESULT_SINCE_START = auto()
    RESULT_IN_STAGE = auto()
    # Where a track is, and what is missing.
    IN_STAGE = auto()
    BEFORE_STAGES = auto()
    GATE = auto()
    APPROVAL_MISSING = auto()
    ARMED_AGAIN = auto()
    HOLD = auto()
    HELD = auto()
    CLOCK_STANDS = auto()
    TIME_LEFT = auto()
    GIVEN_UP = auto()
    # What a claim rests on.
    WINDOW = auto()
    REASON_IN_WINDOW = auto()
    EVIDENCE = auto()
    HOLDS = auto()
    DOES_NOT_HOLD = auto()
    EXPIRED = auto()
    OF_ANOTHER_RELEASE = auto()
    NO_EVIDENCE = auto()
    WAIVED = auto()
    TOO_WEAK = auto()
    # What people did.
    APPROVED = auto()
    WAIVER = auto()
    REVIEWS_HELD = auto()
    NO_REVIEW_DUE = auto()


_RESULT = (
    "{{ net }} net in the quote asset by {{ trips }} " + unit("trips", "round trip") + "; "
    "the accounts with a loss lost {{ lost }} in all"
)

ENGLISH: Final[Mapping[MessageKey, Template]] = {
    RecordMessage.PRACTICE: Template("paper: a practice exchange, no real money"),
    RecordMessage.TESTNET: Template("paper: the exchange's test network, no real money"),
    RecordMessage.LIVE: Template("LIVE: real money"),
    RecordMessage.MODE_UNKNOWN: Template("unknown"),
    RecordMessage.VENUE_UNKNOWN: Template("unknown"),
    RecordMessage.ACCOUNTS: Template(
        "{{ count }} " + unit("count", "account") + ": {{ names }}{% if more %} and {{ more }} more{% endif %}"
    ),
    RecordMessage.NO_ACCOUNTS: Template("none is known yet"),
    RecordMessage.NOTHING_AT_RISK: Template("nothing: no stage is entered, and nothing is opened"),
    RecordMessage.NOTHING_MORE: Template("nothing more: this is the last stage"),
    RecordMessage.OPENS_NOTHING_NOW: Template("{{ money }}; now {{ limits }}"),
    RecordMessage.EACH_ACCOUNT: Template("{{ money }}; each account: {{ limits }}"),
    RecordMessage.NO_REAL_MONEY: Template("no real money"),
    RecordMessage.OTHER_TRACKS_LIMITS: Template("real money within the limits of another track: this one splits requests"),
    RecordMessage.REAL_MONEY: Template(
        "real money: {% if loss %}at most {{ loss }} lost by all accounts{% else %}NO BOUND on what may be lost{% endif %}, "
        "{% if capital %}{{ capital }} of capital in all{% else %}no bound on capital{% endif %}"
    ),
    RecordMessage.NOTHING_TRADED: Template("nothing was traded: no stage was entered yet"),
    RecordMessage.RESULTS_UNKNOWN: Template("unknown: nothing measures results here yet"),
    RecordMessage.RESULT_SINCE_START: Template("since the first stage: " + _RESULT),
    RecordMessage.RESULT_IN_STAGE: Template("in stage {{ stage }}: " + _RESULT),
    RecordMessage.IN_STAGE: Template("{{ stage }} ({{ phase }})"),
    RecordMessage.BEFORE_STAGES: Template("{{ phase }}"),
    RecordMessage.GATE: Template("{{ gate }}: {{ why }}"),
    RecordMessage.APPROVAL_MISSING: Template("approval: {{ role }}"),
    RecordMessage.ARMED_AGAIN: Template("armed again: {{ why }}"),
    RecordMessage.HOLD: Template("{{ reason }} (since {{ since }})"),
    RecordMessage.HELD: Template("held: {{ hold }}"),
    RecordMessage.CLOCK_STANDS: Template("the stage's clock stands: {{ why }}"),
    RecordMessage.TIME_LEFT: Template("{{ duration }} more in this stage"),
    RecordMessage.GIVEN_UP: Template("the launch was given up"),
    RecordMessage.WINDOW: Template("{{ since }} to {{ until }}"),
    RecordMessage.REASON_IN_WINDOW: Template("{{ reason }}{% if window %}; {{ window }}{% endif %}"),
    RecordMessage.EVIDENCE: Template(
        "{{ rank }}, by {{ by }}, {{ at }}{% if until %}, until {{ until }}{% endif %}: {{ why }}"
        "{% if again %}; again: {{ again }}{% endif %}"
    ),
    RecordMessage.HOLDS: Template("holds"),
    RecordMessage.DOES_NOT_HOLD: Template("DOES NOT HOLD"),
    RecordMessage.EXPIRED: Template("EXPIRED"),
    RecordMessage.OF_ANOTHER_RELEASE: Template("OF ANOTHER RELEASE"),
    RecordMessage.NO_EVIDENCE: Template("no evidence"),
    RecordMessage.WAIVED: Template("waived"),
    RecordMessage.TOO_WEAK: Template("TOO WEAK, it needs {{ rank }}"),
    RecordMessage.APPROVED: Template("{{ person }} as {{ role }} for {{ stage }}, {{ at }}: {{ comment }}"),
    RecordMessage.WAIVER: Template(
        "{{ claim }} until {{ until }}, asked by {{ asked_by }}, granted by {{ granted_by }}: {{ reason }}"
    ),
    RecordMessage.REVIEWS_HELD: Template("{{ track }}/{{ stage }}, every {{ every }}: {{ held }} of {{ due }} reviews were held"),
    RecordMessage.NO_REVIEW_DUE: Template("{{ track }}/{{ stage }}, every {{ every }}: none is due yet"),
}
