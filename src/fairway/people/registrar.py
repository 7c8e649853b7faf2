"""The registrar changes the registry: each change is decided by the rules, written whole, and recorded with who and why."""

from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from fairway.money.amount import Amount
from fairway.people import account as accounts
from fairway.people import user as users
from fairway.people.account import (
    Account,
    Cohort,
    KeyCheck,
    capital_text,
    check_account,
    has_less_capital,
    with_capital,
)
from fairway.people.changes import permit, record
from fairway.people.lifecycle import RAISING, AccountChange, LifecycleState
from fairway.people.problems import ChangeRefused, WrongMasterKey
from fairway.people.registry import PURPOSES, account_in, binding, envelopes_in, user_in
from fairway.people.roles import UserAct, UserRole, may
from fairway.people.second_factor import envelopes_of_codes, put_envelope
from fairway.people.secret import Keys
from fairway.people.tables import ACCOUNTS, ENVELOPES, USERS, Tables, account_of, row_of_account, row_of_user
from fairway.people.user import ChangeNote, Profile, User, check_user
from fairway.people.vault import Vault

_DONE: Final = {
    AccountChange.PAUSE: "paused",
    AccountChange.RESUME: "resumed",
    AccountChange.DEACTIVATE: "deactivated",
    AccountChange.REMOVE: "removed",
}


