"""Draws docs/lifecycles.md from the tables that move the machines. With --check it only says whether it is current."""

from pathlib import Path

from scripts.pages import run

from fairway.orders.lifecycle import EVENTS, IMPOSSIBLE, TRANSITIONS, OrderEvent
from fairway.orders.order import ENDED, OrderState

PAGE = Path(__file__).parents[1] / "docs" / "lifecycles.md"
BEGIN, END = "<!-- from the code: scripts/lifecycles.py -->", "<!-- end -->"
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


def page(old: str) -> str:
    """The page with its generated part made anew."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{drawing()}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    run(PAGE, page)
