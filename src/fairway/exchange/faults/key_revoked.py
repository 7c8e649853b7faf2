"""Fault: an account's keys are refused, as when their vendor revokes them all."""

import msgspec

from fairway.exchange.faults.activation import is_on
from fairway.exchange.faults.kinds import Kind
from fairway.exchange.faults.port import Fault, Scope
from fairway.world.chance import Chance


class KeyRevokedOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """There is nothing to choose: of the scope, time and account count."""


class KeyRevoked(Fault):
    """Orders that rest stay where they are: that is why a stop belongs at the exchange."""

    __slots__ = ()

    def __init__(self, scope: Scope, options: KeyRevokedOptions, chance: Chance) -> None:
        super().__init__(scope)

    def revokes(self, account: str, at: int) -> bool:
        return is_on(self.scope, at) and self.scope.account in ("", account)


KIND = Kind("key_revoked", KeyRevokedOptions, KeyRevoked)
