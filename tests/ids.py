"""Client order ids for tests, by their parts: the form is known in one place."""

from typing import Final

from fairway.orders.ids import KILL_EPOCH, ClientId, Role

RUN: Final = "k3x9q"
"""The run of tests that start a trader themselves."""


def own_id(role: str, sequence: int = 1, *, epoch: int = 1, run: str = RUN, account: str = "main") -> str:
    """An id of a trader's own form; run "" gives one of before runs were drawn."""
    return str(ClientId(account, epoch, sequence, Role(role), run))


def kill_id(sequence: int = 1, *, run: str = "q9x3k", account: str = "main") -> str:
    """An id of a sale of the kill command."""
    return own_id("x", sequence, epoch=KILL_EPOCH, run=run, account=account)