class Registrar:
    """Writes one store. All methods raise ChangeRefused and StoreErrors, and those with keys SecretUnusable."""

    def __init__(self, tables: Tables, vault: Vault) -> None:
        self._tables, self._vault = tables, vault

    def add_user(self, user: User) -> None:
        """A new user. Ids are not used twice."""
        check_user(user)
        with self._tables.writing() as connection:
            permit(connection, user.said, UserAct.GOVERN, "")
            _refuse_used(connection, USERS, "user", user.id)
            connection.execute(sa.insert(USERS).values(row_of_user(user)))
            record(connection, user.said, f"user {user.id}", f"added as {user.role}, {user.profile}")

    def change_user(self, user_id: str, change: AccountChange, said: ChangeNote) -> User:
        """Pauses, resumes or removes a user. Pausing pauses all that the user has; removing needs all of it removed."""
        _ask_for_a_reason(change, said)
        with self._tables.writing() as connection:
            user = user_in(connection, user_id)
            permit(connection, said, UserAct.PAUSE if change is AccountChange.PAUSE else UserAct.GOVERN, user_id)
            changed = users.changed(user, change, said)
            if changed.state is LifecycleState.REMOVED:
                _refuse_owner(connection, user, "remove those first")
            return _put_user(connection, changed, said, _DONE[change])

    def set_role(self, user_id: str, role: UserRole, said: ChangeNote) -> User:
        """Gives a user another role."""
        with self._tables.writing() as connection:
            user = user_in(connection, user_id)
            permit(connection, said, UserAct.GOVERN, user_id)
            if not may(role, UserAct.OWN, to_self=True):
                _refuse_owner(connection, user, f"a {role} has none")
            return _put_user(connection, replace(user, role=role), said, f"made {role}, was {user.role}")

    def set_profile(self, user_id: str, profile: Profile, said: ChangeNote) -> User:
        """Gives a user another risk profile."""
        with self._tables.writing() as connection:
            user = user_in(connection, user_id)
            permit(connection, said, UserAct.GOVERN, user_id)
            return _put_user(connection, replace(user, profile=profile), said, f"made {profile}, was {user.profile}")

    def check_new(self, account: Account) -> None:
        """What `add_account` would refuse, before anybody is asked for keys. Raises VaultErrors too."""
        check_account(account)
        with self._tables.reading() as connection:
            _permit_new(connection, account)
            self._check_vault(connection)

    def add_account(self, account: Account, keys: Keys) -> None:
        """A new account and its keys. Ids are not used twice."""
        check_account(account)
        with self._tables.writing() as connection:
            _permit_new(connection, account)
            connection.execute(sa.insert(ACCOUNTS).values(row_of_account(account)))
            connection.execute(sa.insert(ENVELOPES), self._closed(connection, account, keys))
            record(connection, account.said, f"account {account.id}", f"added for {account.user}: {account.venue}")

    def check_change(self, account: Account, change: AccountChange, said: ChangeNote) -> None:
        """What removing an account or rotating its keys would refuse, before a venue is asked. Raises VaultErrors too."""
        accounts.changed(account, change, said)
        with self._tables.reading() as connection:
            permit(connection, said, UserAct.KEEP, account.user)
            if change is AccountChange.ROTATE:
                self._check_vault(connection)

    def change_account(self, account_id: str, change: AccountChange, said: ChangeNote) -> Account:
        """Pauses, resumes, deactivates or removes an account. Removing destroys its keys."""
        _ask_for_a_reason(change, said)
        with self._tables.writing() as connection:
            account = account_in(connection, account_id)
            if change is not AccountChange.DEACTIVATE:  # that follows from the venue's refusal of the keys: no person decides it
                permit(connection, said, UserAct.PAUSE if change is AccountChange.PAUSE else UserAct.KEEP, account.user)
            changed = accounts.changed(account, change, said)
            if changed.state is LifecycleState.REMOVED:
                connection.execute(sa.delete(ENVELOPES).where(ENVELOPES.c.account_id == account_id))
            return _put_account(connection, changed, said, _DONE[change])

    def set_cohort(self, account_id: str, cohort: Cohort, said: ChangeNote) -> Account:
        """Puts an account into another cohort, so that a launch lets it in sooner, or later."""
        with self._tables.writing() as connection:
            account = account_in(connection, account_id)
            permit(connection, said, UserAct.GOVERN, account.user)
            if account.state is LifecycleState.REMOVED:
                raise ChangeRefused(f"account {account_id} was removed")
            return _put_account(connection, replace(account, cohort=cohort), said, f"made {cohort}, was {account.cohort}")

    def set_capital(self, account_id: str, least: Amount | None, most: Amount | None, said: ChangeNote) -> Account:
        """Gives an account other bounds of its capital, wider ones too."""
        with self._tables.writing() as connection:
            before = account_in(connection, account_id)
            permit(connection, said, UserAct.KEEP, before.user)
            return _put_capital(connection, before, with_capital(before, least, most), said)

    def lower_capital(self, account_id: str, least: Amount | None, most: Amount | None, said: ChangeNote) -> Account:
        """Lets an account put less to work. Refused where it would let it put more."""
        with self._tables.writing() as connection:
            before = account_in(connection, account_id)
            permit(connection, said, UserAct.PAUSE, before.user)
            changed = with_capital(before, least, most)
            if not has_less_capital(changed, before):
                raise ChangeRefused(
                    f"{capital_text(changed)} is not less than {capital_text(before)} in every respect; "
                    "to let an account put more to work:  fairway accounts capital"
                )
            return _put_capital(connection, before, changed, said)

    def rotate_keys(self, seen: Account, keys: Keys, check: KeyCheck, said: ChangeNote) -> Account:
        """Replaces the keys; the old ones are deleted. Refused where the account was changed since it was read."""
        changed = accounts.rotated(seen, check, said)
        with self._tables.writing() as connection:
            permit(connection, said, UserAct.KEEP, seen.user)
            found = account_in(connection, seen.id)
            if found != seen:
                raise ChangeRefused(
                    f"account {seen.id} was changed at the same time, by {found.said.by}; look at it, and try again"
                )
            envelopes = self._closed(connection, changed, keys)
            connection.execute(sa.delete(ENVELOPES).where(ENVELOPES.c.account_id == seen.id))
            connection.execute(sa.insert(ENVELOPES), envelopes)
            return _put_account(connection, changed, said, f"keys rotated: {check}")

    def renew(self, said: ChangeNote) -> int:
        """Closes every data key with the first master key, all or none, and returns how many. Raises VaultErrors too."""
        with self._tables.writing() as connection:
            permit(connection, said, UserAct.GOVERN, "")
            renewed = 0
            for account in _living(connection):
                for purpose, envelope in envelopes_in(connection, account).items():
                    new = self._vault.renew(envelope, binding(account, purpose))
                    this = (ENVELOPES.c.account_id == account.id) & (ENVELOPES.c.purpose == purpose)
                    connection.execute(sa.update(ENVELOPES).where(this).values(envelope=new))
                    renewed += 1
            for user, envelope, bound in envelopes_of_codes(connection):
                put_envelope(connection, user, self._vault.renew(envelope, bound))
                renewed += 1
            record(connection, said, "vault", f"{renewed} envelopes closed with a new master key")
            return renewed

    def outdated(self) -> int:
        """How many envelopes the first master key did not close. Raises VaultErrors too."""
        with self._tables.reading() as connection:
            keys = sum(
                not self._vault.is_current(envelope, binding(account, purpose))
                for account in _living(connection)
                for purpose, envelope in envelopes_in(connection, account).items()
            )
            return keys + sum(not self._vault.is_current(each, bound) for _, each, bound in envelopes_of_codes(connection))

    def give_up(self, said: ChangeNote) -> None:
        """Destroys all envelopes, whose master key is lost: each account needs new keys, and no sign-in asks for codes."""
        with self._tables.writing() as connection:
            permit(connection, said, UserAct.GOVERN, "")
            connection.execute(sa.delete(ENVELOPES))
            for user, _, _ in envelopes_of_codes(connection):
                put_envelope(connection, user, b"")
            record(connection, said, "vault", "all envelopes destroyed: their master key is lost")

    def _check_vault(self, connection: Connection) -> None:
        """One vault, one master key: nothing is closed with another one than all the rest."""
        held = list(connection.execute(sa.select(ENVELOPES.c.envelope)).scalars())
        held += [envelope for _, envelope, _ in envelopes_of_codes(connection)]
        if held and not any(self._vault.is_at_hand(bytes(envelope)) for envelope in held):
            raise WrongMasterKey("the vault was closed with another master key than this; name the place of the right one")
        self._vault.check()

    def _closed(self, connection: Connection, account: Account, keys: Keys) -> list[dict[str, object]]:
        """Rows of envelopes. Within a transaction only, so that a rotation of the master key comes before it or after."""
        self._check_vault(connection)
        secrets = zip(PURPOSES, (keys.key, keys.secret), strict=True)
        return [
            {"account_id": account.id, "purpose": purpose, "envelope": self._vault.close(secret, binding(account, purpose))}
            for purpose, secret in secrets
        ]


