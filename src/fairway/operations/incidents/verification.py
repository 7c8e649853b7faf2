"""Names that may verify an action item: drills, gates, and items of a checklist. Words of one's own verify nothing."""

from typing import TYPE_CHECKING, Final

from fairway.operations.refusal import wrong_input

if TYPE_CHECKING:
    from fairway.launch.plan.model import Plan
    from fairway.settings import Settings

NAMED_MAX: Final = 30
"""Names that a refusal lists."""


def verification_given(settings: "Settings", name: str) -> str:
    """The claim or the gate that a name means; of a drill, the claim that it shows. Raises Refusal, PlanError, JournalErrors."""
    from fairway.launch.evidence.postmortem_actions import CLAIM as ACTIONS
    from fairway.launch.evidence.producers import OF_CLAIMS
    from fairway.launch.views.verifications import verification_names
    from fairway.operations.drills.drill import all_drills

    wanted, plan = name.strip(), _plan_beside(settings)
    drills = {each.name: each.claim for each in all_drills()}
    asked = verification_names(plan) if plan is not None else ()
    claims = dict.fromkeys((*asked, *drills.values(), *(each.claim for each in OF_CLAIMS if each.claim != ACTIONS)))
    if wanted in claims:
        return wanted
    if wanted in drills:
        return drills[wanted]
    if wanted == ACTIONS:
        what = f"{ACTIONS!r} is about the action items themselves, so it would verify itself"
    else:
        what = f"{wanted[:40]!r} is no drill, no gate and no item of a checklist"
    right = list(dict.fromkeys((*drills, *claims)))[:NAMED_MAX]
    raise wrong_input(
        f"VERIFICATION_UNKNOWN: verified_by={wanted[:40]}",
        f"{what}; there are {', '.join(right)}{_without(plan)}",
        field="verified_by",
        example="limit-breach",
    )


def _without(plan: "Plan | None") -> str:
    return "" if plan is not None else ", and with a launch what its plan names"


def _plan_beside(settings: "Settings") -> "Plan | None":
    """Of the launch beside the trader; None where there is none. Raises PlanError, JournalErrors."""
    from fairway.assembly.tower import NotBegun, launch_as_begun, written_of

    try:
        return written_of(launch_as_begun(settings)).plan
    except NotBegun:
        return None
