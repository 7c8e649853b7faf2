"""The registry: who the users are, which accounts they have, and what opens these. It only reads; the registrar writes.

A trader asks `changed_since` each second, and takes in what `accounts` says then.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from fairway.people.account import Account
from fairway.people.envelope import Binding
from fairway.people.lifecycle import LifecycleState
from fairway.people.problems import ChangeRefused, EnvelopeTruncated
from fairway.people.secret import Keys
from fairway.people.tables import ACCOUNTS, CHANGES, ENVELOPES, USERS, Tables, account_of, user_of
from fairway.people.user import User
from fairway.people.vault import Vault


class RecordedChange(Struct, frozen=True, kw_only=True):
    """One entry of the record of changes. at in ns; subject is like `user ann`, `account main`, `vault`."""

    seq: int
    at: int
    author: str
    subject: str
    what: str
    reason: str


class Registry:
    """Reads one store. All methods raise StoreErrors."""

    def __init__(self, tables: Tables, vault: Vault) -> None:
        self._tables, self._vault = tables, vault

    def users(self) -> Sequence[User]:
        """All users, the removed ones too, by id."""
        with self._tables.reading() as connection:
            rows = connection.execute(sa.select(USERS).order_by(USERS.c.id)).mappings()
            return [user_of(row) for row in rows]

    def user(self, user_id: str) -> User:
        """Raises ChangeRefused for one that never was."""
        with self._tables.reading() as connection:
            return user_in(connection, user_id)

    def every_account(self) -> Sequence[Account]:
        """All accounts as they were left, the deactivated and removed ones too, by id."""
        with self._tables.reading() as connection:
            rows = connection.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.id)).mappings()
            return [account_of(row) for row in rows]

    def account(self, account_id: str) -> Account:
        """Raises ChangeRefused for one that never was."""
        with self._tables.reading() as connection:
            return account_in(connection, account_id)

    def accounts(self) -> Sequence[Account]:
        """What a trader carries: the active and the paused, by id. An account of a paused user is paused, whatever it says."""
        with self._tables.reading() as connection:
            rows = connection.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.id)).mappings()
            accounts = [account_of(row) for row in rows]
            users = {row["id"]: user_of(row) for row in connection.execute(sa.select(USERS)).mappings()}
        in_force = [_in_force(account, users[account.user]) for account in accounts]
        return [account for account in in_force if account.state in (LifecycleState.ACTIVE, LifecycleState.PAUSED)]

    def keys_of(self, account_id: str) -> Keys:
        """What opens an account, fresh from the vault. Raises ChangeRefused, VaultErrors, SecretUnusable."""
        with self._tables.reading() as connection:
            account = account_in(connection, account_id)
            envelopes = envelopes_in(connection, account)
        key, secret = (self._vault.open(envelopes[purpose], binding(account, purpose)) for purpose in PURPOSES)
        return Keys(key, secret)

    def accounts_with_keys(self) -> int:
        """How many accounts have keys in the vault, whether they open or not."""
        with self._tables.reading() as connection:
            return int(connection.execute(sa.select(sa.func.count(ENVELOPES.c.account_id.distinct()))).scalar_one())

    def history(self, subject: str) -> Sequence[RecordedChange]:
        """All that was done to one, such as `account main`, oldest first."""
        query = sa.select(CHANGES).where(CHANGES.c.subject == subject).order_by(CHANGES.c.seq)
        with self._tables.reading() as connection:
            return [RecordedChange(**row) for row in connection.execute(query).mappings()]

    def newest_changes(self, count: int) -> Sequence[RecordedChange]:
        """The newest of all that was done, newest first."""
        query = sa.select(CHANGES).order_by(CHANGES.c.seq.desc()).limit(count)
        with self._tables.reading() as connection:
            return [RecordedChange(**row) for row in connection.execute(query).mappings()]

    def version(self) -> int:
        """Counts all changes. Cheap, for it is asked each second."""
        with self._tables.reading() as connection:
            return version_in(connection)

    def changed_since(self, version: int) -> bool:
        """Whether anything was changed after this version."""
        return self.version() > version


PURPOSES = ("key", "secret")


def binding(account: Account, purpose: str) -> Binding:
    """For whom an account's envelope is closed."""
    return Binding(user=account.user, account=account.id, venue=account.venue, purpose=purpose, version=account.keys_version)


def user_in(connection: Connection, user_id: str) -> User:
    """Raises ChangeRefused for one that never was."""
    row = connection.execute(sa.select(USERS).where(USERS.c.id == user_id)).mappings().first()
    if row is None:
        raise ChangeRefused(f"there is no user {user_id!r}; `fairway users list` shows them, `fairway users add` adds one")
    return user_of(row)


def account_in(connection: Connection, account_id: str) -> Account:
    """Raises ChangeRefused for one that never was."""
    row = connection.execute(sa.select(ACCOUNTS).where(ACCOUNTS.c.id == account_id)).mappings().first()
    if row is None:
        raise ChangeRefused(f"there is no account {account_id!r}; `fairway accounts list` shows them")
    return account_of(row)


def envelopes_in(connection: Connection, account: Account) -> dict[str, bytes]:
    """By purpose. Raises ChangeRefused where they were destroyed, EnvelopeTruncated where one is missing and should not."""
    if account.state is LifecycleState.REMOVED:
        raise ChangeRefused(f"account {account.id} was removed by {account.said.by}, and its keys were destroyed")
    rows = connection.execute(sa.select(ENVELOPES).where(ENVELOPES.c.account_id == account.id))
    found = {purpose: bytes(envelope) for _, purpose, envelope in rows}
    missing = [purpose for purpose in PURPOSES if purpose not in found]
    if missing:
        raise EnvelopeTruncated(f"the {missing[0]} of account {account.id} is not in the vault; give it new keys")
    return found


def version_in(connection: Connection) -> int:
    """The number of the newest change, 0 before the first."""
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.max(CHANGES.c.seq), 0))).scalar_one())


def _in_force(account: Account, user: User) -> Account:
    if account.state is LifecycleState.ACTIVE and user.state is not LifecycleState.ACTIVE:
        return replace(account, state=LifecycleState.PAUSED, said=user.said)
    return account
