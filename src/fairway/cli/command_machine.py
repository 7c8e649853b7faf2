"""Runs command lines of Fairway within this process, for a runbook. No shell is involved."""

import io
import json
import shlex
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from typing import Final

from fairway.cli import run
from fairway.incidents.runbooks.answer_lines import answer_lines
from fairway.incidents.runbooks.answers import StepAnswer
from fairway.operations.runbooks.machine import OperationMachine
from fairway.operations.runbooks.time_limit import within

SHOWN_AS_COMMANDS: Final = frozenset({"status", "caps"})
"""Reading operations whose command says more to a person than the values do."""


@dataclass(frozen=True, slots=True)
class CommandMachine(OperationMachine):
    """Runs command lines besides operations, with the rights of the owner of this machine, who has a command line."""

    def perform(self, operation: str, request: Mapping[str, str], within_s: float) -> StepAnswer:
        """As everywhere, shown as the command of the same name shows it where there is one that only shows."""
        answer = OperationMachine.perform(self, operation, request, within_s)
        if operation not in SHOWN_AS_COMMANDS or answer.trouble:
            return answer
        account = ("--account", request["account"]) if request.get("account") else ()
        shown = self.command(("fairway", operation, str(self.config), *account), within_s)
        return replace(answer, lines=shown.lines)

    def command(self, words: Sequence[str], within_s: float) -> StepAnswer:
        """What a command printed, and its exit code; with --json its document. What it prints too late is shown, and not kept."""
        printed, wrong = io.StringIO(), io.StringIO()
        try:
            with redirect_stdout(printed), redirect_stderr(wrong):
                code = within(lambda: run(list(words[1:])), within_s)
        except TimeoutError:
            trouble = f"{shlex.join(words)} has not ended within {within_s:g} s, and may still have its effect"
            return StepAnswer(is_done=False, trouble=trouble)
        document = _document(printed.getvalue()) if "--json" in words else None
        said = wrong.getvalue().strip() if code else ""
        lines = tuple((said or printed.getvalue()).splitlines()) if document is None else answer_lines(document)
        return StepAnswer(document=document, lines=lines, exit=code, is_done=code == 0)


def _document(printed: str) -> object:
    """The JSON document; None where what was printed is none."""
    try:
        return json.loads(printed)
    except ValueError:
        return None
