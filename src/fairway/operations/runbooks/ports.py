"""What an execution of a runbook needs: a machine that carries steps out, a person who answers, and a transcript."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from fairway.incidents.runbooks.answers import StepAnswer
from fairway.incidents.runbooks.runbook_events import RunbookEvent
from fairway.operations.operation import Preview


class StepMachine(Protocol):
    """Carries out operations and commands. It raises nothing: what goes wrong is the answer's trouble."""

    def perform(self, operation: str, request: Mapping[str, str], within_s: float) -> StepAnswer: ...

    def preview(self, operation: str, request: Mapping[str, str]) -> Preview: ...

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer | None:
        """None where no command lines are run here: a person runs it at the machine."""
        ...


class PersonAsked(Protocol):
    """The person who follows the runbook."""

    def choose(self, question: str, choices: Sequence[str], within_s: float) -> str:
        """One of the choices. "" where the time is over. Raises NoPerson."""
        ...

    def confirms(self, question: str, word: str, within_s: float) -> bool:
        """Whether the person confirmed it now, by typing this word. Raises NoPerson."""
        ...


class NoPerson(Exception):
    """No person is here to answer."""


class Transcript(Protocol):
    """Keeps the events of an execution."""

    def write(self, event: RunbookEvent) -> None:
        """Raises JournalErrors."""
        ...


class Absent:
    """For an execution without a person, as over the API."""

    def choose(self, question: str, choices: Sequence[str], within_s: float) -> str:
        raise NoPerson

    def confirms(self, question: str, word: str, within_s: float) -> bool:
        raise NoPerson
