"""A supervisor adds accounts to a trader: a paused one opens nothing from the first moment; one that fails harms no other."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace as dataclass_with

from msgspec.structs import replace
from tests.pure.people.registries import account, said
from tests.scenes.harness import RULES
from tests.scenes.script import ScriptedSignal, ScriptedStrategy, enter
from tests.scenes.test_many_accounts_share_a_trader import Crowd

from fairway.assembly import account_config_of, account_states_from
from fairway.exchange.practice_exchange import Credentials
from fairway.journal.commands import StopEveryone
from fairway.money.amount import Amount
from fairway.people.account import Account
from fairway.people.lifecycle import LifecycleState
from fairway.risk.breakers import EVERYONE
from fairway.risk.limits import Limits
from fairway.store.failures import StoreLocked
from fairway.strategies.api import Remembered
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.account_supervisor import AccountSupervisor
from fairway.trading.inputs import CommandReceived
from fairway.trading.market_cache import MarketCache
from fairway.trading.market_feed import MarketFeed
from fairway.trading.other_writers import Fenced
from fairway.trading.price_watch import PriceWatch
from fairway.trading.trader import Trader
from fairway.trading.trader_config import TraderConfig
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.loop import running
from fairway.world.process_memory import SimProcessMemory
from fairway.world.tasks import Tasks

LEFT = "account bob is not traded any more, for its trader has failed; pause and resume it when you have looked at it"


class Roll:
    """What the registry says."""

    def __init__(self, *accounts: Account) -> None:
        self.told, self.changes = list(accounts), 1

    def version(self) -> int:
        return self.changes

    def accounts(self) -> Sequence[Account]:
        return self.told

    def say(self, *accounts: Account) -> None:
        self.told, self.changes = list(accounts), self.changes + 1


class Kept(Crowd):
    """A trader whose accounts a supervisor brings. before: what is waited for before an account can be opened, by its name."""

    def __init__(
        self,
        roll: Roll,
        *wishes: ScriptedSignal,
        acts: dict[float, Callable[["Kept"], object]] | None = None,
        before: dict[str, Callable[[], Awaitable[object]]] | None = None,
    ) -> None:
        super().__init__(*wishes, acts=acts or {})  # type: ignore[arg-type]
        self.roll, self._before, self.said = roll, before or {}, list[str]()

    async def _trade(self, credentials: Credentials) -> None:
        loop, self._keys = running(), {"main": credentials}
        for name in ("bob", "carol"):
            self._keys[name] = self.exchange.open_account(name, {"USDT": 10_000 * 10**8})
        self._strategy, self._terms = Remembered(ScriptedStrategy(self._wanted)), dict[str, AccountConfig]()
        market, self._venues = self._venue("market", credentials), list[CcxtVenue]()
        self._venues.append(market)
        listed = await market.open()
        self._cache, self.journal = MarketCache(self._strategy.warm_up), self.open_journal()
        self.trader = Trader(
            [],
            MarketFeed(market, self._cache, PriceWatch([listed["BTC/USDT"]]), ("BTC/USDT",), "1m"),
            self.journal,
            loop.clock,
            loop.chance.child("comebacks"),
            SimProcessMemory(),
            TraderConfig(release="test", strategy="scripted", rebuild=self._account_state, may_be_empty=True),
        )
        supervisor = AccountSupervisor(self.trader, self.roll, self._open, loop.clock, self.said.append)
        try:
            async with Tasks("fleet") as tasks:
                tasks.spawn("supervisor", supervisor.run())
                tasks.spawn("trader", self.trader.run())
        finally:
            for venue in self._venues:
                await venue.close()
            self.journal.close()

    def _account_state(self, name: str) -> AccountState:
        return account_states_from(self.journal, {name: self._terms[name]}, self._cache)[name]

    async def _open(self, opened: Account) -> AccountExecutor:
        if opened.id in self._before:
            await self._before[opened.id]()
        venue = self._venue(opened.id, self._keys[opened.id])
        self._venues.append(venue)
        rules = replace(RULES, limits=RULES.limits & Limits(capital=opened.capital_max))
        bot = dataclass_with(self._bot(opened.id), rules=rules)
        self._terms[opened.id] = await account_config_of(bot, venue, self._strategy)
        return AccountExecutor(self._account_state(opened.id), venue, self.latch, running().clock)


def paused(name: str) -> Account:
    return replace(account(name), state=LifecycleState.PAUSED, said=said("ann", "a holiday"))


def test_a_paused_account_opens_nothing_while_another_one_cannot_be_opened_yet() -> None:
    """The other's venue takes two minutes to answer; until then the first one must know that it is paused."""
    stage = Kept(Roll(account("bob"), paused("carol")), enter(), before={"bob": lambda: asyncio.sleep(120)})
    stage.run(minutes=4)
    assert stage.planned() == []


