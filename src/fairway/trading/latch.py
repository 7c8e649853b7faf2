"""The kill latch: small files that say "killed", which nothing but a person takes away, and which a trader reads before it acts.

A file beside the journal needs no database and no process, survives every restart, and anybody can make one by hand. Only a file
that is certainly absent means clear: one that cannot be read, or says nothing, kills all the same.
"""

import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct

from fairway.orders.order import Order
from fairway.risk.disposal import Disposal
from fairway.world.files import sync_folder
from fairway.world.private import private

SUFFIX = ".kill"


class KillScope(StrEnum):
    """What is killed."""

    ALL = "all"
    """Every account whose journal lies in the same directory."""
    BOT = "bot"
    """Every account of one trader."""
    ACCOUNT = "account"
    SYMBOL = "symbol"


class KillCause(StrEnum):
    """What went wrong, as far as it decides whether positions may be sold."""

    LOSS = "loss"
    """It loses, and otherwise works."""
    RUNAWAY = "runaway"
    """It sends orders that were not intended."""
    MISMATCH = "mismatch"
    """What it believes to hold is not what the venue says: a guess is not sold."""
    BLIND = "blind"
    """Prices or fills are not to be trusted: nothing is sold on unknown prices."""
    CANNOT_PLACE = "cannot-place"
    """The venue takes no orders: who cancels stops then cannot sell, and has nothing left."""
    OTHER = "other"

    @property
    def forbids_selling(self) -> bool:
        return self in (KillCause.MISMATCH, KillCause.BLIND, KillCause.CANNOT_PLACE)


class Killed(Struct, frozen=True, kw_only=True):
    """at: ns, 0 where it was not recorded. symbol: "" for all of them."""

    scope: KillScope
    reason: str
    by: str
    symbol: str = ""
    disposal: Disposal = Disposal.KEEP_STOPS
    cause: KillCause = KillCause.OTHER
    at: int = 0
    sales: tuple[Order, ...] = ()
    """What was sent to sell positions, noted before it was sent: a trader that comes back asks what became of it."""
    is_over: bool = False
    """Whether the kill has finished its sales: it does not know of anything held later, so the trader protects that at once."""

    @property
    def is_wide(self) -> bool:
        """Whether it may kill more than one account."""
        return self.scope in (KillScope.ALL, KillScope.BOT)

    @property
    def cap_id(self) -> str:
        return f"kill {self.symbol or self.scope.value}"


class SetWithoutWords(OSError):
    """The latch is set, by a file that does not say why, for more could not be written."""


class Latch(Protocol):
    """Where a trader reads whether it was killed."""

    def read(self) -> Sequence[Killed]:
        """Every kill that is in force; empty only where there certainly is none."""
        ...

    def may_have_changed(self) -> bool:
        """Whether it must be read again. Cheap, for it is asked before each decision."""
        ...


