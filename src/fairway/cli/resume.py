"""`fairway resume`: the shell of the operation `resume`."""

from typing import Annotated

from cyclopts import Parameter

from fairway.cli.perform import perform_here
from fairway.cli.shared_options import USUAL, ByAnyone, Config


def resume(
    config: Config = USUAL,
    /,
    *,
    reason: str,
    account: str = "",
    by: ByAnyone = "",
    every: Annotated[bool, Parameter(name="--all", negative=())] = False,
) -> int:
    """End a kill. The trader must be stopped, and the venue must agree with its journal; then it may be started again.

    It comes back with one position at a time, of a quarter of its size, until a person lifts that cap.

    Parameters
    ----------
    reason: str
        What it was, and why it will not come again. It goes into the journal.
    account: str
        One account of a bot that has many.
    every: bool
        End also a kill of all bots, which every account of this directory then resumes from by itself.
    """
    from fairway.operations.trader.resume import RESUME, ResumeRequest

    return perform_here(RESUME, ResumeRequest(config=config, reason=reason, account=account, every=every), by)
