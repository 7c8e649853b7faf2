"""One practice exchange without its sockets: back end, context, session, streams, accounts and market put together.

Its caller drives it: calls `apply_due` when `next_due` has come and `session.handle` for each request, and sends what
`hub.publish` returns. `server` does that with sockets.
"""

from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.exchange.answers import KeyPermissions, TradingStatus
from fairway.exchange.backend import MatchingBackend
from fairway.exchange.connection import Delivery
from fairway.exchange.events import Logged
from fairway.exchange.hub import PING_EVERY, Hub
from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.market_time import NEVER, MarketTime
from fairway.exchange.order_record import OrderRecord, RecordedBackend, RecordedCall, RecordUnusable, ReplayClock, carry_out
from fairway.exchange.rules import SymbolRules
from fairway.exchange.session import Session
from fairway.exchange.units import ONE
from fairway.exchange.wire.endpoint_context import EndpointContext
from fairway.exchange.wire.keys import Key
from fairway.exchange.wire.signatures import ed25519_secret, hmac_secret
from fairway.world.chance import Chance
from fairway.world.clock import Clock
from fairway.world.confidential import Confidential

STANDARD_FEE: Final = ONE // 1000
"""0.1 %, maker and taker alike, as for an account without a discount."""
UPDATES_AT_ONCE: Final = 200
"""Updates of the market that are applied before other work gets its turn."""
EVENTS_KEPT: Final = 10_000
"""Events of accounts that `/practice/events` can list; the oldest are forgotten."""


@dataclass(frozen=True, slots=True)
class Credentials(Confidential):
    """What a client needs to act for an account; secret "" where the client holds the private key itself."""

    name: str
    key: str
    secret: str


