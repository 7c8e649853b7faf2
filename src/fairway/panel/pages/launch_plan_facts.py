"""The plan that a launch flies, as its text was when it began; and how a rehearsal goes."""

from dataclasses import dataclass
from typing import Final

from fairway.assembly.tower import NotBegun
from fairway.operations.actor import Actor
from fairway.operations.launch.show import SHOW_LAUNCH, ShowLaunchRequest
from fairway.panel.rehearsals import Rehearsal
from fairway.panel.sources import Sources
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND

FLOWN: Final = "flown"
"""In an address: the plan that is flown."""


@dataclass(frozen=True, slots=True)
class Flown:
    """A plan that is flown."""

    name: str
    text: str
    digest: str


def flown(sources: Sources, actor: Actor) -> Flown | None:
    """None where no launch was begun. Raises what the operation raises."""
    try:
        status = sources.outcome(actor, SHOW_LAUNCH, ShowLaunchRequest(config=sources.context.config)).status
    except NotBegun:
        return None
    began = status.launch.began
    return Flown(status.plan.name, began.text, status.plan.digest) if began is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalFacts:
    """number: which one, 0 for none. says: how it stands, in one sentence. tables: each with its head first; at the end only."""

    number: int
    is_running: bool
    says: str
    told: tuple[str, ...]
    lines: tuple[str, ...]
    tables: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]


def rehearsal_facts(seen: Rehearsal, now: int) -> RehearsalFacts:
    """now: ns."""
    outcome = seen.outcome
    tables: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    if outcome is not None and len(outcome.played) > 1:
        tables = (
            ("What became of each bot", outcome.played),
            ("How often each was promoted to a stage", outcome.reached),
            ("What a plan should do with each", (("bot", "what a plan should do with it"), *outcome.should)),
        )
    return RehearsalFacts(
        number=seen.number,
        is_running=seen.is_running,
        says=_says(seen, now),
        told=seen.told if outcome is None else (),
        lines=outcome.lines if outcome is not None else (),
        tables=tables,
    )


def _says(seen: Rehearsal, now: int) -> str:
    if not seen.number:
        return "No plan was rehearsed since the server was started."
    plays = f"{seen.seeds} {'play' if seen.seeds == 1 else 'plays'} of each bot, begun by {seen.by}"
    if seen.is_running:
        return f"It is being rehearsed for {duration_words((now - seen.at) // SECOND * SECOND)}: {plays}."
    if seen.outcome is None:
        return f"It was not rehearsed: {seen.trouble}"
    took = duration_words(seen.ended_at - seen.at)
    end = "Rehearsed" if seen.outcome.is_done else "Stopped before its end"
    return f"{end}: plan {seen.outcome.plan} ({seen.outcome.digest[:12]}), {plays}, in {took}; {seen.outcome.goal}."
