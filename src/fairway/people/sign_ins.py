"""Sign-ins: checks passwords, and issues, finds and revokes the tokens that programs and browsers show instead."""

import hashlib
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from fairway.people.changes import permit, record
from fairway.people.lifecycle import LifecycleState
from fairway.people.master_key import Fresh
from fairway.people.password import checked, hashed, matches, one_time
from fairway.people.problems import ChangeRefused, SignInRefused
from fairway.people.registry import user_in
from fairway.people.roles import UserAct
from fairway.people.secret import Secret
from fairway.people.tables import CREDENTIALS, TOKENS, USERS, Tables, row_of_token, token_of, user_of
from fairway.people.token import Token, TokenKind, digest_of, new_id, new_text
from fairway.people.user import ChangeNote, User
from fairway.world.clock import DAY, MINUTE

TOKENS_MAX: Final = 200
"""Tokens of one user; at the bound a sign-in drops the user's oldest sign-in, and a new API token is refused."""
KEPT_NS: Final = 30 * DAY
"""A token is listed for so long after its end."""
_USED_STEP_NS: Final = MINUTE
"""The last use is written at most so often: it is for people, and each write costs a transaction."""


class SignIns:
    """Of one registry. All methods raise StoreErrors."""

    def __init__(self, tables: Tables, fresh: Fresh) -> None:
        self._tables, self._fresh = tables, fresh

    # -- passwords -----------------------------------------------------------------------------------------------

    def set_password(self, user_id: str, password: Secret, said: ChangeNote) -> None:
        """Gives a user a password, and ends all sign-ins by the old one. Raises ChangeRefused."""
        self._put_password(user_id, hashed(checked(password), self._fresh), said, is_one_time=False)

    def set_one_time(self, user_id: str, said: ChangeNote) -> Secret:
        """Gives a user a password for one sign-in, in place of any other, and returns it. Raises ChangeRefused."""
        password = one_time(self._fresh)
        self._put_password(user_id, hashed(password, self._fresh), said, is_one_time=True)
        return password

    def has_password(self, user_id: str) -> bool:
        """Whether a user has a password that the user chose."""
        with self._tables.reading() as connection:
            phc, is_one_time = _password_of(connection, user_id)
            return bool(phc) and not is_one_time

    def mark(self, user_id: str) -> str:
        """A text that changes with the password, and tells nothing of it."""
        with self._tables.reading() as connection:
            phc, _ = _password_of(connection, user_id)
        return hashlib.sha256(phc.encode()).hexdigest()

    def verified(self, user_id: str, password: Secret) -> User:
        """The user, where the password is the user's; one for one sign-in is spent by that. Raises SignInRefused.

        A paused user may sign in, to look and to lower exposure; a removed one may not.
        """
        with self._tables.reading() as connection:
            row = connection.execute(sa.select(USERS).where(USERS.c.id == user_id)).mappings().first()
            phc, is_one_time = _password_of(connection, user_id)
        is_right = matches(password, phc)
        if row is None or not is_right or user_of(row).state is LifecycleState.REMOVED:
            raise SignInRefused("the user or the password is wrong")
        if is_one_time:
            self._spend(user_id, phc)
        return user_of(row)

    def _put_password(self, user_id: str, phc: str, said: ChangeNote, *, is_one_time: bool) -> None:
        with self._tables.writing() as connection:
            user_in(connection, user_id)
            permit(connection, said, UserAct.SIGN_IN, user_id)
            connection.execute(sa.delete(CREDENTIALS).where(CREDENTIALS.c.user_id == user_id))
            row = {"user_id": user_id, "password": phc, "is_one_time": int(is_one_time), "totp": b"", "totp_used": 0}
            connection.execute(sa.insert(CREDENTIALS).values(**row))
            _end(connection, (TOKENS.c.user_id == user_id) & (TOKENS.c.kind != TokenKind.API.value), said.at)
            record(connection, said, f"user {user_id}", "got a password for one sign-in" if is_one_time else "got a new password")

    def _spend(self, user_id: str, phc: str) -> None:
        """Raises SignInRefused where another sign-in with the same password came first."""
        this = (CREDENTIALS.c.user_id == user_id) & (CREDENTIALS.c.password == phc)
        with self._tables.writing() as connection:
            if connection.execute(sa.update(CREDENTIALS).where(this).values(password="")).rowcount != 1:
                raise SignInRefused("this password was for one sign-in, and has been used")

    # -- tokens --------------------------------------------------------------------------------------------------

    def issue(self, token: Token) -> tuple[Token, Secret]:
        """A new token as this one says, with an id; its text is shown once and stored nowhere."""
        token, text = replace(token, id=new_id(self._fresh)), new_text(self._fresh)
        with self._tables.writing() as connection:
            _make_room(connection, token.user, token.created_at)
            connection.execute(sa.insert(TOKENS).values(**row_of_token(token), digest=digest_of(text)))
        return token, text

    def issue_api(self, token: Token, said: ChangeNote) -> tuple[Token, Secret]:
        """The same for a program that nobody watches; it is recorded. Raises ChangeRefused."""
        with self._tables.reading() as connection:
            user_in(connection, token.user)
            permit(connection, said, UserAct.SIGN_IN, token.user)
            if len(_good(connection, token.user, said.at)) >= TOKENS_MAX:
                raise ChangeRefused(f"user {token.user} has {TOKENS_MAX} tokens; revoke one first")
        issued, text = self.issue(token)
        with self._tables.writing() as connection:
            what = f"got the API token {issued.id}, scope {issued.scope.value}{f', {issued.name}' if issued.name else ''}"
            record(connection, said, f"user {token.user}", what)
        return issued, text

    def bearer(self, text: Secret, now: int) -> tuple[Token, User]:
        """The token with this text, and its user, at an instant (ns). Raises SignInRefused."""
        token, user = self._found(TOKENS.c.digest == digest_of(text), now)
        if now - token.used_at >= _USED_STEP_NS:
            with self._tables.writing() as connection:
                connection.execute(sa.update(TOKENS).where(TOKENS.c.id == token.id).values(used_at=now))
        return token, user

    def known(self, token_id: str, now: int) -> tuple[Token, User]:
        """The token with this id, which was shown before, and its user. Raises SignInRefused where it counts no more."""
        return self._found(TOKENS.c.id == token_id, now)

    def _found(self, which: sa.ColumnElement[bool], now: int) -> tuple[Token, User]:
        with self._tables.reading() as connection:
            found = connection.execute(sa.select(TOKENS).where(which)).mappings().first()
            if found is None:
                raise SignInRefused("there is no such token")
            token, user = token_of(found), user_in(connection, found["user_id"])
        if not token.is_good(now):
            raise SignInRefused("the token was revoked" if token.revoked_at else "the token has expired")
        if user.state is LifecycleState.REMOVED:
            raise SignInRefused("the token's user was removed")
        return token, user

    def tokens_of(self, user_id: str, now: int) -> Sequence[Token]:
        """The good tokens of a user, and those that ended lately, oldest first. Raises ChangeRefused."""
        with self._tables.reading() as connection:
            user_in(connection, user_id)
            query = sa.select(TOKENS).where((TOKENS.c.user_id == user_id) & (TOKENS.c.expires_at > now - KEPT_NS))
            return [token_of(row) for row in connection.execute(query.order_by(TOKENS.c.created_at)).mappings()]

    def revoke(self, user_id: str, token_id: str, said: ChangeNote) -> int:
        """Ends a token of a user at once, "" for all of them; how many that were. Raises ChangeRefused."""
        with self._tables.writing() as connection:
            user_in(connection, user_id)
            permit(connection, said, UserAct.SIGN_IN, user_id)
            mine = TOKENS.c.user_id == user_id
            ended = _end(connection, mine & (TOKENS.c.id == token_id) if token_id else mine, said.at)
            if token_id and not ended:
                raise ChangeRefused(
                    f"user {user_id} has no token {token_id!r} that still counts; `fairway tokens list` shows them"
                )
            record(connection, said, f"user {user_id}", f"token {token_id} revoked" if token_id else f"{ended} tokens revoked")
            return ended


