"""Makes evidence of whether an action item of a postmortem is overdue, so that a plan can refuse to go on with one."""

from collections.abc import Sequence
from typing import Final

from fairway.incidents.incident import ActionItem, ActionState, Incidents
from fairway.launch.evidence.model import Evidence, Rank
from fairway.world.clock import HOUR, text_of

CLAIM: Final = "postmortem-actions"
PRODUCER: Final = "the alerting process"
RENEWED_NS: Final = 6 * HOUR
"""So often it is brought again, so that it counts no longer soon after the alerting process has ended."""
ENDS_NS: Final = 24 * HOUR
NAMED_MAX: Final = 5


def evidence_of_actions(state: Incidents, now: int) -> Evidence:
    """It holds where no action item is overdue at an instant (ns). It counts for a day, and until the next item is due at most.

    A due item that a person attests is not overdue; but no machine has shown it, so the evidence is a bare word. It carries no
    digest: what is brought again and says the same voids no approval.
    """
    waiting = [each for each in state.actions.values() if each.state is not ActionState.DONE]
    due = [each for each in waiting if each.state is ActionState.OVERDUE or now >= each.due_at]
    late = [each for each in due if each.state is not ActionState.ATTESTED]
    return Evidence(
        claim=CLAIM,
        rank=Rank.MACHINE_ARTIFACT if late or not due else Rank.BARE_WORD,
        holds=not late,
        why=_why(late, due, len(waiting)),
        producer=PRODUCER,
        made_at=now,
        ends_at=min([now + ENDS_NS, *(each.due_at for each in waiting if each.due_at > now)]),
        again="fairway incident action list CONFIG",
    )


def _why(late: Sequence[ActionItem], due: Sequence[ActionItem], waiting: int) -> str:
    """late: those that are due and neither shown nor attested. waiting: how many are not shown."""
    if late:
        return f"overdue: {_named(late)}"
    if due:
        return f"not shown, but attested by a person: {_named(due)}"
    return f"no action item is overdue, {waiting} are open"


def _named(items: Sequence[ActionItem]) -> str:
    named = ", ".join(f"{each.id} of {each.owner}, due {text_of(each.due_at)[:10]}" for each in items[:NAMED_MAX])
    return f"{named} and {len(items) - NAMED_MAX} more" if len(items) > NAMED_MAX else named


def evidence_due(state: Incidents, last: Evidence | None, now: int) -> Evidence | None:
    """The evidence that is to be brought to the launch now; None where the last one says the same and is new enough."""
    found = evidence_of_actions(state, now)
    if last is None or (last.holds, last.rank) != (found.holds, found.rank):
        return found
    return found if now >= min(last.made_at + RENEWED_NS, last.ends_at) else None
