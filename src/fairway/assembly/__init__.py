"""Where things meet: the only file that knows every concrete class. Settings and a world become a running trader.

Paper, practice and live differ by the venue that is plugged in here, and real and simulated time by the loop; nothing below
this file can tell.
"""

import asyncio
import inspect
import signal
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import cast

import msgspec

import fairway
from fairway.assembly.first_start import leaving_no_trace
from fairway.assembly.operational_log import operational_log
from fairway.journal.command_inbox import command_inbox_beside
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, Event
from fairway.journal.port import Journal, Readable
from fairway.journal.sql import open_journal
from fairway.market.candles import INTERVALS
from fairway.market.instrument import Instrument
from fairway.money.amount import use_exact_decimals
from fairway.risk.rules import RiskRules
from fairway.settings import Settings
from fairway.strategies.api import Plugin, Remembered, Strategy, made, strategy
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import rebuilt
from fairway.trading.command_inbox import CommandInbox, JournalCommandInbox
from fairway.trading.latch import FileLatch, Killed, Latch, Scope, SetWithoutWords
from fairway.trading.market_cache import MarketCache
from fairway.trading.price_watch import PriceWatch
from fairway.trading.recovery import replay
from fairway.trading.schedule import ORDINARY, Schedule
from fairway.trading.trader import Trader
from fairway.venues.allowance import Lane
from fairway.venues.port import Venue, VenueError
from fairway.venues.registry import VenueAccount, make_venue
from fairway.world.chance import Chance, SystemChance
from fairway.world.clock import Clock, SteadyClock, SystemClock
from fairway.world.process_memory import ProcessMemory, SystemProcessMemory
from fairway.world.realtime import heard, run_real, settle, without_collecting
from fairway.world.stops import stops

CODEC = Codec(*EVENTS)
LAST_WORD_S = 0.75
"""A person who pressed Ctrl-C waits no longer than this for the venue's balances, nor two seconds for all of the end."""


class CannotTrade(Exception):
    """What is configured and what the venue offers do not fit; one clear sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """What is to be traded and how, without a word of where."""

    account: str
    symbols: tuple[str, ...]
    interval: str
    strategy_name: str
    strategy: Strategy
    rules: RiskRules
    needs_lease: bool = False
    digest: str = ""
    """Of all that makes it what it is."""


class Onlooker:
    """What sees a trader at work; this one sees nothing."""

    def meet(self, instruments: Mapping[str, Instrument], history: Iterable[tuple[Event, int]]) -> None:
        """Before the first new event: what is traded, and what the journal holds of earlier runs (event, instant in ns)."""

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        """What happened to an account, durable now, with its instant (ns)."""

    def tell(self, what: str) -> None:
        """What no event tells, such as that none can be written down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run that was stopped. balances: the venue's last word, None where it gave none; instants in ns."""

    desk: AccountState
    balances: Mapping[str, Decimal] | None
    began_at: int
    ended_at: int


@dataclass(frozen=True, slots=True)
class Seat:
    """One account's place in a trader: what it trades, its own client, its own latch."""

    bot: Bot
    venue: Venue
    latch: Latch


async def open_trader(
    bot: Bot,
    venue: Venue,
    journal: Journal,
    latch: Latch,
    clock: Clock,
    chance: Chance,
    footprint: ProcessMemory,
    command_inbox: CommandInbox | None = None,
    pace: Schedule = ORDINARY,
) -> Trader:
    """A trader of one account that has replayed its journal and opened its venue. Without a command inbox it takes no commands.

    Raises CannotTrade, VenueErrors and JournalErrors.
    """
    return await open_shared([Seat(bot, venue, latch)], venue, journal, clock, chance, footprint, command_inbox, pace)


