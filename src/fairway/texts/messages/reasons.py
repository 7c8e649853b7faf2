"""What the code of a verdict or of a refused command means: one sentence for each code, by the code's name."""

from collections.abc import Mapping
from enum import auto
from typing import Final

from fairway.texts.messages.message import MessageKey, Template


class ReasonMessage(MessageKey):
    APPROVALS_GIVEN = auto()
    APPROVALS_MISSING = auto()
    BASELINE_MISSING = auto()
    BLOCKS_FEW = auto()
    CHECKLIST_MET = auto()
    CHECKLIST_OPEN = auto()
    CHECKLIST_UNKNOWN = auto()
    CLAIM_WAIVED = auto()
    CONTROL_MISSING = auto()
    COUNT_HIGH = auto()
    COUNT_KEPT = auto()
    COUNT_LOW = auto()
    COUNT_REACHED = auto()
    COVERAGE_LOW = auto()
    EVENTS_HAPPENED = auto()
    EVENTS_NONE = auto()
    EVIDENCE_AGAINST = auto()
    EVIDENCE_EXPIRED = auto()
    EVIDENCE_HOLDS = auto()
    EVIDENCE_MISSING = auto()
    EVIDENCE_OF_ANOTHER_RELEASE = auto()
    EVIDENCE_WEAK = auto()
    GATE_BROKEN = auto()
    GATE_UNPROVEN = auto()
    GUARDS_MISSING = auto()
    GUARDS_UNKNOWN = auto()
    HARM_NOT_SHOWN = auto()
    HARM_PROVEN = auto()
    HARM_RULED_OUT = auto()
    HARM_NOT_RULED_OUT = auto()
    HARM_IN_THE_TAIL = auto()
    INVARIANT_BROKEN = auto()
    INVARIANT_HELD = auto()
    NONINFERIORITY_DEPENDENT = auto()
    MEAN_CUT_OFF = auto()
    OBSERVATIONS_FEW = auto()
    PARITY_CUT_OFF = auto()
    PARITY_PROVEN = auto()
    PARITY_TAIL_UNSEEN = auto()
    PATHS_COVERED = auto()
    PATHS_MISSING = auto()
    REPORTED_ONLY = auto()
    SERIES_MISSING = auto()
    SERIES_OF_THE_FUTURE = auto()
    SERIES_STALE = auto()
    SLICES_BAD = auto()
    SLICES_BEHIND = auto()
    SLICES_FEW = auto()
    SLICES_GOOD = auto()
    SOURCE_SILENT = auto()
    SOURCE_WAS_SILENT = auto()
    SURVEY_NEGATIVE = auto()
    SURVEY_POSITIVE = auto()
    SURVEY_SEVERE = auto()
    SUSTAIN_SHORT = auto()
    TREND_DEPENDENT = auto()
    TREND_LATELY_ABOVE = auto()
    TREND_SHORT = auto()
    VALUES_IMPOSSIBLE = auto()
    WINDOW_OF_ANOTHER_RELEASE = auto()
    WINDOW_SHORT = auto()
    SILENT_SINCE_START = auto()
    """The time of a silence is known only for a source that was heard once."""
    BOUND_NOT_DISPROVEN = auto()
    BOUND_DISPROVEN = auto()
    BOUND_UNPROVEN = auto()
    BOUND_PROVEN = auto()
    BOUND_DEPENDENT = auto()
    BOUND_LATELY_LOW = auto()
    # Why a command was refused.
    APPROVAL_EXPIRED = auto()
    APPROVAL_OUTDATED = auto()
    AUTHOR_APPROVES = auto()
    CLAIM_NOT_ASKED = auto()
    CLOCK_STANDS = auto()
    EVIDENCE_OLDER = auto()
    EVIDENCE_WEAKER = auto()
    GIVEN_UP = auto()
    HOLD_NEWER = auto()
    HOLD_NOT_YOURS = auto()
    HOLD_UNKNOWN = auto()
    NOTHING_TO_DEMOTE = auto()
    NOT_READY = auto()
    WAIVER_OF_NO_ITEM = auto()
    NOT_WAIVABLE = auto()
    NOTHING_TO_REVIEW = auto()
    PERSON_NOT_NAMED = auto()
    RELEASE_UNKNOWN = auto()
    REVIEW_OVERDUE = auto()
    ROLE_NOT_ASKED = auto()
    STAGE_NOT_NEXT = auto()
    STAGE_NOT_SMALLER = auto()
    STAGE_UNKNOWN = auto()
    TIMELINE_NOT_YET = auto()
    TIMELINE_UNMET = auto()
    TRACK_UNKNOWN = auto()
    WAIVER_OF_ONE = auto()
    WAIVER_TOO_LONG = auto()


