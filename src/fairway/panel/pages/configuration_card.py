"""The configuration of the bot on the control center."""

from fairway.panel.visit import Visit


async def configuration(visit: Visit) -> None:
    """The card's content."""