async def open_shared(
    seats: Sequence[Seat],
    market: Venue,
    journal: Journal,
    clock: Clock,
    chance: Chance,
    footprint: ProcessMemory,
    command_inbox: CommandInbox | None = None,
    pace: Schedule = ORDINARY,
) -> Trader:
    """A trader of many accounts. All trade the same symbols by the same strategy; market tells them quotes and candles.

    Raises CannotTrade, VenueErrors and JournalErrors.
    """
    first = seats[0].bot
    strategy, board = Remembered(first.strategy), MarketCache(first.strategy.warm_up)
    terms = {seat.bot.account: await terms_of(seat.bot, seat.venue, strategy) for seat in seats}

    desks = desks_from(journal, terms, board)
    return Trader(
        [AccountExecutor(desks[seat.bot.account], seat.venue, seat.latch, clock, pace=pace) for seat in seats],
        market,
        board,
        journal,
        clock,
        chance,
        footprint,
        symbols=first.symbols,
        interval=first.interval,
        vigil=PriceWatch(terms[first.account].instruments[symbol] for symbol in first.symbols),
        rebuild=lambda account: desks_from(journal, {account: terms[account]}, board)[account],
        release=fairway.__version__,
        strategy=first.strategy_name,
        command_inbox=command_inbox,
        pace=pace,
    )


def desks_from(journal: Journal, terms: Mapping[str, AccountConfig], board: MarketCache) -> dict[str, AccountState]:
    """Desks of these accounts, made from the journal alone, in one reading of it. Raises JournalErrors."""
    return rebuilt(terms, board, journal, CODEC, fairway.__version__)


async def open_desk(bot: Bot, venue: Venue, journal: Readable) -> AccountState:
    """What a journal holds of an account, while a trader writes it or after. Opens the venue.

    Raises CannotTrade, VenueErrors and UnreadableRecord.
    """
    desk = AccountState(await terms_of(bot, venue, bot.strategy))
    with without_collecting():
        replay(desk, history_of(journal, bot.account))
    return desk


async def terms_of(bot: Bot, venue: Venue, strategy: Strategy) -> AccountConfig:
    """Opens the venue, and learns from it what does not change. Raises CannotTrade and VenueErrors."""
    instruments = _chosen(bot, await venue.open(), venue.name)
    if not venue.promises.pairs:
        raise CannotTrade(
            f"{venue.name} holds no stop and target of which one cancels the other, so positions there would be naked"
        )
    return AccountConfig(
        account=bot.account,
        quote=instruments[bot.symbols[0]].quote,
        symbols=bot.symbols,
        interval=bot.interval,
        interval_ns=INTERVALS[bot.interval],
        instruments=instruments,
        fees={symbol: await venue.fees(symbol) for symbol in bot.symbols},
        strategy=strategy,
        rules=bot.rules,
        strategy_name=bot.strategy_name,
        needs_lease=bot.needs_lease,
        bot=bot.digest,
    )


def venue_of(settings: Settings, looks: Lane = Lane.QUERY, clock: Clock | None = None) -> Venue:
    """The venue that is configured, not opened yet; looks: how urgent its open orders are; clock: that of whoever trades there,
    the machine's where it is None. Raises SecretMissing."""
    key, secret = (held.reveal() if held is not None else "" for held in (settings.venue.key, settings.venue.secret))
    return make_venue(settings.venue.kind, venue_account(settings, key, secret), clock or SystemClock(), looks=looks)


def venue_account(settings: Settings, key: str = "", secret: str = "") -> VenueAccount:
    """An account at the configured exchange; without a key one that reads market data only."""
    venue = settings.venue
    return VenueAccount(exchange=venue.exchange, key=key, secret=secret, sandbox=venue.sandbox, url=venue.url or "")


def latch_of(settings: Settings) -> FileLatch:
    """The kill latch that stands beside the configured journal."""
    return FileLatch(settings.latch_folder, settings.account, settings.symbols)


def command_inbox_of(settings: Settings) -> JournalCommandInbox:
    """The command inbox beside the configured journal, not opened yet."""
    return JournalCommandInbox(command_inbox_beside(settings.journal), mode=settings.mode, trader=settings.account)


def bot_of(settings: Settings) -> Bot:
    plugin, rules = strategy(settings.strategy.name), settings.risk.rules(settings.quote)
    own = settings.strategy.own.model_dump(mode="json")
    makes_it = (fairway.__version__, settings.symbols, settings.interval, plugin.name, _code_of(plugin), own, rules)
    return Bot(
        account=settings.account,
        symbols=settings.symbols,
        interval=settings.interval,
        strategy_name=plugin.name,
        strategy=made(plugin, settings.strategy.own),
        rules=rules,
        needs_lease=settings.lease,
        digest=sha256(msgspec.json.encode(makes_it, order="deterministic")).hexdigest(),
    )


