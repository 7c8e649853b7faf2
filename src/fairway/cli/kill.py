"""`fairway kill`: stops a bot for good, from a process of its own, and says what is left at the venue.

First the latch, then the venue, then words: no step needs a later one. Neither the trader nor its journal need be there.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter
from msgspec.structs import replace

from fairway.cli.exits import Exit, Failure, known
from fairway.cli.kill_first import BY_HAND, Latching
from fairway.cli.printing import say
from fairway.cli.resume import all_option
from fairway.cli.shared_options import USUAL, ByAnyone, Config, speaker
from fairway.risk.disposal import Disposal
from fairway.settings import Settings, SettingsError, load
from fairway.settings.latch_place import LatchPlace, latch_place, place_of
from fairway.trading.latch import Cause, FileLatch, Killed, Scope
from fairway.world.clock import SystemClock

if TYPE_CHECKING:
    from fairway.people.account import Account
    from fairway.people.registry import Registry
    from fairway.trading.kill import Killing
    from fairway.venues.port import Venue

    _Venues = tuple[dict[str, Venue], dict[str, BaseException]]

LOOK: Final = f"look at the venue's own page, and see {BY_HAND}"
_SCOPES: Final = {"all": Scope.ALL, "bot": Scope.BOT, "account": Scope.ACCOUNT, "symbol": Scope.SYMBOL}


def kill(
    config: Config = USUAL,
    /,
    *,
    reason: str,
    scope: Literal["all", "account", "bot", "symbol"] = "account",
    symbol: str = "",
    account: str = "",
    cause: Literal["loss", "runaway", "mismatch", "blind", "cannot-place", "other"] = "other",
    flatten: Annotated[bool, Parameter(negative="--keep-stops")] = False,
    by: ByAnyone = "",
) -> int:
    """Stop a bot for good: nothing new is opened, orders that do not protect are cancelled, and it is verified at the venue.

    It survives every restart; only `fairway resume` ends it. It works while the trader is dead. Exit code 0 only where the venue
    has confirmed all of it.

    Parameters
    ----------
    reason: str
        Why; whoever resumes it reads this.
    scope: str
        all: every bot whose latch lies in this directory is latched; at the venue this bot's orders are cancelled. bot: all
        accounts of this bot. symbol: one pair only.
    symbol: str
        The pair, with --scope symbol, such as BTC/USDT.
    account: str
        One account of a bot that has many.
    cause: str
        What went wrong. With mismatch, blind and cannot-place nothing is sold, whatever else is said: stops and targets stay.
    flatten: bool
        Sell every position at once, in slices and never far below the price. Without it, stops and targets stay at the venue.
    """
    killed = _killed(reason, Cause(cause), _SCOPES[scope], symbol, flatten=flatten, by=speaker(by))
    latching, place = Latching(config, killed, account), latch_place(config)
    latching.first(place)
    settings = _loaded(config, place, latching)
    latching.check_named(settings.people is not None)
    if killed.scope in (Scope.ALL, Scope.BOT):
        latching.set(_latch(settings, settings.account), killed)
        killed = replace(killed, scope=Scope.ACCOUNT)
    killings = asyncio.run(_carry_out(settings, killed, latching))
    for name, killing in killings.items():
        say("\n".join(f"{name}: {line}" if settings.people is not None else line for line in told(killing)))
    say(_way_on(settings, config, list(killings), scope, is_latched=latching.is_complete))
    if flatten and killed.cause.forbids_selling:
        say(f"NOT SOLD: with --cause {cause} nothing is sold, and --flatten was not obeyed; stops and targets stay")
        return Exit.NO
    is_done = latching.is_complete and not any(killing.unsold for killing in killings.values())
    return Exit.OK if is_done else Exit.NO


def _loaded(config: Path, place: LatchPlace, latching: Latching) -> Settings:
    """Raises Failure, when all is latched that can be found."""
    try:
        settings = load(config)
    except SettingsError as error:
        latching.near(place)
        raise latching.undone(str(error), Exit.SETTINGS) from None
    latching.check(place_of(settings))
    return settings


def _way_on(settings: Settings, config: Path, accounts: Sequence[str], scope: str, *, is_latched: bool) -> str:
    """Whoever could not latch must first do that: what is not latched cannot be resumed, and opens again."""
    if not is_latched:
        return "NOT LATCHED, see above: put that right and kill again, or the next start trades as if nothing had been"
    return f"to trade again: stop the trader, then  {_resuming(settings, config, accounts, scope)}"


def _resuming(settings: Settings, config: Path, accounts: Sequence[str], scope: str) -> str:
    """The command that ends this kill, whole; with many accounts it is needed for each of them."""
    whose = f" --account {accounts[0] if len(accounts) == 1 else 'NAME'}" if settings.people is not None else ""
    wide = scope in ("all", "bot") or any(all_option(_latch(settings, name)) for name in accounts)
    return f'fairway resume {config}{whose}{" --all" if wide else ""} --reason "what it was, and why it will not come again"'


def _latch(settings: Settings, account: str) -> FileLatch:
    return FileLatch(settings.latch_folder, account, settings.symbols, settings.account)


def _killed(reason: str, cause: Cause, scope: Scope, symbol: str, *, flatten: bool, by: str) -> Killed:
    if not reason.strip():
        raise Failure('--reason is empty; a right one is --reason "it buys every minute"', Exit.USAGE)
    if (scope is Scope.SYMBOL) != bool(symbol):
        raise Failure("--symbol and --scope symbol go together, such as --scope symbol --symbol BTC/USDT", Exit.USAGE)
    disposal = Disposal.FLATTEN if flatten and not cause.forbids_selling else Disposal.KEEP_STOPS
    now = SystemClock().now()
    return Killed(scope=scope, symbol=symbol, reason=reason, by=by, disposal=disposal, cause=cause, at=now)


async def _carry_out(settings: Settings, killed: Killed, latching: Latching) -> "dict[str, Killing]":
    """By account. Each is latched before anything else is done to any; one that cannot be killed, or latched, keeps no other
    waiting.

    Raises Failure where it is not certain that all of it was done at the venue.
    """
    from fairway.money.amount import use_exact_decimals
    from fairway.trading.kill import PATIENCE_S, Killer
    from fairway.trading.run_ids import draw_run
    from fairway.world.chance import SystemChance

    use_exact_decimals()
    venues, failed = _venues(settings, killed, latching)
    clock, symbols, latches = SystemClock(), settings.symbols, {name: _latch(settings, name) for name in venues}
    left = "leaves the latch set" if latching.is_complete else "has NO latch, and cannot know what was done"
    say(f"asking the venue, for up to {PATIENCE_S} seconds; who stops waiting {left}")
    run = draw_run(SystemChance().stream("runs"))
    killers = (Killer(venue, latches[name], clock, name, killed, symbols, run=run).run() for name, venue in venues.items())
    try:
        found = await asyncio.gather(*killers, return_exceptions=True)
    finally:
        for venue in venues.values():
            await venue.close()
    failed |= {name: error for name, error in zip(venues, found, strict=True) if isinstance(error, BaseException)}
    if failed:
        raise _uncertain(failed, latching, has_many=settings.people is not None)
    return {name: killing for name, killing in zip(venues, found, strict=True) if not isinstance(killing, BaseException)}


def _uncertain(failed: Mapping[str, BaseException], latching: Latching, *, has_many: bool) -> BaseException:
    """What is said where a kill may not have been carried out; the first error that is a mistake of ours, where there is one."""
    ends = {name: _end(error) for name, error in failed.items()}
    strange = [failed[name] for name, end in ends.items() if end is None]
    if strange:
        return strange[0]
    codes, which = {end[0] for end in ends.values() if end}, [f"{name}: {end[1]}" for name, end in ends.items() if end]
    which = which if has_many else [end[1] for end in ends.values() if end]
    latched = "the latch is set, but" if latching.is_complete else "the latch is NOT set, and"
    words = f"{latched} it is NOT certain that all is done: {'; '.join(which)}; {LOOK}\nAgain:  {latching.again()}"
    return Failure(words, codes.pop() if len(codes) == 1 else Exit.NO)


def _end(error: BaseException) -> tuple[Exit, str] | None:
    """Exit code and words of a kill that was not carried out; None for a mistake of ours."""
    from fairway.trading.kill import NotDone, Unanswered

    if isinstance(error, NotDone):
        return (Exit.VENUE_UNREACHABLE if isinstance(error, Unanswered) else Exit.NO), str(error)
    return known(error)


def _venues(settings: Settings, killed: Killed, latching: Latching) -> "_Venues":
    """By account: a connection of its own, or why there is none. Each account is latched. Raises Failure where none has one."""
    from fairway.assembly import venue_of
    from fairway.people.problems import PeopleError
    from fairway.settings import SecretMissing
    from fairway.store.failures import StoreError
    from fairway.venues.allowance import Lane

    try:
        if settings.people is None:
            latching.set(_latch(settings, settings.account), killed)
            return {settings.account: venue_of(settings, Lane.CLOSE)}, {}
        venues, failed = _venues_of_many(settings, killed, latching)
    except (SecretMissing, PeopleError, StoreError) as error:
        raise _undone(error, latching) from None
    if failed and not venues:
        raise _undone(next(iter(failed.values())), latching) from None
    return venues, failed


def _undone(error: BaseException, latching: Latching) -> Failure:
    code, why = known(error) or (Exit.NO, str(error))
    return latching.undone(why, code)


def _venues_of_many(settings: Settings, killed: Killed, latching: Latching) -> "_Venues":
    """Of a registry's accounts; one whose keys do not open keeps no other waiting. Raises StoreErrors, PeopleErrors, Failure."""
    from fairway.assembly.fleet import carried, registry_of, venue_of_account
    from fairway.people.problems import PeopleError
    from fairway.venues.allowance import Lane

    venues: dict[str, Venue] = {}
    failed: dict[str, BaseException] = {}
    with registry_of(settings) as registry:
        accounts = _meant(carried(settings, registry), registry, settings, latching)
        for account in accounts:
            latching.set(_latch(settings, account.id), killed)
        for account in accounts:
            try:
                like = next(iter(venues.values()), None)
                venues[account.id] = venue_of_account(settings, registry, account, Lane.CLOSE, like)
            except PeopleError as error:
                failed[account.id] = error
    return venues, failed


