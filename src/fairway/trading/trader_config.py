"""The settings of a trader that do not change while it runs."""

from collections.abc import Callable
from dataclasses import dataclass

from fairway.trading.account_state import AccountState
from fairway.trading.schedule import ORDINARY, Schedule

Rebuild = Callable[[str], AccountState]
"""Rebuilds an account's state from the journal alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderConfig:
    """release, strategy: names that are journaled at each start. rebuild: used after an account has failed.

    may_be_empty: the trader waits for accounts where it has none, instead of ending.
    """

    release: str
    strategy: str
    rebuild: Rebuild
    may_be_empty: bool = False
    schedule: Schedule = ORDINARY
