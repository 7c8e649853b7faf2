"""A gate that finds its indicator too old most of the time, because it is measured too seldom."""

from collections.abc import Iterator

from fairway.launch.gates.kinds.regression import ProbeComparison
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting
from fairway.watch.indicators import OF_TRADER
from fairway.world.clock import SECOND

SHORTEST = 5 * SECOND
"""No probe asks more often."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for asked in draft.asked:
        max_age = getattr(asked.settings, "max_age", 0)
        indicator = asked.indicator
        measured = (indicator.every_s or 0) * SECOND if indicator is not None and indicator in OF_TRADER else 0
        if 0 < max_age <= measured:
            told = f"{asked.entry.name} wants {asked.of} at most {as_setting(max_age)} old"
            what = f"{told}, and the trader measures it every {as_setting(measured)}"
            yield RuleFinding(asked.path, what, f"max_age: {as_setting(3 * measured)}")
        for probe in draft.plan.probes:
            is_asked = asked.of in probe.feeds_own or getattr(asked.settings, "against", None) == ProbeComparison(probe.name)
            if is_asked and max_age and probe.every >= max_age:
                every, most = as_setting(probe.every), as_setting(max_age)
                what = f"{asked.entry.name} wants {asked.of} at most {most} old, and the probe {probe.name} asks every {every}"
                yield RuleFinding(asked.path, what, f"every: {as_setting(max(max_age // 3, SHORTEST))} in the probe {probe.name}")


RULE = Rule(
    "slow-probe",
    Severity.REFUSE,
    "What is STALE between two questions is never PASS when it is needed.",
    look,
)
