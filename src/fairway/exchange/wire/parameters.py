"""Reads the parameters of a request, each checked as the exchange checks it, with its error."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final, TypeVar
from urllib.parse import unquote_plus

import msgspec

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.refusals import missing
from fairway.exchange.units import parse
from fairway.exchange.wire import errors
from fairway.exchange.wire.errors import RequestRefused
from fairway.world.clock import MILLISECOND, MINUTE

SIGNING: Final = frozenset({"timestamp", "recvWindow", "signature", "apiKey", "returnRateLimits"})
"""Parameters that say who sent the request, and when; every endpoint takes them."""

_NUMBER: Final = r"^([0-9]{1,20})(\.[0-9]{1,20})?$"
_WHOLE: Final = r"^[0-9]{1,20}$"
_SYMBOL: Final = r"^[A-Z0-9-_.]{1,20}$"
_CLIENT_ID: Final = r"^[\.A-Z\:/a-z0-9_-]{1,36}$"
_MATCHES: Final = {text: re.compile(text, re.ASCII) for text in (_NUMBER, _WHOLE, _SYMBOL, _CLIENT_ID)}
_ZONE: Final = re.compile(r"(?P<sign>[+-]?)(?P<hours>[0-9]{1,2})(:(?P<minutes>[0-5][0-9]))?", re.ASCII)
_LARGEST: Final = 2**63 - 1

E = TypeVar("E", bound=StrEnum)


class Parameters:
    """What a request says, by name. Readers raise `Refused` with the exchange's own code and words."""

    __slots__ = ("values",)

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def check_known(self, known: frozenset[str]) -> None:
        """Refuse a request with names that its endpoint does not read (-1104)."""
        sent = self.values.keys()
        if not sent <= known and (strange := sent - known - SIGNING):
            raise RequestRefused(errors.unread(len(sent) - len(strange), len(sent)))

    def has(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """The value, or "" where it was not sent; sent but empty is -1105."""
        value = self.values.get(name)
        if value is None:
            return ""
        if not value:
            raise RequestRefused(errors.empty(name))
        return value

    def needed(self, name: str) -> str:
        """The value; -1102 where it was not sent."""
        value = self.text(name)
        if not value:
            raise RequestRefused(missing(name))
        return value

    def symbol(self) -> str:
        return _matching("symbol", self.needed("symbol"), _SYMBOL)

    def symbol_if_sent(self) -> str | None:
        return _matching("symbol", self.text("symbol"), _SYMBOL) if "symbol" in self.values else None

    def client_id(self, name: str) -> str:
        """A client's own id for an order, "" where it was not sent."""
        return _matching(name, self.values[name], _CLIENT_ID) if self.text(name) else ""

    def amount(self, name: str) -> int:
        """A price or quantity in counts of 10⁻⁸, 0 where it was not sent."""
        value = self.text(name)
        if not value:
            return 0
        _matching(name, value, _NUMBER)
        units = parse(value)
        if units is None:
            raise RequestRefused(errors.too_precise(name) if len(value.partition(".")[0]) <= 17 else errors.overflow(name))
        if units > _LARGEST:
            raise RequestRefused(errors.overflow(name))
        return units

    def amount_needed(self, name: str) -> int:
        self.needed(name)
        return self.amount(name)

    def whole(self, name: str, default: int = 0) -> int:
        """A count or an id, `default` where it was not sent."""
        value = self.text(name)
        if not value:
            return default
        number = int(_matching(name, value, _WHOLE))
        if number > _LARGEST:
            raise RequestRefused(errors.overflow(name))
        return number

    def limit(self, default: int, largest: int) -> int:
        """How many to answer with: more than `largest` means `largest`, none is -1130."""
        number = self.whole("limit", default)
        if number == 0:
            raise RequestRefused(errors.bad_data("limit"))
        return min(number, largest)

    def instant(self, name: str) -> int:
        """A time sent in milliseconds, in nanoseconds; 0 where it was not sent."""
        return self.whole(name) * MILLISECOND

    def zone(self, name: str) -> int:
        """A time zone such as `8`, `-1:00` or `05:45`, in nanoseconds ahead of UTC; 0 where it was not sent."""
        value = self.text(name)
        if not value:
            return 0
        found = _ZONE.fullmatch(value)
        if found is None:
            raise RequestRefused(errors.bad_data(name))
        minutes = (int(found["hours"]) * 60 + int(found["minutes"] or 0)) * (-1 if found["sign"] == "-" else 1)
        if not -12 * 60 <= minutes <= 14 * 60:
            raise RequestRefused(errors.bad_data(name))
        return minutes * MINUTE

    def choice(self, name: str, kind: type[E], otherwise: ExchangeRefusal | None = None) -> E | None:
        """A word out of an enumeration, None where it was not sent; `otherwise` (or -1130) where it is none of them."""
        value = self.text(name)
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            raise RequestRefused(otherwise or errors.bad_data(name)) from None

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name)
        if value not in ("", "true", "false", "TRUE", "FALSE"):
            raise RequestRefused(errors.bad_data(name))
        return default if not value else value.lower() == "true"

    def words(self, name: str) -> list[str] | None:
        """A JSON list of words such as `["BTCUSDT","ETHUSDT"]`, None where it was not sent."""
        value = self.text(name)
        if not value:
            return None
        try:
            return msgspec.json.decode(value, type=list[str])
        except msgspec.MsgspecError:
            raise RequestRefused(errors.illegal(name, '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$')) from None


def read_query(query: str, body: str) -> dict[str, str]:
    """The parameters of a query string and a form body, decoded; where both name one, the query counts. Twice in one is -1101."""
    values = _decode(query)
    if body:
        for name, value in _decode(body).items():
            values.setdefault(name, value)
    return values


def read_json(values: dict[str, msgspec.Raw]) -> dict[str, str]:
    """The parameters of a WebSocket API request as text, each number exactly as it was written."""
    return {name: _plain(bytes(raw)) for name, raw in values.items() if bytes(raw) != b"null"}


def known(names: str, *more: Iterable[str]) -> frozenset[str]:
    """A set of parameter names from one text, with others added."""
    return frozenset(names.split()).union(*more)


def _matching(name: str, value: str, legal: str) -> str:
    if _MATCHES[legal].fullmatch(value) is None:
        raise RequestRefused(errors.illegal(name, legal))
    return value


def _decode(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for pair in text.split("&") if text else ():
        name, _, value = pair.partition("=")
        if "%" in pair or "+" in pair:
            name, value = unquote_plus(name), unquote_plus(value)
        if name in values:
            raise RequestRefused(errors.DUPLICATE_VALUES)
        if name:
            values[name] = value
    return values


def _plain(raw: bytes) -> str:
    return msgspec.json.decode(raw, type=str) if raw[:1] == b'"' else raw.decode()
