"""What endpoints work with: the back end, the rules, the keys, the limits, the time and the faults."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from fairway.exchange import refusals
from fairway.exchange.answers import ExchangeRefusal, OrderSnapshot
from fairway.exchange.faults.active import ActiveFaults
from fairway.exchange.market_data import Candle
from fairway.exchange.market_time import MarketTime
from fairway.exchange.port import Backend
from fairway.exchange.rules import SymbolRules
from fairway.exchange.tape import DayFigures
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.keys import Key, Keyring, Security
from fairway.exchange.wire.limits import RateLimits
from fairway.exchange.wire.parameters import Parameters
from fairway.world.chance import Chance
from fairway.world.clock import Clock

_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class SymbolFigures(Protocol):
    """What a back end knows of a symbol's day besides its candles."""

    def day(self, symbol: str) -> DayFigures: ...
    def average_price(self, symbol: str) -> int: ...
    def since(self, symbol: str, opened: int) -> Candle | None: ...


@dataclass(slots=True)
class EndpointContext:
    """Shared by all endpoints of one exchange."""

    backend: Backend
    figures: SymbolFigures
    rules: Mapping[str, SymbolRules]
    clock: Clock
    market: MarketTime
    """The market's time, for candles, tickers and streams."""
    chance: Chance
    keyring: Keyring = field(default_factory=Keyring)
    limits: RateLimits = field(default_factory=RateLimits)
    faults: ActiveFaults = field(default_factory=ActiveFaults)
    _named: int = 0

    def now(self) -> int:
        """The exchange's time, which may be wrong."""
        now = self.clock.now()
        return now + self.faults.clock_skew_ns(now) if self.faults.clocks else now

    def rules_of(self, symbol: str, now: int) -> SymbolRules:
        """The rules of a symbol; -1121 where there is none, or it is gone."""
        rules = self.rules.get(symbol)
        if rules is None or not self.status_of(rules, now):
            raise RequestRefused(refusals.INVALID_SYMBOL)
        return rules

    def status_of(self, rules: SymbolRules, now: int) -> str:
        """The symbol's status as exchangeInfo shows it, "" where it is gone."""
        if self.faults.statuses and (status := self.faults.symbol_status(rules.symbol, now)) is not None:
            return status
        return "TRADING"

    def sees(self, account: str, order: OrderSnapshot, now: int) -> bool:
        """Whether queries may see this order."""
        return not (self.faults.orders and self.faults.hides_order(account, order, now))

    def new_id(self) -> str:
        """A name of the exchange's own making, for a cancel that was not named."""
        self._named += 1
        number, letters = int(self.chance.hex(f"cancel {self._named}", 33), 16), []
        for _ in range(22):
            number, digit = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[digit])
        return "".join(letters)


@dataclass(slots=True)
class EndpointCall:
    """One request, read and allowed."""

    parameters: Parameters
    account: str
    key: Key | None
    address: str
    now: int

    @property
    def my_key(self) -> Key:
        assert self.key is not None, "only endpoints that need a key ask for it"
        return self.key


@dataclass(frozen=True, slots=True)
class DetailedRefusal:
    """A refusal that tells more than code and message."""

    refusal: ExchangeRefusal
    data: object


Weight = int | Callable[[Mapping[str, str]], int]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One thing that clients may ask for, by REST or by the WebSocket API."""

    name: str
    """As the WebSocket API calls it, or would."""
    run: Callable[[EndpointContext, EndpointCall], Awaitable[object]]
    """Answers with values that JSON can write, an `ExchangeRefusal`, or a `DetailedRefusal`."""
    names: frozenset[str]
    weight: Weight
    security: Security = Security.NONE
    orders: int = 0
    """How many orders it counts."""

    def weighs(self, values: Mapping[str, str]) -> int:
        return self.weight if isinstance(self.weight, int) else self.weight(values)
