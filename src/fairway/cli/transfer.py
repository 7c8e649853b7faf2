"""`fairway transfer`: the shell of the operation `transfer`."""

from typing import Literal

from fairway.cli.perform import perform_here
from fairway.cli.shared_options import By, Config, OfSeveral, Why


def transfer(
    config: Config,
    direction: Literal["in", "out"],
    amount: str,
    asset: str,
    /,
    *,
    reason: Why,
    account: OfSeveral = "",
    by: By = "",
) -> int:
    """Announce money that you move. What leaves an account unannounced counts as a loss, and what comes never as a profit.

    Parameters
    ----------
    direction: Literal["in", "out"]
        Into the account, or out of it.
    amount: str
        Exactly what the exchange adds or takes, its fee included, such as 250.5.
    asset: str
        Of which asset, such as USDT.
    """
    from fairway.operations.trader.transfer import TRANSFER, TransferRequest

    request = TransferRequest(config=config, direction=direction, amount=amount, asset=asset, reason=reason, account=account)
    return perform_here(TRANSFER, request, by)
