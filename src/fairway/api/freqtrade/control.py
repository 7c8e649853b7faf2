"""Sends freqtrade's commands as operations of Fairway, journaled like any other, and tells in words what became of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from fairway.api.authentication import Caller
from fairway.api.command_bodies import command_forms, slug_of
from fairway.api.command_record import CommandRecord, CommandState
from fairway.api.command_routes import sent
from fairway.api.command_runner import CommandRunner
from fairway.api.context import ServerContext
from fairway.api.problems import HttpProblem
from fairway.operations.registry import AnyOperation

WAIT_S: Final = 8.0
"""freqtrade-client gives up after ten seconds."""
REASON: Final = "by a freqtrade client"


@dataclass(frozen=True, slots=True)
class Sender:
    """Of one request."""

    runner: CommandRunner
    context: ServerContext
    caller: Caller

    async def send(self, operation: AnyOperation, bodies: Sequence[dict[str, Any]]) -> list[CommandRecord]:
        """One command for each body, all at the same time; their ends, waited for together.

        Raises HttpProblem, Refusal, JournalErrors. Each command that was accepted before an error goes on.
        """
        form = command_forms()[slug_of(operation.name)]
        accepted = [
            await sent(self.runner, form, form.body(reason=REASON, **body), self.caller, self.context, "", 0.0) for body in bodies
        ]
        return list(await asyncio.gather(*(self.runner.ended(record.id, WAIT_S) for record in accepted)))


def words_of(records: Sequence[CommandRecord]) -> str:
    """What became of them, on one line."""
    return " ".join(dict.fromkeys(_sentence(each) for each in records))


def _sentence(record: CommandRecord) -> str:
    told = "; ".join(" ".join(sentence.split()) for sentence in record.sentences)
    if record.state is CommandState.RUNNING:
        return f"not ended yet: GET /api/v1/commands/{record.id} says what becomes of it."
    return f"{told}." if told else f"{record.operation}: {record.state.value}."


def check_done(records: Sequence[CommandRecord]) -> None:
    """Raises HttpProblem where one has ended and was not done as it should be."""
    failed = [each for each in records if each.state not in (CommandState.DONE, CommandState.RUNNING)]
    if failed:
        raise HttpProblem(409, failed[0].code or f"COMMAND_NOT_DONE: command={failed[0].id}", words_of(failed))
