"""Sends a command for one of the documents' paths: it is journaled with who sent it, as every command is."""

from typing import Annotated, Any, Final

from fastapi import Depends
from starlette.requests import HTTPConnection

from fairway.api.authentication import Caller
from fairway.api.command_bodies import command_forms, slug_of
from fairway.api.command_record import CommandRecord, CommandState
from fairway.api.command_routes import sent
from fairway.api.command_runner import CommandRunner
from fairway.api.context import ServerContext
from fairway.api.problems import HttpProblem
from fairway.operations.registry import AnyOperation

WAIT_S: Final = 5.0
"""How long a path waits for the end of its command: a trader that runs answers within two seconds."""


def runner_of(connection: HTTPConnection) -> CommandRunner:
    """What performs the commands of the server that got this request."""
    found = connection.app.state.runner
    assert isinstance(found, CommandRunner)
    return found


Runner = Annotated[CommandRunner, Depends(runner_of)]


async def command_sent(
    runner: CommandRunner, operation: AnyOperation, caller: Caller, context: ServerContext, key: str = "", **given: Any
) -> CommandRecord:
    """The command as it stands after its end, or after WAIT_S. given: the fields of its body.

    Raises HttpProblem where it was refused, also by what it concerns; Refusal where the role forbids it; JournalErrors.
    """
    form = command_forms()[slug_of(operation.name)]
    record = await sent(runner, form, form.body(**given), caller, context, key, WAIT_S)
    if record.state is CommandState.REFUSED:
        raise HttpProblem(409, record.code, "\n".join(record.sentences))
    return record


def is_unconfirmed(record: CommandRecord) -> bool:
    """Whether nothing has confirmed the command: it is still performed, or the trader has not answered."""
    return record.state is not CommandState.DONE
