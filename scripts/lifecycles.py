"""Draws docs/reference/lifecycles.md from the tables that move the machines. With --check it only says whether it is current."""

from pathlib import Path

from scripts.pages import run

from fairway.incidents.lifecycle import INCIDENT_MOVES, IncidentMove, IncidentPhase
from fairway.incidents.lifecycle import TRANSITIONS as INCIDENT_TRANSITIONS
from fairway.launch.control.lifecycle import MOVES, Move, Phase, TrackAborted
from fairway.launch.control.lifecycle import TRANSITIONS as MOVES_TO
from fairway.orders.lifecycle import EVENTS, IMPOSSIBLE, TRANSITIONS, OrderEvent
from fairway.orders.order import ENDED, OrderState

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "lifecycles.md"
BEGIN, END = "<!-- from the code: scripts/lifecycles.py -->", "<!-- end -->"
LAUNCH = "<!-- from the code: scripts/lifecycles.py, of a launch -->"
INCIDENT = "<!-- from the code: scripts/lifecycles.py, of an incident -->"
FIRST = {"OrderSent": OrderState.SENT, "OrderAdopted": OrderState.UNKNOWN}
"""What begins an order. One that the venue lists is adopted as open at once."""


def drawing() -> str:
    """The order's table as a diagram: moves only, several events of one move on one arrow."""
    arrows: dict[tuple[str, str], list[str]] = {("[*]", state.name): [event] for event, state in FIRST.items()}
    for (state, event), target in TRANSITIONS.items():
        for end in _ends(state, event, target):
            if end is not state:
                arrows.setdefault((state.name, end.name), []).append(event.__name__)
    lines = [f"    {source} --> {target}: {', '.join(events)}" for (source, target), events in arrows.items()]
    ends = [f"    {state.name} --> [*]" for state in OrderState if state in ENDED]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, *ends, "```"])


def table() -> str:
    """Every state and every event: the state that follows, or the number of the reason why it cannot be."""
    reasons = list(dict.fromkeys(IMPOSSIBLE.values()))
    head = ["| event | " + " | ".join(state.name for state in OrderState) + " |", "| --- |" + " --- |" * len(OrderState)]
    rows = [
        f"| `{event.__name__}` | " + " | ".join(_cell(state, event, reasons) for state in OrderState) + " |" for event in EVENTS
    ]
    notes = [f"{number}. {reason}" for number, reason in enumerate(reasons, 1)]
    return "\n".join([*head, *rows, "", "A number says why an event cannot happen in a state:", "", *notes])


def _cell(state: OrderState, event: type[OrderEvent], reasons: list[str]) -> str:
    target = TRANSITIONS.get((state, event))
    if target is None:
        return str(reasons.index(IMPOSSIBLE[state, event]) + 1)
    return " or ".join(end.name for end in _ends(state, event, target))


def _ends(state: OrderState, event: type[OrderEvent], target: OrderState) -> list[OrderState]:
    """An order that is filled in part is PARTLY where another is OPEN, and one that is filled whole is FILLED."""
    ends = [target]
    if target is OrderState.OPEN is not state:
        ends.append(OrderState.PARTLY)
    if event.__name__ in ("OrderFilled", "OrderResized") and state is not OrderState.FILLED:
        ends.append(OrderState.FILLED)
    return ends


def track_drawing() -> str:
    """A track's table as a diagram. That it can be given up from everywhere is said in words, not with six arrows."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (phase, move), target in MOVES_TO.items():
        if move is not TrackAborted:
            arrows.setdefault((phase.name, target.name), []).append(move.__name__)
    lines = [f"    {source} --> {target}: {', '.join(moves)}" for (source, target), moves in arrows.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", f"    [*] --> {Phase.ARMED.name}", *lines, "```"])


def track_table() -> str:
    """Every phase and every move: the phase that follows; nothing where the move is refused."""
    head = ["| move | " + " | ".join(phase.name for phase in Phase) + " |", "| --- |" + " --- |" * len(Phase)]
    rows = [f"| `{move.__name__}` | " + " | ".join(_target(phase, move) for phase in Phase) + " |" for move in MOVES]
    return "\n".join([*head, *rows])


def _target(phase: Phase, move: type[Move]) -> str:
    found = MOVES_TO.get((phase, move))
    return found.name if found is not None else ""


def incident_drawing() -> str:
    """An incident's table as a diagram."""
    arrows: dict[tuple[str, str], list[str]] = {}
    for (phase, move), target in INCIDENT_TRANSITIONS.items():
        arrows.setdefault((phase.name, target.name), []).append(move.__name__)
    lines = [f"    {source} --> {target}: {', '.join(moves)}" for (source, target), moves in arrows.items()]
    begin, end = f"    [*] --> {IncidentPhase.DECLARED.name}", f"    {IncidentPhase.CLOSED.name} --> [*]"
    return "\n".join(["```mermaid", "stateDiagram-v2", begin, *lines, end, "```"])


def incident_table() -> str:
    """Every phase and every move: the phase that follows; nothing where the move is refused."""
    head = ["| move | " + " | ".join(phase.name for phase in IncidentPhase) + " |", "| --- |" + " --- |" * len(IncidentPhase)]
    rows = [
        f"| `{move.__name__}` | " + " | ".join(_incident_target(phase, move) for phase in IncidentPhase) + " |"
        for move in INCIDENT_MOVES
    ]
    return "\n".join([*head, *rows])


def _incident_target(phase: IncidentPhase, move: type[IncidentMove]) -> str:
    found = INCIDENT_TRANSITIONS.get((phase, move))
    return found.name if found is not None else ""


def page(old: str) -> str:
    """The page with its generated parts made again."""
    parts = {BEGIN: f"{drawing()}\n\n{table()}", LAUNCH: f"{track_drawing()}\n\n{track_table()}"}
    parts[INCIDENT] = f"{incident_drawing()}\n\n{incident_table()}"
    for begin, part in parts.items():
        before, _, rest = old.partition(begin)
        _, _, after = rest.partition(END)
        old = f"{before}{begin}\n\n{part}\n\n{END}{after}"
    return old


if __name__ == "__main__":
    run(PAGE, page)
