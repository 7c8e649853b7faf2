"""A stage that is followed by a larger one although no gate of it needs an order of the bot."""

from collections.abc import Iterator

from fairway.launch.control.activity import needs_orders
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.stage import FailureAction, Split, Stage

MEND = "a gate that needs orders, such as {name: orders, gate: proportion, of: order_success, at_least: 95 %, at_least_n: 30}"


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, old, new, _ in draft.steps_up():
        trades = draft.plan.rows[track].splits is Split.CAPITAL and Mode.OBSERVE not in (old.limits.mode, new.limits.mode)
        if not trades or old.limits == new.limits or _sees_orders(draft, track, old):
            continue
        path = next(path for name, stage, path in draft.plan.walk() if name == track and stage.name == old.name)
        if old.expects_activity:
            what = f"no gate of {old.name} needs an order of the bot, so {new.name} follows on a single one"
            yield RuleFinding(path, what, MEND)
        else:
            what = f"{old.name} says that it expects no activity, so {new.name} follows without one order of the bot"
            yield RuleFinding(path, what, f"expects_activity: true, and {MEND}", Severity.REFUSE)


def _sees_orders(draft: Draft, track: str, stage: Stage) -> bool:
    if stage.on_fail is FailureAction.NOTHING:
        return False
    placed = draft.plan.gates_of(track, stage.name)
    gates = [draft.written.gates[each.path] for each in placed if each.path in draft.written.gates]
    return any(gate.decides and needs_orders(gate, settings) for gate, settings in gates)


RULE = Rule(
    "unseen-orders",
    Severity.WARN,
    "A bot that places no order breaks nothing, and so shows nothing; a larger stage must not follow on that.",
    look,
    yields_to=("nothing-proven",),
)
