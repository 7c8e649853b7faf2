"""`fairway signal`: the shell of the operation `signal`."""

from typing import Literal

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.perform import perform_here
from fairway.cli.shared_options import By, Config, Flag, OfSeveral


def signal(
    config: Config,
    action: Literal["buy", "sell"],
    symbol: str,
    /,
    *,
    id: str,
    source: str,
    sent_at: str = "",
    expected: Literal["flat", "long"] | None = None,
    number: int | None = None,
    stop: str = "",
    target: str = "",
    account: OfSeveral = "",
    everyone: Flag = False,
    by: By = "",
) -> int:
    """Hand a trader with the strategy `signals` a signal from outside. Risk decides on it, as on every intent of a strategy.

    Parameters
    ----------
    action: Literal["buy", "sell"]
        To open a position, or to close it.
    symbol: str
        Such as BTC/USDT, or BTCUSDT.
    id: str
        The sender's own id of the signal; a second one with the same id has no effect.
    source: str
        The name of the sender, such as tradingview.
    sent_at: str
        When it was sent, such as 2026-11-24T16:44:00Z; now where it is left out.
    expected: Literal["flat", "long"]
        The position that the sender has in mind before the signal.
    number: int
        The running number of the signal, by which a lost one is noticed.
    stop: str
        Price of the stop; the strategy finds one where it is left out.
    target: str
        Price of the target; the strategy finds one where it is left out.
    everyone: bool
        To all accounts of the trader.
    """
    from fairway.operations.trader.signal import SIGNAL, SignalRequest

    request = SignalRequest(
        config=config,
        id=id,
        source=source,
        symbol=symbol,
        action=action,
        sent_at=_instant(sent_at) if sent_at else None,
        expected=expected,
        number=number,
        stop=stop,
        target=target,
        account=account,
        everyone=everyone,
    )
    return perform_here(SIGNAL, request, by)


def _instant(text: str) -> int:
    """In ns. Raises Failure."""
    from fairway.world.clock import parse_instant

    try:
        return parse_instant(text)
    except ValueError as error:
        raise Failure(f"--sent-at: {error}", ExitCode.USAGE) from None
