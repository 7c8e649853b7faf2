"""A stage with real money and no bound on what it may lose in all."""

from collections.abc import Iterator

from fairway.launch.plan.limits import Mode, as_counted
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import Split


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, stage, path in draft.plan.walk():
        if draft.plan.rows[track].splits is Split.HTTP_WEIGHT or stage.limits.mode is not Mode.LIVE:
            continue
        if stage.limits.loss is None:
            what = f"{stage.name} trades real money, and what it may lose in all has no bound"
            yield RuleFinding((*path, "limits"), what, "loss: 100 USD", about="loss")
        if stage.limits.capital is None and stage.limits.users is None:
            what = f"{stage.name} bounds neither its capital nor how many users bring theirs"
            yield RuleFinding((*path, "limits"), what, "capital: 1000 USD", about="capital")
        loss, capital = stage.limits.loss, stage.limits.capital
        if loss and capital and as_counted(loss).asset == as_counted(capital).asset and as_counted(loss) > as_counted(capital):
            what = f"{stage.name} may lose {loss} of {capital}, which bounds nothing"
            yield RuleFinding((*path, "limits", "loss"), what, f"loss: less than {capital}")


RULE = Rule(
    "unbounded-loss",
    Severity.WARN,
    "Exposure is what is rolled out, and its most important number is what it may cost.",
    look,
    yields_to=("unbounded-regret", "senseless-limit"),
)
