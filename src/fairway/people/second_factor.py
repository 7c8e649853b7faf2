"""The second factor of a sign-in: codes of six digits that change every 30 seconds (TOTP, RFC 6238), each good once.

The secret that user and server share is in the vault, closed for that user: a copy of the registry alone gives no codes.
"""

from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from fairway.people.changes import permit, record
from fairway.people.envelope import Binding
from fairway.people.master_key import Fresh
from fairway.people.problems import ChangeRefused, SignInRefused
from fairway.people.roles import UserAct
from fairway.people.secret import Secret
from fairway.people.tables import CREDENTIALS, Tables
from fairway.people.user import ChangeNote
from fairway.people.vault import Vault
from fairway.world.clock import SECOND

STEP_NS: Final = 30 * SECOND
WINDOW: Final = 1
"""Steps before and after the present one whose codes count: clocks differ, and people type slowly."""
PENDING: Final = -1
"""Stands for the last used step of a second factor that no code has confirmed yet: it is not asked for."""
ISSUER: Final = "Fairway"
_SECRET_BYTES: Final = 20


class SecondFactors:
    """Of one registry. All methods raise StoreErrors, and those that open or close a secret VaultErrors and SecretUnusable."""

    def __init__(self, tables: Tables, vault: Vault, fresh: Fresh) -> None:
        self._tables, self._vault, self._fresh = tables, vault, fresh

    def begin(self, user_id: str, said: ChangeNote) -> Secret:
        """A new secret in base32, which counts once a code has confirmed it. Raises ChangeRefused."""
        from base64 import b32encode

        secret = Secret(b32encode(self._fresh(_SECRET_BYTES)).decode())
        envelope = self._vault.close(secret, _binding(user_id))
        with self._tables.writing() as connection:
            permit(connection, said, UserAct.SIGN_IN, user_id)
            _put(connection, user_id, envelope, PENDING)
            record(connection, said, f"user {user_id}", "began a second factor")
        return secret

    def confirm(self, user_id: str, code: str, said: ChangeNote) -> None:
        """From now on a sign-in asks for a code. Raises ChangeRefused, SignInRefused for a wrong code."""
        with self._tables.writing() as connection:
            permit(connection, said, UserAct.SIGN_IN, user_id)
            envelope, used = _row(connection, user_id)
            if not envelope or used != PENDING:
                raise ChangeRefused(f"user {user_id} has begun no second factor; begin one first: fairway users second-factor")
            _put(connection, user_id, envelope, self._step(user_id, envelope, code, said.at, after=PENDING))
            record(connection, said, f"user {user_id}", "signs in with a second factor from now on")

    def end(self, user_id: str, said: ChangeNote) -> None:
        """From now on the password is enough. Raises ChangeRefused."""
        with self._tables.writing() as connection:
            permit(connection, said, UserAct.SIGN_IN, user_id)
            _put(connection, user_id, b"", 0)
            record(connection, said, f"user {user_id}", "signs in without a second factor from now on")

    def confirmed(self) -> frozenset[str]:
        """Users whose sign-ins ask for a code."""
        query = sa.select(CREDENTIALS.c.user_id, CREDENTIALS.c.totp).where(CREDENTIALS.c.totp_used != PENDING)
        with self._tables.reading() as connection:
            return frozenset(user for user, envelope in connection.execute(query) if envelope)

    def check(self, user_id: str, code: str, now: int) -> None:
        """Spends a code, where the user has a second factor, at an instant (ns). Raises SignInRefused."""
        with self._tables.reading() as connection:
            envelope, used = _row(connection, user_id)
        if not envelope or used == PENDING:
            return
        if not code:
            raise SignInRefused("the code of the second factor is missing")
        with self._tables.writing() as connection:
            envelope, used = _row(connection, user_id)
            _put(connection, user_id, envelope, self._step(user_id, envelope, code, now, after=used))

    def _step(self, user_id: str, envelope: bytes, code: str, now: int, *, after: int) -> int:
        """The step whose code this is, later than one. Raises SignInRefused."""
        from pyotp import TOTP

        codes, present = TOTP(self._vault.open(envelope, _binding(user_id)).reveal()), now // STEP_NS
        for step in range(present - WINDOW, present + WINDOW + 1):
            if step > after and codes.verify(code, for_time=step * STEP_NS // SECOND):
                return step
        raise SignInRefused("the code of the second factor is wrong, or was used")


def address_of(user_id: str, secret: Secret) -> str:
    """What an authenticator's app reads from a QR code."""
    from pyotp import TOTP

    return TOTP(secret.reveal()).provisioning_uri(name=user_id, issuer_name=ISSUER)


def envelopes_of_codes(connection: Connection) -> Iterator[tuple[str, bytes, Binding]]:
    """User, envelope and binding of each secret, for who changes the master key."""
    rows = connection.execute(sa.select(CREDENTIALS.c.user_id, CREDENTIALS.c.totp)).all()
    return ((user, bytes(envelope), _binding(user)) for user, envelope in rows if envelope)


def put_envelope(connection: Connection, user_id: str, envelope: bytes) -> None:
    """Puts the same secret under another master key; b"" destroys it."""
    connection.execute(sa.update(CREDENTIALS).where(CREDENTIALS.c.user_id == user_id).values(totp=envelope))


def _binding(user_id: str) -> Binding:
    return Binding(user=user_id, account="", venue="sign-in", purpose="second factor", version=1)


def _row(connection: Connection, user_id: str) -> tuple[bytes, int]:
    """The envelope, b"" where there is none, and the last used step."""
    query = sa.select(CREDENTIALS.c.totp, CREDENTIALS.c.totp_used).where(CREDENTIALS.c.user_id == user_id)
    row = connection.execute(query).first()
    return (bytes(row[0]), int(row[1])) if row is not None else (b"", 0)


def _put(connection: Connection, user_id: str, envelope: bytes, used: int) -> None:
    """Raises ChangeRefused for a user without a password."""
    this = CREDENTIALS.c.user_id == user_id
    if connection.execute(sa.update(CREDENTIALS).where(this).values(totp=envelope, totp_used=used)).rowcount != 1:
        raise ChangeRefused(f"user {user_id} has no password yet; set one first: fairway users password {user_id}")
