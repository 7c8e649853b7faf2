"""`fairway completion`: what makes a shell complete commands and options at the Tab key."""

from typing import Literal

from fairway.cli.exits import ExitCode
from fairway.cli.printing import say


def completion(shell: Literal["bash", "zsh", "fish"], /) -> int:
    """Print a shell's completion of commands and options. For bash:  source <(fairway completion bash)

    Parameters
    ----------
    shell: str
        Which shell.
    """
    from fairway.cli import app

    say(app().generate_completion(shell=shell))
    return ExitCode.OK
