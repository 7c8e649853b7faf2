"""`fairway kill`: the shell of the operation `kill`."""

from typing import Annotated, Literal

from cyclopts import Parameter

from fairway.cli.exits import ExitCode, Failure, known
from fairway.cli.perform import perform_here
from fairway.cli.shared_options import USUAL, ByAnyone, Config
from fairway.operations.trader.kill import KILL, KillRequest, KillUncertain
from fairway.trading.latch import KillCause, KillScope


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
        Why; the person who resumes it reads this.
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
    request = KillRequest(
        config=config,
        reason=reason,
        scope=KillScope(scope),
        symbol=symbol,
        account=account,
        cause=KillCause(cause),
        flatten=flatten,
    )
    try:
        return perform_here(KILL, request, by)
    except KillUncertain as error:
        raise uncertain(error) from None


def uncertain(error: KillUncertain) -> Failure:
    """The failure of a kill that is not certain, with advice for each known error; one exit code where all have the same."""
    codes = {_end(each)[0] for each in error.failed.values()}
    return Failure(error.in_words(lambda each: _end(each)[1]), codes.pop() if len(codes) == 1 else ExitCode.NO)


def _end(error: BaseException) -> tuple[ExitCode, str]:
    from fairway.trading.kill import NotDone, Unanswered

    if isinstance(error, NotDone):
        return ExitCode.VENUE_UNREACHABLE if isinstance(error, Unanswered) else ExitCode.NO, str(error)
    return known(error) or (ExitCode.NO, str(error))
