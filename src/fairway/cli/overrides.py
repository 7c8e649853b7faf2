"""Says which settings come from the environment: what widens a limit there must not come unseen."""

import os

from fairway.cli.printing import say
from fairway.settings.environment import overrides


def say_overrides() -> None:
    """A line for each; nothing where none does."""
    for each in overrides(os.environ):
        say(f"from the environment: {each}")
