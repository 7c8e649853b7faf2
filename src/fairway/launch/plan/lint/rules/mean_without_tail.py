"""A bound on a mean, and none on its tail, or one that follows from the mean itself."""

from collections.abc import Iterator

from fairway.launch.gates.kinds.mean import MeanSettings
from fairway.launch.gates.kinds.quantile import QuantileSettings
from fairway.launch.gates.statistics.series_gate import NEVER_NEGATIVE
from fairway.launch.plan.lint.draft import Draft, DraftGate
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.rules.loose_alarm import plain
from fairway.money.fraction import Fraction
from fairway.texts.quantities import Quantity
from fairway.watch.indicators import BY_NAME, Measures


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, objective in enumerate(draft.plan.objectives):
        mean, tail, share = objective.mean, objective.at_most, objective.share
        is_empty = mean is not None and tail is not None and share is not None and _is_empty(mean, tail, share)
        if mean is not None and (tail is None or (is_empty and _is_never_negative(objective.of))):
            what = f"{objective.name} bounds the mean at {mean}{_of(tail, share)}: {_worst()}"
            yield RuleFinding(("objectives", index), what, f"at_most: {_three(mean)}, share: 99 %")
    for asked in draft.asked:
        settings = asked.settings
        if isinstance(settings, MeanSettings) and not _is_bounded(draft, asked, settings):
            what = f"{asked.entry.name} bounds the mean at {settings.at_most}{_of(settings.tail.at_most, settings.tail.q)}"
            yield RuleFinding(asked.path, f"{what}: {_worst()}", f"tail: {{q: 99 %, at_most: {_three(settings.at_most)}}}")
        elif settings is None and _has_none(asked):
            at_most = asked.entry.text("at_most") or "the bound"
            what = f"{asked.entry.name} bounds the mean at {at_most}: {_worst()}"
            yield RuleFinding(asked.path, what, f"{{gate: quantile, of: {asked.of}, q: 99 %, at_most: …}} beside it")


def _of(tail: Quantity | None, share: Fraction | None) -> str:
    return f", and {share} of all at {tail}, which follows from the mean" if tail is not None and share is not None else ""


def _worst() -> str:
    return "with 99 of 100 at half of it, one may take 50.0 times the bound, and the mean does not show it"


def _three(mean: Quantity) -> str:
    return str(Quantity(mean.value * 3, mean.unit))


def _is_empty(mean: Quantity, tail: Quantity, share: Fraction) -> bool:
    """Whether a bound on a tail says no more than the mean: at most mean/tail of what is never negative lies above (Markov)."""
    low, high = plain(mean), plain(tail)
    return low.unit == high.unit and low.value <= high.value * (1 - share.value)


def _is_never_negative(of: str) -> bool:
    return of in BY_NAME and BY_NAME[of].measures in NEVER_NEGATIVE


def _is_bounded(draft: Draft, asked: DraftGate, settings: MeanSettings) -> bool:
    """Whether the gate's own tail, or a quantile beside it, says more than the mean."""
    beside = [each.settings for each in draft.asked if each.track == asked.track and each.stage is asked.stage]
    tails = [(each.at_most, each.q) for each in beside if isinstance(each, QuantileSettings) and each.of == settings.of]
    tails.append((settings.tail.at_most, settings.tail.q))
    return any(not _is_empty(settings.at_most, tail, share) for tail, share in tails)


def _has_none(asked: DraftGate) -> bool:
    """Of a gate that could not be read: whether a mean is bounded, and nothing is said of a tail."""
    others = asked.plan.gates_of(asked.track, asked.stage.name)
    is_mean = asked.entry.gate == "mean" and asked.indicator is not None and asked.indicator.measures is not Measures.GOOD
    beside = any(each.entry.gate == "quantile" and each.entry.text("of") == asked.of for each in others)
    return is_mean and not beside and not any(key.startswith("tail") for key in asked.entry.own)


RULE = Rule(
    "mean-without-tail",
    Severity.REFUSE,
    "A mean hides the one answer in a hundred that takes a minute, and that one is when the market moves.",
    look,
)
