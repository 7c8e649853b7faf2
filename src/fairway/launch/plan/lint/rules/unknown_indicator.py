"""Something is to be measured that Fairway does not know, or that no probe of the plan feeds."""

from collections.abc import Iterator

from fairway.launch.gates.kinds.regression import CONTROL
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.lint.rules.unequal_windows import indicators_named
from fairway.launch.plan.probe import REQUESTED
from fairway.texts.located_yaml import Path
from fairway.texts.nearest import nearest
from fairway.watch.indicators import BY_NAME, OF_TRADER, PROBED
from fairway.watch.questions import GET_EXAMPLE

PLACES = ("stages", "tracks", "entry", "objectives", "alarms", "baselines")
"""Where something is judged by what is measured."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    for path, of in dict.fromkeys(indicators_named(draft)):
        if not of:
            continue
        if of not in BY_NAME and "gates" not in path and path[0] != "entry":  # of gates their plug-ins say it
            meant = nearest(of, BY_NAME)
            mend = f"{'of: ' if path[-1] == 'of' else ''}{meant}" if meant else f"one of {', '.join(BY_NAME)}"
            yield RuleFinding(path, f"there is no indicator {of!r}", mend)
        elif of in BY_NAME and path[0] in PLACES:
            yield from _unfed(draft, path, of)
    for each in draft.asked:
        if each.entry.text("against") == CONTROL and each.of in BY_NAME and BY_NAME[each.of] not in OF_TRADER:
            mend = f"of: {', '.join(it.name for it in OF_TRADER if it.measures is BY_NAME[each.of].measures) or 'order_ack'}"
            mend += "; or against: {probe: NAME} for one that asks beside it" if each.of in PROBED else ""
            yield RuleFinding(
                each.path, f"of a control only that is known which a trader's journal tells, and not {each.of}", mend
            )


def _unfed(draft: Draft, path: Path, of: str) -> Iterator[RuleFinding]:
    if of in PROBED and not any(of in probe.feeds_own for probe in draft.plan.probes):
        yield RuleFinding(path, f"no probe of this plan feeds {of}, so this says ERROR for ever", _probe_of(of))


def _probe_of(of: str) -> str:
    asks = GET_EXAMPLE if of in REQUESTED else f"METRIC {of} at http://127.0.0.1:9100/metrics"
    return f"probes: [{{name: {of.replace('_', '-')}, of: {'http_ok' if of in REQUESTED else of}, asks: {asks}, every: 1m}}]"


RULE = Rule(
    "unknown-indicator",
    Severity.REFUSE,
    "If no source measures an indicator, a gate on it blocks for ever, and an alarm on it never fires.",
    look,
    names=("probes", "probes.of", "probes.asks"),
    yields_to=("to-be-defined", "unequal-windows"),
)