def _password_of(connection: Connection, user_id: str) -> tuple[str, bool]:
    """The hash, "" where there is none, and whether it is for one sign-in."""
    query = sa.select(CREDENTIALS.c.password, CREDENTIALS.c.is_one_time).where(CREDENTIALS.c.user_id == user_id)
    row = connection.execute(query).first()
    return (row[0], bool(row[1])) if row is not None else ("", False)


def _good(connection: Connection, user_id: str, now: int) -> list[Token]:
    """Oldest first."""
    still = (TOKENS.c.user_id == user_id) & (TOKENS.c.expires_at > now) & (TOKENS.c.revoked_at == 0)
    rows = connection.execute(sa.select(TOKENS).where(still).order_by(TOKENS.c.created_at)).mappings()
    return [token_of(row) for row in rows]


def _make_room(connection: Connection, user_id: str, now: int) -> None:
    """Forgets what ended long ago, and the user's oldest sign-in where the user has too many tokens."""
    connection.execute(sa.delete(TOKENS).where(TOKENS.c.expires_at < now - KEPT_NS))
    good = _good(connection, user_id, now)
    oldest = next((each.id for each in good if each.kind is not TokenKind.API), "")
    if len(good) >= TOKENS_MAX and oldest:
        _end(connection, TOKENS.c.id == oldest, now)


def _end(connection: Connection, which: sa.ColumnElement[bool], now: int) -> int:
    """Revokes those of the tokens that still count; how many."""
    still = (TOKENS.c.expires_at > now) & (TOKENS.c.revoked_at == 0)
    return int(connection.execute(sa.update(TOKENS).where(which & still).values(revoked_at=now)).rowcount)
