"""Mischief: the account's balances are answered wrongly: an asset is absent or zero, or the list is empty or old."""

from typing import Literal

import msgspec

from fairway.exchange.mischief.kinds import Kind
from fairway.exchange.mischief.port import Act, Scope, Twist
from fairway.exchange.mischief.striking import Striking, Times
from fairway.world.chance import Chance

ACCOUNT = "account.status"
WALLET = "sapi.coins"


class AccountAnswerLacksOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Concerns the account's own answer, unless the scope names others; `sapi.coins` tells the same balances."""

    asset: str = "BTC"
    how: Literal["absent", "zero", "empty", "stale"] = "absent"
    """The asset is left out, or told as zero; no asset is told at all; the first answer of the scope's time is told again."""
    times: Times = 0
    """How often it strikes; 0 is always."""


class AccountAnswerLacks(Striking):
    __slots__ = ("_first", "_options")

    def __init__(self, scope: Scope, options: AccountAnswerLacksOptions, chance: Chance) -> None:
        named = scope if scope.endpoints else msgspec.structs.replace(scope, endpoints=(ACCOUNT,))
        super().__init__(named, options.times)
        self._options = options
        self._first: dict[str, list[dict[str, object]]] = {}

    def after(self, act: Act, answer: object) -> Twist | None:
        if isinstance(answer, dict) and isinstance(answer.get("balances"), list) and self.strikes_at(act):
            return Twist(answer=answer | {"balances": self._changed(act.endpoint, answer["balances"], "asset")})
        if act.endpoint == WALLET and isinstance(answer, list) and self.strikes_at(act):
            return Twist(answer=self._changed(act.endpoint, answer, "coin"))
        return None

    def _changed(self, endpoint: str, entries: list[dict[str, object]], name: str) -> list[dict[str, object]]:
        match self._options.how:
            case "absent":
                return [entry for entry in entries if entry[name] != self._options.asset]
            case "zero":
                return [_zeroed(entry) if entry[name] == self._options.asset else entry for entry in entries]
            case "empty":
                return []
            case "stale":
                return self._first.setdefault(endpoint, entries)


def _zeroed(entry: dict[str, object]) -> dict[str, object]:
    return entry | {"free": "0.00000000", "locked": "0.00000000"}


KIND = Kind("account_answer_lacks", AccountAnswerLacksOptions, AccountAnswerLacks)
