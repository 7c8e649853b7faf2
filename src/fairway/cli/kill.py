"""`fairway kill`: stops a bot for good, from a process of its own, and says what is left at the venue.

First the latch, then the venue, then words: no step needs a later one. Neither the trader nor its journal need be there.
"""

import asyncio
import getpass
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter
from msgspec.structs import replace

from fairway.cli.asked import USUAL, ByAnyone, Config
from fairway.cli.exits import Exit, Failure
from fairway.risk.disposal import Disposal
from fairway.settings import Settings, SettingsError, load
from fairway.trading.latch import Cause, FileLatch, Killed, Scope
from fairway.world.clock import SystemClock

if TYPE_CHECKING:
    from fairway.trading.kill import Killing
    from fairway.venues.port import Venue

LOOK: Final = "look at the venue's own page, and see docs/close-by-hand.md"
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
    settings = _loaded(config)
    killed = _killed(settings, reason, Cause(cause), _SCOPES[scope], symbol, flatten=flatten, by=by or getpass.getuser())
    _check_account(settings, killed.scope, account)
    is_latched = True
    if killed.scope in (Scope.ALL, Scope.BOT):
        is_latched = _is_set(_latch(settings, settings.account), killed)
        killed = replace(killed, scope=Scope.ACCOUNT)
    killings, are_latched = asyncio.run(_carry_out(settings, account, killed))
    for name, killing in killings.items():
        print("\n".join(f"{name}: {line}" if settings.people is not None else line for line in told(killing)))
    print(_way_on(settings, config, list(killings), scope, is_latched=is_latched and are_latched))
    if flatten and killed.cause.forbids_selling:
        print(f"NOT SOLD: with --cause {cause} nothing is sold, and --flatten was not obeyed; stops and targets stay")
        return Exit.NO
    is_done = is_latched and are_latched and not any(killing.unsold for killing in killings.values())
    return Exit.OK if is_done else Exit.NO


def _loaded(config: Path) -> Settings:
    """Raises Failure: whoever is in a hurry is told the way that needs no configuration."""
    try:
        return load(config)
    except SettingsError as error:
        by_hand = (
            "NOTHING is killed yet; put this right, or stop all bots by hand in the directory of the journal:  touch all.kill"
        )
        raise Failure(f"{error}\n{by_hand}", Exit.SETTINGS) from None


def _way_on(settings: Settings, config: Path, accounts: Sequence[str], scope: str, *, is_latched: bool) -> str:
    """Whoever could not latch must first do that: what is not latched cannot be resumed, and opens again."""
    if not is_latched:
        return "NOT LATCHED, see above: put that right and kill again, or the next start trades as if nothing had been"
    return f"to trade again: stop the trader, then  {_resuming(settings, config, accounts, scope)}"


def _resuming(settings: Settings, config: Path, accounts: Sequence[str], scope: str) -> str:
    """The command that ends this kill, whole; with many accounts it is needed for each of them."""
    whose = f" --account {accounts[0] if len(accounts) == 1 else 'NAME'}" if settings.people is not None else ""
    wide = " --all" if scope in ("all", "bot") else ""
    return f'fairway resume {config}{whose}{wide} --reason "what it was, and why it will not come again"'


def _latch(settings: Settings, account: str) -> FileLatch:
    return FileLatch(settings.latch_folder, account, settings.symbols, settings.account)


def _check_account(settings: Settings, scope: Scope, account: str) -> None:
    if settings.people is None and account not in ("", settings.account):
        raise Failure(f"--account {account} is none of this bot's; it has {settings.account}", Exit.USAGE)
    if settings.people is not None and (scope in (Scope.ACCOUNT, Scope.SYMBOL)) != bool(account):
        raise Failure("this bot has many accounts: write --account ann1, or --scope bot for all of them", Exit.USAGE)


