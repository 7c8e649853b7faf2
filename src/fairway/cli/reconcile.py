"""`fairway reconcile`: asks the venue what is true, and says in plain words where the journal differs.

It only reads, whether a trader is running or not: a running one books all this by itself within half a minute, and so does the
next start before it does anything else. Two who book would be one too many.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from fairway.cli.answer import Answer, shows
from fairway.cli.exits import Exit, Failure
from fairway.cli.shared_options import USUAL, Config
from fairway.settings import Settings, load
from fairway.store.place import name_of

if TYPE_CHECKING:
    from fairway.assembly import Bot
    from fairway.journal.port import Readable
    from fairway.trading.account_state import AccountState
    from fairway.venues.port import Venue

LOOK_AGAIN_S: Final = 2.0
"""A running trader may be in the middle of something: only what is found twice is told."""


class Look(NamedTuple):
    """One comparison. wrong: what differs, and what is open; known: what a person was told before."""

    desk: "AccountState"
    wrong: Sequence[str]
    known: Sequence[str]


Looks = tuple[Look, Look]


@shows
def reconcile(config: Config = USUAL, /, *, account: str = "") -> Answer:
    """Say where the journal and the venue differ. Nothing is booked, sent or cancelled.

    Parameters
    ----------
    account: str
        This account only, where the trader has several.
    """
    settings = load(config)
    if settings.people is None and account not in ("", settings.account):
        raise Failure(f"--account {account} is none of this trader's; it has {settings.account}", Exit.USAGE)
    from fairway.journal.sql import open_reader

    with open_reader(settings.journal, trader=settings.account) as journal:
        found = compared_with_venue(settings, account, journal, name_of(settings.journal))
    if settings.people is not None and not found:
        raise Failure(
            f"the registry {settings.people} has no account at {settings.venue.exchange} in mode {settings.mode}", Exit.NO
        )
    if settings.people is None:
        _raise_the_only(found)
    values = [_value(name, looks) for name, looks in found.items()]
    lines = [line for value in values for line in _told(value, f"{value.account}: " if settings.people is not None else "")]
    code = Exit.OK if all(value.agrees for value in values) else Exit.NO
    return Answer(value={"accounts": values}, told=lines, code=code)


def compared_with_venue(settings: Settings, account: str, journal: "Readable", where: str) -> "Mapping[str, Looks | Exception]":
    """By account, two looks at it, or why it could not be asked. account: this one only, "" for all; where: the journal's name.

    Raises SecretMissing, StoreErrors, PeopleErrors.
    """
    with _traded(settings, account) as traded:
        return asyncio.run(_looked(traded, journal, where))


def _raise_the_only(found: "Mapping[str, Looks | Exception]") -> None:
    """Of one account: what kept it from being compared."""
    for looks in found.values():
        if isinstance(looks, Exception):
            raise looks


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One account. trouble: why it could not be asked, which is not known to agree. orders, positions: that are open."""

    account: str
    agrees: bool
    trouble: str = ""
    differs: Sequence[str] = ()
    known: Sequence[str] = ()
    orders: int = 0
    positions: int = 0


def _value(name: str, looks: "Looks | Exception") -> Compared:
    if isinstance(looks, Exception):
        return Compared(account=name, agrees=False, trouble=str(looks))
    first, second = looks
    wrong = [line for line in first.wrong if line in second.wrong]
    orders, positions = len(second.desk.blotter.live), len(second.desk.ledger.positions)
    return Compared(account=name, agrees=not wrong, differs=wrong, known=list(second.known), orders=orders, positions=positions)


def _told(value: Compared, whose: str) -> "Iterator[str]":
    if value.trouble:
        yield f"{whose}! could not be compared: {value.trouble}"
        return
    for line in (*(f"! {line}" for line in value.differs), *value.known):
        yield f"{whose}{line}"
    if value.differs:
        books = "A running trader books this within half a minute, and a start before all else; what it cannot explain, it tells."
        yield f"{whose}{books}"
        return
    open_ones = f"(open orders: {value.orders}, positions: {value.positions})"
    yield f"{whose}journal and venue agree in all balances and orders {open_ones}"


@contextmanager
def _traded(settings: Settings, account: str) -> "Iterator[Mapping[str, tuple[Bot, Venue]]]":
    """By account: what is traded, and the venue to ask. Raises SecretMissing, StoreErrors, PeopleErrors."""
    from fairway.assembly import bot_of, venue_of

    if settings.people is None:
        yield {settings.account: (bot_of(settings), venue_of(settings))}
        return
    from fairway.assembly.fleet import registry_of, venues_of
    from fairway.venues.allowance import Lane

    with registry_of(settings) as registry:
        venues = venues_of(settings, registry, account, Lane.QUERY)
        yield {name: (replace(bot_of(settings), account=name), venue) for name, venue in venues.items()}


async def _looked(traded: "Mapping[str, tuple[Bot, Venue]]", journal: "Readable", where: str) -> "dict[str, Looks | Exception]":
    """One account after another: what an address may ask in a minute is for those who trade."""
    from fairway.money.amount import use_exact_decimals
    from fairway.venues.port import VenueError

    use_exact_decimals()
    found: dict[str, Looks | Exception] = {}
    try:
        for name, (bot, venue) in traded.items():
            try:
                first = await _look(bot, venue, journal, where)
                await asyncio.sleep(LOOK_AGAIN_S)
                found[name] = first, await _look(bot, venue, journal, where)
            except (VenueError, Failure) as error:
                found[name] = error
    finally:
        for _, venue in traded.values():
            await venue.close()
    return found


async def _look(bot: "Bot", venue: "Venue", journal: "Readable", where: str) -> Look:
    from fairway.assembly import open_account_state
    from fairway.ledger.reconcile import ForeignOrder, in_words
    from fairway.trading.account_query import ask_for_everything, ask_rights
    from fairway.trading.agreement import compared, holds, open_questions
    from fairway.world.clock import SystemClock

    desk = await open_account_state(bot, venue, journal)
    if desk.opening is None:
        raise Failure(f"{where} holds no balances yet: no trader has had an answer from the venue", Exit.NO)
    caught = await ask_for_everything(venue, desk, SystemClock().now())
    found = list(compared(desk, caught, await ask_rights(venue)))
    strange = [in_words(each) for each in found if isinstance(each, ForeignOrder)]
    wrong = [in_words(each) for each in found if not isinstance(each, ForeignOrder)]
    return Look(desk, [*wrong, *open_questions(desk)], [*strange, *holds(desk)])
