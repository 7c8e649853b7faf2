"""A bound on a mean, and none on its tail."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Asked, Draft
from fairway.launch.lint.port import Found, Rule, Severity
from fairway.watch.indicators import Measures


def look(draft: Draft) -> Iterator[Found]:
    for index, objective in enumerate(draft.plan.objectives):
        if objective.mean is not None and objective.at_most is None:
            what = (
                f"{objective.name} bounds the mean at {objective.mean}: with 99 of 100 at half of it, one may take {_worst(50)}"
            )
            yield Found(("objectives", index), what, f"at_most: {_three(str(objective.mean))}, share: 99 %")
    for asked in draft.asked:
        if asked.entry.gate == "mean" and asked.indicator and asked.indicator.measures is not Measures.GOOD and not _tail(asked):
            at_most = asked.entry.text("at_most") or "the bound"
            what = f"{asked.entry.name} bounds the mean at {at_most}: with 99 of 100 at half of it, one may take {_worst(50)}"
            yield Found(asked.path, what, f"{{gate: quantile, of: {asked.of}, q: 99 %, at_most: …}} beside it")


def _worst(times: float) -> str:
    return f"{times:.1f} times the bound, and the mean does not show it"


def _three(mean: str) -> str:
    number, _, unit = mean.partition(" ")
    try:
        return f"{float(number) * 3:g} {unit}".strip()
    except ValueError:
        return mean


def _tail(asked: Asked) -> bool:
    """Whether the gate has a tail of its own, or a quantile beside it bounds it."""
    if any(key.startswith("tail") for key in asked.entry.own):
        return True
    others = asked.plan.gates_of(asked.track, asked.stage.name)
    return any(each.entry.gate == "quantile" and each.entry.text("of") == asked.of for each in others)


RULE = Rule(
    "mean-without-tail",
    Severity.REFUSE,
    "A mean hides the one answer in a hundred that takes a minute, and that one is when the market moves.",
    look,
)
