"""`fairway transfer`: a person announces money that they move into an account or out of it, before they do so or after."""

from decimal import Decimal
from typing import Literal

from fairway.cli.exits import Exit, Failure
from fairway.cli.send_command import chosen, given, speak
from fairway.cli.shared_options import By, Config, OfSeveral, Why
from fairway.settings import load


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
    from fairway.journal.commands import AnnounceTransfer
    from fairway.money.amount import Amount

    settings, reason = load(config), given(reason, "moved to my savings")
    value = _above_zero(amount)
    moved = Amount(value if direction == "in" else -value, asset.upper())
    wish = AnnounceTransfer(reason=reason, account=chosen(settings, account), amount=moved)
    then = f"where the exchange shows exactly that, it is neither gain nor loss; what is in force: fairway caps {config}"
    return speak(settings, wish, by, then)


def _above_zero(text: str) -> Decimal:
    """Raises Failure."""
    from fairway.money.amount import ZERO, exact

    try:
        value = exact(text)
    except ValueError:
        value = ZERO
    if value <= 0:
        raise Failure(f"{text!r} is no amount above zero; a right one is 250.5", Exit.USAGE)
    return value
