"""Finds the venues that Fairway can trade at and makes one account's client: one folder or file each, here or in another package.

A venue holds one line, `VENUE = VenuePlugin(...)`. Another package names its venue by an entry point of `fairway.venues`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

from fairway.plugins import Kind
from fairway.venues.allowance import Lane
from fairway.venues.port import Venue
from fairway.world.chance import Chance, SystemChance
from fairway.world.clock import Clock

DEFAULT_KIND: Final = "ccxt"
"""The kind of an account that is kept in the registry of accounts, which names its exchange alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueAccount:
    """One account at one exchange; without a key a venue reads market data only. Key and secret are not in the repr."""

    exchange: str
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    sandbox: bool = False
    """Whether it is at the exchange's own test network."""
    url: str = ""
    """Another address of an exchange that speaks the same protocol, such as a practice exchange; "" is the exchange's own."""
    fallbacks: tuple[str, ...] = ()
    """Further addresses, for when that one does not answer: URLs where `url` is given, else host names."""


class MakeVenue(Protocol):
    """Makes a venue that is not opened yet.

    like: another account's venue at the same exchange, whose connections and request budget this one shares.
    looks: how urgent its requests for open orders are.
    """

    def __call__(self, account: VenueAccount, clock: Clock, chance: Chance, *, like: Venue | None, looks: Lane) -> Venue: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VenuePlugin:
    """One kind of venue, as `venue.kind` of a configuration names it."""

    name: str
    make: MakeVenue
    exchanges: Callable[[], frozenset[str]]
    """The exchanges that it reaches, as `venue.exchange` names them; an empty set where it cannot list them."""
    known_as: str
    """Ends the sentence "kraken is …" where an exchange is not among them: "no exchange with streams in ccxt"."""


KIND: Final = Kind("venue", "fairway.venues", "VENUE", VenuePlugin, "fairway.venues")


def make_venue(
    kind: str,
    account: VenueAccount,
    clock: Clock,
    chance: Chance | None = None,
    *,
    like: Venue | None = None,
    looks: Lane = Lane.QUERY,
) -> Venue:
    """A venue of this kind, not opened yet. chance: the system's where it is None. Raises UnknownPlugin and BrokenPlugin."""
    return KIND.named(kind).make(account, clock, chance or SystemChance(), like=like, looks=looks)
