"""Passwords: hashed with Argon2id, compared in constant time, never kept in clear."""

from base64 import b32encode
from typing import Final

from fairway.people.master_key import Fresh
from fairway.people.problems import ChangeRefused
from fairway.people.secret import Secret

LENGTH_MIN: Final = 12
BYTES_MAX: Final = 1_024
MEMORY_KIB: Final = 47_104
PASSES: Final = 1
"""With one lane, the first of the equivalent choices for Argon2id in OWASP's Password Storage Cheat Sheet: about 60 ms here."""
_SALT_BYTES: Final = 16
_HASH_BYTES: Final = 32
_ONE_TIME_BYTES: Final = 10


def checked(password: Secret) -> Secret:
    """A password as a user may choose it. Raises ChangeRefused, which does not repeat it."""
    text = password.reveal()
    if len(text) < LENGTH_MIN:
        raise ChangeRefused(
            f"the password has {len(text)} characters, and at least {LENGTH_MIN} are needed; a right one is four unrelated words"
        )
    if len(text.encode()) > BYTES_MAX:
        raise ChangeRefused(f"the password has more than {BYTES_MAX} bytes; take a shorter one")
    return password


def hashed(password: Secret, fresh: Fresh) -> str:
    """The hash with its salt and parameters, in PHC form."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    derivation = Argon2id(salt=fresh(_SALT_BYTES), length=_HASH_BYTES, iterations=PASSES, lanes=1, memory_cost=MEMORY_KIB)
    return derivation.derive_phc_encoded(password.reveal().encode())


def matches(password: Secret, phc: str) -> bool:
    """Whether this password has that hash. It takes as long for a wrong one, and for an empty hash, as for a right one."""
    from cryptography.exceptions import InvalidKey
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    given = password.reveal().encode()[: BYTES_MAX + 1]
    try:
        Argon2id.verify_phc_encoded(given, phc or _NOBODY)
    except InvalidKey:
        return False
    return bool(phc) and len(given) <= BYTES_MAX


def one_time(fresh: Fresh) -> Secret:
    """A password for one sign-in: 80 bits, in groups of four capital letters and digits."""
    text = b32encode(fresh(_ONE_TIME_BYTES)).decode()
    return Secret("-".join(text[start : start + 4] for start in range(0, len(text), 4)))


_NOBODY: Final = f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p=1${'A' * 22}${'A' * 43}"
"""What a user without a password is compared with, so that the time of an answer tells nobody who exists."""