ENGLISH: Final[Mapping[MessageKey, Template]] = {
    ReasonMessage.APPROVALS_GIVEN: Template("every role that is asked has approved"),
    ReasonMessage.APPROVALS_MISSING: Template("people have yet to approve"),
    ReasonMessage.BASELINE_MISSING: Template("there is nothing yet to compare with"),
    ReasonMessage.BLOCKS_FEW: Template("too few spells of time to compare"),
    ReasonMessage.CHECKLIST_MET: Template("every item has its evidence"),
    ReasonMessage.CHECKLIST_OPEN: Template("items lack evidence"),
    ReasonMessage.CHECKLIST_UNKNOWN: Template("the plan has no such item"),
    ReasonMessage.CLAIM_WAIVED: Template("it is waived for a while"),
    ReasonMessage.CONTROL_MISSING: Template("nothing runs beside it to compare with"),
    ReasonMessage.COUNT_HIGH: Template("it happened more often than allowed"),
    ReasonMessage.COUNT_KEPT: Template("it happened no more often than allowed"),
    ReasonMessage.COUNT_LOW: Template("it has not happened often enough yet"),
    ReasonMessage.COUNT_REACHED: Template("it has happened often enough"),
    ReasonMessage.COVERAGE_LOW: Template("too much of the time was not measured"),
    ReasonMessage.EVENTS_HAPPENED: Template("what must not happen has happened"),
    ReasonMessage.EVENTS_NONE: Template("nothing of the kind has happened, and the source was measuring"),
    ReasonMessage.EVIDENCE_AGAINST: Template("the newest evidence on it says that it does not hold"),
    ReasonMessage.EVIDENCE_EXPIRED: Template("its evidence is too old"),
    ReasonMessage.EVIDENCE_HOLDS: Template("its evidence holds"),
    ReasonMessage.EVIDENCE_MISSING: Template("there is no evidence yet"),
    ReasonMessage.EVIDENCE_OF_ANOTHER_RELEASE: Template("its evidence is about another release"),
    ReasonMessage.EVIDENCE_WEAK: Template("its evidence is of a weaker class than asked"),
    ReasonMessage.GATE_BROKEN: Template("the gate itself failed, so nothing passes it"),
    ReasonMessage.GATE_UNPROVEN: Template("the gate has not been seen to block, so it does not count"),
    ReasonMessage.GUARDS_MISSING: Template("guards that the plan names are off"),
    ReasonMessage.GUARDS_UNKNOWN: Template("which guards are on is not known"),
    ReasonMessage.HARM_NOT_SHOWN: Template("no harm is shown"),
    ReasonMessage.HARM_PROVEN: Template("it does harm"),
    ReasonMessage.HARM_RULED_OUT: Template("harm is ruled out"),
    ReasonMessage.HARM_NOT_RULED_OUT: Template("harm is not ruled out yet"),
    ReasonMessage.HARM_IN_THE_TAIL: Template("a few losses are so large that they are harm"),
    ReasonMessage.INVARIANT_BROKEN: Template("an invariant was broken"),
    ReasonMessage.INVARIANT_HELD: Template("the invariant held every time"),
    ReasonMessage.NONINFERIORITY_DEPENDENT: Template("neighbouring spells of time are too alike to tell anything from so few"),
    ReasonMessage.MEAN_CUT_OFF: Template("with what lies beyond the cap the mean is too high"),
    ReasonMessage.OBSERVATIONS_FEW: Template("too few observations yet"),
    ReasonMessage.PARITY_CUT_OFF: Template("with pairs beyond the cap live is worse than allowed"),
    ReasonMessage.PARITY_PROVEN: Template("live is no worse than shadow, and so many pairs were seen that its tail is rare"),
    ReasonMessage.PARITY_TAIL_UNSEEN: Template("too few pairs yet to know how often one is far worse"),
    ReasonMessage.PATHS_COVERED: Template("every path that should be seen was seen"),
    ReasonMessage.PATHS_MISSING: Template("not every path that should be seen was seen yet"),
    ReasonMessage.REPORTED_ONLY: Template("told only; it decides nothing"),
    ReasonMessage.SERIES_MISSING: Template("no source measures it"),
    ReasonMessage.SERIES_OF_THE_FUTURE: Template("it tells of what has not been yet: a clock is wrong"),
    ReasonMessage.SERIES_STALE: Template("the last measurement is too old"),
    ReasonMessage.SLICES_BAD: Template("too many bad minutes"),
    ReasonMessage.SLICES_BEHIND: Template("too many bad minutes so far, but it may still get there"),
    ReasonMessage.SLICES_FEW: Template("too few minutes yet"),
    ReasonMessage.SLICES_GOOD: Template("as many good minutes as asked"),
    ReasonMessage.SOURCE_SILENT: Template("the source that measures it has been silent"),
    ReasonMessage.SOURCE_WAS_SILENT: Template("the source that measures it was silent for too much of the time"),
    ReasonMessage.SURVEY_NEGATIVE: Template("people are not content"),
    ReasonMessage.SURVEY_POSITIVE: Template("people are content"),
    ReasonMessage.SURVEY_SEVERE: Template("a user reported something grave"),
    ReasonMessage.SUSTAIN_SHORT: Template("it has not been so for long enough"),
    ReasonMessage.TREND_DEPENDENT: Template("neighbouring pieces of time may be too alike to tell a trend from so few"),
    ReasonMessage.TREND_LATELY_ABOVE: Template("since the last look it has risen by more than allowed"),
    ReasonMessage.TREND_SHORT: Template("too short a time to see a trend"),
    ReasonMessage.VALUES_IMPOSSIBLE: Template("the measurements make no sense"),
    ReasonMessage.WINDOW_OF_ANOTHER_RELEASE: Template(
        "the window reaches back to another release, which says nothing for this one"
    ),
    ReasonMessage.WINDOW_SHORT: Template("the window has not its whole length yet"),
    ReasonMessage.SILENT_SINCE_START: Template("its source has not been heard yet"),
    ReasonMessage.BOUND_NOT_DISPROVEN: Template("nothing speaks against the bound"),
    ReasonMessage.BOUND_DISPROVEN: Template("the bound is shown to be broken"),
    ReasonMessage.BOUND_UNPROVEN: Template("the bound is not proven yet"),
    ReasonMessage.BOUND_PROVEN: Template("the bound is proven"),
    ReasonMessage.BOUND_DEPENDENT: Template(
        "it would be proven if none had its cause in common with others, which is not known yet"
    ),
    ReasonMessage.BOUND_LATELY_LOW: Template("the newest observations are worse than the bound"),
    ReasonMessage.APPROVAL_EXPIRED: Template(
        "it has waited for a pilot longer than an approval lasts; look again, and approve again"
    ),
    ReasonMessage.APPROVAL_OUTDATED: Template("what was shown to you has changed meanwhile; look again, and approve again"),
    ReasonMessage.AUTHOR_APPROVES: Template("the author of the plan cannot approve it"),
    ReasonMessage.CLAIM_NOT_ASKED: Template("no item of the plan's checklist, no gate and no stage asks for this"),
    ReasonMessage.CLOCK_STANDS: Template("the trader opens nothing or is not heard; nothing is promoted until it is"),
    ReasonMessage.EVIDENCE_OLDER: Template("it is older than the evidence against it; collect it again"),
    ReasonMessage.EVIDENCE_WEAKER: Template(
        "what the launch has is of a stronger class, and still holds; only what speaks against it is taken now"
    ),
    ReasonMessage.GIVEN_UP: Template("it was given up, and no stage follows; docs/launch.md says how to begin again"),
    ReasonMessage.HOLD_NEWER: Template("it was raised after you said so; look at it, and release it again"),
    ReasonMessage.HOLD_NOT_YOURS: Template("it goes by itself with its reason"),
    ReasonMessage.HOLD_UNKNOWN: Template("there is no such hold"),
    ReasonMessage.NOTHING_TO_DEMOTE: Template("there is no stage to go back from"),
    ReasonMessage.NOT_READY: Template("not everything is there yet; `fairway launch explain` says what is missing"),
    ReasonMessage.WAIVER_OF_NO_ITEM: Template("only an item of the plan's checklist can be waived"),
    ReasonMessage.NOT_WAIVABLE: Template("the plan says that it cannot be waived"),
    ReasonMessage.NOTHING_TO_REVIEW: Template("there is no stage yet that a person could review"),
    ReasonMessage.PERSON_NOT_NAMED: Template("the plan names another person for this role"),
    ReasonMessage.RELEASE_UNKNOWN: Template(
        "an approval is of a release, and the trader has not reported which one runs; start the trader, and approve again"
    ),
    ReasonMessage.REVIEW_OVERDUE: Template("no person has reviewed it for longer than the plan says: `fairway launch review`"),
    ReasonMessage.ROLE_NOT_ASKED: Template("the plan does not ask this role"),
    ReasonMessage.STAGE_NOT_NEXT: Template("it is not the next stage"),
    ReasonMessage.STAGE_NOT_SMALLER: Template("it is no smaller stage than this one"),
    ReasonMessage.STAGE_UNKNOWN: Template("the plan has no such stage"),
    ReasonMessage.TIMELINE_NOT_YET: Template("by the plan's clock it is not time yet"),
    ReasonMessage.TIMELINE_UNMET: Template("the plan's clock asks for what has no evidence yet"),
    ReasonMessage.TRACK_UNKNOWN: Template("the plan has no such track"),
    ReasonMessage.WAIVER_OF_ONE: Template("the person who asks for a waiver cannot grant it"),
    ReasonMessage.WAIVER_TOO_LONG: Template("it lasts too long"),
}
BY_ENDING: Final[Mapping[str, ReasonMessage]] = {
    "_NOT_DISPROVEN": ReasonMessage.BOUND_NOT_DISPROVEN,
    "_DISPROVEN": ReasonMessage.BOUND_DISPROVEN,
    "_UNPROVEN": ReasonMessage.BOUND_UNPROVEN,
    "_PROVEN": ReasonMessage.BOUND_PROVEN,
    "_DEPENDENT": ReasonMessage.BOUND_DEPENDENT,
    "_LATELY_LOW": ReasonMessage.BOUND_LATELY_LOW,
}
"""Codes that statistics make of a gate's name and an ending; the first ending that fits counts."""
CODES: Final = frozenset(key.name for key in ReasonMessage if key not in {*BY_ENDING.values(), ReasonMessage.SILENT_SINCE_START})
"""Every code that has a sentence under its own name."""
