"""Runs one trader for all accounts of a registry, which says which accounts there are, with which keys and limits."""

import asyncio
import signal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol, cast

from msgspec.structs import replace

import fairway
from fairway.assembly.bot import Bot
from fairway.assembly.configured import command_inbox_of, venue_account
from fairway.assembly.first_start import removing_failed_start
from fairway.assembly.history import CODEC
from fairway.assembly.opening import CannotTrade, account_config_of, account_states_from
from fairway.assembly.operational_log import OperationalLog, operational_log
from fairway.assembly.signals import kill_by_signal, until_signalled
from fairway.journal.kinds import Event
from fairway.journal.port import Journal
from fairway.journal.sql import open_journal
from fairway.market.instrument import Instrument
from fairway.money.amount import use_exact_decimals
from fairway.people.account import Account
from fairway.people.master_key import fresh_from, master_keys
from fairway.people.registry import Registry
from fairway.people.tables import Tables
from fairway.people.user import User
from fairway.people.vault import Vault
from fairway.risk.limits import Limits
from fairway.risk.profiles import Profile
from fairway.risk.rules import RiskRules
from fairway.settings import Settings
from fairway.strategies.api import Remembered, made, strategy
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.account_supervisor import AccountSupervisor, NotOpened, Tell
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.latch import FileLatch, KillScope
from fairway.trading.market_cache import MarketCache
from fairway.trading.market_feed import MarketFeed
from fairway.trading.price_watch import PriceWatch
from fairway.trading.schedule import Schedule
from fairway.trading.trader import Trader
from fairway.trading.trader_config import TraderConfig
from fairway.venues.allowance import Lane
from fairway.venues.port import Venue
from fairway.venues.registry import make_venue
from fairway.watch.series import merged
from fairway.world.chance import Chance, SystemChance
from fairway.world.clock import Clock, SteadyClock, SystemClock
from fairway.world.garbage import settle
from fairway.world.process_memory import SystemProcessMemory
from fairway.world.realtime import run_real
from fairway.world.tasks import Tasks

ACCOUNTS_BEFORE_SLOWER = 20
"""Up to so many accounts behind one address are each reconciled twice a minute; more are reconciled less often, in proportion,
because the venue limits the requests of an address."""