def _code_of(plugin: Plugin) -> str:
    """Digest of the file that a strategy is made in: changed code is another strategy. "" where there is no such file."""
    try:
        file = inspect.getsourcefile(plugin.make)
    except TypeError:
        return ""
    return sha256(Path(file).read_bytes()).hexdigest() if file else ""


def run(settings: Settings, onlooker: Onlooker) -> Ended:
    """Trades in real time until SIGINT, SIGTERM or SIGHUP; protective orders stay at the venue.

    Raises CannotTrade, SecretMissing, VenueErrors and JournalErrors.
    """
    use_exact_decimals()
    with leaving_no_trace(settings.journal):
        return run_real(lambda: _run(settings, onlooker))


async def _run(settings: Settings, onlooker: Onlooker) -> Ended:
    clock = SteadyClock(SystemClock())
    log = operational_log(settings, clock)
    began_at, venue = clock.now(), log.venue(venue_of(settings, clock=clock))
    journal = log.journal(open_journal(settings.journal, CODEC, mode=settings.mode, trader=settings.account))
    command_inbox, latch = command_inbox_of(settings), latch_of(settings)
    try:
        bot, footprint = bot_of(settings), SystemProcessMemory()
        pace = Schedule(reconcile_ns=settings.reconcile_every)
        trader = await open_trader(bot, venue, journal, latch, clock, SystemChance(), footprint, command_inbox, pace)
        clerk = trader.clerks[settings.account]
        onlooker.meet(clerk.desk.terms.instruments, history_of(journal))
        trader.watchers.extend((onlooker.hear, log.hear))
        trader.criers.extend((onlooker.tell, log.tell))
        settle()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, _kill_by_signal, settings, clock, onlooker.tell)
        await until_told_to_stop(log.watching(trader.run()))
        return Ended(desk=clerk.desk, balances=await _last_word(venue), began_at=began_at, ended_at=clock.now())
    finally:
        command_inbox.close()
        journal.close()
        await venue.close()
        log.close()


def _kill_by_signal(settings: Settings, clock: Clock, tell: Callable[[str], None]) -> None:
    """Sets the latch, which the trader looks at within a second: nothing is opened any more, and stops stay."""
    killed = Killed(scope=Scope.ACCOUNT, reason="the signal SIGUSR1", by="whoever sent it", at=clock.now())
    latch = latch_of(settings)
    try:
        latch.set(killed)
    except SetWithoutWords:
        pass  # it is there, and the trader tells of it
    except OSError as error:
        where = latch.path(killed.scope)
        tell(f"NOT killed: the latch {where} cannot be written: {error.strerror}. Stop this process; stops stay at the venue.")


async def until_told_to_stop(work: Coroutine[object, object, None]) -> None:
    """Ends with the work's own error, or quietly after a signal, within the time that cancelling takes."""
    running = asyncio.ensure_future(work)
    with heard(stops(), running.cancel):
        try:
            await running
        except asyncio.CancelledError:
            if not running.cancelled():
                raise


async def _last_word(venue: Venue) -> Mapping[str, Decimal] | None:
    """What the venue says the account holds, free and locked together; None where it does not answer in time."""
    try:
        async with asyncio.timeout(LAST_WORD_S):
            report = await venue.balances()
    except (VenueError, TimeoutError):
        return None
    return {asset: free.value + locked.value for asset, (free, locked) in report.balances.items()}


def history_of(journal: Readable, account: str = "") -> Iterator[tuple[Event, int]]:
    """The journal's events with their instants (ns), oldest first; of one account, where it is named. Raises UnreadableRecord."""
    return ((cast(Event, CODEC.decode(entry)), entry.at) for entry in journal.replay(account=account or None))


def _chosen(bot: Bot, offered: Mapping[str, Instrument], venue: str) -> dict[str, Instrument]:
    missing = [symbol for symbol in bot.symbols if symbol not in offered]
    if missing:
        near = ", ".join(list(offered)[:5])
        raise CannotTrade(f"{venue} does not trade {', '.join(missing)}; it trades {len(offered)} pairs, such as {near}")
    chosen = {symbol: offered[symbol] for symbol in bot.symbols}
    quotes = dict.fromkeys(instrument.quote for instrument in chosen.values())
    if len(quotes) > 1:
        raise CannotTrade(f"the symbols are priced in {' and '.join(quotes)}; one account is traded in one currency")
    return chosen
