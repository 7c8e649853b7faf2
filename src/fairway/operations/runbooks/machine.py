"""Carries operations of a runbook out, with the rights of the person who executes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fairway.incidents.runbooks.answer_lines import answer_lines
from fairway.incidents.runbooks.answers import StepAnswer
from fairway.operations.actor import Actor
from fairway.operations.operation import Call, Preview, Tell, tell_no_one
from fairway.operations.people.registry_place import RegistryPlace
from fairway.operations.perform import perform, preview
from fairway.operations.refusal import Refusal
from fairway.operations.registry import operation_named
from fairway.operations.runbooks.requests import registry_place, request_of
from fairway.operations.runbooks.time_limit import within
from fairway.settings import SettingsError, load


@dataclass(frozen=True, slots=True)
class OperationMachine:
    """It runs no command lines: those need a command line."""

    config: Path
    actor: Actor
    tell: Tell = tell_no_one

    def perform(self, operation: str, request: Mapping[str, str], within_s: float) -> StepAnswer:
        """The outcome as an answer. Whatever fails is the answer's trouble, so that the next step is still reached."""
        try:
            named = operation_named(operation)
            outcome = within(lambda: perform(named, self._call(operation, request)), within_s)
        except TimeoutError:
            late = f"{operation} has not ended within {within_s:g} s, and may still have its effect; look before it is repeated"
            return StepAnswer(is_done=False, trouble=late)
        except Refusal as refusal:
            return StepAnswer(is_done=False, trouble=refusal.sentence())
        except Exception as error:  # the steps that follow may lower exposure, so no failure may end the execution
            return StepAnswer(is_done=False, trouble=_in_words(error))
        return StepAnswer(document=outcome, lines=outcome.lines or answer_lines(outcome), is_done=outcome.is_done)

    def preview(self, operation: str, request: Mapping[str, str]) -> Preview:
        """What the operation would do now; what keeps that from being known is in `unknown`."""
        try:
            return preview(operation_named(operation), self._call(operation, request))
        except Exception as error:
            return Preview(effect="it could not be looked at", unknown=(_in_words(error),))

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer | None:
        """None: see `StepMachine`."""
        return None

    def _call(self, operation: str, request: Mapping[str, str]) -> Call[Any]:
        named = operation_named(operation)
        login = f"{self.actor.shell.value} {self.actor.name}"
        asked = request_of(named, request, config=self.config, place=self._place(), login=login)
        return Call(actor=self.actor, request=asked, tell=self.tell)

    def _place(self) -> RegistryPlace:
        """Where the configuration has mistakes, the usual place: a kill needs no sound configuration."""
        try:
            return registry_place(load(self.config))
        except SettingsError:
            return RegistryPlace(registry="fairway.people")


def _in_words(error: Exception) -> str:
    sentence = " ".join(str(error).split()).removesuffix(".")
    return f"{type(error).__name__}: {sentence}" if sentence else type(error).__name__
