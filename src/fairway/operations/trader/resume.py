"""Resume: ends a kill, with a reason, and only where the account's state and the venue agree. The account comes back small."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Progress, Subject, account_or_bot
from fairway.operations.refusal import Ground, Refusal, against_rule, reason_given, wrong_input
from fairway.operations.trader.kill_latches import latch_of
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.trading.latch import FileLatch, Killed

if TYPE_CHECKING:
    from fairway.journal.port import Journal
    from fairway.trading.account_state import AccountState
    from fairway.trading.trader import Trader

_WIDE: Final = {
    "all": "all bots that share the directory of their latch are killed",
    "bot": "all accounts of this bot are killed",
}
PATIENCE_S: Final = 30
"""Two reconciliations fit in: a difference of balances counts once it was seen twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRequest:
    """account: one of a bot that has many. every: end also a kill of the whole bot or of all bots."""

    config: Path
    reason: str
    account: str = ""
    every: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeOutcome(Outcome):
    """lifted: the ids of the kill caps that were lifted."""

    lifted: tuple[str, ...]


def perform_resume(call: Call[ResumeRequest]) -> ResumeOutcome:
    """Raises Refusal, SettingsError, JournalErrors, VenueErrors, SecretMissing, StoreErrors, PeopleErrors."""
    asked = call.request
    reason_given(asked.reason, "a wrong price feed; it is off now")
    settings = load(asked.config)
    account = _account(settings, asked.account)
    latch = latch_of(settings, account)
    kills = _kills(latch, every=asked.every)
    journal = _opened(settings)
    try:
        state = asyncio.run(_reconciled(settings, account, journal, latch, call))
        with ended(latch, kills):
            lifted = _lift(state, journal, asked.reason, call.actor.name)
    finally:
        journal.close()
    if not lifted:
        raise against_rule(f"NOTHING_KILLED: account={account}", "nothing is killed, so there is nothing to resume")
    lines = (
        f"resumed: {', '.join(lifted)}. It comes back small: one position at a time, a quarter of its size.",
        f"start it with: fairway run {asked.config}",
    )
    return ResumeOutcome(lifted=tuple(lifted), lines=lines)


def preview_resume(call: Call[ResumeRequest]) -> Preview:
    """Which kills would end. Raises Refusal, SettingsError."""
    settings = load(call.request.config)
    account = _account(settings, call.request.account)
    kills = _kills(latch_of(settings, account), every=call.request.every)
    which = ", ".join(f"{killed.cap_id} ({killed.reason})" for killed in kills) or "no kill that a latch holds"
    return Preview(
        effect=f"ends {which}, where the venue agrees; then one position at a time, of a quarter of its size", accounts=(account,)
    )


def _account(settings: Settings, account: str) -> str:
    """Raises Refusal."""
    if settings.people is not None and not account:
        raise wrong_input(
            "ACCOUNT_NOT_NAMED: field=account",
            "this bot carries a registry's accounts; say which with --account, such as --account ann1",
        )
    if settings.people is None and account not in ("", settings.account):
        its = f"{account} is none of this bot's; it has {settings.account}"
        raise wrong_input(f"ACCOUNT_UNKNOWN: account={account}", its, field="account")
    return account or settings.account


def _kills(latch: FileLatch, *, every: bool) -> Sequence[Killed]:
    """The kills that the latch holds now. Raises Refusal for a wide one that is not meant."""
    kills = latch.read()
    wide = [killed.scope.value for killed in kills if killed.is_wide]
    if wide and not every:
        raise wrong_input(f"KILL_IS_WIDE: scope={wide[0]}", f"{_WIDE[wide[0]]}; --all resumes, once each of them is sound")
    return kills


