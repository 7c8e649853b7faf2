"""Says who asks: by a token, by a session's cookie, or by a password that comes with the request."""

import hashlib
import threading
from dataclasses import dataclass, replace
from typing import Final

from fairway.api.problems import HttpProblem
from fairway.api.server_events import SignedIn, SignInFailed
from fairway.api.server_journal import ServerJournal
from fairway.operations.actor import Actor, Shell, actor_of
from fairway.operations.people.registry_place import OpenRegistry, RegistryPlace
from fairway.people.problems import SignInRefused
from fairway.people.secret import Secret
from fairway.people.sign_in_throttle import SignInThrottle
from fairway.people.token import LENGTHS, RECENT_NS, Token, TokenKind, TokenScope
from fairway.people.user import User
from fairway.world.clock import SECOND, Clock

REMEMBERED_MAX: Final = 1_000
USER_SHOWN_MAX: Final = 32
"""So much of a name that failed is journaled: it may be a password in the wrong field."""
CHALLENGE: Final = {"WWW-Authenticate": 'Bearer realm="fairway"'}


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who makes a request. token: what was shown, None for a password. address: of the client."""

    actor: Actor
    token: Token | None
    address: str

    @property
    def token_id(self) -> str:
        return self.token.id if self.token is not None else ""

    @property
    def asker(self) -> str:
        """By what requests are counted: one token or one user's password."""
        return self.token_id or f"user {self.actor.name}"


@dataclass(frozen=True, slots=True)
class _Remembered:
    user: str
    signed_in_at: int
    until: int


