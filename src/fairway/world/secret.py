"""A secret, and where it comes from. It is never printed, and looked up only when it is used."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from fairway.world.confidential import Confidential

ENV, FILE = "env:", "file:"


class SecretMissing(Exception):
    """The variable or the file that should hold a secret does not. One clear sentence."""


@dataclass(frozen=True, slots=True)
class SecretReference(Confidential):
    """`env:NAME`, `file:path`, or the secret itself, which `fairway doctor` warns of. A relative path starts at folder."""

    written: str = field(repr=False)
    folder: Path = field(default=Path(), repr=False)

    def __post_init__(self) -> None:
        if self.written in ("", ENV, FILE):
            raise ValueError("is empty")

    @property
    def is_in_clear(self) -> bool:
        """Whether it stands in the configuration itself."""
        return not self.written.startswith((ENV, FILE))

    @property
    def file(self) -> Path | None:
        """The file that holds it, or None."""
        if not self.written.startswith(FILE):
            return None
        return self.folder / Path(self.written[len(FILE) :]).expanduser()

    def reveal(self) -> str:
        """The secret itself. Raises SecretMissing."""
        if self.is_in_clear:
            return self.written
        if self.file is not None:
            return self._from_file(self.file)
        name = self.written[len(ENV) :]
        found = os.environ.get(name, "").strip()
        if not found:
            raise SecretMissing(
                f"the environment variable {name} is not set; set it, as with  export {name}=... in this terminal, "
                "or write file:PATH in the configuration"
            )
        return found

    def _from_file(self, path: Path) -> str:
        try:
            found = path.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise SecretMissing(f"the secret's file {path} cannot be read ({why}); write the secret into it") from None
        if not found:
            raise SecretMissing(f"the secret's file {path} is empty; write the secret into it")
        return found

    def __str__(self) -> str:
        return "(in clear)" if self.is_in_clear else self.written

    def __repr__(self) -> str:
        return f"Secret({self})"
