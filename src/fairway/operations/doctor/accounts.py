"""What `fairway doctor` asks for each account of a registry: whether its keys open, what they may do, and what it holds."""

from dataclasses import replace

from fairway.assembly.fleet import carried, registry_of, rules_of_account, venues_of
from fairway.operations.doctor.checks import CheckVerdict, DoctorFinding, check_latch, fail, ok, unchecked
from fairway.operations.doctor.diagnosis import check_key, check_money
from fairway.people.problems import PeopleError
from fairway.people.registry import Registry
from fairway.settings import Settings
from fairway.store.failures import StoreError
from fairway.store.place import name_of
from fairway.trading.account_supervisor import NotOpened
from fairway.trading.latch import FileLatch
from fairway.venues.allowance import Lane
from fairway.venues.port import VenueError
from fairway.world.clock import Clock


async def check_accounts(settings: Settings, clock: Clock) -> list[DoctorFinding]:
    """One finding for the registry, one for each account in which all is well, and each that is not."""
    assert settings.people is not None
    try:
        with registry_of(settings) as registry:
            here = carried(settings, registry)
            elsewhere = [account for account in registry.accounts() if account not in here]
            findings = [
                _registry(settings, [account.id for account in here], [f"{each.id} ({each.venue})" for each in elsewhere])
            ]
            for account in here:
                findings += await _account(settings, registry, account.id, clock)
            return findings
    except (StoreError, PeopleError) as error:
        return [unchecked("people", str(error))]


def _registry(settings: Settings, here: list[str], elsewhere: list[str]) -> DoctorFinding:
    assert settings.people is not None
    place = " ".join(filter(None, (settings.venue.exchange, settings.mode, settings.venue.url)))
    found = f"{name_of(settings.people)} has {', '.join(here) or 'no account'} at {place}"
    if elsewhere:
        found += f"; not traded by this configuration: {', '.join(elsewhere)}"
    if here:
        return ok("people", found)
    url = f" --url {settings.venue.url}" if settings.venue.url else ""
    example = f"fairway accounts add ann1 --user ann --exchange {settings.venue.exchange} --mode {settings.mode}{url}"
    return fail("people", found, f"add one: {example}")


async def _account(settings: Settings, registry: Registry, account: str, clock: Clock) -> list[DoctorFinding]:
    """Findings with the account's name; where none of them asks for anything, one that says so."""
    latch = FileLatch(settings.latch_folder, account, settings.symbols, settings.account)
    kills = check_latch(latch.read(), f" --account {account}")
    try:
        found = [*kills, *await _asked(settings, registry, account, clock)]
    except NotOpened as error:
        found = [*kills, fail("limits", str(error), f"fairway accounts show {account}, and add it again with a right one")]
    except (VenueError, PeopleError) as error:
        found = [*kills, unchecked("venue", str(error))]
    wrong = [replace(each, check=f"{account}: {each.check}") for each in found if each.verdict is not CheckVerdict.OK]
    return wrong or [ok(account, "its key trades and cannot withdraw, and it holds enough for each pair")]


async def _asked(settings: Settings, registry: Registry, account: str, clock: Clock) -> list[DoctorFinding]:
    [venue] = venues_of(settings, registry, account, Lane.QUERY).values()
    its = registry.account(account)
    rules = rules_of_account(its, registry.user(its.user), settings)
    symbols = [symbol for symbol in settings.symbols if rules.limits.symbols is None or symbol in rules.limits.symbols]
    try:
        instruments = await venue.open()
        return [*await check_key(venue, clock), *await check_money(venue, instruments, symbols, rules, settings.quote)]
    finally:
        await venue.close()
