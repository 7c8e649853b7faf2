"""`fairway kill`: stops a bot for good, from a process of its own, and says what is left at the venue.

First the latch, then the venue, then words: no step needs a later one. Neither the trader nor its journal need be there.
"""

import asyncio
import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from cyclopts import Parameter

from fairway.cli.exits import Exit, Failure
from fairway.settings import Settings, load
from fairway.trading.latch import Cause, Disposal, FileLatch, Killed, Scope
from fairway.world.clock import SystemClock

if TYPE_CHECKING:
    from fairway.trading.kill import Killing

_SCOPES: Final = {"all": Scope.ALL, "account": Scope.ACCOUNT, "bot": Scope.ACCOUNT, "symbol": Scope.SYMBOL}
"""One account has one bot."""


def kill(
    config: Path = Path("fairway.yaml"),
    /,
    *,
    reason: str,
    scope: Literal["all", "account", "bot", "symbol"] = "account",
    symbol: str = "",
    cause: Literal["loss", "runaway", "mismatch", "blind", "cannot-place", "other"] = "other",
    flatten: Annotated[bool, Parameter(negative="--keep-stops")] = False,
    by: str = "",
) -> int:
    """Stop a bot for good: nothing new is opened, orders that do not protect are cancelled, and it is verified at the venue.

    It survives every restart; only `fairway resume` ends it. It works while the trader is dead. Exit code 0 only where the venue
    has confirmed all of it.

    Parameters
    ----------
    config: Path
        The bot's configuration.
    reason: str
        Why; whoever resumes it reads this.
    scope: str
        all: every account whose journal lies in this directory is latched; at the venue this one's orders are cancelled. symbol:
        one pair only.
    symbol: str
        The pair, with --scope symbol, such as BTC/USDT.
    cause: str
        What went wrong. With mismatch, blind and cannot-place nothing is sold, whatever else is said: stops and targets stay.
    flatten: bool
        Sell every position at once, in slices and never far below the price. Without it, stops and targets stay at the venue.
    by: str
        Who you are; the user of this machine where it is left out.
    """
    settings = load(config)
    killed = _killed(settings, reason, Cause(cause), _SCOPES[scope], symbol, flatten=flatten, by=by or getpass.getuser())
    latch = FileLatch(settings.latch_folder, settings.account, settings.symbols)
    print(f"latched: {latch.set(killed)}; a trader that runs opens nothing from now on", flush=True)
    killing = asyncio.run(_carry_out(settings, latch, killed))
    print("\n".join(told(killing)))
    if flatten and killed.cause.forbids_selling:
        print(f"NOT SOLD: with --cause {cause} nothing is sold, and --flatten was not obeyed; stops and targets stay")
        return Exit.NO
    return Exit.NO if killing.unsold else Exit.OK


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


async def _carry_out(settings: Settings, latch: FileLatch, killed: Killed) -> "Killing":
    """Raises Failure where it is not certain that all of it was done; the latch is set all the same."""
    from fairway.assembly import venue_of
    from fairway.money.amount import use_exact_decimals
    from fairway.trading.kill import Killer, NotDone

    use_exact_decimals()
    venue = venue_of(settings)
    try:
        return await Killer(venue, latch, SystemClock(), settings.account, killed).run()
    except NotDone as error:
        raise Failure(
            f"the latch is set, but it is NOT certain that all is done: {error}; look at the venue's own page", Exit.NO
        ) from None
    finally:
        await venue.close()


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
    return [*lines, 'to trade again: fairway resume CONFIG --reason "what it was, and why it will not come again"']
