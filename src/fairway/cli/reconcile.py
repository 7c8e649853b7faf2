"""`fairway reconcile`: asks the venue what is true, and says in plain words where the journal differs.

It only reads, whether a trader is running or not: a running one books all this by itself within half a minute, and so does the
next start before it does anything else. Two who book would be one too many.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from fairway.cli.exits import Exit, Failure
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.assembly import Readable
    from fairway.trading.desk import Desk
    from fairway.venues.port import Venue

LOOK_AGAIN_S: Final = 2.0
"""A running trader may be in the middle of something: only what is found twice is told."""


class Look(NamedTuple):
    """One comparison. wrong: what differs, and what is open; known: what a person was told before."""

    desk: "Desk"
    wrong: Sequence[str]
    known: Sequence[str]


def reconcile(config: Path = Path("fairway.yaml"), /) -> int:
    """Say where the journal and the venue differ. Nothing is booked, sent or cancelled.

    Parameters
    ----------
    config: Path
        The bot's configuration.
    """
    settings = load(config)
    from fairway.journal.sql import open_reader

    with open_reader(settings.journal) as journal:
        first, second = asyncio.run(_looks(settings, journal))
    wrong = [line for line in first.wrong if line in second.wrong]
    for line in (*(f"! {line}" for line in wrong), *second.known):
        print(line)
    if wrong:
        print("A running trader books this within half a minute, and a start before all else; what it cannot explain, it tells.")
        return Exit.NO
    orders, positions = len(second.desk.blotter.live), len(second.desk.ledger.positions)
    print(f"journal and venue agree in all balances and orders (open orders: {orders}, positions: {positions})")
    return Exit.OK


async def _looks(settings: Settings, journal: "Readable") -> tuple[Look, Look]:
    from fairway.assembly import venue_of
    from fairway.money.amount import use_exact_decimals

    use_exact_decimals()
    venue = venue_of(settings)
    try:
        first = await _look(settings, venue, journal)
        await asyncio.sleep(LOOK_AGAIN_S)
        return first, await _look(settings, venue, journal)
    finally:
        await venue.close()


async def _look(settings: Settings, venue: "Venue", journal: "Readable") -> Look:
    from fairway.assembly import bot_of, open_desk
    from fairway.ledger.reconcile import ForeignOrder, in_words
    from fairway.store.place import name_of
    from fairway.trading.agreement import compared, holds, open_questions
    from fairway.trading.inquiry import ask_for_everything, ask_rights
    from fairway.world.clock import SystemClock

    desk = await open_desk(bot_of(settings), venue, journal)
    if desk.opening is None:
        raise Failure(f"{name_of(settings.journal)} holds no balances yet: no trader has had an answer from the venue", Exit.NO)
    caught = await ask_for_everything(venue, desk, SystemClock().now())
    found = list(compared(desk, caught, await ask_rights(venue)))
    strange = [in_words(each) for each in found if isinstance(each, ForeignOrder)]
    wrong = [in_words(each) for each in found if not isinstance(each, ForeignOrder)]
    return Look(desk, [*wrong, *open_questions(desk)], [*strange, *holds(desk)])
