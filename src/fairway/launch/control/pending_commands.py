"""Commands that no pilot has read yet. A pilot that runs reads within a second; without one they wait for the next start."""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control.command_handler import command_text
from fairway.launch.control.command_inbox import instruction_of
from fairway.world.clock import text_of

SHOWN: Final = 5
"""How many are shown, oldest first."""


def pending_in_words(waiting: Sequence[ReadCommand]) -> Iterator[str]:
    """Nothing where nothing waits. waiting: oldest first."""
    for each in waiting[:SHOWN]:
        instruction = instruction_of(each)
        whose = f" (track {instruction.track})" if instruction.track else ""
        what, said_at = f"{command_text(instruction)}{whose}", text_of(each.said_at)[:19]
        yield f"instruction {each.number} WAITS for a pilot: {what}, {said_at} by {each.by}: {instruction.reason}"
    if waiting:
        more = f"and {len(waiting) - SHOWN} more wait; " if len(waiting) > SHOWN else ""
        yield f"{more}a pilot hears it before anything else: fairway launch start CONFIG"
