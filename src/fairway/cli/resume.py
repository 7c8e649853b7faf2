"""`fairway resume`: ends a kill, by a person, with a reason, and only where desk and venue agree; it comes back small."""

import asyncio
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from fairway.cli.exits import Exit, Failure
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.port import Journal
    from fairway.trading.desk import Desk
    from fairway.trading.latch import FileLatch

PATIENCE_S: Final = 30
"""Two catch-ups fit in: a difference of balances counts once it was seen twice."""


def resume(
    config: Path = Path("fairway.yaml"),
    /,
    *,
    reason: str,
    by: str = "",
    every: Annotated[bool, Parameter(name="--all", negative=())] = False,
) -> int:
    """End a kill. The trader must be stopped, and the venue must agree with its journal; then it may be started again.

    It comes back with one position at a time, of a quarter of its size, until a person lifts that cap.

    Parameters
    ----------
    config: Path
        The bot's configuration.
    reason: str
        What it was, and why it will not come again. It goes into the journal.
    by: str
        Who you are; the user of this machine where it is left out.
    every: bool
        End also a kill of all bots, which every account of this directory then resumes from by itself.
    """
    if not reason.strip():
        raise Failure('--reason is empty; a right one is --reason "a wrong price feed; it is off now"', Exit.USAGE)
    settings = load(config)
    from fairway.assembly import CODEC, latch_of
    from fairway.journal.sql import open_journal
    from fairway.trading.latch import Scope

    latch = latch_of(settings)
    kills = latch.read()
    if any(killed.scope is Scope.ALL for killed in kills) and not every:
        raise Failure(f"all bots of {settings.latch_folder} are killed; --all resumes, once each of them is sound", Exit.USAGE)
    journal = open_journal(settings.journal, CODEC, mode=settings.mode, trader=settings.account)
    try:
        desk = asyncio.run(_reconciled(settings, journal, latch))
        lifted = _lift(desk, journal, reason, by or getpass.getuser())
    finally:
        journal.close()
    for killed in kills:
        latch.clear(killed.scope, killed.symbol)
    if not lifted:
        raise Failure("nothing is killed, so there is nothing to resume", Exit.NO)
    print(f"resumed: {', '.join(lifted)}. It comes back small: one position at a time, a quarter of its size.")
    print(f"start it with: fairway run {config}")
    return Exit.OK


async def _reconciled(settings: Settings, journal: "Journal", latch: "FileLatch") -> "Desk":
    """The desk, when the venue agrees with it. Raises Failure with all that does not."""
    from fairway.assembly import bot_of, open_trader, venue_of
    from fairway.money.amount import use_exact_decimals
    from fairway.trading.agreement import settled
    from fairway.world.chance import SystemChance
    from fairway.world.clock import SystemClock

    use_exact_decimals()
    venue = venue_of(settings)
    try:
        trader = await open_trader(bot_of(settings), venue, journal, latch, SystemClock(), SystemChance())
        found = await settled(trader, PATIENCE_S)
    finally:
        await venue.close()
    if found:
        raise Failure("it stays killed, for desk and venue do not agree: " + "; ".join(found), Exit.NO)
    return trader.clerks[settings.account].desk


def _lift(desk: "Desk", journal: "Journal", reason: str, by: str) -> list[str]:
    """First the journal, then the files: whoever is interrupted in between is still killed."""
    from fairway.journal.kinds import CapLifted, CapRaised, Event
    from fairway.risk.caps import resumed
    from fairway.risk.limits import TradingState
    from fairway.world.clock import SystemClock

    lifted = [cap for cap in desk.caps.values() if cap.limits.state is TradingState.KILLED]
    if lifted:
        now = SystemClock().now()
        events: list[Event] = [CapLifted(cap_id=cap.id, by=by, why=reason) for cap in lifted]
        journal.append([*events, CapRaised(cap=resumed(reason, by, now))], account=desk.terms.account, author=by, at=now)
        journal.sync()
    return [cap.id for cap in lifted]
