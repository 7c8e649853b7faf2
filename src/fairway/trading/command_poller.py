"""Polls the command inbox, and hands each command to every account that has not taken it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Final

from fairway.journal.port import JournalError
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.connection_commands import ConnectionCommands
from fairway.trading.inputs import CommandInboxFailed, CommandInboxRecovered, Input

LISTEN_S: Final = 1.0
FAILURES_MAX: Final = 3
"""Readings that fail in a row before it is told: an inbox that is just being opened or closed looks broken for an instant.

Before the first one that succeeds, the first failure is reported, because commands may wait there."""


class CommandPoller:
    """executors: of the accounts that there are at the moment, which others take up and let go.

    connection: carries out what concerns the connection that all accounts share.
    """

    def __init__(
        self,
        command_inbox: CommandInbox,
        executors: Mapping[str, AccountExecutor],
        hand_in: Callable[[AccountExecutor | None, Input], None],
        connection: ConnectionCommands,
        listen_s: float = LISTEN_S,
    ) -> None:
        self._listen_s, self._connection = listen_s, connection
        self._command_inbox, self._executors, self._hand_in = command_inbox, executors, hand_in
        self._failures = 0
        self._has_heard = False
        self._wanted = asyncio.Event()

    async def serve(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._listen_s):
                    await self._wanted.wait()
            self._wanted.clear()
            await self.listen()

    def hurry(self) -> None:
        """Reads the inbox at once: an account was added that may lack earlier commands."""
        self._wanted.set()

    async def listen(self) -> None:
        """Once. A failure is told for as long as it lasts, for accounts may come meanwhile."""
        heard = [executor.heard for executor in self._executors.values()]
        if not heard:
            return
        after = min(heard)
        try:
            waiting = await self._command_inbox.waiting(after, max(heard))
        except JournalError as error:
            self._failures += 1
            if not self._has_heard or self._failures >= FAILURES_MAX:
                self._hand_in(None, CommandInboxFailed(str(error)))
            return
        if self._failures:
            self._hand_in(None, CommandInboxRecovered())
        if self._has_heard:
            self._connection.carry_out(waiting)
        else:
            self._connection.pass_over(waiting, max(heard))
        self._failures, self._has_heard = 0, True
        for told in waiting:
            for executor in self._executors.values():
                if after <= executor.heard < told.number:  # a state that was rebuilt meanwhile reads all of it next time
                    if told.instruction.account in ("", executor.account):
                        self._hand_in(executor, told)
                    executor.heard = told.number
