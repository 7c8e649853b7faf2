"""`fairway resume`: ends a kill, by a person, with a reason, and only where desk and venue agree; it comes back small."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

from fairway.cli.exits import Exit, Failure
from fairway.cli.shared_options import USUAL, ByAnyone, Config, speaker
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.port import Journal
    from fairway.trading.account_state import AccountState
    from fairway.trading.latch import FileLatch, Killed
    from fairway.trading.trader import Trader

_WIDE: Final = {
    "all": "all bots that share the directory of their latch are killed",
    "bot": "all accounts of this bot are killed",
}
PATIENCE_S: Final = 30
"""Two catch-ups fit in: a difference of balances counts once it was seen twice."""


def resume(
    config: Config = USUAL,
    /,
    *,
    reason: str,
    account: str = "",
    by: ByAnyone = "",
    every: Annotated[bool, Parameter(name="--all", negative=())] = False,
) -> int:
    """End a kill. The trader must be stopped, and the venue must agree with its journal; then it may be started again.

    It comes back with one position at a time, of a quarter of its size, until a person lifts that cap.

    Parameters
    ----------
    reason: str
        What it was, and why it will not come again. It goes into the journal.
    account: str
        One account of a bot that has many.
    every: bool
        End also a kill of all bots, which every account of this directory then resumes from by itself.
    """
    if not reason.strip():
        raise Failure('--reason is empty; a right one is --reason "a wrong price feed; it is off now"', Exit.USAGE)
    settings = load(config)
    from fairway.assembly import CODEC
    from fairway.journal.port import JournalLocked
    from fairway.journal.sql import open_journal
    from fairway.trading.latch import FileLatch

    if settings.people is not None and not account:
        raise Failure("this bot carries a registry's accounts; say which with --account, such as --account ann1", Exit.USAGE)
    if settings.people is None and account not in ("", settings.account):
        raise Failure(f"--account {account} is none of this bot's; it has {settings.account}", Exit.USAGE)
    name = account or settings.account
    latch = FileLatch(settings.latch_folder, name, settings.symbols, settings.account)
    kills = latch.read()
    wide = [killed.scope.value for killed in kills if killed.is_wide]
    if wide and not every:
        raise Failure(f"{_WIDE[wide[0]]}; --all resumes, once each of them is sound", Exit.USAGE)
    try:
        journal = open_journal(settings.journal, CODEC, mode=settings.mode, trader=settings.account)
    except JournalLocked as error:
        holder = str(error).partition(";")[0]
        raise Failure(
            f"{holder}; stop that trader first, as with Ctrl-C in its terminal, then resume", Exit.JOURNAL_IN_USE
        ) from None
    try:
        desk = asyncio.run(_reconciled(settings, name, journal, latch))
        with ended(latch, kills):
            lifted = _lift(desk, journal, reason, speaker(by))
    finally:
        journal.close()
    if not lifted:
        raise Failure("nothing is killed, so there is nothing to resume", Exit.NO)
    print(f"resumed: {', '.join(lifted)}. It comes back small: one position at a time, a quarter of its size.")
    print(f"start it with: fairway run {config}")
    return Exit.OK


def all_option(latch: "FileLatch") -> str:
    """What the command needs where a kill of more than this account is in force."""
    return " --all" if any(killed.is_wide for killed in latch.read()) else ""


@contextmanager
def ended(latch: "FileLatch", kills: "Sequence[Killed]") -> "Iterator[None]":
    """Around what lifts these kills: their files go afterwards. One that somebody has set since he read them stays.

    Raises Failure where there is one already, before anything is lifted.
    """
    if since := [killed for killed in latch.read() if killed not in kills]:
        raise Failure(f"it stays killed, for somebody has killed it since: {since[0].reason} ({since[0].by})", Exit.NO)
    yield
    for killed in latch.read():
        if killed in kills:
            latch.clear(killed.scope, killed.symbol)


async def _reconciled(settings: Settings, name: str, journal: "Journal", latch: "FileLatch") -> "AccountState":
    """The desk, when the venue agrees with it. Raises Failure with all that does not."""
    from fairway.money.amount import use_exact_decimals
    from fairway.trading.agreement import settled

    use_exact_decimals()
    opening = _alone(settings, journal, latch) if settings.people is None else _of_many(settings, name, journal)
    async with opening as trader:
        found = await settled(trader, PATIENCE_S)
        desk = trader.clerks[name].desk
    if found:
        raise Failure("it stays killed, for desk and venue do not agree: " + "; ".join(found), Exit.NO)
    return desk


@asynccontextmanager
async def _alone(settings: Settings, journal: "Journal", latch: "FileLatch") -> "AsyncIterator[Trader]":
    from fairway.assembly import bot_of, open_trader, venue_of
    from fairway.world.chance import SystemChance
    from fairway.world.clock import SystemClock
    from fairway.world.process_memory import SystemProcessMemory

    venue = venue_of(settings)
    try:
        yield await open_trader(bot_of(settings), venue, journal, latch, SystemClock(), SystemChance(), SystemProcessMemory())
    finally:
        await venue.close()


@asynccontextmanager
async def _of_many(settings: Settings, name: str, journal: "Journal") -> "AsyncIterator[Trader]":
    """A trader that carries this account alone."""
    from fairway.assembly.fleet import Fleet, registry_of
    from fairway.world.chance import SystemChance
    from fairway.world.clock import SystemClock

    with registry_of(settings) as registry:
        fleet = Fleet(settings, registry, journal, SystemClock(), SystemChance())
        try:
            trader, _ = await fleet.open(print, None)
            trader.admit(await fleet.open_clerk(registry.account(name)))
            yield trader
            await trader.clerks[name].venue.close()
        finally:
            await fleet.close()


def _lift(desk: "AccountState", journal: "Journal", reason: str, by: str) -> list[str]:
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
