"""Accounts and their balances: what is free, what is locked for open orders, and how it came in."""

from collections import deque
from collections.abc import Mapping
from typing import Final

from fairway.exchange.answers import AccountAnswer, Balance, KeyPermissions, Movement, TradingStatus
from fairway.exchange.units import ONE

MOVES_KEPT: Final = 10_000
"""Deposits, withdrawals and transfers remembered for each account; the oldest is forgotten first."""


class AssetBalance:
    """One account's holding of one asset, in 10⁻⁸. `locked` is held for open orders; the background's `free` may be negative."""

    __slots__ = ("asset", "free", "locked")

    def __init__(self, asset: str, free: int = 0) -> None:
        self.asset = asset
        self.free = free
        self.locked = 0

    def hold(self, units: int) -> bool:
        """Locks so much for an order; False, and nothing locked, where it is not free."""
        if units > self.free:
            return False
        self.free -= units
        self.locked += units
        return True

    def release(self, units: int) -> None:
        """Lets so much go that was held. Limit orders, fills and cancels, the hot path, write both out."""
        self.locked -= units
        self.free += units


class ExchangeAccount:
    """One trader's balances and fees. Fees are fractions of a fill in 10⁻⁸, taken from the asset received, or from `fee_asset`
    where one is set."""

    __slots__ = ("balances", "fee_asset", "maker_fee", "moves", "name", "rights", "standing", "taker_fee", "updated_at")

    def __init__(self, name: str, *, maker_fee: int = 0, taker_fee: int = 0, rights: KeyPermissions | None = None) -> None:
        for fee in (maker_fee, taker_fee):
            if not 0 <= fee < ONE:
                raise ValueError(f"account {name}: a fee is a fraction of the fill in 10⁻⁸, 100000 for 0.1 %; not {fee}")
        self.name = name
        self.maker_fee = maker_fee
        self.taker_fee = taker_fee
        self.fee_asset = ""
        """What its fees are paid in, at a discount, as far as it has enough of that; "" for what is received."""
        self.rights = rights or KeyPermissions()
        self.standing = TradingStatus()
        self.balances: dict[str, AssetBalance] = {}
        self.updated_at = 0
        self.moves: deque[Movement] = deque(maxlen=MOVES_KEPT)

    def balance(self, asset: str) -> AssetBalance:
        """The balance of this asset, made empty when it is first asked for."""
        balance = self.balances.get(asset)
        if balance is None:
            balance = self.balances[asset] = AssetBalance(asset)
        return balance

    def state(self) -> AccountAnswer:
        """All that is known of it; assets in the order they were first held, empty ones too."""
        balances = tuple(Balance(balance.asset, balance.free, balance.locked) for balance in self.balances.values())
        fees = (self.maker_fee, self.taker_fee)
        return AccountAnswer(self.name, balances, *fees, self.rights, self.updated_at, self.standing, self.fee_asset)


BACKGROUND: Final = "crowd"
"""Owner of all that the accounts did not bring: it sells what it does not have, so that the sum of all accounts stays."""

FEES: Final = "fees"
"""Receives every commission."""


class ExchangeAccounts:
    """All accounts by name, and two of the house: of background liquidity, without fees, and of fees that were paid."""

    __slots__ = ("background", "by_name", "fees")

    def __init__(self) -> None:
        self.by_name: dict[str, ExchangeAccount] = {}
        self.background = ExchangeAccount(BACKGROUND)
        self.fees = ExchangeAccount(FEES)

    def open(
        self, name: str, balances: Mapping[str, int], *, maker_fee: int, taker_fee: int, rights: KeyPermissions | None
    ) -> ExchangeAccount:
        """A new account. Raises ValueError for a name in use, a negative balance, or an impossible fee."""
        if name in self.by_name or name in (BACKGROUND, FEES):
            raise ValueError(f"account {name!r} exists already: choose another name")
        account = ExchangeAccount(name, maker_fee=maker_fee, taker_fee=taker_fee, rights=rights)
        for asset, units in balances.items():
            if units < 0:
                raise ValueError(f"account {name!r}: {asset} begins at {units}, which is below zero; give 0 or more")
            account.balance(asset).free = units
        self.by_name[name] = account
        return account

    def __getitem__(self, name: str) -> ExchangeAccount:
        account = self.by_name.get(name)
        if account is None:
            raise KeyError(f"no account {name!r}")
        return account
