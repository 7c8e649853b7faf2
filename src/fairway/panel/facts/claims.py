"""The checklist and all else that a plan wants evidence for: what each rests on, until when, and who asks for it."""

from dataclasses import dataclass
from typing import Final

from fairway.launch.views.claim_standing import ClaimStanding, claim_standings
from fairway.launch.views.record import standing_in_words
from fairway.launch.views.status_text import LaunchStatus
from fairway.panel.state_marks import Mark
from fairway.texts.durations import duration_words

_MARKS: Final = {
    "EVIDENCE_HOLDS": Mark.GOOD,
    "EVIDENCE_AGAINST": Mark.BAD,
    "EVIDENCE_MISSING": Mark.PENDING,
    "EVIDENCE_WEAK": Mark.PENDING,
    "CLAIM_WAIVED": Mark.HELD,
}
"""What is not here is unknown: it has expired, or is of another release."""
SOON: Final = 5
"""An expiry is near where less than a fifth of the time is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """One claim. needs: the weakest class of evidence that meets it. made_at, ends_at: ns; 0 for none. says: of the evidence."""

    name: str
    mark: Mark
    standing: str
    needs: str
    rank: str
    by: str
    says: str
    again: str
    made_at: int
    ends_at: int
    left: str
    ends_soon: bool
    digest: str
    asked_by: str
    can_waive: bool


def claim_facts(status: LaunchStatus) -> tuple[ClaimFacts, ...]:
    """As the plan orders them."""
    return tuple(_claim(each, status.observation.now) for each in claim_standings(status))


def _claim(each: ClaimStanding, now: int) -> ClaimFacts:
    evidence, mark = each.evidence, _MARKS.get(each.code, Mark.UNKNOWN)
    made_at = evidence.made_at if evidence is not None else 0
    left = each.ends_at - now
    return ClaimFacts(
        name=each.claim.name,
        mark=mark,
        standing=standing_in_words(each.code, each.claim),
        needs=str(each.claim.rank),
        rank=str(evidence.rank) if evidence is not None else "",
        by=evidence.producer if evidence is not None else "",
        says=evidence.why if evidence is not None else "",
        again=evidence.again if evidence is not None else "",
        made_at=made_at,
        ends_at=each.ends_at,
        left=_left(left) if each.ends_at else "",
        ends_soon=bool(each.ends_at) and left * SOON < each.ends_at - made_at,
        digest=evidence.digest if evidence is not None else "",
        asked_by=", ".join(each.asked_by),
        can_waive=each.is_waivable and mark not in (Mark.GOOD, Mark.HELD),
    )


def _left(ns: int) -> str:
    return f"{duration_words(ns)} left" if ns > 0 else f"ended {duration_words(-ns)} ago"
