"""Evidence, or an approval, that has run out before it can be used."""

from collections.abc import Iterator

from fairway.launch.evidence.checklist_asked import items_named
from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import fitting
from fairway.launch.gates.kinds.drill import DrillSettings
from fairway.launch.gates.port import GateSettings
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import Stage
from fairway.texts.durations import as_setting
from fairway.texts.located_yaml import Path

Lasting = tuple[Path, str, int]
"""A place of the plan that says how long something counts, its name, and how long that is (ns)."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    yield from _alone(draft)
    left = [old for _, old, _, _ in draft.steps_up()]
    for asked in (each for each in draft.asked if any(each.stage is old for old in left)):
        stay = asked.stage.stay.at_least
        for path, name, lasts in _lasting(draft, asked.path, asked.settings, is_of_people=True):
            if lasts < stay:
                told = f"{name} counts for {as_setting(lasts)}, and {asked.stage.name}, which asks for it, lasts "
                what = f"{told}{as_setting(stay)} at least: what is shown when it begins has run out before it ends"
                yield RuleFinding(path, what, f"show it in the last {as_setting(lasts)} of {asked.stage.name}, and accept this")


def _alone(draft: Draft) -> Iterator[RuleFinding]:
    """Of one person alone the second word comes later, and new evidence voids the first one."""
    alone = draft.plan.approvals.alone
    entered = [stage for _, stage, _ in draft.plan.walk() if sum(_needs(draft, stage).values()) > 1]
    if alone is None or not entered:
        return
    after, expires = alone.after, draft.plan.approvals.expires
    if 0 < expires <= after:
        holds, later = as_setting(expires), as_setting(after)
        told = f"an approval holds for {holds}, and the second one counts {later} later at the earliest"
        yield RuleFinding(("approvals",), told, f"expires: {as_setting(2 * after)}", about="expires")
    for path, settings, stage in _asked_before(draft):
        if stage not in entered:
            continue
        for place, name, lasts in _lasting(draft, path, settings, is_of_people=False):
            if lasts <= after:
                told = f"{name} counts for {as_setting(lasts)}, and the two words that let {stage.name} in are "
                what = f"{told}{as_setting(after)} apart: it has run out by then, and new evidence voids the first word"
                yield RuleFinding(place, what, f"{place[-1]}: {as_setting(2 * after)}", Severity.REFUSE)


def _needs(draft: Draft, stage: Stage) -> dict[str, int]:
    return stage.approve if stage.approve is not None else draft.plan.approvals.need


def _asked_before(draft: Draft) -> Iterator[tuple[Path, GateSettings, Stage]]:
    """Each gate that must pass before a stage is entered, with that stage."""
    gates = draft.written.gates
    first = {name: track.stages[0] for name, track in draft.plan.rows.items() if not track.after}
    for path, (_, settings) in gates.items():
        if path[0] == "entry":
            yield from ((path, settings, stage) for stage in first.values())
    for track, old, new, _ in draft.steps_up():
        placed = [each.path for each in draft.plan.gates_of(track, old.name) if each.path in gates]
        yield from ((path, gates[path][1], new) for path in placed)


def _lasting(draft: Draft, path: Path, settings: GateSettings | None, *, is_of_people: bool) -> Iterator[Lasting]:
    """What a gate asks for that ends by the clock, but for what the trader tells by itself, which voids no approval.

    is_of_people: without evidence that a machine can produce again at any time.
    """
    if isinstance(settings, DrillSettings):
        yield (*path, "max_age"), settings.drill, settings.max_age
        return
    wanted = items_named(settings, [item.id for item in draft.plan.checklist])
    for index, item in enumerate(draft.plan.checklist):
        by_people = item.need in (Rank.BARE_WORD, Rank.ATTESTED_FILE, Rank.OBSERVED_IN_A_DRILL)
        is_told = any(each.is_told and not each.sets_back for each in fitting(item.id, item.need))
        if item.id in wanted and isinstance(item.expires, int) and not is_told and (by_people or not is_of_people):
            yield ("checklist", index, "expires"), item.id, item.expires


RULE = Rule(
    "early-expiry",
    Severity.WARN,
    "Evidence that has run out must be produced again; one person alone, who confirms hours later, never gets past it.",
    look,
)
