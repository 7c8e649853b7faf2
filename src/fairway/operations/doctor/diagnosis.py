"""Asks the machine and the venue what the doctor's checks need."""

import asyncio
import glob
import os
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount
from fairway.operations.doctor.alerting import check_alerting
from fairway.operations.doctor.checks import (
    check_clock,
    check_disk,
    check_environment,
    check_journal,
    check_latch,
    check_modes,
    check_plugins,
    check_promises,
    check_secrets,
    check_symbol,
    unchecked,
)
from fairway.operations.finding import DoctorFinding, ok
from fairway.operations.people.key_rights import check_rights
from fairway.risk.rules import RiskRules
from fairway.settings import Settings, load
from fairway.trading.latch import FileLatch
from fairway.venues.port import Venue, VenueError
from fairway.world.clock import Clock, SystemClock

KEY_ADVICE: Final = (
    "key and secret are given together, to one account; a practice exchange that was started again has new ones: "
    "copy both from what it printed"
)
VenueFactory = Callable[[Settings], Venue]

Said = TypeVar("Said")


def diagnose(config: Path) -> list[DoctorFinding]:
    """All findings. It blocks, while the venue is asked. Raises SettingsError."""
    settings = load(config)
    return [ok("configuration", f"{config} has no mistakes"), *check_environment(os.environ), *diagnose_settings(settings)]


def diagnose_settings(settings: Settings) -> list[DoctorFinding]:
    """The findings of settings that need not stand in a file yet. It blocks, while the venue is asked."""
    from fairway import assembly  # after the settings: it brings ccxt, and a mistake in a file is shown at once

    findings = check_here(settings)
    findings += asyncio.run(check_there(settings, assembly.venue_of, SystemClock()))
    if settings.beside.shadow is not None or settings.beside.control is not None:
        from fairway.operations.doctor.beside import check_beside

        findings += check_beside(settings)
    if settings.people is not None:
        from fairway.operations.doctor.accounts import check_accounts

        findings += asyncio.run(check_accounts(settings, SystemClock()))
    return findings


def check_here(settings: Settings) -> list[DoctorFinding]:
    """What needs no network."""
    from fairway.operations.installed import unusable_plugins  # it brings numpy

    folders = dict.fromkeys((settings.latch_folder, settings.report.parent))
    findings = [*check_secrets(settings), *check_plugins(unusable_plugins()), check_journal(settings)]
    findings += check_alerting(settings, SystemClock().now())
    if settings.latch_folder.is_dir():  # one that is missing is reported by the checks of journal and disk
        findings += check_latch(FileLatch(settings.latch_folder, settings.account, settings.symbols).read())
    return [*findings, *check_modes(_files_of(settings)), *(_disk(folder) for folder in folders)]


def _files_of(settings: Settings) -> Iterator[Path]:
    """What Fairway writes of an account: journals and what stands beside them, latches, reports, crash files."""
    for place in (settings.journal, settings.people):
        if isinstance(place, Path):
            yield from place.parent.glob(f"{glob.escape(place.name)}*")
    yield from settings.latch_folder.glob("*.kill")
    for folder in dict.fromkeys((settings.latch_folder.absolute(), Path.cwd())):
        yield from folder.glob("fairway-crash-*")
    yield from settings.report.glob("*")


def _disk(folder: Path) -> DoctorFinding:
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"fairway doctor")
            file.flush()
    except OSError as error:
        return check_disk(folder, None, error)
    return check_disk(folder, shutil.disk_usage(folder).free)


async def check_there(settings: Settings, make_venue: VenueFactory, clock: Clock) -> list[DoctorFinding]:
    """What the venue must be asked for. Each answer stands alone: one that fails hides none of the others."""
    from fairway.settings import SecretMissing

    try:
        venue = make_venue(settings)
    except SecretMissing as error:
        return [unchecked("venue", str(error))]
    try:
        try:
            instruments = await venue.open()
        except VenueError as error:
            return [unchecked("venue", str(error), "check the network, the address, the key; then run the doctor again")]
        findings = [ok("venue", f"{venue.name} answers, with {len(instruments):,} instruments")]
        findings.append(await _clock(venue, clock))
        promises = check_promises(venue.promises, venue.name)
        if settings.people is not None:  # each account has a key of its own
            return [*findings, *promises]
        findings += [*await check_key(venue, clock), *promises]
        rules = settings.risk.rules(settings.quote)
        return [*findings, *await check_money(venue, instruments, settings.symbols, rules, settings.quote)]
    finally:
        await venue.close()


async def check_money(
    venue: Venue, instruments: Mapping[str, Instrument], symbols: Sequence[str], rules: RiskRules, quote: str
) -> list[DoctorFinding]:
    """Whether an account holds enough for each symbol. The venue is open."""
    worth, why = await _worth(venue, quote)
    findings = [unchecked("balances", why)] if why else []
    return [*findings, *(check_symbol(symbol, instruments.get(symbol), worth, rules) for symbol in symbols)]


async def _clock(venue: Venue, clock: Clock) -> DoctorFinding:
    asked = clock.monotonic()
    answer, why = await _asked(venue.server_time())
    doubt = (clock.monotonic() - asked) // 2
    if answer is None:
        return unchecked("clock", why)
    return check_clock(answer + doubt - clock.now(), doubt)


async def check_key(venue: Venue, clock: Clock) -> list[DoctorFinding]:
    """What an account's key may do. The venue is open."""
    if not venue.promises.key_rights:
        look = "look at the venue's page for the key: withdrawal must be off, trading on, your address listed"
        return [unchecked("key", f"{venue.name} does not tell what a key may do", look)]
    rights, why = await _asked(venue.key_rights())
    return check_rights(rights, clock.now()) if rights is not None else [unchecked("key", why, KEY_ADVICE)]


async def _worth(venue: Venue, quote: str) -> tuple[Amount | None, str]:
    """What the account holds of the quote asset. Other assets count for nothing here: the trader may not own their positions."""
    report, why = await _asked(venue.balances())
    if report is None:
        return None, why
    if not report.is_complete:
        return None, f"{venue.name} told a part of the balances only"
    nothing = Amount(ZERO, quote)
    free, locked = report.balances.get(quote, (nothing, nothing))
    return free + locked, ""


async def _asked(question: Awaitable[Said]) -> tuple[Said | None, str]:
    """The answer, or None and why there is none."""
    try:
        return await question, ""
    except VenueError as error:
        return None, str(error)
