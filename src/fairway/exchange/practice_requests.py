"""Bodies of requests to /practice."""

from typing import Any

import msgspec

from fairway.exchange.answers import KeyPermissions
from fairway.exchange.faults.port import FaultScope
from fairway.world.confidential import Confidential


class NewAccount(msgspec.Struct, Confidential, frozen=True, forbid_unknown_fields=True):
    """Amounts and fees are texts: {"name": "alice", "balances": {"USDT": "10000"}, "taker_fee": "0.001"}."""

    name: str
    balances: dict[str, str] = {}
    maker_fee: str | None = None
    taker_fee: str | None = None
    rights: KeyPermissions | None = None
    key: str = ""
    secret: str = ""
    public_key: str = ""
    fee_asset: str = ""


class Deposit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A negative amount is a withdrawal."""

    asset: str
    amount: str


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To another account of this exchange."""

    to: str
    asset: str
    amount: str


class Advance(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seconds: float


class Speed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    times: int


class Gap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """{"symbol": "BTCUSDT", "percent": "-5"}"""

    symbol: str
    percent: str


class NewFault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """{"name": "latency", "scope": {"account": "alice"}, "options": {"after_ms": 500}, "for_s": 60}"""

    name: str
    scope: FaultScope = FaultScope()
    options: dict[str, Any] = {}
    after_s: float = 0
    """Seconds from now until it begins."""
    for_s: float = 0
    """Seconds that it lasts; 0 is until it is switched off."""