def _killed(settings: Settings, reason: str, cause: Cause, scope: Scope, symbol: str, *, flatten: bool, by: str) -> Killed:
    if not reason.strip():
        raise Failure('--reason is empty; a right one is --reason "it buys every minute"', Exit.USAGE)
    if (scope is Scope.SYMBOL) != bool(symbol):
        raise Failure("--symbol and --scope symbol go together, such as --scope symbol --symbol BTC/USDT", Exit.USAGE)
    if symbol and symbol not in settings.symbols:
        raise Failure(f"--symbol {symbol} is not traded by this bot; it trades {', '.join(settings.symbols)}", Exit.USAGE)
    disposal = Disposal.FLATTEN if flatten and not cause.forbids_selling else Disposal.KEEP_STOPS
    now = SystemClock().now()
    return Killed(scope=scope, symbol=symbol, reason=reason, by=by, disposal=disposal, cause=cause, at=now)


async def _carry_out(settings: Settings, account: str, killed: Killed) -> "tuple[dict[str, Killing], bool]":
    """By account, and whether all latches could be set. Each is latched before anything else is done to any; one that cannot be
    killed, or latched, keeps no other waiting.

    Raises Failure where it is not certain that all of it was done at the venue.
    """
    from fairway.money.amount import use_exact_decimals
    from fairway.trading.kill import PATIENCE_S, Killer, NotDone
    from fairway.trading.runs import draw_run
    from fairway.venues.port import VenueError
    from fairway.world.chance import SystemChance

    use_exact_decimals()
    with _venues(settings, account) as venues:
        latches = {name: _latch(settings, name) for name in venues}
        are_set = [_is_set(latch, killed) for latch in latches.values()]
        clock, symbols = SystemClock(), settings.symbols
        left = "leaves the latch set" if all(are_set) else "has NO latch, and cannot know what was done"
        print(f"asking the venue, for up to {PATIENCE_S} seconds; who stops waiting {left}", flush=True)
        run = draw_run(SystemChance().stream("runs"))
        killers = (Killer(venue, latches[name], clock, name, killed, symbols, run=run).run() for name, venue in venues.items())
        try:
            found = await asyncio.gather(*killers, return_exceptions=True)
        finally:
            for venue in venues.values():
                await venue.close()
    failed = {name: error for name, error in zip(venues, found, strict=True) if isinstance(error, BaseException)}
    for error in failed.values():
        if not isinstance(error, NotDone | VenueError) or (len(venues) == 1 and isinstance(error, VenueError)):
            raise error
    if failed:
        which = "; ".join(f"{name}: {error}" if settings.people is not None else str(error) for name, error in failed.items())
        latched = "the latch is set, but" if all(are_set) else "the latch is NOT set, and"
        raise Failure(f"{latched} it is NOT certain that all is done: {which}; {LOOK}", Exit.NO)
    killings = {name: killing for name, killing in zip(venues, found, strict=True) if not isinstance(killing, BaseException)}
    return killings, all(are_set)


def _is_set(latch: FileLatch, killed: Killed) -> bool:
    """A disk that is full or gone keeps nobody from what is done at the venue."""
    try:
        print(f"latched: {latch.set(killed)}; a trader that runs opens nothing from now on", flush=True)
    except OSError as error:
        where = latch.path(killed.scope, killed.symbol)
        print(f"NOT LATCHED: {where}: {error.strerror}; a trader that runs is not blocked: stop it by its process", flush=True)
        return False
    return True


@contextmanager
def _venues(settings: Settings, account: str) -> "Iterator[Mapping[str, Venue]]":
    """By account, each with a connection of its own. Raises SecretMissing, StoreErrors, PeopleErrors."""
    from fairway.venues.allowance import Lane

    if settings.people is None:
        from fairway.assembly import venue_of

        yield {settings.account: venue_of(settings, Lane.CLOSE)}
        return
    from fairway.assembly.fleet import registry_of, venues_of

    with registry_of(settings) as registry:
        yield venues_of(settings, registry, account, Lane.CLOSE)


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
