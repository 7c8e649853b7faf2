"""Makes evidence of whether an action item of a postmortem is overdue, so that a plan can refuse to go on with one."""

from typing import Final

from fairway.incidents.incident import ActionState, Incidents
from fairway.launch.evidence.model import Evidence, Rank
from fairway.world.clock import HOUR, text_of

CLAIM: Final = "postmortem-actions"
PRODUCER: Final = "the alerting process"
RENEWED_NS: Final = 6 * HOUR
"""So often it is brought again, so that it counts no longer soon after the alerting process has ended."""
ENDS_NS: Final = 24 * HOUR
NAMED_MAX: Final = 5


def evidence_of_actions(state: Incidents, now: int) -> Evidence:
    """It holds where no action item is overdue at an instant (ns); it counts for a day.

    It carries no digest: what is brought again and says the same voids no approval.
    """
    waiting = [each for each in state.actions.values() if each.state is not ActionState.DONE]
    late = [each for each in waiting if each.state is ActionState.OVERDUE or now >= each.due_at]
    named = ", ".join(f"{each.id} of {each.owner}, due {text_of(each.due_at)[:10]}" for each in late[:NAMED_MAX])
    more = f" and {len(late) - NAMED_MAX} more" if len(late) > NAMED_MAX else ""
    why = f"overdue: {named}{more}" if late else f"no action item is overdue, {len(waiting)} are open"
    return Evidence(
        claim=CLAIM,
        rank=Rank.MACHINE_ARTIFACT,
        holds=not late,
        why=why,
        producer=PRODUCER,
        made_at=now,
        ends_at=now + ENDS_NS,
        again="fairway incident action list CONFIG",
    )


def evidence_due(state: Incidents, last: Evidence | None, now: int) -> Evidence | None:
    """The evidence that is to be brought to the launch now; None where the last one says the same and is new enough."""
    found = evidence_of_actions(state, now)
    if last is not None and last.holds == found.holds and now - last.made_at < RENEWED_NS:
        return None
    return found
