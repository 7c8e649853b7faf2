"""Counts what addresses ask for and accounts order, and says when it is too much."""

from dataclasses import dataclass, field
from typing import Final

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.wire import errors
from fairway.world.clock import DAY, MILLISECOND, MINUTE, SECOND

Json = dict[str, str | int]
WEIGHT_LIMIT: Final = 6000
ORDERS_10S: Final = 100
ORDERS_DAY: Final = 200_000
CONNECTIONS_5M: Final = 300
FORGIVEN: Final = 10
"""Requests that one address may send in a minute after its first 429 before it is banned. The real figure is not published."""
FIRST_BAN: Final = 2 * MINUTE
LONGEST_BAN: Final = 3 * DAY
ADDRESSES_MAX: Final = 10_000
"""Addresses remembered; beyond that the one that came first is forgotten, with its bans."""


@dataclass(slots=True)
class _Address:
    minute: int = 0
    used: int = 0
    ignored: int = 0
    """Requests refused in this minute."""
    bans: int = 0
    banned_until: int = 0
    connection_window: int = 0
    connections: int = 0


@dataclass(slots=True)
class _Orders:
    window_10s: int = 0
    count_10s: int = 0
    day: int = 0
    count_day: int = 0


@dataclass(slots=True)
class RateLimits:
    """Windows start with the clock's own minute, ten seconds and day, as the exchange's do."""

    weight_a_minute: int = WEIGHT_LIMIT
    orders_in_10s: int = ORDERS_10S
    orders_a_day: int = ORDERS_DAY
    addresses: dict[str, _Address] = field(default_factory=dict)
    accounts: dict[str, _Orders] = field(default_factory=dict)

    def charge(self, address: str, weight: int, now: int) -> tuple[int, ExchangeRefusal | None, int]:
        """Count a request: the weight used in this minute, a refusal if it is too much, and when to come back (ns)."""
        it = self._address(address)
        if now < it.banned_until:
            return it.used, errors.banned(it.banned_until // MILLISECOND), it.banned_until
        minute = now // MINUTE
        if it.minute != minute:
            it.minute, it.used, it.ignored = minute, 0, 0
        it.used += weight
        if it.used <= self.weight_a_minute:
            return it.used, None, 0
        it.ignored += 1
        if it.ignored > FORGIVEN:
            return it.used, *self._ban(it, now)
        return it.used, errors.too_much_weight(self.weight_a_minute), (minute + 1) * MINUTE

    def _ban(self, it: _Address, now: int) -> tuple[ExchangeRefusal, int]:
        # Twenty doublings are far past the longest ban already.
        it.banned_until = now + min(FIRST_BAN << min(it.bans, 20), LONGEST_BAN)
        it.bans += 1
        return errors.banned(it.banned_until // MILLISECOND), it.banned_until

    def connects(self, address: str, now: int) -> bool:
        """Whether this address may open one more WebSocket now: 300 in five minutes."""
        it = self._address(address)
        window = now // (5 * MINUTE)
        if it.connection_window != window:
            it.connection_window, it.connections = window, 0
        it.connections += 1
        return it.connections <= CONNECTIONS_5M and now >= it.banned_until

    def used(self, address: str, now: int) -> int:
        it = self._address(address)
        return it.used if it.minute == now // MINUTE else 0

    def refuse_orders(self, account: str, count: int, now: int) -> ExchangeRefusal | None:
        """A refusal if this account may not place `count` more orders now."""
        it = self._orders(account, now)
        if it.count_10s + count > self.orders_in_10s:
            return errors.too_many_orders(self.orders_in_10s, "10 SECOND")
        if it.count_day + count > self.orders_a_day:
            return errors.too_many_orders(self.orders_a_day, "1 DAY")
        return None

    def ordered(self, account: str, count: int, now: int) -> None:
        """Count orders that were placed. Simplified: the exchange gives the count back when an order fills."""
        it = self._orders(account, now)
        it.count_10s += count
        it.count_day += count

    def order_counts(self, account: str, now: int) -> tuple[int, int]:
        """Orders of this account in these ten seconds and on this day."""
        it = self._orders(account, now)
        return it.count_10s, it.count_day

    def _orders(self, account: str, now: int) -> _Orders:
        it = self.accounts.setdefault(account, _Orders())
        window, day = now // (10 * SECOND), now // DAY
        if it.window_10s != window:
            it.window_10s, it.count_10s = window, 0
        if it.day != day:
            it.day, it.count_day = day, 0
        return it

    def _address(self, address: str) -> _Address:
        it = self.addresses.get(address)
        if it is None:
            if len(self.addresses) >= ADDRESSES_MAX:
                del self.addresses[next(iter(self.addresses))]
            it = self.addresses[address] = _Address()
        return it

    def weight_state(self, used: int) -> Json:
        """The weight limit and its use, as the WebSocket API tells it with each answer."""
        return _limit("REQUEST_WEIGHT", "MINUTE", 1, self.weight_a_minute) | {"count": used}

    def order_state(self, account: str, now: int) -> list[Json]:
        """The order limits and their use by an account."""
        in_10s, in_day = self.order_counts(account, now)
        return [
            _limit("ORDERS", "SECOND", 10, self.orders_in_10s) | {"count": in_10s},
            _limit("ORDERS", "DAY", 1, self.orders_a_day) | {"count": in_day},
        ]

    def published(self) -> list[Json]:
        """The limits as exchangeInfo lists them."""
        return [
            _limit("REQUEST_WEIGHT", "MINUTE", 1, self.weight_a_minute),
            _limit("ORDERS", "SECOND", 10, self.orders_in_10s),
            _limit("ORDERS", "DAY", 1, self.orders_a_day),
        ]


def _limit(kind: str, interval: str, number: int, limit: int) -> Json:
    return {"rateLimitType": kind, "interval": interval, "intervalNum": number, "limit": limit}
