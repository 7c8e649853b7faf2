"""A stage that risks more than the one before it, and asks for less: of its gates, its stay, its people or its answer."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from fairway.launch.gates.port import GateSettings
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft, DraftGate
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.rules.loose_alarm import plain
from fairway.launch.plan.lint.rules.shrinking import widens
from fairway.launch.plan.stage import FailureAction, Stage
from fairway.money.fraction import Fraction
from fairway.texts.durations import as_setting
from fairway.texts.located_yaml import Path
from fairway.texts.quantities import Quantity

MORE: Final = ("at_least", "q", "at_least_n", "not_below", "positive")
"""Keys of gates of which more is stricter; …"""
LESS: Final = ("at_most", "tolerate", "rise_at_most", "severe_at_most")
"""… and less is."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, old, new, path in draft.steps_up():
        if not widens(old.limits, new.limits):
            continue
        yield from _of_gates(draft, track, old, new)
        yield from _of_people(draft, old, new, path)
        if old.limits.mode is not Mode.LIVE or new.limits.mode is not Mode.LIVE:
            continue
        if new.stay.at_least < old.stay.at_least:
            shorter, longer = as_setting(new.stay.at_least), as_setting(old.stay.at_least)
            what = f"{new.name} risks more than {old.name}, and lasts {shorter} at least in place of {longer}"
            yield RuleFinding((*path, "stay", "at_least"), what, f"at_least: {longer}", Severity.WARN)
        answers = tuple(FailureAction)
        if answers.index(new.on_fail) < min(answers.index(old.on_fail), answers.index(FailureAction.PREVIOUS_STAGE)):
            what = (
                f"{new.name} risks more than {old.name}, and does {new.on_fail!s} where a gate fails in place of {old.on_fail!s}"
            )
            yield RuleFinding((*path, "on_fail"), what, f"on_fail: {old.on_fail!s}", Severity.WARN)


def _of_people(draft: Draft, old: Stage, new: Stage, path: Path) -> Iterator[RuleFinding]:
    """Fewer of the roles that let the smaller stage be entered, and more of none."""
    usual = draft.plan.approvals.need
    before, after = (stage.approve if stage.approve is not None else usual for stage in (old, new))
    if before != after and all(after.get(role, 0) <= before.get(role, 0) for role in {*before, *after}):
        told = f"{sum(after.values())} people let {new.name} be entered, and {sum(before.values())} the smaller {old.name}"
        mend = ", ".join(f"{role}: {number}" for role, number in before.items())
        is_own = new.approve is not None
        yield RuleFinding((*path, "approve") if is_own else path, told, f"approve: {{{mend}}}", about="" if is_own else "approve")


def _of_gates(draft: Draft, track: str, old: Stage, new: Stage) -> Iterator[RuleFinding]:
    """Gates of one kind about one indicator, of which the larger stage has none as strict as the smaller one has."""
    asked = [each for each in draft.asked if each.track == track and each.settings is not None]
    for before in (each for each in asked if each.stage is old):
        alike = [each for each in asked if each.stage is new and _is_alike(before, each)]
        weaker = [(each, key) for each in alike for key in _weaker(before.settings, each.settings)]
        if alike and len({id(each) for each, _ in weaker}) == len(alike):
            after, key = weaker[0]
            was, now = _told(before.settings, key), _told(after.settings, key)
            what = (
                f"{new.name} risks more than {old.name}, and its gate {after.entry.name} asks for {key} {now} in place of {was}"
            )
            yield RuleFinding((*after.path, key), what, f"{key}: {was}")


def _is_alike(one: DraftGate, other: DraftGate) -> bool:
    """Whether two gates are about the same."""
    labels = [getattr(each.settings, "only", ()) for each in (one, other)]
    return one.entry.gate == other.entry.gate and one.of == other.of and labels[0] == labels[1]


def _weaker(before: Any, after: Any) -> list[str]:
    """The keys in which a gate asks for less; none where it asks for more in another one."""
    changed = dict[str, int]()
    strengths = [str(getattr(each, "strength", "")) for each in (before, after)]
    changed["strength"] = (strengths[0] == "not_disproven") - (strengths[1] == "not_disproven")
    for key in (*MORE, *LESS):
        was, now = _number(getattr(before, key, None)), _number(getattr(after, key, None))
        if was is not None and now is not None and was[1] == now[1]:
            changed[key] = ((now[0] > was[0]) - (now[0] < was[0])) * (1 if key in MORE else -1)
    if strengths[0] != strengths[1]:
        changed.pop("at_least_n", None)  # what is proven takes as many as it takes
    ways = [getattr(each, "paths", {}) for each in (before, after)]
    if ways[0] != ways[1]:
        is_less = all(ways[1].get(way, 0) <= times for way, times in ways[0].items()) and set(ways[1]) <= set(ways[0])
        changed["paths"] = -1 if is_less else 0
    return [key for key, way in changed.items() if way < 0] if not any(way > 0 for way in changed.values()) else []


def _number(value: Any) -> tuple[Decimal, str] | None:
    """A number with its unit, so that like is compared with like."""
    match value:
        case Fraction():
            return value.value, "share"
        case Quantity():
            return plain(value).value, plain(value).unit
        case int():
            return Decimal(value), ""
    return None


def _told(settings: GateSettings | None, key: str) -> str:
    value = getattr(settings, key)
    return f"{{{', '.join(f'{way}: {n}' for way, n in value.items())}}}" if isinstance(value, dict) else str(value)


RULE = Rule(
    "asks-less",
    Severity.REFUSE,
    "Evidence for a small stake is no evidence for a larger one, so a stage that risks more must ask for at least as much.",
    look,
)
