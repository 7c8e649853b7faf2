"""Opens a trader: replays its journal, opens its venues and puts its parts together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import fairway
from fairway.assembly.bot import Bot
from fairway.assembly.history import CODEC, history_of
from fairway.journal.port import Journal, Readable
from fairway.market.candles import INTERVALS
from fairway.market.instrument import Instrument
from fairway.strategies.api import Remembered, Strategy
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import rebuilt
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.latch import Latch
from fairway.trading.market_cache import MarketCache
from fairway.trading.market_feed import MarketFeed
from fairway.trading.price_watch import PriceWatch
from fairway.trading.recovery import replay
from fairway.trading.schedule import ORDINARY, Schedule
from fairway.trading.trader import Trader
from fairway.trading.trader_config import TraderConfig
from fairway.venues.addresses import addresses_of
from fairway.venues.port import Venue
from fairway.world.chance import Chance
from fairway.world.clock import Clock
from fairway.world.garbage import without_collecting
from fairway.world.process_memory import ProcessMemory


class CannotTrade(Exception):
    """The configuration asks for what the venue does not offer; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class TradedAccount:
    """One account of a trader: what it trades, its own venue client, its own kill latch."""

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
    memory: ProcessMemory,
    command_inbox: CommandInbox | None = None,
    schedule: Schedule = ORDINARY,
) -> Trader:
    """A trader of one account that has replayed its journal and opened its venue. Without a command inbox it takes no commands.

    Raises CannotTrade, VenueErrors and JournalErrors.
    """
    return await open_shared([TradedAccount(bot, venue, latch)], venue, journal, clock, chance, memory, command_inbox, schedule)


async def open_shared(
    accounts: Sequence[TradedAccount],
    market: Venue,
    journal: Journal,
    clock: Clock,
    chance: Chance,
    memory: ProcessMemory,
    command_inbox: CommandInbox | None = None,
    schedule: Schedule = ORDINARY,
) -> Trader:
    """A trader of many accounts, which trade the same symbols by the same strategy; `market` streams quotes and candles.

    Raises CannotTrade, VenueErrors and JournalErrors.
    """
    first = accounts[0].bot
    strategy, cache = Remembered(first.strategy), MarketCache(first.strategy.warm_up)
    configs = {each.bot.account: await account_config_of(each.bot, each.venue, strategy) for each in accounts}

    states = account_states_from(journal, configs, cache)
    price_watch = PriceWatch(configs[first.account].instruments[symbol] for symbol in first.symbols)
    config = TraderConfig(
        release=fairway.__version__,
        strategy=first.strategy_name,
        rebuild=lambda account: account_states_from(journal, {account: configs[account]}, cache)[account],
        schedule=schedule,
    )
    return Trader(
        [AccountExecutor(states[each.bot.account], each.venue, each.latch, clock, schedule=schedule) for each in accounts],
        MarketFeed(market, cache, price_watch, first.symbols, first.interval),
        journal,
        clock,
        chance,
        memory,
        config,
        command_inbox,
    )


def account_states_from(journal: Journal, configs: Mapping[str, AccountConfig], cache: MarketCache) -> dict[str, AccountState]:
    """The states of these accounts, made from the journal alone in one pass. Raises JournalErrors."""
    return rebuilt(configs, cache, journal, CODEC, fairway.__version__)


async def open_account_state(bot: Bot, venue: Venue, journal: Readable) -> AccountState:
    """An account's state by the journal, also while a trader writes it. Opens the venue.

    Raises CannotTrade, VenueErrors and UnreadableRecord.
    """
    state = AccountState(await account_config_of(bot, venue, bot.strategy))
    with without_collecting():
        replay(state, history_of(journal, bot.account))
    return state


async def account_config_of(bot: Bot, venue: Venue, strategy: Strategy) -> AccountConfig:
    """Opens the venue and reads what does not change: instruments and fees. Raises CannotTrade and VenueErrors."""
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
        maintenance=bot.maintenance,
        bot=bot.digest,
        addresses=len(addresses.all) if (addresses := addresses_of(venue)) is not None else 1,
    )


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
