"""`fairway reconcile`: the shell of the operation `reconcile`."""

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode
from fairway.cli.perform import outcome_of
from fairway.cli.shared_options import USUAL, Config


@shows
def reconcile(config: Config = USUAL, /, *, account: str = "") -> CommandOutput:
    """Say where the journal and the venue differ. Nothing is booked, sent or cancelled.

    Parameters
    ----------
    account: str
        This account only, where the trader has several.
    """
    from fairway.operations.trader.reconcile import RECONCILE, ReconcileRequest

    outcome = outcome_of(RECONCILE, ReconcileRequest(config=config, account=account))
    return CommandOutput(
        value={"accounts": outcome.accounts}, text=outcome.lines, code=ExitCode.OK if outcome.is_done else ExitCode.NO
    )
