"""Runs command lines of Fairway within this process, for a runbook. No shell is involved."""

import io
import json
import shlex
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass

from fairway.cli import run
from fairway.incidents.runbooks.answers import StepAnswer
from fairway.operations.runbooks.machine import OperationMachine
from fairway.operations.runbooks.time_limit import within


@dataclass(frozen=True, slots=True)
class CommandMachine(OperationMachine):
    """Runs command lines besides operations, with the rights of the owner of this machine, who has a command line."""

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer | None:
        """What a command printed, and its exit code; with --json its document. What it prints too late is shown, and not kept."""
        printed, wrong = io.StringIO(), io.StringIO()
        try:
            with redirect_stdout(printed), redirect_stderr(wrong):
                code = within(lambda: run(list(words[1:])), within_s)
        except TimeoutError:
            trouble = f"{shlex.join(words)} has not ended within {within_s:g} s, and may still have its effect"
            return StepAnswer(is_done=False, trouble=trouble)
        said = wrong.getvalue().strip()
        return StepAnswer(
            document=_document(printed.getvalue()) if "--json" in words else None,
            lines=tuple((said if code and said else printed.getvalue()).splitlines()),
            exit=code,
            is_done=code == 0,
        )


def _document(printed: str) -> object:
    """The JSON document; None where what was printed is none."""
    try:
        return json.loads(printed)
    except ValueError:
        return None
