"""What a configuration names: the venue, the kill latch and the command inbox, none of them opened yet."""

from fairway.journal.command_inbox import command_inbox_beside
from fairway.settings import Settings
from fairway.trading.command_inbox import JournalCommandInbox
from fairway.trading.latch import FileLatch
from fairway.venues.allowance import Lane
from fairway.venues.port import Venue
from fairway.venues.registry import VenueAccount, make_venue
from fairway.world.clock import Clock, SystemClock


def venue_of(settings: Settings, looks: Lane = Lane.QUERY, clock: Clock | None = None) -> Venue:
    """The configured venue, not opened yet. Raises SecretMissing.

    looks: how urgent its requests for open orders are; clock: the trader's, or the machine's where it is None.
    """
    key, secret = (held.reveal() if held is not None else "" for held in (settings.venue.key, settings.venue.secret))
    return make_venue(settings.venue.kind, venue_account(settings, key, secret), clock or SystemClock(), looks=looks)


def venue_account(settings: Settings, key: str = "", secret: str = "") -> VenueAccount:
    """An account at the configured exchange; without a key one that reads market data only."""
    venue = settings.venue
    return VenueAccount(
        exchange=venue.exchange,
        key=key,
        secret=secret,
        sandbox=venue.sandbox,
        url=venue.url or "",
        fallbacks=venue.fallbacks,
    )


def latch_of(settings: Settings) -> FileLatch:
    """The kill latch beside the configured journal."""
    return FileLatch(settings.latch_folder, settings.account, settings.symbols)


def command_inbox_of(settings: Settings) -> JournalCommandInbox:
    """The command inbox beside the configured journal, not opened yet."""
    return JournalCommandInbox(command_inbox_beside(settings.journal), mode=settings.mode, trader=settings.account)
