"""Previews a kill: asks the venue what each account has open, and sorts it into orders that go, orders that stay, and sales."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.operations.operation import Preview
from fairway.orders.ids import ClientId, Role
from fairway.risk.disposal import Disposal
from fairway.settings import Settings, SettingsError, load
from fairway.trading.latch import Killed

if TYPE_CHECKING:
    from fairway.venues.port import OrderReport, Venue


def kill_preview(killed: Killed, config: Path, account: str) -> Preview:
    """Changes nothing, and never fails: a kill must be possible where its preview is not."""
    from fairway.people.problems import PeopleError
    from fairway.settings import SecretMissing
    from fairway.store.failures import StoreError

    effect = _effect(killed)
    try:
        found = asyncio.run(_asked(load(config), account))
    except (SettingsError, SecretMissing, PeopleError, StoreError) as error:
        return Preview(effect=effect, unknown=(str(error),))
    return preview_of(killed, effect, found)


def preview_of(killed: Killed, effect: str, found: "Mapping[str, Sequence[OrderReport] | Exception]") -> Preview:
    """The preview of a kill of these accounts. found: by account, its open orders, or why they could not be asked."""
    orders, positions, unknown = list[str](), list[str](), list[str]()
    for account, reports in found.items():
        if isinstance(reports, Exception):
            unknown.append(f"{account}: {reports}")
            continue
        for report in reports:
            own = ClientId.parse(report.client_id)
            if own is None or own.account != account or killed.symbol not in ("", report.symbol):
                continue
            if own.role is Role.STOP and killed.disposal is Disposal.FLATTEN:
                positions.append(f"{account}: {report.symbol} {report.quantity}")
            if own.role not in (Role.STOP, Role.TARGET) or killed.disposal is Disposal.FLATTEN:
                orders.append(f"{account}: {report.client_id} {report.symbol} {report.quantity}")
    return Preview(effect=effect, accounts=tuple(found), orders=tuple(orders), positions=tuple(positions), unknown=tuple(unknown))


def _effect(killed: Killed) -> str:
    what = f"in {killed.symbol} " if killed.symbol else ""
    sells = killed.disposal is Disposal.FLATTEN
    rest = "every position is sold" if sells else "stops and targets stay at the venue"
    return f"nothing new is opened {what}until a person resumes; orders that do not protect are cancelled; {rest}"


async def _asked(settings: Settings, account: str) -> "dict[str, Sequence[OrderReport] | Exception]":
    from fairway.money.amount import use_exact_decimals
    from fairway.venues.port import VenueError

    use_exact_decimals()
    venues = _venues(settings, account)
    found: dict[str, Sequence[OrderReport] | Exception] = {}
    try:
        for name, venue in venues.items():
            try:
                await venue.open()
                found[name] = await venue.open_orders()
            except VenueError as error:
                found[name] = error
    finally:
        for venue in venues.values():
            await venue.close()
    return found


def _venues(settings: Settings, account: str) -> "Mapping[str, Venue]":
    """Raises SecretMissing, StoreErrors, PeopleErrors."""
    from fairway.assembly import venue_of
    from fairway.assembly.fleet import registry_of, venues_of
    from fairway.venues.allowance import Lane

    if settings.people is None:
        return {settings.account: venue_of(settings, Lane.QUERY)}
    with registry_of(settings) as registry:
        return venues_of(settings, registry, account, Lane.QUERY)
