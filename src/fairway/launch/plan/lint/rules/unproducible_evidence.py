"""Evidence that nothing can produce, or not when it is asked for."""

from collections.abc import Iterator

from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import fitting, strongest
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.wanted_evidence import drill_gates, is_live, spans
from fairway.texts.located_yaml import Path


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, item in enumerate(draft.plan.checklist):
        yield from _of_claim(draft, ("checklist", index, "need"), item.id, item.need)
    for path, claim, _ in drill_gates(draft):
        yield from _of_claim(draft, path, claim, Rank.OBSERVED_IN_A_DRILL)


def _of_claim(draft: Draft, path: Path, claim: str, need: Rank) -> Iterator[RuleFinding]:
    best = strongest(claim, is_live=is_live(draft))
    if need > best:
        what = f"nothing can produce evidence `{need}` for {claim}: the strongest there is, is `{best}`"
        yield RuleFinding(path, what, _mend(claim, best))
        return
    ways = fitting(claim, need)
    if ways and all(each.needs_stage for each in ways) and any(span.first < 0 for span in spans(draft, claim)):
        what = f"{claim} takes a position, and it is asked for before the first stage, in which nothing is held yet"
        yield RuleFinding(path, what, f"ask for it in a stage: gates: [{{name: drills, gate: checklist, items: [{claim}]}}]")


def _mend(claim: str, best: Rank) -> str:
    """A person who saw a drill signs that; what is only a tool's word is said so."""
    signed = "need: attested file, where a person saw it and signs for it (--attest)"
    return f"need: {best}" if best is not Rank.MACHINE_ARTIFACT else f"need: {best}, with a tool's report; or {signed}"


RULE = Rule(
    "unproducible-evidence",
    Severity.REFUSE,
    "A stage that waits for evidence which nothing can produce is never left.",
    look,
    may_stay=False,
    yields_to=("unknown-item",),
)
