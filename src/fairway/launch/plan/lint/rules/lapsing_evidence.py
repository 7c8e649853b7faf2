"""Evidence that has expired when it is asked for again, and cannot be renewed on the way."""

from collections.abc import Iterator

from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.producers import fitting
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.wanted_evidence import drill_gates, spans
from fairway.texts.durations import as_setting
from fairway.texts.located_yaml import Path


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, item in enumerate(draft.plan.checklist):
        if isinstance(item.expires, int):
            place = ("checklist", index, "expires")
            yield from _set_back(draft, place, item.id, item.need, item.expires)
    for path, claim, lasts in drill_gates(draft):
        yield from _set_back(draft, (*path[:-1], "max_age"), claim, Rank.OBSERVED_IN_A_DRILL, lasts)


def _set_back(draft: Draft, path: Path, claim: str, need: Rank, lasts: int) -> Iterator[RuleFinding]:
    """To show it again takes the launch back to its smallest stage, so it is shown once, before or in the first one."""
    ways = fitting(claim, need)
    if not ways or not all(each.sets_back for each in ways):
        return
    for span in spans(draft, claim):
        if lasts <= span.lasts_ns:
            what = (
                f"{claim} expires after {as_setting(lasts)}, and is asked for until {as_setting(span.lasts_ns)} after "
                f"{span.track} has begun, at best; to show it again takes the launch back to its smallest stage"
            )
            yield RuleFinding(path, what, f"{path[-1]}: {as_setting(2 * span.lasts_ns)}")
            return


RULE = Rule(
    "lapsing-evidence",
    Severity.REFUSE,
    "Evidence that has expired before it is asked for again, and is not to be had again, ends the launch there.",
    look,
)
