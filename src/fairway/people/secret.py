"""A secret that is in memory, and how one is taken in: from a variable, from a private file, never from a command line."""

import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NoReturn, Self

from fairway.people.problems import SecretUnusable
from fairway.world.confidential import Confidential

ENV: Final = "env:"
FILE: Final = "file:"
BYTES_MAX: Final = 4_096
"""Longer than any key of a venue; a longer file is something else, and is refused."""


class Secret(Confidential):
    """A text that shows nowhere: not in repr, str, logs or tracebacks, and it cannot be pickled. Copies are the secret itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one who must use it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret(hidden)"

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, _: object) -> Self:
        return self

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a secret is not pickled: it would stand in clear wherever that goes")


VARIABLE: Final = "the environment variable "


@dataclass(frozen=True, slots=True)
class Keys:
    """What opens an account at a venue."""

    key: Secret
    secret: Secret


def secret_at(reference: str, what: str) -> Secret:
    """The secret that `env:NAME` or `file:PATH` holds; what names it in errors. Raises SecretUnusable."""
    if reference.startswith(ENV):
        return _stripped(os.environ.get(name := reference[len(ENV) :], ""), what, f"{VARIABLE}{name}")
    if reference.startswith(FILE):
        path = path_of(reference)
        return _stripped(read_private(path, what), what, f"the file {path}")
    raise SecretUnusable(f"{what} is neither env:NAME nor file:PATH; a right one is env:FAIRWAY_KEY")


def path_of(reference: str) -> Path:
    """The path in `file:PATH`; `~` is the home directory."""
    return Path(reference[len(FILE) :]).expanduser()


def taken(ask: Callable[[str], str], what: str) -> Secret:
    """The secret that a person types or pipes in when asked. Raises SecretUnusable."""
    return _stripped(ask(what), what, "the input")


def read_private(path: Path, what: str) -> str:
    """The text of a file that only its owner may read. Raises SecretUnusable."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode  # of what was opened, not of what may stand there by now
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise SecretUnusable(f"{what}: others may read the file {path}; make it yours alone:  chmod 600 {path}")
            text = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise SecretUnusable(f"{what}: the file {path} cannot be read ({error.strerror})") from None
    if len(text) > BYTES_MAX:
        raise SecretUnusable(f"{what}: the file {path} is longer than {BYTES_MAX:,} bytes, so it holds something else")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise SecretUnusable(f"{what}: the file {path} is no text") from None


def _remedy(place: str) -> str:
    variable = place.removeprefix(VARIABLE)
    if variable != place:
        return f"set it in this terminal:  export {variable}=..."
    return "put it there first, or name a variable or a file: --key env:NAME, --key file:PATH"


def _stripped(text: str, what: str, place: str) -> Secret:
    text = text.strip()
    if not text:
        raise SecretUnusable(f"{what}: {place} is empty or not there; {_remedy(place)}")
    if len(text.encode()) > BYTES_MAX:
        raise SecretUnusable(f"{what}: {place} holds more than {BYTES_MAX:,} bytes, so it is something else")
    return Secret(text)