class Authenticator:
    """Of one registry. Its methods block, and may be called from any thread.

    They raise HttpProblem, StoreErrors and JournalErrors. Guesses of passwords are slowed; a token has 256 random bits, which
    nobody guesses, so that whoever shows a good one is never kept waiting for what others of the same address did.
    """

    def __init__(self, place: RegistryPlace, journal: ServerJournal, clock: Clock) -> None:
        self._place, self._journal, self._clock = place, journal, clock
        self._throttle = SignInThrottle()
        self._opened: OpenRegistry | None = None
        self._turn = threading.Lock()
        self._hashing = threading.BoundedSemaphore(2)
        """Each hash takes 46 MiB: what is tried at the same time waits."""
        self._remembered: dict[str, _Remembered] = {}

    def by_token(self, text: Secret, address: str, *, kinds: frozenset[TokenKind]) -> Caller:
        """The user of a token of one of these kinds."""
        opened, now = self._registry(), self._clock.now()
        try:
            token, user = opened.sign_ins.bearer(text, now)
            if token.kind not in kinds:
                raise SignInRefused(f"a token of the kind {token.kind.value} is not taken here")
        except SignInRefused as error:
            raise _unproven("TOKEN_REFUSED", str(error)) from None
        actor = actor_of(opened.registry, user.id, Shell.API, scope=token.scope, is_recent=token.is_recent(now))
        return Caller(actor=actor, token=token, address=address)

    def by_password(self, user_id: str, password: Secret, address: str) -> Caller:
        """The user with this password. One that was right in the last five minutes is not hashed again."""
        opened, now = self._registry(), self._clock.now()
        key = _digest(user_id, password, opened.sign_ins.mark(user_id))
        known = self._remembered.get(key)
        if known is None or now >= known.until:
            user = self._verified(user_id, password, address)
            if opened.sign_ins.has_password(user.id):
                self._remember(key, _Remembered(user.id, now, now + RECENT_NS))
            self._journal.record(SignedIn(kind="password", token="", address=address), by=user.id)
        actor = actor_of(opened.registry, user_id, Shell.API)
        return Caller(actor=actor, token=None, address=address)

    def again(self, caller: Caller) -> Caller:
        """The same user as the registry has it now, where what was shown still counts."""
        opened, now, token = self._registry(), self._clock.now(), caller.token
        if token is None:
            return replace(caller, actor=actor_of(opened.registry, caller.actor.name, Shell.API))
        try:
            token, user = opened.sign_ins.known(token.id, now)
        except SignInRefused as error:
            raise _unproven("TOKEN_REFUSED", str(error)) from None
        actor = actor_of(opened.registry, user.id, Shell.API, scope=token.scope, is_recent=token.is_recent(now))
        return replace(caller, actor=actor, token=token)

    def sign_in(
        self, user_id: str, password: Secret, address: str, *kinds: TokenKind, code: str = ""
    ) -> tuple[Caller, list[tuple[Token, Secret]]]:
        """Exchanges a password, with the code of a second factor, for tokens, one of each kind."""
        user, now = self._verified(user_id, password, address, code), self._clock.now()
        issued = [self._issue(user.id, kind, now, now, address) for kind in kinds]
        actor = actor_of(self._registry().registry, user.id, Shell.API)
        return Caller(actor=actor, token=issued[0][0], address=address), issued

    def refreshed(self, text: Secret, address: str) -> tuple[Token, Secret]:
        """A new access token for a refresh token. Its sign-in is as old as that of the refresh token."""
        caller = self.by_token(text, address, kinds=frozenset({TokenKind.REFRESH}))
        assert caller.token is not None
        return self._issue(caller.actor.name, TokenKind.ACCESS, self._clock.now(), caller.token.signed_in_at, address)

    def has_own_password(self, user_id: str) -> bool:
        """Whether the user has chosen a password."""
        return self._registry().sign_ins.has_password(user_id)

    def close(self) -> None:
        with self._turn:
            if self._opened is not None:
                self._opened.close()

    def _issue(self, user_id: str, kind: TokenKind, now: int, signed_in_at: int, address: str) -> tuple[Token, Secret]:
        asked = Token(
            id="",
            user=user_id,
            kind=kind,
            scope=TokenScope.MANAGE,
            name="",
            created_at=now,
            signed_in_at=signed_in_at,
            expires_at=now + LENGTHS[kind],
        )
        token, text = self._registry().sign_ins.issue(asked)
        self._journal.record(SignedIn(kind=kind.value, token=token.id, address=address), by=user_id)
        return token, text

    def _verified(self, user_id: str, password: Secret, address: str, code: str = "") -> User:
        self._check_wait(user_id, address)
        try:
            with self._hashing:
                user = self._registry().sign_ins.verified(user_id, password)
            self._registry().second_factors.check(user_id, code, self._clock.now())
        except SignInRefused as error:
            raise self._failed(user_id, address, "SIGN_IN_REFUSED", str(error)) from None
        with self._turn:
            self._throttle.succeeded(user_id, address)
        return user

    def _check_wait(self, user_id: str, address: str) -> None:
        with self._turn:
            wait_ns = self._throttle.wait_ns(user_id, address, self._clock.monotonic())
        if wait_ns:
            wait_s = -(-wait_ns // SECOND)
            what = f"too many sign-ins have failed; try again in {wait_s} s"
            raise HttpProblem(429, "SIGN_IN_SLOWED", what, headers={"Retry-After": str(wait_s)})

    def _failed(self, user_id: str, address: str, code: str, why: str) -> HttpProblem:
        with self._turn:
            self._throttle.failed(user_id, address, self._clock.monotonic())
        self._journal.record(SignInFailed(user=user_id[:USER_SHOWN_MAX], address=address, code=code), by="")
        return _unproven(code, why)

    def _remember(self, key: str, known: _Remembered) -> None:
        with self._turn:
            self._remembered[key] = known
            while len(self._remembered) > REMEMBERED_MAX:
                del self._remembered[next(iter(self._remembered))]

    def _registry(self) -> OpenRegistry:
        """Opened at the first request: users may be added while the server runs. Raises StoreMissing before that."""
        with self._turn:
            if self._opened is None:
                self._opened = self._place.open()
            return self._opened


def _unproven(code: str, why: str) -> HttpProblem:
    return HttpProblem(401, code, f"{why}; sign in at /api/v1/session or /api/v1/token/login", headers=CHALLENGE)


def _digest(user_id: str, password: Secret, mark: str) -> str:
    """mark: of the stored hash, so that a changed password is not remembered."""
    return hashlib.sha256(f"{user_id}\0{mark}\0{password.reveal()}".encode()).hexdigest()
