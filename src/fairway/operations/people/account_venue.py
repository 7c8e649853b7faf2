"""Asks a venue about an account: whether its keys may be stored, and which orders and assets are left when it is removed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, use_exact_decimals
from fairway.operations.finding import CheckVerdict, DoctorFinding, warn
from fairway.operations.people.key_rights import check_rights
from fairway.operations.refusal import Ground, Refusal, against_rule
from fairway.orders.ids import ClientId
from fairway.people.account import Account, KeyCheck
from fairway.people.problems import PeopleError
from fairway.people.registry import Registry
from fairway.people.secret import Keys
from fairway.venues.port import KeyRefused, OrderReport, Venue, VenueError
from fairway.venues.registry import DEFAULT_KIND, VenueAccount, make_venue
from fairway.world.clock import SystemClock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LeftAtVenue:
    """What an account has at its venue. orders: its open ones; held: assets of its symbols, a lot or more of each."""

    orders: Sequence[OrderReport]
    held: Sequence[Amount]

    @property
    def is_anything(self) -> bool:
        return bool(self.orders or self.held)

    def __str__(self) -> str:
        orders = [f"order {order.client_id} ({order.symbol} {order.quantity})" for order in self.orders]
        return ", ".join([*map(str, self.held), *orders])


def check_keys(account: Account, keys: Keys) -> tuple[KeyCheck, Sequence[DoctorFinding]]:
    """What the venue says of these keys. Raises Refusal where they withdraw, do not trade, are refused or cannot be checked."""
    try:
        check, findings = _at_venue(account, keys, _rights)
    except KeyRefused as error:
        raise Refusal(
            f"KEYS_REFUSED: exchange={account.exchange}",
            f"{account.exchange} refuses these keys, so nothing was changed: {error}",
            Ground.KEY_REFUSED,
        ) from None
    except VenueError as error:
        raise Refusal(
            f"KEYS_NOT_CHECKED: exchange={account.exchange}",
            f"these keys could not be checked, so nothing was changed: {error}; --offline takes them in unchecked",
            Ground.VENUE_UNREACHABLE,
        ) from None
    wrong = [each for each in findings if each.verdict is CheckVerdict.FAIL]
    if wrong:
        told = "; ".join(f"{each.found}: {each.advice}" for each in wrong)
        raise against_rule(f"KEYS_WRONG: exchange={account.exchange}", f"these keys are not taken in, for {told}")
    return check, findings


def check_left(registry: Registry, account: Account, *, keep_positions: bool) -> str:
    """What is left at the venue, in words. Raises Refusal where that forbids to remove the account."""
    try:
        left = _at_venue(account, registry.keys_of(account.id), partial(_left, account))
    except (VenueError, PeopleError) as error:
        if keep_positions:
            return f"what is there is not known ({error})"
        why = f"what it has at {account.exchange} is not known ({error})"
        raise against_rule(
            f"POSITIONS_UNKNOWN: account={account.id}",
            f"account {account.id} stays, for {why}; --keep-positions removes it all the same",
        ) from None
    if not left.is_anything:
        return "nothing of it is left"
    if keep_positions:
        return f"{left} stay, and Fairway does not watch them any more"
    raise against_rule(
        f"POSITIONS_LEFT: account={account.id}",
        f"account {account.id} stays, for it still has {left} at {account.exchange}; end that first, as with "
        "fairway kill --flatten, or leave it there with --keep-positions",
    )


def _at_venue(account: Account, keys: Keys, ask: Callable[[Venue, Mapping[str, Instrument]], Awaitable[T]]) -> T:
    async def asked() -> T:
        venue = make_venue(
            DEFAULT_KIND,
            VenueAccount(
                exchange=account.exchange,
                key=keys.key.reveal(),
                secret=keys.secret.reveal(),
                sandbox=account.mode == "testnet",
                url=account.url,
            ),
            SystemClock(),
        )
        try:
            return await ask(venue, await venue.open())
        finally:
            await venue.close()

    use_exact_decimals()
    return asyncio.run(asked())


async def _rights(venue: Venue, _: Mapping[str, Instrument]) -> tuple[KeyCheck, Sequence[DoctorFinding]]:
    await venue.balances()  # a venue that does not tell a key's rights refuses a wrong key here
    if venue.promises.key_rights:
        return KeyCheck.SOUND, check_rights(await venue.key_rights(), SystemClock().now())
    look = "look at the venue's page for the key: withdrawal must be off, trading on, your address listed"
    return KeyCheck.NOT_TOLD, [warn("key", f"it is a key of this account; {venue.name} does not tell what it may do", look)]


async def _left(account: Account, venue: Venue, instruments: Mapping[str, Instrument]) -> LeftAtVenue:
    ours = [order for order in await venue.open_orders() if _is_of(account, order)]
    balances = await _most(venue)
    symbols = dict.fromkeys((*account.symbols, *(order.symbol for order in ours)))
    held = {
        listed.base: balances[listed.base]
        for listed in map(instruments.get, symbols)
        if listed is not None and listed.base in balances
    }
    least = {listed.base: max(listed.lot, listed.quantity_min) for listed in map(instruments.get, symbols) if listed is not None}
    return LeftAtVenue(ours, [amount for asset, amount in held.items() if amount.value >= least[asset]])


async def _most(venue: Venue) -> dict[str, Amount]:
    """Of each asset the largest balance that the venue reports: a report that lacks it does not show that none is left."""
    reports = [await venue.balances()]
    with suppress(VenueError):  # without it the first answer stands alone, as it does at a venue that has one endpoint
        if venue.promises.second_balances:
            reports.append(await venue.second_balances())
    most: dict[str, Amount] = {}
    for report in reports:
        for asset, (free, locked) in report.balances.items():
            most[asset] = max(free + locked, most.get(asset, free + locked))
    return most


def _is_of(account: Account, order: OrderReport) -> bool:
    client_id = ClientId.parse(order.client_id)
    return client_id is not None and client_id.account == account.id