def _meant(accounts: "list[Account]", registry: "Registry", settings: Settings, latching: Latching) -> "list[Account]":
    """All of them, or the one that was asked for, paused or not. Raises Failure for one that this bot does not have."""
    from fairway.assembly.fleet import carried
    from fairway.people.problems import Refused

    if not latching.account:
        return accounts
    try:
        found = carried(settings, registry, latching.account)
    except Refused:
        found = []
    if not found:
        raise latching.unknown([account.id for account in accounts])
    return found


def told(killing: "Killing") -> list[str]:
    """What was done and what is left, by the venue's word."""
    stays = (
        f"{len(killing.protective)} protective orders stay:"
        if killing.protective
        else "nothing of this bot is open there any more"
    )
    lines = [f"at the venue: {killing.cancelled} orders were cancelled; {stays}"]
    lines += [f"  stays: {order.client_id}  {order.symbol}  {order.quantity}" for order in killing.protective]
    lines += [f"sold: {quantity} of {symbol}" for symbol, quantity in killing.sold.items()]
    lines += [f"NOT SOLD: {symbol}: {why}; sell it at the venue's own page" for symbol, why in killing.unsold.items()]
    if killing.foreign:
        lines.append(f"left alone: {len(killing.foreign)} orders that are not this bot's")
    return lines
