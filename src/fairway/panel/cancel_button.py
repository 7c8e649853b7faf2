"""A button that cancels an entry. What protects has none: to cancel a stop would raise exposure."""

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag
from fairway.panel.facts.orders import OrderFacts
from fairway.panel.visit import Visit


def cancel_button(visit: Visit, order: OrderFacts) -> None:
    """Of one order; a word in its place where nobody cancels it by hand."""
    if not order.is_entry:
        Tag("span", "exits" if order.role == "exit" else "protects", "why")
    elif visit.may("cancel", order=order.id):
        found = command_button(visit, "Cancel", "cancel", {"order": order.id}, classes="lowers small")
        found.attribute("aria-label", f"Cancel {order.id}")
