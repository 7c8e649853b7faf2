"""What many commands ask for alike, with its words of help: which bot, who speaks, why, and of what.

A function names what it asks for by its type; what only one command asks for stands in that command's own docstring.
"""

import getpass
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from cyclopts import Parameter

if TYPE_CHECKING:
    from cyclopts import Token

USUAL: Final = Path("fairway.yaml")
_WHO: Final = "Who you are; the user of this machine where it is left out."


def _named(kind: object, tokens: "Sequence[Token]") -> str:
    name = tokens[0].value.strip()
    if not name:
        raise ValueError("it is empty; a right one is --by ann")
    return name


Config = Annotated[Path, Parameter(help="The bot's configuration; fairway.yaml here where it is left out.", show_default=False)]
Flag = Annotated[bool, Parameter(negative=())]
By = Annotated[str, Parameter(converter=_named, help=_WHO)]
"""Without the option it is the user of this machine; an empty name is a mistake, as of a variable that is not set."""
ByAnyone = Annotated[str, Parameter(help=_WHO)]
"""A name that is missing never blocks what lowers exposure, as `kill`, `hold` and `abort` do."""
Why = Annotated[str, Parameter(help="Why; it goes into the journal.")]
WhyChanged = Annotated[str, Parameter(help="Why; it goes into the record of changes.")]
Saw = Annotated[str, Parameter(help="What you have seen; it goes into the journal.")]
Track = Annotated[str, Parameter(help="Which track; all where it is left out.")]
OfSeveral = Annotated[
    str, Parameter(help="Which account, where the trader has several; the configured one where it is left out.")
]
AccountId = Annotated[str, Parameter(help="The account's id.")]
UserId = Annotated[str, Parameter(help="The user's id.")]


def speaker(by: str) -> str:
    """Who speaks: who was named, else the user of this machine, by number where the machine has no name for it."""
    if by:
        return by
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