class Fleet:
    """Opens the accounts of one registry at one exchange, with what they share."""

    def __init__(
        self,
        settings: Settings,
        registry: Registry,
        journal: Journal,
        clock: Clock,
        chance: Chance,
        log: OperationalLog | None = None,
    ) -> None:
        self._log = log or OperationalLog(clock)
        self._settings, self._registry, self._journal = settings, registry, journal
        self._clock, self._chance = clock, chance
        plugin = strategy(settings.strategy.name)
        self._strategy_name = plugin.name
        self._strategy = Remembered(made(plugin, settings.strategy.own))
        self._cache = MarketCache(self._strategy.warm_up)
        self._market = make_venue(settings.venue.kind, venue_account(settings), clock, chance.child("market"))
        self._terms: dict[str, AccountConfig] = {}
        self._tell: Tell = lambda told: None
        self.listed: Mapping[str, Instrument] = {}

    async def open(self, tell: Tell, command_inbox: CommandInbox | None) -> tuple[Trader, AccountSupervisor]:
        """A trader without accounts yet, and the supervisor that adds them. Raises VenueErrors and CannotTrade."""
        self._tell, self.listed = tell, await self._market.open()
        missing = [symbol for symbol in self._settings.symbols if symbol not in self.listed]
        if missing:
            raise CannotTrade(f"{self._market.name} does not trade {', '.join(missing)}")
        price_watch = PriceWatch(self.listed[symbol] for symbol in self._settings.symbols)
        config = TraderConfig(
            release=fairway.__version__,
            strategy=self._strategy_name,
            rebuild=self._rebuilt_state,
            may_be_empty=True,
            schedule=Schedule(reconcile_ns=self._catch_up_ns()),
        )
        trader = Trader(
            [],
            MarketFeed(self._log.venue(self._market), self._cache, price_watch, self._settings.symbols, self._settings.interval),
            self._journal,
            self._clock,
            self._chance.child("comebacks"),
            SystemProcessMemory(),
            config,
            command_inbox,
        )
        return trader, AccountSupervisor(trader, self._registry, self.open_account, self._clock, tell)

    async def close(self) -> None:
        await self._market.close()

    async def open_account(self, account: Account) -> AccountExecutor:
        """Raises NotOpened, VenueErrors and PeopleErrors."""
        if (account.exchange, account.mode, account.url) != self._place():
            raise NotOpened(f"it is at {account.venue}, and this trader is at {' '.join(filter(None, self._place()))}")
        keys = self._registry.keys_of(account.id)
        self._log.redaction.hide(keys.key.reveal(), keys.secret.reveal())
        venue = make_venue(
            self._settings.venue.kind,
            venue_account(self._settings, keys.key.reveal(), keys.secret.reveal()),
            self._clock,
            self._chance.child(f"venue of {account.id}"),
            like=self._market,
        )
        try:
            user = self._registry.user(account.user)
            bot = self._bot_of(account, user)
            self._terms[account.id] = await account_config_of(bot, venue, self._strategy)
        except BaseException:
            await venue.close()
            raise
        self._tell(profile_in_words(account, user, self._settings))
        latch = FileLatch(self._settings.latch_folder, account.id, self._settings.symbols, self._settings.account)
        return AccountExecutor(
            self._rebuilt_state(account.id),
            self._log.venue(venue, account=account.id),
            latch,
            self._clock,
            schedule=Schedule(reconcile_ns=self._catch_up_ns()),
        )

    def _rebuilt_state(self, account: str) -> AccountState:
        return account_states_from(self._journal, {account: self._terms[account]}, self._cache)[account]

    def _catch_up_ns(self) -> int:
        return self._settings.reconcile_every * max(1, len(self._registry.accounts()) // ACCOUNTS_BEFORE_SLOWER)

    def _bot_of(self, account: Account, user: User) -> Bot:
        return Bot(
            account=account.id,
            symbols=self._settings.symbols,
            interval=self._settings.interval,
            strategy_name=self._strategy_name,
            strategy=self._strategy,
            rules=rules_of_account(account, user, self._settings),
            needs_lease=self._settings.lease,
            maintenance=merged(self._settings.maintenance),
        )

    def _place(self) -> tuple[str, str, str]:
        return self._settings.venue.exchange, self._settings.mode, self._settings.venue.url or ""


def rules_of_account(account: Account, user: User, settings: Settings) -> RiskRules:
    """The user's profile up to the file's profile_max, tightened by the keys of the file and by the account's own bounds.

    Raises NotOpened where its capital is in another currency than the bot trades in, for then its number bounds nothing.
    """
    for name, amount in (("capital_min", account.capital_min), ("capital_max", account.capital_max)):
        if amount is not None and amount.asset != settings.quote:
            raise NotOpened(f"its {name} is {amount}, and this bot trades in {settings.quote}; write it in {settings.quote}")
    rules = settings.risk.rules(settings.quote, Profile(user.profile.value))
    own = Limits(
        symbols=frozenset(account.symbols) if account.symbols else None,
        capital=account.capital_max,
        capital_min=account.capital_min,
    )
    return replace(rules, limits=rules.limits & own)


def profile_in_words(account: Account, user: User, settings: Settings) -> str:
    """Which profile an account is traded by, and why."""
    users, bound = Profile(user.profile.value), settings.risk.profile_max
    applied = settings.risk.bounded(users)
    if applied is users:
        return f"account {account.id} is traded by profile {applied}, that of its user {user.id}"
    return f"account {account.id} is traded by profile {applied}: its user {user.id} has {users}, and risk.profile_max is {bound}"


class FleetObserver(Protocol):
    """Is shown what a fleet does, for a terminal or a log."""

    def meet(self, instruments: Mapping[str, Instrument], history: Iterable[tuple[str, Event, int]]) -> None:
        """Called before the first new event: the listed instruments, and the journal's events (account, event, instant in ns)."""

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        """Called with the events of an account once they are durable."""

    def tell(self, what: str) -> None:
        """Called with a message that concerns no single account."""


def carried(settings: Settings, registry: Registry, account: str = "") -> list[Account]:
    """The accounts of a registry at the configured place, or that one of them. Raises ChangeRefused for one that never was."""
    place = settings.venue.exchange, settings.mode, settings.venue.url or ""
    found = [registry.account(account)] if account else registry.accounts()
    return [each for each in found if (each.exchange, each.mode, each.url) == place]


def venues_of(settings: Settings, registry: Registry, account: str, looks: Lane) -> dict[str, Venue]:
    """The venues of all accounts of a registry at the configured place, or of one; see `venue_of`. Raises PeopleErrors."""
    venues = dict[str, Venue]()
    for each in carried(settings, registry, account):
        venues[each.id] = venue_of_account(settings, registry, each, looks, next(iter(venues.values()), None))
    return venues


def venue_of_account(settings: Settings, registry: Registry, account: Account, looks: Lane, like: Venue | None = None) -> Venue:
    """The venue of one account; like: that of another account at the same exchange. Raises PeopleErrors."""
    keys = registry.keys_of(account.id)
    its = venue_account(settings, keys.key.reveal(), keys.secret.reveal())
    return make_venue(settings.venue.kind, its, SystemClock(), like=like, looks=looks)


def run_fleet(settings: Settings, observer: FleetObserver) -> dict[str, AccountState]:
    """Trades all accounts in real time until SIGINT, SIGTERM or SIGHUP; protective orders stay at the venue. SIGUSR1 kills all.

    Returns the accounts' states at the end.

    Raises CannotTrade, VenueErrors, JournalErrors, StoreErrors and PeopleErrors.
    """
    use_exact_decimals()
    with registry_of(settings) as registry, removing_failed_start(settings.journal):
        return run_real(lambda: _run(settings, registry, observer))


async def _run(settings: Settings, registry: Registry, observer: FleetObserver) -> dict[str, AccountState]:
    clock = SteadyClock(SystemClock())
    log = operational_log(settings, clock)
    journal = log.journal(open_journal(settings.journal, CODEC, mode=settings.mode, trader=settings.account))
    fleet = Fleet(settings, registry, journal, clock, SystemChance(), log)
    command_inbox = command_inbox_of(settings)
    try:
        trader, supervisor = await fleet.open(observer.tell, command_inbox)
        observer.meet(fleet.listed, ((entry.account, cast(Event, CODEC.decode(entry)), entry.at) for entry in journal.replay()))
        trader.watchers.extend((observer.hear, log.hear))
        trader.alerts.extend((observer.tell, log.tell))
        settle()
        running = asyncio.get_running_loop()
        running.add_signal_handler(signal.SIGUSR1, kill_by_signal, settings, KillScope.BOT, clock, observer.tell)

        async def work() -> None:
            async with Tasks("fleet") as tasks:
                tasks.spawn("account supervisor", supervisor.run())
                tasks.spawn("trader", trader.run())

        await until_signalled(log.watching(work()))
        return {name: executor.state for name, executor in trader.executors.items()}
    finally:
        command_inbox.close()
        journal.close()
        await fleet.close()
        log.close()


@contextmanager
def registry_of(settings: Settings) -> Iterator[Registry]:
    """The registry that a configuration names, ready to be read. Raises StoreErrors and PeopleErrors."""
    assert settings.people is not None
    tables = Tables(settings.people, patience_s=0)
    try:
        tables.prepare()
        vault = Vault(lambda: master_keys(settings.master_key), fresh_from(SystemChance()))
        yield Registry(tables, vault)
    finally:
        tables.close()
