"""What a person reads before a launch begins: the plan's digest and findings, its first limits, and who approves which stage."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from fairway.settings import Settings

if TYPE_CHECKING:
    from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
    from fairway.launch.plan.load import Written


def said_of_plan(settings: Settings, written: "Written", command_trouble: Callable[[str], str]) -> tuple[str, ...]:
    """In sentences. Raises PlanError."""
    from fairway.assembly.tower import plan_of
    from fairway.launch.observation.comparison.comparison_sources import lacking
    from fairway.launch.views.stakes import TraderStakes, mode_in_words

    plan = plan_of(settings, written)
    beside = settings.beside
    return (
        f"plan {plan.name}, written by {plan.author}, digest {plan.digest}",
        mode_in_words(TraderStakes(settings.mode)),
        *(line for track in plan.tracks for line in _of_track(plan, track)),
        _findings(written, command_trouble),
        *lacking(plan, has_shadow=bool(beside.shadow), has_control=bool(beside.control)),
    )


def _of_track(plan: "CompiledPlan", track: "CompiledTrack") -> Iterator[str]:
    from fairway.launch.views.reason_text import limits_in_words

    first = track.stages[0]
    after = f" once {track.after} was passed" if track.after is not None else ""
    limits = limits_in_words(first.limits) if first.is_flown else "nothing is opened here, for another trader flies it"
    yield f"{track.name} begins with {first.name}{after}; each account: {limits}{_capital(first)}"
    for stage in track.stages:
        if stage.is_flown:
            yield f"{track.name}/{stage.name} {needed_people(plan, stage)}"


def _capital(stage: "CompiledStage") -> str:
    return f"; all accounts together: {stage.capital}" if stage.capital is not None else ""


def needed_people(plan: "CompiledPlan", stage: "CompiledStage") -> str:
    """Whose approval a stage needs before it is entered."""
    if not any(stage.approvals.values()):
        return "is entered without an approval"
    asked = (f"{count} as {role} ({people_of(plan, role)})" for role, count in stage.approvals.items())
    return f"needs the approval of {', '.join(asked)}"


def people_of(plan: "CompiledPlan", role: str) -> str:
    """Who may approve as a role."""
    if not plan.who:
        return "any person" if plan.alone else f"any person but the author, {plan.author}"
    return ", ".join(plan.who.get(role, ())) or "no person is named"


def _findings(written: "Written", command_trouble: Callable[[str], str]) -> str:
    from fairway.launch.plan.lint.draft import Draft
    from fairway.launch.plan.lint.linter import lint

    found = lint(Draft(written, command_trouble))
    warned = [each for each in found if not each.refuses and not each.accepted]
    told = "; ".join(f"line {each.line}: {each.what}" for each in warned)
    return f"the linter refuses nothing, and warns of {len(warned)}: {told}" if warned else "the linter finds nothing"
