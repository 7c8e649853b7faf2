"""A token: what a program or a browser shows instead of a password. It is stored as a digest, with its scope and its end."""

import hashlib
from base64 import urlsafe_b64encode
from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.people.master_key import Fresh
from fairway.people.secret import Secret
from fairway.world.clock import DAY, HOUR, MINUTE

RECENT_NS: Final = 5 * MINUTE
"""What raises exposure asks for a sign-in that is not older."""
API_TOKEN_MAX_NS: Final = 365 * DAY
PREFIX: Final = "fw_"
"""Lets scanners for secrets recognise a token that was published by mistake."""
_TOKEN_BYTES: Final = 32
_ID_BYTES: Final = 6


class TokenKind(StrEnum):
    """For whom a token is."""

    SESSION = "session"
    """A browser's, in a cookie."""
    ACCESS = "access"
    """A program's, for some minutes."""
    REFRESH = "refresh"
    """Exchanged for the next access token, and good for nothing else."""
    API = "api"
    """A program's that nobody watches. It never raises exposure: no person signs in with it."""


LENGTHS: Final[dict[TokenKind, int]] = {
    TokenKind.SESSION: 12 * HOUR,
    TokenKind.ACCESS: 15 * MINUTE,
    TokenKind.REFRESH: 30 * DAY,
    TokenKind.API: 90 * DAY,
}
"""How long each lives (ns); an API token where nothing else is asked for."""


class TokenScope(StrEnum):
    """What a token allows at most, whatever the role of its user allows. Each allows what those before it allow."""

    READ = "read"
    STOP = "stop"
    """Besides, all that lowers exposure."""
    MANAGE = "manage"
    """Besides, all that the role allows."""


class Token(Struct, frozen=True, kw_only=True):
    """One token, without its text. Instants in ns; 0 for never."""

    id: str
    user: str
    kind: TokenKind
    scope: TokenScope
    name: str
    """What its user calls it, such as grafana; "" of a sign-in."""
    created_at: int
    signed_in_at: int
    """When its user proved who it is; 0 for an API token."""
    expires_at: int
    used_at: int = 0
    revoked_at: int = 0

    def is_good(self, now: int) -> bool:
        """Whether it still counts at an instant (ns)."""
        return not self.revoked_at and now < self.expires_at

    def is_recent(self, now: int) -> bool:
        """Whether its user signed in so lately that it may raise exposure."""
        return 0 <= now - self.signed_in_at <= RECENT_NS


def new_id(fresh: Fresh) -> str:
    """An id for lists and journals; it opens nothing."""
    return fresh(_ID_BYTES).hex()


def new_text(fresh: Fresh) -> Secret:
    """The text that is shown once, 256 random bits."""
    return Secret(PREFIX + urlsafe_b64encode(fresh(_TOKEN_BYTES)).decode().rstrip("="))


def digest_of(text: Secret) -> str:
    """What is stored. A text of 256 random bits needs no slow hash."""
    return hashlib.sha256(text.reveal().encode()).hexdigest()
