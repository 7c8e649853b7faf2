"""Asks the person at the terminal, with a bound of time; without a terminal no person is there."""

import select
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from fairway.cli.printing import say
from fairway.operations.runbooks.ports import NoPerson


@dataclass(frozen=True, slots=True)
class Terminal:
    """The person who sits at the standard input."""

    def choose(self, question: str, choices: Sequence[str], within_s: float) -> str:
        """One of the choices, by its number or its words; "" where the time is over. Raises NoPerson."""
        _check_terminal()
        say(f"      {question}")
        for number, choice in enumerate(choices, 1):
            say(f"        {number}  {choice}")
        while (line := _line(f"      your answer, within {within_s:g} s: ", within_s)) is not None:
            found = [each for number, each in enumerate(choices, 1) if line.lower() in (str(number), each.lower())]
            if found:
                return found[0]
            say(f"      {line!r} is none of them; type a number from 1 to {len(choices)}")
        return ""

    def confirms(self, question: str, word: str, within_s: float) -> bool:
        """Whether the person typed the word. Raises NoPerson."""
        _check_terminal()
        say(f"      {question}")
        return _line(f"      type {word!r} to do it, within {within_s:g} s: ", within_s) == word


def _check_terminal() -> None:
    if not sys.stdin.isatty():
        raise NoPerson


def _line(prompt: str, within_s: float) -> str | None:
    """A line that was typed, without spaces at its ends; None where the time is over or the input has ended."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    ready, _, _ = select.select([sys.stdin], [], [], within_s)
    line = sys.stdin.readline() if ready else ""
    if not line:
        say("")
        return None
    return line.strip()
