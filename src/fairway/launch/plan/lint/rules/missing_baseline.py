"""A gate that compares with a baseline which is not there when it is asked: of a later stage, or without its indicator."""

from collections.abc import Iterator

from fairway.launch.gates.kinds.regression import RegressionSettings
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.model import MAIN
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.plan.watching import Baseline


def look(draft: Draft) -> Iterator[RuleFinding]:
    baselines = {each.name: (index, each) for index, each in enumerate(draft.plan.baselines)}
    for asked in draft.asked:
        settings = asked.settings
        if not isinstance(settings, RegressionSettings) or settings.against not in baselines:
            continue
        index, baseline = baselines[settings.against]
        if settings.of not in baseline.of:
            what = f"{asked.entry.name} compares {settings.of} with {baseline.name}, which keeps {', '.join(baseline.of)}"
            yield RuleFinding(("baselines", index, "of"), what, f"of: [{', '.join([*baseline.of, settings.of])}]")
        if not _is_before(draft, baseline, asked.track, asked.stage.name):
            told = f"{baseline.name} is captured when {baseline.stage} is passed"
            what = f"{told}, and {asked.entry.name} needs it in {asked.stage.name} before that: it says ERROR for ever"
            yield RuleFinding((*asked.path, "against"), what, "against: a baseline of an earlier stage, or control")


def _is_before(draft: Draft, baseline: Baseline, track: str, stage: str) -> bool:
    """Whether its stage comes before another one; of other tracks, and of stages that are not there, nothing is said."""
    ref = StageRef.parse(baseline.stage, track=MAIN)
    names = [each.name for each in draft.plan.rows[track].stages]
    if ref.track != track or ref.stage not in names:
        return True
    return names.index(ref.stage) < names.index(stage)


RULE = Rule(
    "missing-baseline",
    Severity.REFUSE,
    "A comparison without its baseline says ERROR for ever, so the stage is never left.",
    look,
)