def _living(connection: Connection) -> list[Account]:
    rows = connection.execute(sa.select(ACCOUNTS).order_by(ACCOUNTS.c.id)).mappings()
    return [account for account in map(account_of, rows) if account.state is not LifecycleState.REMOVED]


def _ask_for_a_reason(change: AccountChange, said: ChangeNote) -> None:
    if change in RAISING and not said.reason.strip():
        raise ChangeRefused('resuming needs a reason; a right one is --reason "the wrong price feed is off"')


def _permit_new(connection: Connection, account: Account) -> None:
    owner = user_in(connection, account.user)
    permit(connection, account.said, UserAct.KEEP if account.cohort is Cohort.PUBLIC else UserAct.GOVERN, owner.id)
    if owner.state is not LifecycleState.ACTIVE:
        raise ChangeRefused(f"user {owner.id} is {owner.state}; only an active user gets an account")
    if not may(owner.role, UserAct.OWN, to_self=True):
        raise ChangeRefused(
            f"user {owner.id} has the role {owner.role}, which has no accounts; change that first: fairway users role"
        )
    _refuse_used(connection, ACCOUNTS, "account", account.id)


def _refuse_used(connection: Connection, table: sa.Table, kind: str, identifier: str) -> None:
    row = connection.execute(sa.select(table.c.state).where(table.c.id == identifier)).first()
    if row is None:
        return
    if row[0] == LifecycleState.REMOVED:
        raise ChangeRefused(f"{kind} {identifier} was removed, and ids are not used twice; take another id")
    raise ChangeRefused(f"there is {kind} {identifier} already; take another id")


def _refuse_owner(connection: Connection, user: User, advice: str) -> None:
    owned = [account.id for account in _living(connection) if account.user == user.id]
    if owned:
        raise ChangeRefused(f"user {user.id} still has the accounts {', '.join(owned)}; {advice}")


def _put_capital(connection: Connection, before: Account, changed: Account, said: ChangeNote) -> Account:
    return _put_account(connection, changed, said, f"capital made {capital_text(changed)}, was {capital_text(before)}")


def _put_user(connection: Connection, user: User, said: ChangeNote, what: str) -> User:
    connection.execute(sa.update(USERS).where(USERS.c.id == user.id).values(row_of_user(user)))
    record(connection, said, f"user {user.id}", what)
    return user


def _put_account(connection: Connection, account: Account, said: ChangeNote, what: str) -> Account:
    connection.execute(sa.update(ACCOUNTS).where(ACCOUNTS.c.id == account.id).values(row_of_account(account)))
    record(connection, said, f"account {account.id}", what)
    return account
