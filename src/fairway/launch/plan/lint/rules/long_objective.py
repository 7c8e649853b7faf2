"""An objective over a longer time than the plan lasts, so that its budget can be spent at once."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.model import Plan
from fairway.launch.plan.stage_ref import StageRef
from fairway.texts.durations import as_setting
from fairway.world.clock import DAY, HOUR


def look(draft: Draft) -> Iterator[RuleFinding]:
    plan = draft.plan
    lasts = max(_ends(plan, name) for name in plan.rows)
    for index, objective in enumerate(plan.objectives):
        if objective.within > lasts > 0:
            share = lasts / objective.within
            within = as_setting(objective.within)
            told = f"{objective.name} is kept over {within}, and the plan's stages last {as_setting(lasts)}"
            what = f"{told}: in {share:.0%} of its window all of its budget may be spent"
            unit = DAY if lasts >= DAY else HOUR if lasts >= HOUR else 1
            yield RuleFinding(("objectives", index, "within"), what, f"within: {as_setting(lasts // unit * unit)} or less")


def _ends(plan: Plan, name: str, waited: tuple[str, ...] = ()) -> int:
    """When the last stage of a track has had its time (ns), with the track that it waits for."""
    track = plan.rows[name]
    before = StageRef.parse(track.after).track
    begins = _ends(plan, before, (*waited, name)) if before in plan.rows and before not in (*waited, name) else 0
    return begins + sum(stage.stay.at_most or stage.stay.at_least for stage in track.stages)


RULE = Rule(
    "long-objective",
    Severity.WARN,
    "A budget of a year that is spent in a week still looks kept when the plan ends, so no alarm is raised.",
    look,
    yields_to=("senseless-limit",),
)
