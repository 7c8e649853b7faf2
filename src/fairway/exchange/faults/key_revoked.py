"""Fault: an account's keys are refused."""

import msgspec

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.exchange.faults.port import Fault, FaultScope
from fairway.exchange.faults.registry import FaultPlugin
from fairway.world.chance import Chance


class KeyRevokedOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No options. Of the scope, time and account count."""


class KeyRevoked(Fault):
    """Resting orders stay in the book: that is why a stop belongs at the exchange."""

    __slots__ = ()

    def __init__(self, scope: FaultScope, options: KeyRevokedOptions, chance: Chance) -> None:
        super().__init__(scope)

    def revokes_key(self, account: str, at: int) -> bool:
        return self.scope.is_on(at) and self.scope.account in ("", account)


FAULT = FaultPlugin(
    name="key_revoked",
    options=KeyRevokedOptions,
    make=KeyRevoked,
    trader="The stop rests at the exchange and needs no key; a person is alerted once.",
    scene="the_key_is_revoked",
    fuzz=FuzzRule(protection_late_s=0),
)
