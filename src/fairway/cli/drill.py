"""`fairway drill`: the shell of the operation `drill`."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fairway.cli.durations import duration
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.interrupts import unwound
from fairway.cli.perform import perform_here
from fairway.cli.printing import say
from fairway.cli.shared_options import USUAL, ByAnyone, Config, Flag, OfSeveral


def drill(
    name: str = "",
    config: Config = USUAL,
    /,
    *,
    listed: Annotated[bool, Parameter(name="--list", negative=())] = False,
    account: OfSeveral = "",
    resume: Flag = False,
    real_money: Flag = False,
    patience: Annotated[int, duration("10m", "7d", names=["--patience"])] = 0,
    to: Path | None = None,
    by: ByAnyone = "",
) -> int:
    """Carry a drill out on the running system, observe it at the venue, and bring what was seen to the launch.

    Exit code 0 only where the claim was shown. A drill that fails counts against its claim; an interrupted one, neither way.

    Parameters
    ----------
    name: str
        Which drill, such as kill; --list shows all.
    listed: bool
        List all drills: what each does, how long it takes and which claim it shows. Nothing is carried out.
    resume: bool
        Of the drill kill: stop the trader, resume the account, and let the trader start again. It needs the right to resume.
    real_money: bool
        You know that the account holds real money, and want the drill all the same.
    patience: int
        How long the strategy may take to want its next entry, such as 2h, where a drill waits for one.
    to: Path | None
        The folder for the record of the drill; beside the journal where it is left out.
    """
    if listed:
        return show_drills()
    if not name:
        raise Failure("say which drill: fairway drill NAME CONFIG; fairway drill --list shows all", ExitCode.USAGE)
    with unwound():  # what a drill has set is lifted also where it is interrupted
        return drill_of(name, config, account=account, resume=resume, real_money=real_money, patience=patience, folder=to, by=by)


def drill_of(
    name: str,
    config: Path,
    *,
    account: str = "",
    resume: bool = False,
    real_money: bool = False,
    patience: int = 0,
    folder: Path | None = None,
    by: str = "",
) -> int:
    """Carries it out. Raises Refusal."""
    from fairway.operations.drill import DRILL, DrillRequest

    request = DrillRequest(
        config=config, name=name, account=account, real_money=real_money, resume=resume, patience=patience, folder=folder
    )
    return perform_here(DRILL, request, by)


def show_drills() -> int:
    """Each drill that can be used, and those of other packages that cannot."""
    from fairway.operations.drills.drill import KIND, all_drills

    for each in all_drills():
        say(f"{each.name}: {each.does}\n    lasts {each.lasts}; shows the claim {each.claim}")
    for broken in KIND.installed().broken:
        say(str(broken))
    return ExitCode.OK
