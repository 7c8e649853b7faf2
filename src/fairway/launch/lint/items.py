"""Which items of the checklist a gate asks for, and who asks for any."""

from fairway.launch.gates.checklist import ChecklistSettings
from fairway.launch.gates.drill import DrillSettings
from fairway.launch.gates.port import GateSettings
from fairway.launch.lint.draft import Draft
from fairway.launch.plan.model import Plan


def items_of(settings: GateSettings | None, plan: Plan) -> tuple[str, ...]:
    """By their ids. A checklist that names none asks for all."""
    match settings:
        case ChecklistSettings():
            return settings.items or tuple(item.id for item in plan.checklist)
        case DrillSettings():
            return (settings.drill,)
    return ()


def items_asked(draft: Draft) -> set[str]:
    """What any gate, step of the day or phase asks for."""
    plan = draft.plan
    asked = {item for _, settings in draft.written.gates.values() for item in items_of(settings, plan)}
    asked |= {item for step in plan.timeline for item in step.needs}
    return asked | {phase.evidence for phase in plan.requires}
