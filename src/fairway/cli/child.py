"""A child of `fairway up`: one command line whose process ends, in order, when its supervisor dies.

`python -m fairway.cli.child PARENT WORDS...`; PARENT is the process id of the supervisor.
"""

import ctypes
import os
import signal
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1


def end_with(parent: int) -> None:
    """Asks the kernel for SIGTERM when the parent dies; ends at once where it is dead already. Linux only; elsewhere nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)


if __name__ == "__main__":
    end_with(int(sys.argv[1]))
    del sys.argv[1]
    from fairway.cli import main

    main()
