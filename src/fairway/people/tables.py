"""Users, accounts, envelopes, credentials, tokens and changes as rows of a store, and how they are read and written.

One writes at a time, whole transactions only. In PostgreSQL a lock of the table sees to it, in SQLite a lock file: SQLite before
3.51.3 can lose pages when two connections write and checkpoint at once.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, Final, cast

import sqlalchemy as sa
from msgspec.structs import asdict
from sqlalchemy.engine import Connection, RowMapping

from fairway.money.amount import Amount
from fairway.people.account import Account, Cohort, KeyCheck, Mode
from fairway.people.lifecycle import LifecycleState
from fairway.people.roles import UserRole
from fairway.people.token import Token, TokenKind, TokenScope
from fairway.people.user import ChangeNote, Profile, User
from fairway.store.engine import engine_of
from fairway.store.failures import StoreLocked, StoreMissing, as_store_errors
from fairway.store.migrations import FORMS, check_form, form_of, migrate
from fairway.store.place import Place, name_of

PATIENCE_S: Final = 5.0
"""A command waits so long for another one to end; 0 for a caller that must not wait."""
_NAP_S: Final = 0.02

METADATA: Final = sa.MetaData()


def _table(name: str, *columns: str) -> sa.Table:
    """Types are the migration's; here a column has only its name."""
    return sa.Table(name, METADATA, *(sa.Column(column) for column in columns))


_SAID: Final = ("said_by", "said_reason", "said_at")
USERS: Final = _table("users", "id", "name", "role", "profile", "state", "created_at", *_SAID)
ACCOUNTS: Final = _table(
    "accounts",
    *("id", "user_id", "exchange", "mode", "url", "symbols", "capital_min", "capital_max", "cohort"),
    *("state", "key_check", "created_at", "keys_version", "keys_at", *_SAID),
)
ENVELOPES: Final = _table("envelopes", "account_id", "purpose", "envelope")
CREDENTIALS: Final = _table("credentials", "user_id", "password", "is_one_time", "totp", "totp_used")
TOKENS: Final = _table(
    "tokens",
    *("id", "user_id", "kind", "scope", "name", "digest"),
    *("created_at", "signed_in_at", "expires_at", "used_at", "revoked_at"),
)
CHANGES: Final = _table("changes", "seq", "at", "author", "subject", "what", "reason")


class Tables:
    """The rows of one store. Nothing is opened before it is needed; `prepare` comes first."""

    def __init__(self, where: Place, *, patience_s: float = PATIENCE_S) -> None:
        self._shown = name_of(where.absolute() if isinstance(where, Path) else where)
        self.name = f"the registry {self._shown}"
        self._file = where if isinstance(where, Path) else None
        self._patience_s = patience_s
        self._reads, self._writes = engine_of(where, reads_only=True), engine_of(where)

    def prepare(self, *, begin: bool = False) -> None:
        """Brings the store to this release's form. One that is not there yet is begun only where told so.

        Raises StoreErrors.
        """
        if self._file is not None:
            self._prepare_file(self._file, begin=begin)
        with as_store_errors(self.name):
            form = form_of(self._reads if self._file is None or self._file.stat().st_size else self._writes)
            check_form(form, self.name)
            if form == FORMS[-1]:
                return
            if form is None and not begin:
                raise self._missing()
            with self._turn():
                migrate(self._writes, self.name)

    def _prepare_file(self, path: Path, *, begin: bool) -> None:
        if path.exists():
            return
        if not begin:
            raise self._missing()
        if not path.parent.is_dir():
            raise StoreMissing(f"there is no directory {path.parent} for {self.name}; make it first")
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))  # others need not know who trades here

    def _missing(self) -> StoreMissing:
        return StoreMissing(f"there is no registry {self._shown} yet; `fairway users add` begins it")

    def close(self) -> None:
        """Lets go of all connections; what is asked afterwards opens new ones."""
        self._reads.dispose()
        self._writes.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One view of all tables. Raises StoreErrors."""
        with as_store_errors(self.name), self._reads.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that excludes other writers: all of it is written, or nothing. Raises StoreErrors."""
        with self._turn(), as_store_errors(self.name), self._writes.connect() as connection:
            with connection.begin():
                if self._file is None:
                    connection.execute(sa.text("LOCK TABLE changes IN SHARE ROW EXCLUSIVE MODE"))
                else:
                    connection.execute(sa.text("PRAGMA secure_delete = ON"))  # an envelope that goes leaves no trace
                yield connection
            if self._file is not None:
                _empty_log(connection)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with nullcontext() if self._file is None else self._locked(self._file):
            yield

    @contextmanager
    def _locked(self, path: Path) -> Iterator[None]:
        descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _take(self, descriptor: int) -> None:
        for _ in range(1 + round(self._patience_s / _NAP_S)):
            try:
                return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                time.sleep(_NAP_S)
        raise StoreLocked(f"another command has been changing {self.name} for {self._patience_s:g} s; try again when it is done")