class FileLatch:
    """The latch of one account: files in one directory, `main.kill`, `main.BTC-USDT.kill`, `main.bot.kill` and `all.kill`.

    Their names do not begin like a journal's, so that a person who moves a journal away does not move its latch away.
    """

    def __init__(self, folder: Path, account: str, symbols: Iterable[str], bot: str = "") -> None:
        """bot: the name of the trader that carries the account; that of the account where it carries no other."""
        self._folder, self._account, self._symbols = folder.absolute(), account, tuple(symbols)
        self._bot = bot or account
        self._watched = str(self._folder)
        self._read_at = 0
        """The directory's own time of change, before it was last read (ns)."""

    def may_have_changed(self) -> bool:
        """By the directory's time of change. Two changes within one beat of the system's clock may look like one, so the
        caller must also read the latch from time to time."""
        return self._read_at == 0 or self._changed_at() != self._read_at

    def _changed_at(self) -> int:
        try:
            return os.stat(self._watched).st_mtime_ns
        except OSError:
            return 0

    def read(self) -> Sequence[Killed]:
        self._read_at = self._changed_at()
        try:
            names = [name for name in os.listdir(self._folder) if name.endswith(SUFFIX)]
        except OSError as error:
            return [
                _unreadable(KillScope.ACCOUNT, "", f"the directory {self._folder} of the latch cannot be read: {error.strerror}")
            ]
        places = self._places() if names else {}
        return [_read(self._folder / name, *places[name]) for name in names if name in places]

    def set(self, killed: Killed) -> Path:
        """Writes the file, durable when this returns. One that is there already is replaced, so killing twice is harmless.

        But one that sells stays until it is done, or the trader would protect what is just being sold. Where the disk is full, an
        empty file is left, which needs no room and kills all the same. Raises SetWithoutWords then, and OSError where no latch is
        there at all.
        """
        path = self.path(killed.scope, killed.symbol)
        if killed.disposal is Disposal.KEEP_STOPS and _sells_still(path, killed.scope, killed.symbol):
            return path
        try:
            _replace(path, msgspec.json.format(msgspec.json.encode(killed)) + b"\n")
        except OSError as error:
            _leave_empty(path, killed.disposal)
            raise SetWithoutWords(error.errno, error.strerror, str(path)) from None
        return path

    def clear(self, scope: KillScope, symbol: str = "") -> None:
        """Takes the file away. Only `fairway resume` does, when all that it asks for is there."""
        path = self.path(scope, symbol)
        path.unlink(missing_ok=True)
        _sells_beside(path).unlink(missing_ok=True)
        sync_folder(self._folder)

    def path(self, scope: KillScope, symbol: str = "") -> Path:
        """The file of a scope."""
        name = {KillScope.ALL: "all", KillScope.BOT: f"{self._bot}.bot"}.get(scope, self._account)
        part = "." + symbol.replace("/", "-") if symbol else ""
        return self._folder / f"{name}{part}{SUFFIX}"

    def _places(self) -> dict[str, tuple[KillScope, str]]:
        scopes = [
            (KillScope.ALL, ""),
            (KillScope.BOT, ""),
            (KillScope.ACCOUNT, ""),
            *((KillScope.SYMBOL, symbol) for symbol in self._symbols),
        ]
        return {self.path(scope, symbol).name: (scope, symbol) for scope, symbol in scopes}


def _read(path: Path, scope: KillScope, symbol: str) -> Killed:
    """What a file says; that it is there kills, whatever it says."""
    try:
        text = path.read_bytes()
    except OSError as error:
        return _unreadable(scope, symbol, f"the latch {path} cannot be read: {error.strerror}")
    try:
        killed = msgspec.json.decode(text, type=Killed)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        sells = not text and _sells_beside(path).exists()
        return _unreadable(scope, symbol, f"the file {path.name} is there, and does not say why", sells=sells)
    return msgspec.structs.replace(killed, scope=scope, symbol=symbol)


def _sells_still(path: Path, scope: KillScope, symbol: str) -> bool:
    before = _read(path, scope, symbol) if path.exists() else None
    return before is not None and before.disposal is Disposal.FLATTEN and not before.is_over


def _replace(path: Path, text: bytes) -> None:
    """Not by `write_whole`: a draft that is in the way is overwritten, because to remove it is one more step that may fail."""
    draft = path.with_name(path.name + ".new")
    try:
        with open(draft, "wb", opener=private) as file:
            _give_to_owner_of(path.parent, file.fileno())
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        _sells_beside(path).unlink(missing_ok=True)
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_folder(path.parent)


def _leave_empty(path: Path, disposal: Disposal) -> None:
    """One that is there stays as it is, with its words."""
    for file in (_sells_beside(path), path) if disposal is Disposal.FLATTEN else (path,):
        with open(file, "ab", opener=private) as opened:
            _give_to_owner_of(path.parent, opened.fileno())
    sync_folder(path.parent)


def _unreadable(scope: KillScope, symbol: str, reason: str, *, sells: bool = False) -> Killed:
    disposal = Disposal.FLATTEN if sells else Disposal.KEEP_STOPS
    return Killed(scope=scope, symbol=symbol, reason=reason, by="unknown person", disposal=disposal)


def _sells_beside(path: Path) -> Path:
    """A second empty file says that the kill of an empty one sells, so that no trader protects what is just being sold."""
    return path.with_name(path.name + ".sells")


def _give_to_owner_of(folder: Path, descriptor: int) -> None:
    """A latch that root sets is read by the trader, which is another user: one that it cannot read tells it of no sale."""
    if os.geteuid() == 0:
        there = folder.stat()
        os.fchown(descriptor, there.st_uid, there.st_gid)
