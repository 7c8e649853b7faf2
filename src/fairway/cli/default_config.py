"""A configuration that is left out: `fairway.yaml` here, by the same rule in every command.

Where it is a command's only word, that is its default. Where others follow, as in `fairway lift paused`, one word too few means
that the configuration was left out.
"""

from collections.abc import Sequence
from inspect import Parameter, signature
from typing import TYPE_CHECKING

from fairway.cli.shared_options import USUAL, Config

if TYPE_CHECKING:
    from cyclopts import App, CycloptsError


def filled(app: "App", tokens: Sequence[str], error: "CycloptsError") -> list[str] | None:
    """The same command with the usual configuration, where it is there and nothing else is wrong; else None."""
    from cyclopts import CycloptsError

    chain = error.command_chain or ()
    if not USUAL.exists() or tuple(tokens[: len(chain)]) != tuple(chain) or not _must_name_one(app, chain):
        return None
    words = [*chain, str(USUAL), *tokens[len(chain) :]]
    try:
        app.parse_args(words, exit_on_error=False, print_error=False)
    except CycloptsError:
        return None
    return words


def _must_name_one(app: "App", chain: Sequence[str]) -> bool:
    """Whether a command's first word is a configuration that has no default."""
    for name in chain:
        app = app[name]
    command = app.default_command
    first = next(iter(signature(command).parameters.values()), None) if command is not None else None
    return first is not None and first.annotation is Config and first.default is Parameter.empty
