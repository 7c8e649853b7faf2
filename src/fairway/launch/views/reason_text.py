"""Says in plain words what a verdict's reason means, and why a person's word was not obeyed; the code stays beside it.

And what limits allow, how long something lasts, and when a hold ends.
"""

import re
from collections.abc import Sequence
from typing import Final

from fairway.launch.control.causes import CAUSE
from fairway.launch.control.holds import UNGUARDED, Hold
from fairway.risk.caps import Cap, Lifting
from fairway.risk.limits import Limits, TradingState
from fairway.texts.numbers import counted
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

NAMED_MOST: Final = 3
"""Accounts that are named of those that lack something, or open nothing."""
MEANT: Final[dict[str, str]] = {
    # why a gate says what it says
    "APPROVALS_GIVEN": "everybody who is asked has approved",
    "APPROVALS_MISSING": "people have yet to approve",
    "BASELINE_MISSING": "there is nothing yet to compare with",
    "BLOCKS_FEW": "too few spells of time to compare",
    "CHECKLIST_MET": "every item has its evidence",
    "CHECKLIST_OPEN": "items lack evidence",
    "CHECKLIST_UNKNOWN": "the plan has no such item",
    "CLAIM_WAIVED": "it is waived for a while",
    "CONTROL_MISSING": "nothing runs beside it to compare with",
    "COUNT_HIGH": "it happened more often than allowed",
    "COUNT_KEPT": "it happened no more often than allowed",
    "COUNT_LOW": "it has not happened often enough yet",
    "COUNT_REACHED": "it has happened often enough",
    "COVERAGE_LOW": "too much of the time was not measured",
    "EVENTS_HAPPENED": "what must not happen has happened",
    "EVENTS_NONE": "nothing of the kind has happened, and somebody was looking",
    "EVIDENCE_AGAINST": "the newest word on it says that it does not hold",
    "EVIDENCE_EXPIRED": "its evidence is too old",
    "EVIDENCE_HOLDS": "its evidence holds",
    "EVIDENCE_MISSING": "there is no evidence yet",
    "EVIDENCE_OF_ANOTHER_RELEASE": "its evidence is about another release",
    "EVIDENCE_WEAK": "its evidence is of a weaker class than asked",
    "GATE_BROKEN": "the gate itself failed, and that lets nobody pass",
    "GATE_UNPROVEN": "the gate has not been seen to block, so it does not count",
    "GUARDS_MISSING": "guards that the plan names are off",
    "GUARDS_UNKNOWN": "which guards are on is not known",
    "HARM_NOT_SHOWN": "no harm is shown",
    "HARM_PROVEN": "it does harm",
    "HARM_RULED_OUT": "harm is ruled out",
    "HARM_NOT_RULED_OUT": "harm is not ruled out yet",
    "HARM_IN_THE_TAIL": "a few losses are so large that they are harm",
    "INVARIANT_BROKEN": "what must always be so was not",
    "INVARIANT_HELD": "it was so every time",
    "LIKENESS_DEPENDENT": "neighbouring spells of time are too alike to tell anything from so few",
    "MEAN_CUT_OFF": "with what lies beyond the cap the mean is too high",
    "OBSERVATIONS_FEW": "too few observations yet",
    "PARITY_CUT_OFF": "with pairs beyond the cap live is worse than allowed",
    "PARITY_PROVEN": "live is no worse than shadow, and so many pairs were seen that its tail is rare",
    "PARITY_TAIL_UNSEEN": "too few pairs yet to know how often one is far worse",
    "PATHS_COVERED": "everything that should be seen was seen",
    "PATHS_MISSING": "not everything was seen yet that should be",
    "REPORTED_ONLY": "told only; it decides nothing",
    "SERIES_MISSING": "nobody measures it",
    "SERIES_OF_THE_FUTURE": "it tells of what has not been yet: a clock is wrong",
    "SERIES_STALE": "the last measurement is too old",
    "SLICES_BAD": "too many bad minutes",
    "SLICES_BEHIND": "too many bad minutes so far, but it may still get there",
    "SLICES_FEW": "too few minutes yet",
    "SLICES_GOOD": "as many good minutes as asked",
    "SOURCE_SILENT": "whoever measures it has been silent",
    "SOURCE_WAS_SILENT": "whoever should have seen it was silent for too much of the time",
    "SURVEY_NEGATIVE": "people are not content",
    "SURVEY_POSITIVE": "people are content",
    "SURVEY_SEVERE": "somebody told of something grave",
    "SUSTAIN_SHORT": "it has not been so for long enough",
    "TREND_DEPENDENT": "neighbouring pieces of time may be too alike to tell a trend from so few",
    "TREND_LATELY_ABOVE": "since the last look it has risen by more than allowed",
    "TREND_SHORT": "too short a time to see a trend",
    "VALUES_IMPOSSIBLE": "the measurements make no sense",
    "WINDOW_OF_ANOTHER_RELEASE": "the window reaches back to another release, which says nothing for this one",
    "WINDOW_SHORT": "the window has not its whole length yet",
    # why a person's word was not obeyed
    "APPROVAL_EXPIRED": "it has waited for a pilot longer than an approval lasts; look again, and approve again",
    "APPROVAL_OUTDATED": "what was shown to you has changed meanwhile; look again, and approve again",
    "AUTHOR_APPROVES": "who wrote the plan cannot approve it",
    "CLAIM_NOT_ASKED": "no item of the plan's checklist, no gate and no stage asks for this",
    "CLOCK_STANDS": "the trader opens nothing or is not heard; nothing is promoted until it is",
    "EVIDENCE_OLDER": "it is older than what speaks against it; make it anew",
    "EVIDENCE_WEAKER": "what the launch has is of a stronger class, and still holds; only what speaks against it is taken now",
    "GIVEN_UP": "it was given up, and no stage follows; docs/explanation/launch.md says how to begin anew",
    "HOLD_NEWER": "it was raised after you said so; look at it, and release it again",
    "HOLD_NOT_YOURS": "it goes by itself with its reason",
    "HOLD_UNKNOWN": "there is no such hold",
    "NOTHING_TO_DEMOTE": "there is no stage to go back from",
    "NOT_READY": "not everything is there yet; `fairway launch explain` says what is missing",
    "WAIVER_OF_NO_ITEM": "only an item of the plan's checklist can be waived",
    "NOT_WAIVABLE": "the plan says that it cannot be waived",
    "NOTHING_TO_REVIEW": "there is no stage yet that anybody could look at",
    "PERSON_NOT_NAMED": "the plan names who speaks in this role, and it is somebody else",
    "RELEASE_UNKNOWN": "an approval is of a release, and nobody has heard which one runs; start the trader, and approve again",
    "REVIEW_OVERDUE": "nobody has looked for longer than the plan says: `fairway launch review`",
    "ROLE_NOT_ASKED": "the plan does not ask this role",
    "STAGE_NOT_NEXT": "it is not the next stage",
    "STAGE_NOT_SMALLER": "it is no smaller stage than this one",
    "STAGE_UNKNOWN": "the plan has no such stage",
    "TIMELINE_NOT_YET": "by the plan's clock it is not time yet",
    "TIMELINE_UNMET": "the plan's clock asks for what has no evidence yet",
    "TRACK_UNKNOWN": "the plan has no such track",
    "WAIVER_OF_ONE": "who asks for a waiver cannot grant it",
    "WAIVER_TOO_LONG": "it lasts too long",
}
FAMILIES: Final[dict[str, str]] = {
    "_NOT_DISPROVEN": "nothing speaks against the bound",
    "_DISPROVEN": "the bound is shown to be broken",
    "_UNPROVEN": "the bound is not proven yet",
    "_PROVEN": "the bound is proven",
    "_DEPENDENT": "it would be proven if none had its cause in common with others, which is not known yet",
    "_LATELY_LOW": "the newest observations are worse than the bound",
}
"""By how a code ends; the first that fits counts."""
_DIGITS: Final = re.compile(r"(\d+\.\d{3})\d+")


