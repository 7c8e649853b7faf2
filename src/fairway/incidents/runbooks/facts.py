"""What a runbook's linter and its execution know of commands and operations, as the shell that has them says it."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class StepEffect(StrEnum):
    """What a command or an operation does, as far as a runbook needs to know it."""

    READS = "reads"
    LOWERS = "lowers exposure"
    CHANGES = "changes something else"
    RAISES = "raises exposure"
    STAYS = "runs until it is stopped"
    UNKNOWN = "does what is not known"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookFacts:
    """What the command line and the registry of operations say. The troubles are "" for what is right.

    command_trouble: of a command line. operation_trouble: of an operation's name and request. Both get them with their
    placeholders filled.
    """

    command_trouble: Callable[[str], str]
    command_effect: Callable[[str], StepEffect]
    operation_trouble: Callable[[str, Mapping[str, str]], str]
    operation_effect: Callable[[str], StepEffect]


def not_fairway(command: str) -> str:
    """What keeps a text from being a command of Fairway, "" where nothing does."""
    try:
        words = shlex.split(command)
    except ValueError as error:
        return f"cannot be read: {error}"
    return "" if words[:1] == ["fairway"] and len(words) > 1 else "is no command of Fairway; no other program is run"
