"""A window, or a time between two looks of a person, that is longer than the longest stay of its stage."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft, DraftGate
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting


def look(draft: Draft) -> Iterator[RuleFinding]:
    for asked in draft.asked:
        yield from _of_gate(asked)
    for _, stage, path in draft.plan.walk():
        most = stage.stay.at_most
        if stage.review is not None and most is not None and stage.review > most:
            what = f"{stage.name} lasts {as_setting(most)} at most, and a person looks every {as_setting(stage.review)}: never"
            yield RuleFinding((*path, "review"), what, f"review: {as_setting(most)} or more often", Severity.WARN)


def _of_gate(asked: DraftGate) -> Iterator[RuleFinding]:
    """What was before was under other limits; and at each point of `sustain` the window must have been full."""
    most = asked.stage.stay.at_most
    over, sustain = getattr(asked.settings, "over", 0), getattr(asked.settings, "sustain", 0)
    if most is None or over + sustain <= most:
        return
    key = "over" if over else "sustain"
    windows = [f"{name} {as_setting(ns)}" for name, ns in (("over", over), ("sustain", sustain)) if ns]
    what = (
        f"{asked.entry.name} looks at {' and '.join(windows)}, and stage {asked.stage.name} lasts {as_setting(most)} at most: "
        f"the window is never full of it"
    )
    mend = f"stay.at_most: {as_setting(over + sustain)} or longer"
    yield RuleFinding((*asked.path, key), what, f"{mend}, or over: stage" if over else mend)


RULE = Rule(
    "short-window",
    Severity.REFUSE,
    "A window that the stage cannot fill is never judged, or is judged by what happened under smaller limits.",
    look,
)
