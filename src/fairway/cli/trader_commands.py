"""`fairway pause`, `lift`, `lease`, `reconnect` and `switch-address`: the shells of these operations.

They end with 0 only where the trader says it obeyed.
"""

from typing import Annotated

from fairway.cli.durations import duration
from fairway.cli.perform import perform_here
from fairway.cli.shared_options import USUAL, ByAnyone, Config, Flag, OfSeveral, Why
from fairway.operations.trader.lease import LEASE, LONGEST, LeaseRequest
from fairway.operations.trader.lift import LIFT, LiftRequest
from fairway.operations.trader.pause import PAUSE, PauseRequest
from fairway.operations.trader.reconnect import RECONNECT, ReconnectRequest
from fairway.operations.trader.switch_address import SWITCH_ADDRESS, SwitchAddressRequest


def pause(
    config: Config = USUAL,
    /,
    *,
    reason: Why,
    account: OfSeveral = "",
    everyone: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Tell a trader to open nothing. What is held stays, with its stop and target, until a person lifts it.

    Parameters
    ----------
    everyone: bool
        All accounts of the trader: the breaker L3.
    """
    return perform_here(PAUSE, PauseRequest(config=config, reason=reason, account=account, everyone=everyone), by)


def lift(
    config: Config,
    cap: str,
    /,
    *,
    reason: str,
    account: OfSeveral = "",
    everyone: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Tell a trader that a reason to be careful has gone. `fairway caps` lists them, and who may lift each.

    Parameters
    ----------
    cap: str
        The cap, as `fairway caps` shows it, such as paused.
    reason: str
        Why it may go; it goes into the journal.
    everyone: bool
        In all accounts of the trader.
    """
    return perform_here(LIFT, LiftRequest(config=config, cap=cap, reason=reason, account=account, everyone=everyone), by)


def lease(
    config: Config = USUAL,
    /,
    *,
    length: Annotated[int, duration("12h", LONGEST, names=["--for"])],
    reason: Why,
    account: OfSeveral = "",
    new_epoch: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Issue a trader a lease to open positions for a while, or renew it. When it has run out, the trader opens nothing.

    Parameters
    ----------
    length: int
        For how long from now on, such as 12h; up to 7d. The bot's configuration has the key `lease: true`.
    new_epoch: bool
        Leases of an earlier epoch are refused from now on, as after a change of the person who is responsible.
    """
    request = LeaseRequest(config=config, length=length, reason=reason, account=account, new_epoch=new_epoch)
    return perform_here(LEASE, request, by)


def reconnect(config: Config = USUAL, /, *, reason: Why, channel: str = "", by: ByAnyone = "") -> int:
    """Tell a trader to drop its streams of the venue and to make them again. Entries wait until it has caught up.

    Parameters
    ----------
    channel: str
        market or account; both where it is left out.
    """
    return perform_here(RECONNECT, ReconnectRequest(config=config, reason=reason, channel=channel), by)


def switch_address(config: Config = USUAL, /, *, reason: Why, by: ByAnyone = "") -> int:
    """Tell a trader to ask its venue at the next of its addresses (`venue.fallbacks`). Orders stay as they are."""
    return perform_here(SWITCH_ADDRESS, SwitchAddressRequest(config=config, reason=reason), by)
