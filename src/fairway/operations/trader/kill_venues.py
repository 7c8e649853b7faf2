"""Opens a connection of its own to the venue for each account that a kill is about, and says why one has none."""

from typing import TYPE_CHECKING

from fairway.operations.trader.kill_latches import KillLatches, latch_of
from fairway.settings import Settings
from fairway.trading.latch import Killed

if TYPE_CHECKING:
    from fairway.people.account import Account
    from fairway.people.registry import Registry
    from fairway.venues.port import Venue

    Venues = tuple[dict[str, Venue], dict[str, BaseException]]
    """By account: the connection; and by account: why there is none."""


def latched_venues(settings: Settings, killed: Killed, latches: KillLatches) -> "Venues":
    """Latches each account and connects to its venue. Raises Refusal where no account has a connection."""
    from fairway.assembly import venue_of
    from fairway.people.problems import PeopleError
    from fairway.settings import SecretMissing
    from fairway.store.failures import StoreError
    from fairway.venues.allowance import Lane

    try:
        if settings.people is None:
            latches.set(latch_of(settings, settings.account), killed)
            return {settings.account: venue_of(settings, Lane.CLOSE)}, {}
        venues, failed = _of_registry(settings, killed, latches)
    except (SecretMissing, PeopleError, StoreError) as error:
        raise latches.not_carried_out(error) from None
    if failed and not venues:
        raise latches.not_carried_out(next(iter(failed.values()))) from None
    return venues, failed


def _of_registry(settings: Settings, killed: Killed, latches: KillLatches) -> "Venues":
    """An account whose keys do not open keeps no other waiting. Raises StoreErrors, PeopleErrors, Refusal."""
    from fairway.assembly.fleet import carried, registry_of, venue_of_account
    from fairway.people.problems import PeopleError
    from fairway.venues.allowance import Lane

    venues: dict[str, Venue] = {}
    failed: dict[str, BaseException] = {}
    with registry_of(settings) as registry:
        accounts = _meant(carried(settings, registry), registry, settings, latches)
        for account in accounts:
            latches.set(latch_of(settings, account.id), killed)
        for account in accounts:
            try:
                like = next(iter(venues.values()), None)
                venues[account.id] = venue_of_account(settings, registry, account, Lane.CLOSE, like)
            except PeopleError as error:
                failed[account.id] = error
    return venues, failed


def _meant(accounts: "list[Account]", registry: "Registry", settings: Settings, latches: KillLatches) -> "list[Account]":
    """All of them, or the one that was asked for, paused or not. Raises Refusal for one that this bot does not have."""
    from fairway.assembly.fleet import carried
    from fairway.people.problems import ChangeRefused

    if not latches.account:
        return accounts
    try:
        found = carried(settings, registry, latches.account)
    except ChangeRefused:
        found = []
    if not found:
        raise latches.unknown([account.id for account in accounts])
    return found