def test_a_registry_that_cannot_be_read_for_one_account_ends_no_other() -> None:
    """Its keys are in a database that is locked in that moment. It is told, and tried again."""
    locked = [StoreLocked("the registry is locked by another program")]

    async def look() -> None:
        if locked:
            raise locked.pop()

    stage = Kept(Roll(account("main"), account("bob")), enter(2), before={"bob": look})
    stage.run(minutes=4)
    assert stage.said == ["account bob is not traded: the registry is locked by another program"]
    assert sorted(stage.planned()) == ["bob", "main"]


def test_another_capital_is_in_force_within_seconds_and_one_in_another_currency_changes_nothing() -> None:
    """What is held keeps its stop; after the second change the account trades on by the first."""
    roll, seen = Roll(account("bob")), dict[float, Amount | None]()

    def bounded(amount: str) -> Callable[[Kept], object]:
        return lambda _: roll.say(replace(account("bob"), capital_max=Amount.of(*amount.split())))

    def look(at: float) -> Callable[[Kept], object]:
        return lambda stage: seen.update({at: stage.trader.executors["bob"].state.config.rules.limits.capital})

    acts: dict[float, Callable[[Kept], object]] = {
        95: look(95),
        100: bounded("300 USDT"),
        120: look(120),
        130: bounded("200 EUR"),
        150: look(150),
    }
    stage = Kept(roll, enter(), enter(3), acts=acts)
    stage.run(minutes=5)
    assert seen == {95: None, 120: Amount.of("300", "USDT"), 150: Amount.of("300", "USDT")}
    assert stage.said == ["account bob goes on with its capital as before, for 200 EUR is not in USDT"]


def test_an_account_that_joins_while_everyone_is_stopped_is_stopped_alike() -> None:
    """And opens nothing until a person lifts the breaker for it, as for the others."""
    roll = Roll(account("bob"))

    def stop(stage: Kept) -> None:
        stage.trader.take(None, CommandReceived(1, "ann", StopEveryone(reason="the venue behaves oddly")))

    stage = Kept(roll, enter(1), acts={5: stop, 20: lambda _: roll.say(account("bob"), account("carol"))})
    stage.run(minutes=4)
    reason = "stopped by ann: the venue behaves oddly"
    assert {name: stage.account_state_of(name).limits.caps[EVERYONE].reason for name in ("bob", "carol")} == {
        "bob": reason,
        "carol": reason,
    }
    assert stage.planned() == []


def test_an_account_that_was_left_to_a_person_comes_back_by_a_person() -> None:
    """Another trader has taken bob over. That carol is added says nothing of him; that somebody resumes him does."""
    seen: list[list[str]] = []

    def fence(stage: Kept) -> None:
        stage.trader.executors["bob"].fail(Fenced("another trader is at work on account bob"))

    def look(stage: Kept) -> None:
        seen.append(sorted(stage.trader.executors))

    resumed = replace(account("bob"), said=said("ann", "the other one is off"))
    stage = Kept(
        Roll(account("main"), account("bob")),
        acts={
            30: fence,
            40: lambda stage: stage.roll.say(account("main"), account("bob"), account("carol")),
            50: look,
            60: lambda stage: stage.roll.say(account("main"), resumed, account("carol")),
            70: look,
        },
    )
    stage.run(minutes=1.5)
    assert seen == [["carol", "main"], ["bob", "carol", "main"]]
    assert stage.said == [LEFT]
