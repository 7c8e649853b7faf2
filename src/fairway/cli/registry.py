"""What the commands about people share: where the registry and the master key are, who is at the keyboard, and how rows look."""

import getpass
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cyclopts import Parameter

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.shared_options import Flag
from fairway.operations.people.registry_place import RegistryPlace
from fairway.people.master_key import DEFAULT_PLACE
from fairway.people.secret import BYTES_MAX, ENV, FILE, Keys, Secret, secret_at, taken

REGISTRY_VARIABLE: Final = "FAIRWAY_REGISTRY"
TYPED: Final = "-"


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class CommandPlace:
    """Where things are, and who asks.

    Parameters
    ----------
    registry: str
        The registry's file, or a PostgreSQL URL. Without it, what the variable FAIRWAY_REGISTRY says, else fairway.people here.
    master_key: str
        Where the master key of the vault is: env:NAME or file:PATH.
    by: str
        Who you are; the user of this machine where it is left out. A registered user acts by role.
    """

    registry: str = ""
    master_key: str = DEFAULT_PLACE
    by: str = ""

    @property
    def where(self) -> RegistryPlace:
        """The places as operations take them. Raises Failure for a password on the command line."""
        if urlsplit(self.registry).password:
            raise Failure(
                f"--registry holds a password, and a command line shows in the list of processes; "
                f"set the variable {REGISTRY_VARIABLE} to it, or put the password into ~/.pgpass",
                ExitCode.USAGE,
            )
        registry = self.registry or os.environ.get(REGISTRY_VARIABLE) or "fairway.people"
        return RegistryPlace(registry=registry, master_key=self.master_key)


@Parameter(name="*")
@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOptions:
    """Where an account's keys are.

    Parameters
    ----------
    key: str
        Where the API key is: env:NAME, file:PATH, or - to type it unseen or pipe it in.
    secret: str
        Where the API secret is, like the key; piped in it is the line after the key.
    offline: bool
        Do not ask the venue; the list then says "not checked".
    """

    key: str = TYPED
    secret: str = TYPED
    offline: Flag = False

    def check(self) -> None:
        """Options say where key and secret are, and never what they are. Raises Failure."""
        check_secret("--key", self.key)
        check_secret("--secret", self.secret)

    def read(self) -> Keys:
        """Key and secret from where the options say, which were checked. Raises SecretUnusable."""
        return Keys(secret_given(self.key, "the API key"), secret_given(self.secret, "the API secret"))


TYPED_KEYS: Final = KeyOptions()


def check_secret(option: str, given: str) -> None:
    """An option says where a secret is, and never what it is. Raises Failure."""
    if given != TYPED and not given.startswith((ENV, FILE)):
        raise Failure(
            f"{option} takes env:NAME, file:PATH or -, and never what is secret itself: a command line shows in the list "
            "of processes and in the shell's history; if that was a real one, replace it",
            ExitCode.USAGE,
        )


def secret_given(given: str, what: str) -> Secret:
    """What stands at env:NAME or file:PATH, or what is typed unseen where it is `-`. Raises SecretUnusable."""
    return taken(_asked, what) if given == TYPED else secret_at(given, what)


def _asked(what: str) -> str:
    """Typed unseen at a terminal; else a line of the standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(f"{what} (it is not shown): ")
    return sys.stdin.readline(BYTES_MAX + 1)


def show_rows(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table without lines, and without a head where no columns are named; long words are folded, and nothing is cut off."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=bool(columns))
    for column in columns or [""] * len(rows[0]):
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
