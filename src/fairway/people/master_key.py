"""The master key: 32 bytes that open the vault. It stands in a private file or a variable, and never beside what it opens.

The place may hold several, one a line: the first closes envelopes, all of them open. So a rotation has no moment in which
something cannot be read.
"""

import binascii
import fcntl
import hmac
import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from fairway.people.problems import SecretUnusable
from fairway.people.secret import ENV, FILE, path_of, secret_at
from fairway.world.files import sync_folder, write_draft, write_whole

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from fairway.world.chance import Chance

KEY_BYTES: Final = 32
ID_BYTES: Final = 8
KEYS_MAX: Final = 8
"""Master keys in one place; a rotation needs two."""
DEFAULT_PLACE: Final = "file:~/.fairway/master-key"
WHAT: Final = "the master key"

Fresh = Callable[[int], bytes]
"""Returns so many bytes that are unpredictable and never repeat."""


class MasterKey:
    """One master key. Its id tells it from others, and tells nothing of the key itself."""

    __slots__ = ("_key", "id")

    def __init__(self, key: bytes) -> None:
        assert len(key) == KEY_BYTES
        self._key = key
        self.id = hmac.digest(key, b"fairway master key", "sha256")[:ID_BYTES]

    def cipher(self) -> "AESGCM":
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(self._key)

    def text(self) -> str:
        """The key in base64, for its file only."""
        return b64encode(self._key).decode()

    def __repr__(self) -> str:
        return f"MasterKey({self.id.hex()})"

    def __reduce_ex__(self, _: object) -> NoReturn:
        raise TypeError("a master key is not pickled: it would stand in clear wherever that goes")


def fresh_from(chance: "Chance") -> Fresh:
    """Fresh bytes out of a chance: the operating system's own in production, and in a simulated world those of its seed."""
    numbers = count()
    return lambda size: bytes.fromhex(chance.hex(f"vault {next(numbers)}", 2 * size))


def check_place(place: str) -> str:
    """A reference as it may be written. Raises SecretUnusable, which does not repeat it: it may be the key itself."""
    if place.removeprefix(ENV).removeprefix(FILE) in (place, ""):
        raise SecretUnusable(f"{WHAT} is named by env:NAME or file:PATH, and never written out; a right one is {DEFAULT_PLACE}")
    return place


def master_keys(place: str) -> Sequence[MasterKey]:
    """The master keys that stand in `env:NAME` or `file:PATH`, the one that closes first. Raises SecretUnusable."""
    if place.startswith(FILE) and not path_of(place).exists():
        raise SecretUnusable(
            f"there is no master key in {path_of(place)}; `fairway vault init` makes one, and --master-key names another place"
        )
    words = secret_at(check_place(place), WHAT).reveal().split()
    if len(words) > KEYS_MAX:
        raise SecretUnusable(f"{place} holds {len(words)} words; at most {KEYS_MAX} master keys are looked at")
    return [_parsed(word, place) for word in words]


def _parsed(word: str, place: str) -> MasterKey:
    try:
        key = b64decode(word, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise SecretUnusable(f"{place} holds no master key: that is {KEY_BYTES} bytes in base64, as `fairway vault init` writes")
    return MasterKey(key)


def make_file(path: Path, fresh: Fresh) -> MasterKey:
    """A new master key in a new file that only its owner reads, durable when this returns. Raises SecretUnusable, OSError."""
    made = MasterKey(fresh(KEY_BYTES))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = write_draft(path, _text_of([made]))
    try:
        os.link(draft, path)  # all of it at once, and never over a file that is there
    except FileExistsError:
        raise SecretUnusable(f"{path} is already there and was left as it is; what is in it may open a vault") from None
    finally:
        draft.unlink()
    sync_folder(path.parent)
    return made


def replace_file(path: Path, keys: Sequence[MasterKey]) -> None:
    """These master keys instead of those in the file; a crash leaves the old ones or the new ones. Raises OSError."""
    write_whole(path.resolve(), _text_of(keys))  # the file that a link points to, and not the link


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Keeps other commands from rotating the master key of this file meanwhile. Raises SecretUnusable where one does, OSError."""
    descriptor = os.open(path.resolve().parent, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise SecretUnusable(f"another command rotates the master key in {path}; try again when it is done") from None
    finally:
        os.close(descriptor)


def _text_of(keys: Sequence[MasterKey]) -> bytes:
    return "".join(f"{key.text()}\n" for key in keys).encode()