def _opened(settings: Settings) -> "Journal":
    """The trader's journal, to be written. Raises Refusal while a trader writes it, and JournalErrors."""
    from fairway.assembly import CODEC
    from fairway.journal.port import JournalLocked
    from fairway.journal.sql import open_journal

    try:
        return open_journal(settings.journal, CODEC, mode=settings.mode, trader=settings.account)
    except JournalLocked as error:
        holder = str(error).partition(";")[0]
        raise Refusal(
            "JOURNAL_IN_USE: by=trader",
            f"{holder}; stop that trader first, as with Ctrl-C in its terminal, then resume",
            Ground.IN_USE,
        ) from None


@contextmanager
def ended(latch: FileLatch, kills: Sequence[Killed]) -> Iterator[None]:
    """Surrounds the lifting of these kills, and removes their files afterwards. A kill that was set since they were read stays.

    Raises Refusal where there is such a kill already, before anything is lifted.
    """
    if since := [killed for killed in latch.read() if killed not in kills]:
        raise against_rule(
            f"KILLED_SINCE: by={since[0].by}", f"it stays killed, for {since[0].by} has killed it since: {since[0].reason}"
        )
    yield
    for killed in latch.read():
        if killed in kills:
            latch.clear(killed.scope, killed.symbol)


async def _reconciled(
    settings: Settings, account: str, journal: "Journal", latch: FileLatch, call: Call[ResumeRequest]
) -> "AccountState":
    """The account's state, once the venue agrees with it. Raises Refusal with each difference."""
    from fairway.money.amount import use_exact_decimals
    from fairway.trading.agreement import settled

    use_exact_decimals()
    opening = _alone(settings, journal, latch) if settings.people is None else _of_registry(settings, account, journal, call)
    async with opening as trader:
        found = await settled(trader, PATIENCE_S)
        state = trader.executors[account].state
    if found:
        raise against_rule(
            f"STATE_DIFFERS: account={account}", "it stays killed, for account_state and venue do not agree: " + "; ".join(found)
        )
    return state


@asynccontextmanager
async def _alone(settings: Settings, journal: "Journal", latch: FileLatch) -> "AsyncIterator[Trader]":
    """A trader of the configured account."""
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
async def _of_registry(
    settings: Settings, account: str, journal: "Journal", call: Call[ResumeRequest]
) -> "AsyncIterator[Trader]":
    """A trader that carries this one account of a registry."""
    from fairway.assembly.fleet import Fleet, registry_of
    from fairway.world.chance import SystemChance
    from fairway.world.clock import SystemClock

    with registry_of(settings) as registry:
        fleet = Fleet(settings, registry, journal, SystemClock(), SystemChance())
        try:
            trader, _ = await fleet.open(lambda sentence: call.tell(Progress(sentence)), None)
            trader.admit(await fleet.open_account(registry.account(account)))
            yield trader
            await trader.executors[account].venue.close()
        finally:
            await fleet.close()


def _lift(state: "AccountState", journal: "Journal", reason: str, by: str) -> list[str]:
    """First the journal, then the files: a bot whose resume is interrupted in between is still killed."""
    from fairway.journal.kinds import CapLifted, CapRaised, Event
    from fairway.risk.caps import resumed
    from fairway.risk.limits import TradingState
    from fairway.world.clock import SystemClock

    lifted = [cap for cap in state.limits.caps.values() if cap.limits.state is TradingState.KILLED]
    if lifted:
        now = SystemClock().now()
        events: list[Event] = [CapLifted(cap_id=cap.id, by=by, why=reason) for cap in lifted]
        journal.append([*events, CapRaised(cap=resumed(reason, by, now))], account=state.config.account, author=by, at=now)
        journal.sync()
    return [cap.id for cap in lifted]


def _subject(asked: ResumeRequest) -> Subject:
    return account_or_bot("" if asked.every else asked.account)


RESUME = Operation(
    name="resume",
    summary="End a kill, where the account's state and the venue agree.",
    act=UserAct.TRADE,
    exposure=Exposure.RAISES,
    request=ResumeRequest,
    subject=_subject,
    preview=preview_resume,
    perform=perform_resume,
)
OPERATIONS: Final = (RESUME,)
