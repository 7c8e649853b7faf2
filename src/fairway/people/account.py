"""An account: one user's money at one venue, what may be done with it, and whether its keys were looked at."""

import re
from enum import StrEnum
from typing import Final, Literal, TypeGuard

from msgspec import Struct
from msgspec.structs import replace

from fairway.money.amount import Amount
from fairway.orders.ids import ACCOUNT_FORM
from fairway.people.lifecycle import AccountChange, LifecycleState
from fairway.people.problems import ChangeRefused
from fairway.people.user import ChangeNote, after

Mode = Literal["practice", "testnet", "live"]

_URL: Final = re.compile(r"https?://[^\s/@]+[^\s@]*")
_SYMBOL: Final = re.compile(r"[A-Z0-9]{1,20}/[A-Z0-9]{1,20}")


class KeyCheck(StrEnum):
    """What the venue said of an account's keys when they were taken in. What was not checked is not fine."""

    SOUND = "trades, cannot withdraw"
    NOT_TOLD = "rights not told"
    NOT_CHECKED = "not checked"


class Cohort(StrEnum):
    """How near an account's user is to the owner of the bot, nearest first.

    A stage that is open to one is open to those before it.
    """

    TEAM = "team"
    TRUSTED = "trusted"
    PUBLIC = "public"

    def and_nearer(self) -> frozenset[str]:
        """Its name, and those before it."""
        all_of_them = tuple(Cohort)
        return frozenset(each.value for each in all_of_them[: all_of_them.index(self) + 1])


class Account(Struct, frozen=True, kw_only=True):
    """id is part of the id of every order, so it is never used again, not even after the account was removed."""

    id: str
    user: str
    exchange: str
    """By its name in ccxt."""
    mode: Mode
    url: str = ""
    """Of a practice exchange, in mode practice only."""
    symbols: tuple[str, ...] = ()
    """The only ones to be traded; none: whatever the bot trades."""
    capital_min: Amount | None = None
    """With less it opens nothing."""
    capital_max: Amount | None = None
    """Most that is put to work, however much more the account holds."""
    cohort: Cohort = Cohort.PUBLIC
    """From which stage of a launch on it is let in."""
    state: LifecycleState = LifecycleState.ACTIVE
    created_at: int
    said: ChangeNote
    """Of the last change of its state."""
    keys_version: int = 1
    """Counts the rotations: a process with keys of another version fetches the new ones."""
    keys_at: int
    """When these keys were taken in (ns)."""
    key_check: KeyCheck

    @property
    def venue(self) -> str:
        """Where its keys are shown, and nowhere else: they are bound to this."""
        return f"{self.exchange} {self.mode}{' ' + self.url if self.url else ''}"


def check_account(account: Account) -> Account:
    """An account as it may be added. Raises ChangeRefused."""
    if not ACCOUNT_FORM.fullmatch(account.id):
        raise ChangeRefused(
            f"{account.id!r} is no account's id: 1 to 12 small letters and digits, for it is part of every order's id; "
            "a right one is 'ann1'"
        )
    _check_address(account)
    _check_symbols(account)
    _check_capital(account)
    return account


def changed(account: Account, change: AccountChange, said: ChangeNote) -> Account:
    """The account after a change. Raises ChangeRefused."""
    return replace(account, state=after(account.state, change, f"account {account.id}", account.said), said=said)


def rotated(account: Account, check: KeyCheck, said: ChangeNote) -> Account:
    """The account with new keys. Raises ChangeRefused."""
    state = after(account.state, AccountChange.ROTATE, f"account {account.id}", account.said)
    return replace(
        account,
        state=state,
        said=account.said if state is account.state else said,
        keys_version=account.keys_version + 1,
        keys_at=said.at,
        key_check=check,
    )


def with_capital(account: Account, least: Amount | None, most: Amount | None) -> Account:
    """The account with other bounds of its capital. Raises ChangeRefused."""
    if account.state is LifecycleState.REMOVED:
        raise ChangeRefused(f"account {account.id} was removed")
    return check_account(replace(account, capital_min=least, capital_max=most))


def has_less_capital(account: Account, before: Account) -> bool:
    """Whether both bounds let it put no more to work than before. Bounds in two assets cannot be compared, so they do not."""
    least, most = account.capital_min, account.capital_max
    is_below = before.capital_max is None or (_is_alike(most, before.capital_max) and most <= before.capital_max)
    return is_below and (before.capital_min is None or (_is_alike(least, before.capital_min) and least >= before.capital_min))


def _is_alike(amount: Amount | None, other: Amount) -> TypeGuard[Amount]:
    return amount is not None and amount.asset == other.asset


def capital_text(account: Account) -> str:
    """In words: `100 USDT to 5000 USDT`."""
    least, most = account.capital_min, account.capital_max
    if least is not None and most is not None:
        return f"{least} to {most}"
    return f"at least {least}" if least is not None else f"at most {most}" if most is not None else "all of it"


def _check_address(account: Account) -> None:
    if account.mode == "practice" and not account.url:
        raise ChangeRefused(
            "url is missing: mode practice needs the address that `fairway exchange serve` prints; "
            "a right one is http://127.0.0.1:9100"
        )
    if account.mode != "practice" and account.url:
        raise ChangeRefused(f"url is for mode practice, and the mode is {account.mode}; leave one of them out")
    if account.url and not _URL.fullmatch(account.url):
        raise ChangeRefused(f"url {account.url!r} is no address of a venue; a right one is http://127.0.0.1:9100")


def _check_symbols(account: Account) -> None:
    wrong = next((symbol for symbol in account.symbols if not _SYMBOL.fullmatch(symbol)), None)
    if wrong is not None:
        raise ChangeRefused(f"{wrong!r} is no symbol; a right one is BTC/USDT")
    twice = next((symbol for symbol in account.symbols if account.symbols.count(symbol) > 1), None)
    if twice is not None:
        raise ChangeRefused(f"the symbol {twice} stands twice; once is enough")
    quotes = dict.fromkeys(symbol.partition("/")[2] for symbol in account.symbols)
    if len(quotes) > 1:
        raise ChangeRefused(f"the symbols are priced in {' and '.join(quotes)}; one account is traded in one currency")


def _check_capital(account: Account) -> None:
    least, most = account.capital_min, account.capital_max
    for name, amount in (("capital_min", least), ("capital_max", most)):
        if amount is None:
            continue
        if amount.value <= 0:
            raise ChangeRefused(f"{name} {amount} is not above zero; a right one is '5000 USDT'")
        if account.symbols and not account.symbols[0].endswith(f"/{amount.asset}"):
            raise ChangeRefused(f"{name} {amount} is not in the currency of {account.symbols[0]}; write it in that one")
    if least is None or most is None:
        return
    if least.asset != most.asset:
        raise ChangeRefused(f"capital_min {least} and capital_max {most} are in two currencies; write both in one")
    if least > most:
        raise ChangeRefused(f"capital_min {least} is above capital_max {most}; a right pair is '100 USDT' and '5000 USDT'")
