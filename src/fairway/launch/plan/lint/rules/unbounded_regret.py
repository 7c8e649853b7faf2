"""Real money on what is only not disproven, without a bound on what that may cost."""

from collections.abc import Iterator

from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import Split


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, old, new, path in draft.steps_up():
        if new.limits.mode is not Mode.LIVE or new.limits.loss is not None:
            continue
        if draft.plan.rows[track].splits is Split.HTTP_WEIGHT:
            continue  # requests go back within minutes, and hold no positions
        weak = [
            each.entry.name
            for each in draft.asked
            if each.track == track and each.stage.name == old.name and each.entry.text("strength") == "not_disproven"
        ]
        if weak:
            what = f"{new.name} is entered on {', '.join(weak)}, which may pass without proof, and its loss has no bound"
            mend = "limits.loss: what you are ready to lose by being wrong; or strength: proven"
            yield RuleFinding((*path, "limits"), what, mend, about="loss")


RULE = Rule(
    "unbounded-regret",
    Severity.REFUSE,
    "Either prove it or bound it: without proof the loss that is allowed is all that protects.",
    look,
)
