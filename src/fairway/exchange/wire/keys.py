"""API keys: which account each acts for, and which requests it may make."""

from dataclasses import dataclass, replace
from enum import Enum

from fairway.exchange.answers import ExchangeRefusal, KeyPermissions
from fairway.exchange.wire import errors
from fairway.exchange.wire.signatures import Secret
from fairway.world.clock import MINUTE, SECOND
from fairway.world.confidential import Confidential


class Security(Enum):
    """What an endpoint asks of its caller."""

    NONE = "public"
    KEY = "a key, unsigned"
    READ = "signed, with the right to read"
    TRADE = "signed, with the right to trade"


@dataclass(frozen=True, slots=True)
class Key(Confidential):
    """One API key of one account."""

    id: str
    account: str
    secret: Secret
    rights: KeyPermissions
    created_at: int = 0


class Keyring:
    """All keys of the exchange."""

    def __init__(self) -> None:
        self._keys: dict[str, Key] = {}

    def add(self, key: Key) -> None:
        """Raises ValueError as `check_new` does."""
        self.check_new(key.id)
        self._keys[key.id] = key

    def check_new(self, key_id: str) -> None:
        """Raises ValueError for an id that is taken, or that no request could be sent with."""
        if key_id in self._keys:
            raise ValueError(f"API key {key_id!r} is taken; choose another one")
        if not _is_key_id(key_id):
            raise ValueError(f"API key {key_id!r} is not 8 to 128 letters and digits, such as 'alice0key'")

    def set_rights(self, account: str, rights: KeyPermissions) -> None:
        """Give all keys of an account these rights."""
        for key in list(self._keys.values()):
            if key.account == account:
                self._keys[key.id] = replace(key, rights=rights)

    def find(self, key_id: str, address: str, now: int) -> Key | ExchangeRefusal:
        """The key of this id, if it is one and may be used from this address now."""
        if not _is_key_id(key_id):
            return errors.BAD_KEY_FORMAT
        key = self._keys.get(key_id)
        if key is None:
            return errors.BAD_KEY
        rights = key.rights
        if rights.addresses and address not in rights.addresses:
            return errors.BAD_KEY
        if rights.expires_at and now >= rights.expires_at:
            return errors.BAD_KEY
        return key


def _is_key_id(text: str) -> bool:
    return text.isascii() and text.isalnum() and 8 <= len(text) <= 128


def refuse(key: Key, security: Security) -> ExchangeRefusal | None:
    """A refusal if the key's rights do not cover what is asked."""
    if security is Security.READ and not key.rights.reading:
        return errors.BAD_KEY
    if security is Security.TRADE and not key.rights.spot_trading:
        return errors.BAD_KEY
    return None


def refuse_timing(timestamp_ns: int, window_ns: int, now: int) -> ExchangeRefusal | None:
    """A refusal if a request's own time is not close enough to the exchange's."""
    if window_ns > MINUTE:
        return errors.WINDOW_TOO_WIDE
    if timestamp_ns >= now + SECOND:
        return errors.AHEAD_OF_SERVER
    if now - timestamp_ns > window_ns:
        return errors.OUTSIDE_WINDOW
    return None