def plainly(reason: str) -> str:
    """The sentence for a reason, and the reason in brackets, its numbers cut to three digits; that alone where none is known."""
    code, short = reason.partition(":")[0].strip(), _DIGITS.sub(r"\1", reason)
    if "silent_s=never" in reason:  # the time of a silence is told only of somebody who has spoken
        return f"nothing was heard yet of whoever measures it ({short})"
    meant = MEANT.get(code) or next((words for end, words in FAMILIES.items() if code.endswith(end)), "")
    return f"{meant} ({short})" if meant else short


def limits_in_words(limits: Limits) -> str:
    """What limits allow still."""
    if limits.state is not TradingState.ACTIVE:
        return "opens nothing; what is held stays under its stops"
    fields = [(name, getattr(limits, name)) for name in limits.set_fields()]
    return ", ".join(f"{name.replace('_', ' ')} {_value(value)}" for name, value in fields) or "nothing is limited"


def shut_in_words(shut: Sequence[tuple[str, Cap]]) -> str:
    """Which accounts open nothing at all by their trader's own caps, and why; "" where none has such a cap."""
    whole = [(name, cap.reason) for name, cap in shut if not cap.symbol]
    if not whole:
        return ""
    names, reasons = (list(dict.fromkeys(each)) for each in zip(*whole, strict=True))
    more = f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else ""
    others = f" (and {counted(len(reasons) - 1, 'more reason')})" if len(reasons) > 1 else ""
    return f"{', '.join(names[:NAMED_MOST])}{more} {'open' if len(names) > 1 else 'opens'} nothing now: {reasons[0]}{others}"


def _value(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def ends_when(hold: Hold) -> str:
    """What has to happen for it to go."""
    if hold.lifting is Lifting.PERSON:
        return f'a person says so (fairway launch release CONFIG "{hold.id}")'
    if hold.id.startswith(f"{CAUSE}alarm "):
        return "it is silent again"
    if hold.id == UNGUARDED:
        return "its trader shows that they are on"
    if hold.id.startswith(CAUSE):
        return "the trader's own cap is gone (fairway caps says who lifts it)"
    return "its reason is gone"


def span(ns: int) -> str:
    """A length of time as people say it: `6 d 4 h`, `35 min`, `12 s`."""
    if ns >= DAY:
        return f"{ns // DAY} d {ns % DAY // HOUR} h"
    if ns >= HOUR:
        return f"{ns // HOUR} h {ns % HOUR // MINUTE} min"
    if ns >= 10 * MINUTE:
        return f"{ns // MINUTE} min"
    minutes, seconds = max(ns, 0) // MINUTE, max(ns, 0) % MINUTE // SECOND
    parts = [f"{minutes} min"] * bool(minutes) + [f"{seconds} s"] * bool(seconds or not minutes)
    return " ".join(parts)
