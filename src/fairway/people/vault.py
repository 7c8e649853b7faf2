"""The vault: closes keys into envelopes and opens them, with the master keys that stand where it is told to look."""

from collections.abc import Callable, Sequence

from fairway.people.envelope import Binding, master_id, named_id, rewrap, seal, unseal
from fairway.people.master_key import Fresh, MasterKey
from fairway.people.secret import Secret


class Vault:
    """Looks for the master keys whenever it closes, and when it opens what needs one that it has not seen: they may be new."""

    def __init__(self, look: Callable[[], Sequence[MasterKey]], fresh: Fresh) -> None:
        self._look, self._fresh = look, fresh
        self._masters: Sequence[MasterKey] = ()

    def close(self, secret: Secret, binding: Binding) -> bytes:
        """The secret in an envelope of the first master key. Raises SecretUnusable."""
        return seal(secret, binding, self._look_again()[0], self._fresh)

    def open(self, envelope: bytes, binding: Binding) -> Secret:
        """What is in the envelope. Raises VaultErrors, SecretUnusable."""
        return unseal(envelope, binding, self._master_of(envelope, binding))

    def is_current(self, envelope: bytes, binding: Binding) -> bool:
        """Whether it was closed with the first master key. Raises VaultErrors, SecretUnusable."""
        return master_id(envelope, binding) == self._look_again()[0].id

    def check(self) -> None:
        """Whether something can be closed. Raises SecretUnusable."""
        self._look_again()

    def is_at_hand(self, envelope: bytes) -> bool:
        """Whether the master key is there that the envelope names, whatever else is wrong with it. Raises SecretUnusable."""
        return named_id(envelope) in [master.id for master in self._look_again()]

    def renew(self, envelope: bytes, binding: Binding) -> bytes:
        """The same secret under the first master key. Raises VaultErrors, SecretUnusable."""
        first = self._look_again()[0]
        return rewrap(envelope, binding, self._master_of(envelope, binding), first, self._fresh)

    def _look_again(self) -> Sequence[MasterKey]:
        self._masters = self._look()
        return self._masters

    def _master_of(self, envelope: bytes, binding: Binding) -> MasterKey:
        wanted = master_id(envelope, binding)
        known = [master for master in self._masters if master.id == wanted]
        known = known or [master for master in self._look_again() if master.id == wanted]
        return known[0] if known else self._masters[0]
