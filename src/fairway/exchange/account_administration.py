"""Opens the accounts of a practice exchange, sets what they may do, and moves money in, out and between them."""

from __future__ import annotations

from collections.abc import Mapping

from fairway.exchange import refusals
from fairway.exchange.answers import AccountAnswer, ExchangeRefusal, KeyPermissions, Movement, TradingStatus
from fairway.exchange.engine_state import EngineState
from fairway.world.clock import Instant


class AccountAdministration:
    """What the owner of the exchange does, and no client can. An unknown account raises KeyError."""

    def __init__(self, engine: EngineState) -> None:
        self._engine = engine

    def open(
        self,
        name: str,
        balances: Mapping[str, int],
        *,
        maker_fee: int = 0,
        taker_fee: int = 0,
        rights: KeyPermissions | None = None,
    ) -> AccountAnswer:
        """A new account. Fees are fractions in 10⁻⁸. Raises ValueError for a name in use or an impossible number."""
        account = self._engine.accounts.open(name, balances, maker_fee=maker_fee, taker_fee=taker_fee, rights=rights)
        account.updated_at = self._engine.clock.now()
        return account.state()

    def set_rights(self, name: str, rights: KeyPermissions) -> None:
        """What the account's key may do from now on. The back end keeps it; the session obeys it."""
        self._engine.accounts[name].rights = rights

    def set_standing(self, name: str, standing: TradingStatus) -> None:
        """How the account stands from now on. One that may not trade can still cancel, and what rests stays."""
        self._engine.accounts[name].standing = standing

    def set_fee_asset(self, name: str, asset: str) -> None:
        """What the account pays its fees in from now on; "" for what it receives."""
        self._engine.accounts[name].fee_asset = asset

    def deposit(self, account: str, asset: str, delta: int, at: Instant | None = None) -> ExchangeRefusal | None:
        """Brings something in, or takes it out where delta is negative; refused where that much is not free."""
        return self._move(account, asset, delta, self._engine.clock.now() if at is None else at)

    def transfer(self, sender: str, receiver: str, asset: str, units: int, at: Instant) -> ExchangeRefusal | None:
        """Brings something from one account to another; refused where that much is not free. KeyError for an unknown account."""
        self._engine.accounts[receiver]  # before anything is moved
        if refusal := self._move(sender, asset, -units, at, receiver):
            return refusal
        return self._move(receiver, asset, units, at, sender)

    def _move(self, account: str, asset: str, delta: int, at: Instant, other: str = "") -> ExchangeRefusal | None:
        owner = self._engine.accounts[account]
        balance = owner.balance(asset)
        if balance.free + delta < 0:
            return refusals.INSUFFICIENT_BALANCE
        balance.free += delta
        owner.updated_at = at
        owner.moves.append(Movement(next(self._engine.move_ids), asset, delta, at, other))
        self._engine.log.moved(owner, balance, delta, at)
        return None