class PracticeExchange:
    """`market` is time-ordered, its instants in the clock's time. `pause` waits nanoseconds, and only for faults. `record` keeps
    what changes orders, where the exchange is to open again as it was."""

    def __init__(
        self,
        rules: Iterable[SymbolRules],
        market: Iterable[MarketUpdate],
        *,
        clock: Clock,
        chance: Chance,
        pause: Callable[[int], Awaitable[None]],
        ping_every_ns: int = PING_EVERY,
        record: OrderRecord | None = None,
    ) -> None:
        self.time = MarketTime(clock)
        by_symbol = {it.symbol: it for it in rules}
        self.backend = _backend(tuple(by_symbol.values()), self.time, record)
        self.context = EndpointContext(self.backend, self.backend.market, by_symbol, clock, self.time, chance.child("context"))
        self.session = Session(self.context, pause)
        self.events: deque[Logged] = deque(maxlen=EVENTS_KEPT)
        """Events of accounts, numbered from 1."""
        self.hub = Hub(self.context, self.events, ping_every_ns)
        self._chance = chance
        self.account_watchers: list[Callable[[Credentials], None]] = []
        """Called with each account that is opened."""
        self._accounts: dict[str, None] = {}
        self._market: Iterator[MarketUpdate] = iter(market)
        self._next: MarketUpdate | None = next(self._market, None)

    def open_account(
        self,
        name: str,
        balances: Mapping[str, int],
        *,
        maker_fee: int = STANDARD_FEE,
        taker_fee: int = STANDARD_FEE,
        rights: KeyPermissions | None = None,
        key: str = "",
        secret: str = "",
        public_key: str = "",
        fee_asset: str = "",
    ) -> Credentials:
        """A new account with one key. Without key and secret, chance makes them; `public_key` is a PEM text for Ed25519.
        `fee_asset`: what fees are paid in at a discount, as far as there is enough of it.

        Raises ValueError for a name or key in use, a key that is none, a negative balance, or a text that is no Ed25519 key.
        """
        rights = rights or KeyPermissions()
        key = key or keys_of(self._chance, name)[0]
        self.context.keyring.check_new(key)  # before the account is opened: both come about, or neither
        secret = "" if public_key else secret or keys_of(self._chance, name)[1]
        proof = ed25519_secret(public_key) if public_key else hmac_secret(secret)
        self.backend.accounts.open(name, balances, maker_fee=maker_fee, taker_fee=taker_fee, rights=rights)
        self.backend.accounts.set_fee_asset(name, fee_asset)
        self.context.keyring.add(Key(key, name, proof, rights, self.context.clock.now()))
        self._accounts[name] = None
        opened = Credentials(name, key, secret)
        for watch in self.account_watchers:
            watch(opened)
        return opened

    def set_rights(self, name: str, rights: KeyPermissions) -> None:
        """Change what an account's keys may do; without the right to read its event streams end."""
        self.backend.accounts.set_rights(name, rights)
        self.context.keyring.set_rights(name, rights)
        if not rights.reading:
            self.hub.end_all(name)

    def set_standing(self, name: str, standing: TradingStatus) -> None:
        """Change how an account stands with the exchange."""
        self.backend.accounts.set_standing(name, standing)

    def is_down(self) -> bool:
        """Whether a fault has closed the exchange for maintenance."""
        hooks = self.context.faults.closings
        return bool(hooks) and self.context.faults.is_down(self.context.clock.now())

    def account_names(self) -> list[str]:
        """All accounts that were opened, in that order."""
        return list(self._accounts)

    async def carry_out_again(self, record: OrderRecord, calls: Sequence[RecordedCall], clock: ReplayClock) -> None:
        """Do what a record holds, each call after as many updates of the market as it had seen; nobody is connected yet.

        Raises RecordUnusable where the market ends before the record does.
        """
        for recorded in calls:
            while record.updates < recorded.updates:
                if self._next is None:
                    raise RecordUnusable(f"the market has ended before update {recorded.updates:,} of the record")
                clock.stands_at = self._next.at
                self._apply_next()
                await self.hub.publish()
            clock.stands_at = recorded.at
            await carry_out(self.backend, recorded.account, recorded.call)
            await self.hub.publish()
        clock.stands_at = None
        self.time.jump(max((recorded.at for recorded in calls), default=0))  # where people had sent the market ahead

    def next_update_at(self) -> int:
        """When the market does something next, in its own time; `NEVER` where it has ended."""
        return self._next.at if self._next is not None else NEVER

    def next_due(self) -> int:
        """When there is something to do, by the exchange's clock."""
        return min(self.time.wall(self.next_update_at()), self.hub.next_due())

    async def apply_due(self) -> list[Delivery]:
        """Let the market do what is due, and say what is to be sent. Call again while `next_due` lies in the past."""
        out: list[Delivery] = []
        for _ in range(UPDATES_AT_ONCE):
            if self._next is None or self._next.at > self.time.now():
                break
            self._apply_next()
            out += await self.hub.publish()
        return out or await self.hub.publish()

    async def advance(self, by_ns: int) -> AsyncIterator[list[Delivery]]:
        """Send the market ahead, update by update and beat by beat, as if that much time had passed for it alone."""
        end = self.time.now() + by_ns
        while True:
            update = self.next_update_at()
            at = min(update, self.hub.streams.next_beat())
            if at > end:
                break
            self.time.jump(at)
            if update == at:
                self._apply_next()
            yield await self.hub.publish()
        self.time.jump(end)
        yield await self.hub.publish()

    def warm_up(self, until: int) -> int:
        """Apply what the market did before this instant without sending anything; returns the number of updates."""
        applied = 0
        while self._next is not None and self._next.at < until:
            self._apply_next()
            self.backend.drain()
            applied += 1
        return applied

    def _apply_next(self) -> None:
        update: MarketUpdate | None = self._next
        assert update is not None
        update = self.backend.gaps.altered(update, self.context.rules[update.symbol])
        if self.context.faults.markets:
            update = self.context.faults.alter_market(update)
        if update is not None:
            self.backend.apply(update)
        self._next = next(self._market, None)


def _backend(rules: Sequence[SymbolRules], clock: Clock, record: OrderRecord | None) -> MatchingBackend:
    return MatchingBackend(rules, clock) if record is None else RecordedBackend(rules, clock, record)


def keys_of(chance: Chance, name: str) -> tuple[str, str]:
    """Key and secret that an exchange with this chance gives to an account that brings none."""
    return chance.hex(f"key {name}", 64), chance.hex(f"secret {name}", 64)