def _empty_log(connection: Connection) -> None:
    """What was overwritten is in the write-ahead log until that is emptied; while another process reads it, at the next
    change."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def user_of(row: RowMapping) -> User:
    return User(
        id=row["id"],
        name=row["name"],
        role=UserRole(row["role"]),
        profile=Profile(row["profile"]),
        state=LifecycleState(row["state"]),
        created_at=row["created_at"],
        said=_said_of(row),
    )


def row_of_user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "profile": user.profile.value,
        "state": user.state.value,
        "created_at": user.created_at,
        **_said(user.said),
    }


def account_of(row: RowMapping) -> Account:
    return Account(
        id=row["id"],
        user=row["user_id"],
        exchange=row["exchange"],
        mode=cast(Mode, row["mode"]),
        url=row["url"],
        symbols=tuple(row["symbols"].split()),
        capital_min=_amount_of(row["capital_min"]),
        capital_max=_amount_of(row["capital_max"]),
        cohort=Cohort(row["cohort"]),
        state=LifecycleState(row["state"]),
        created_at=row["created_at"],
        said=_said_of(row),
        keys_version=row["keys_version"],
        keys_at=row["keys_at"],
        key_check=KeyCheck(row["key_check"]),
    )


def row_of_account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "user_id": account.user,
        "exchange": account.exchange,
        "mode": account.mode,
        "url": account.url,
        "symbols": " ".join(account.symbols),
        "capital_min": str(account.capital_min or ""),
        "capital_max": str(account.capital_max or ""),
        "cohort": account.cohort.value,
        "state": account.state.value,
        "created_at": account.created_at,
        "keys_version": account.keys_version,
        "keys_at": account.keys_at,
        "key_check": account.key_check.value,
        **_said(account.said),
    }


def token_of(row: RowMapping) -> Token:
    return Token(
        id=row["id"],
        user=row["user_id"],
        kind=TokenKind(row["kind"]),
        scope=TokenScope(row["scope"]),
        name=row["name"],
        created_at=row["created_at"],
        signed_in_at=row["signed_in_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        revoked_at=row["revoked_at"],
    )


def row_of_token(token: Token) -> dict[str, Any]:
    fields = asdict(token)
    user = fields.pop("user")
    return {**fields, "user_id": user, "kind": token.kind.value, "scope": token.scope.value}


def _said_of(row: RowMapping) -> ChangeNote:
    return ChangeNote(by=row["said_by"], reason=row["said_reason"], at=row["said_at"])


def _said(said: ChangeNote) -> Mapping[str, Any]:
    return {"said_by": said.by, "said_reason": said.reason, "said_at": said.at}


def _amount_of(text: str) -> Amount | None:
    value, _, asset = text.partition(" ")
    return Amount.of(value, asset) if text else None
