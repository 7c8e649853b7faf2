"""`fairway launch drill`: the shell of the operation `launch drill`."""

from pathlib import Path

from fairway.cli.perform import perform_here
from fairway.cli.shared_options import By


def drill(config: Path, name: str, /, *, by: By = "") -> int:
    """Carry a drill out, and bring what was seen to the launch. Exit code 1 where it failed, which counts against the claim.

    Parameters
    ----------
    config: Path
        The trader's configuration.
    name: str
        restore: a copy of the journal is restored, verified, and compared with the venue. gates-proven: each gate and each guard
        of the plan is seen to pass what is good and to block what is not.
    """
    from fairway.operations.launch.drill import DRILL, DrillRequest

    return perform_here(DRILL, DrillRequest(config=config, name=name), by)
