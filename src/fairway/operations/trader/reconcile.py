"""Reconcile: asks the venue what is true, and reports where the journal differs.

It only reads, whether a trader runs or not: a running trader books each difference by itself within half a minute, and the next
start does so before anything else. Two processes that book would be one too many.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, Subject, account_or_bot
from fairway.operations.refusal import against_rule, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.assembly import Bot
    from fairway.journal.port import Readable
    from fairway.trading.account_state import AccountState
    from fairway.venues.port import Venue

LOOK_AGAIN_S: Final = 2.0
"""A running trader may be in the middle of a change: only a difference that is found twice is reported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileRequest:
    """account: this one only, "" for all."""

    config: Path
    account: str = ""


class Comparison(NamedTuple):
    """One comparison of an account. wrong: what differs, and what is open; known: what a person was shown before."""

    state: "AccountState"
    wrong: Sequence[str]
    known: Sequence[str]


Comparisons = tuple[Comparison, Comparison]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One account. orders, positions: how many are open."""

    account: str
    agrees: bool
    trouble: str = ""
    """Why it could not be asked; then it is not known to agree."""
    differs: Sequence[str] = ()
    known: Sequence[str] = ()
    orders: int = 0
    positions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileOutcome(Outcome):
    """is_done: whether each account agrees."""

    accounts: tuple[Compared, ...]


def perform_reconcile(call: Call[ReconcileRequest]) -> ReconcileOutcome:
    """Raises Refusal, SettingsError, JournalErrors, VenueErrors, SecretMissing, StoreErrors, PeopleErrors."""
    from fairway.journal.sql import open_reader
    from fairway.store.place import name_of

    settings, account = load(call.request.config), call.request.account
    if settings.people is None and account not in ("", settings.account):
        what = f"{account} is none of this trader's; it has {settings.account}"
        raise wrong_input(f"ACCOUNT_UNKNOWN: account={account}", what, field="account")
    with open_reader(settings.journal, trader=settings.account) as journal:
        found = compared_with_venue(settings, account, journal, name_of(settings.journal))
    if settings.people is not None and not found:
        raise against_rule(
            f"REGISTRY_EMPTY: mode={settings.mode}",
            f"the registry {settings.people} has no account at {settings.venue.exchange} in mode {settings.mode}",
        )
    if settings.people is None:
        _raise_the_only(found)
    accounts = tuple(_compared(name, comparisons) for name, comparisons in found.items())
    lines = [line for each in accounts for line in _lines(each, f"{each.account}: " if settings.people is not None else "")]
    return ReconcileOutcome(is_done=all(each.agrees for each in accounts), accounts=accounts, lines=tuple(lines))


def compared_with_venue(
    settings: Settings, account: str, journal: "Readable", where: str
) -> "Mapping[str, Comparisons | Exception]":
    """By account, two comparisons, or why it could not be asked. account: this one only, "" for all; where: the journal's name.

    Raises SecretMissing, StoreErrors, PeopleErrors.
    """
    with traded_accounts(settings, account) as traded:
        return asyncio.run(all_compared(traded, journal, where))


def _raise_the_only(found: "Mapping[str, Comparisons | Exception]") -> None:
    """Of one account: what kept it from being compared."""
    for comparisons in found.values():
        if isinstance(comparisons, Exception):
            raise comparisons


def _compared(name: str, comparisons: "Comparisons | Exception") -> Compared:
    if isinstance(comparisons, Exception):
        return Compared(account=name, agrees=False, trouble=str(comparisons))
    first, second = comparisons
    wrong = [line for line in first.wrong if line in second.wrong]
    orders, positions = len(second.state.orders.blotter.live), len(second.state.money.ledger.positions)
    return Compared(account=name, agrees=not wrong, differs=wrong, known=list(second.known), orders=orders, positions=positions)


def _lines(compared: Compared, whose: str) -> Iterator[str]:
    if compared.trouble:
        yield f"{whose}! could not be compared: {compared.trouble}"
        return
    for line in (*(f"! {line}" for line in compared.differs), *compared.known):
        yield f"{whose}{line}"
    if compared.differs:
        books = "A running trader books this within half a minute, and a start before all else; what it cannot explain, it tells."
        yield f"{whose}{books}"
        return
    open_ones = f"(open orders: {compared.orders}, positions: {compared.positions})"
    yield f"{whose}journal and venue agree in all balances and orders {open_ones}"


@contextmanager
def traded_accounts(settings: Settings, account: str) -> "Iterator[Mapping[str, tuple[Bot, Venue]]]":
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


async def all_compared(
    traded: "Mapping[str, tuple[Bot, Venue]]", journal: "Readable", where: str
) -> "dict[str, Comparisons | Exception]":
    """One account after another: the requests that an address may send in a minute are needed by traders."""
    from fairway.money.amount import use_exact_decimals
    from fairway.operations.refusal import Refusal
    from fairway.venues.port import VenueError

    use_exact_decimals()
    found: dict[str, Comparisons | Exception] = {}
    try:
        for name, (bot, venue) in traded.items():
            try:
                first = await _compare(bot, venue, journal, where)
                await asyncio.sleep(LOOK_AGAIN_S)
                found[name] = first, await _compare(bot, venue, journal, where)
            except (VenueError, Refusal) as error:
                found[name] = error
    finally:
        for _, venue in traded.values():
            await venue.close()
    return found


async def _compare(bot: "Bot", venue: "Venue", journal: "Readable", where: str) -> Comparison:
    from fairway.assembly import open_account_state
    from fairway.ledger.reconcile import ForeignOrder, in_words
    from fairway.trading.account_query import ask_for_everything, ask_rights
    from fairway.trading.agreement import compared, holds, open_questions
    from fairway.world.clock import SystemClock

    state = await open_account_state(bot, venue, journal)
    if state.money.opening is None:
        raise against_rule(
            f"NO_BALANCES: account={bot.account}", f"{where} holds no balances yet: no trader has had an answer from the venue"
        )
    caught = await ask_for_everything(venue, state, SystemClock().now())
    found = list(compared(state, caught, await ask_rights(venue)))
    strange = [in_words(each) for each in found if isinstance(each, ForeignOrder)]
    wrong = [in_words(each) for each in found if not isinstance(each, ForeignOrder)]
    return Comparison(state, [*wrong, *open_questions(state)], [*strange, *holds(state)])


def preview_reconcile(call: Call[ReconcileRequest]) -> Preview:
    """It changes nothing."""
    return Preview(effect="nothing is booked, sent or cancelled", accounts=tuple(filter(None, [call.request.account])))


def _subject(asked: ReconcileRequest) -> Subject:
    return account_or_bot(asked.account)


RECONCILE = Operation(
    name="reconcile",
    summary="Report where the journal and the venue differ.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=ReconcileRequest,
    subject=_subject,
    preview=preview_reconcile,
    perform=perform_reconcile,
)
OPERATIONS: Final = (RECONCILE,)
