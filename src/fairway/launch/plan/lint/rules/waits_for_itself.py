"""Tracks that wait for each other, so that none of them ever begins."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage_ref import StageRef


def look(draft: Draft) -> Iterator[RuleFinding]:
    told = set[str]()
    for name in draft.plan.tracks:
        circle = _circle(draft, name)
        if circle and name not in told:
            told |= set(circle)
            what = f"{' waits for '.join([*circle, name])}: none of them begins"
            yield RuleFinding(("tracks", name, "after"), what, f"leave after out in {name}, the track that is first")


def _circle(draft: Draft, name: str) -> list[str]:
    """The tracks on the way from one back to itself; none where there is no such way."""
    way, track = [name], draft.plan.tracks[name]
    while track.after:
        before = StageRef.parse(track.after).track
        if before == name:
            return way
        if before in way or before not in draft.plan.tracks:
            return []
        way.append(before)
        track = draft.plan.tracks[before]
    return []


RULE = Rule(
    "waits-for-itself",
    Severity.REFUSE,
    "Tracks that wait for each other never begin, and the launch stands still without a word.",
    look,
    may_stay=False,
)
