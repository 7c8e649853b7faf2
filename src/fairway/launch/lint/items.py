"""Which items of the checklist a gate asks for."""

from fairway.launch.gates.checklist import ChecklistSettings
from fairway.launch.gates.drill import DrillSettings
from fairway.launch.gates.port import GateSettings
from fairway.launch.plan.model import Plan


def items_of(settings: GateSettings | None, plan: Plan) -> tuple[str, ...]:
    """By their ids. A checklist that names none asks for all."""
    match settings:
        case ChecklistSettings():
            return settings.items or tuple(item.id for item in plan.checklist)
        case DrillSettings():
            return (settings.drill,)
    return ()
