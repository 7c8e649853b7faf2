"""A gate that finds its indicator too old most of the time, because its probe asks too seldom."""

from collections.abc import Iterator

from fairway.launch.gates.regression import OfProbe
from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity
from fairway.texts.quantities import duration_text
from fairway.world.clock import SECOND

SHORTEST = 5 * SECOND
"""No probe asks more often."""


def look(draft: Draft) -> Iterator[Found]:
    for asked in draft.asked:
        max_age = getattr(asked.settings, "max_age", 0)
        for probe in draft.plan.probes:
            is_asked = asked.of in probe.feeds_own or getattr(asked.settings, "against", None) == OfProbe(probe.name)
            if is_asked and max_age and probe.every >= max_age:
                every, most = duration_text(probe.every), duration_text(max_age)
                what = f"{asked.entry.name} wants {asked.of} at most {most} old, and the probe {probe.name} asks every {every}"
                yield Found(asked.path, what, f"every: {duration_text(max(max_age // 3, SHORTEST))} in the probe {probe.name}")


RULE = Rule(
    "slow-probe",
    Severity.REFUSE,
    "What is STALE between two questions is never PASS when it is needed.",
    look,
)
