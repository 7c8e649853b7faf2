"""Puts the concrete parts together: settings and a world become a running trader, a fleet of accounts, or a pilot.

Paper, practice and live differ by the venue that is plugged in here, real and simulated time by the loop; no other room can tell.
"""

from fairway.assembly.bot import Bot, bot_of
from fairway.assembly.configured import command_inbox_of, latch_of, venue_account, venue_of
from fairway.assembly.history import CODEC, history_of
from fairway.assembly.opening import (
    CannotTrade,
    TradedAccount,
    account_config_of,
    account_states_from,
    open_account_state,
    open_shared,
    open_trader,
)
from fairway.assembly.signals import until_signalled
from fairway.assembly.single_account import FinishedRun, TraderObserver, run

__all__ = [
    "CODEC",
    "Bot",
    "CannotTrade",
    "FinishedRun",
    "TradedAccount",
    "TraderObserver",
    "account_config_of",
    "account_states_from",
    "bot_of",
    "command_inbox_of",
    "history_of",
    "latch_of",
    "open_account_state",
    "open_shared",
    "open_trader",
    "run",
    "until_signalled",
    "venue_account",
    "venue_of",
]
