"""What `fairway doctor` looks at: each check is a function from values to a finding. What could not be checked is not fine."""

import errno
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final

from fairway.journal.chain import verify
from fairway.journal.port import JournalError, JournalMissing
from fairway.journal.sql import open_reader
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, text_of
from fairway.operations.finding import CheckVerdict as CheckVerdict
from fairway.operations.finding import DoctorFinding as DoctorFinding  # the doctor and its tests take these names from here
from fairway.operations.finding import fail as fail
from fairway.operations.finding import ok as ok
from fairway.operations.finding import warn as warn
from fairway.operations.people.key_rights import check_rights as check_rights
from fairway.plugins import UnusablePlugin
from fairway.risk.rules import RiskRules
from fairway.settings import SecretMissing, SecretReference, Settings
from fairway.settings.environment import overrides
from fairway.store.place import name_of
from fairway.trading.latch import Killed
from fairway.venues.port import VenueFeatures
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.private import wide

OFFSET_WARN_NS: Final = 250 * MILLISECOND
OFFSET_MAX_NS: Final = SECOND
DISK_WARN_BYTES: Final = 1_000_000_000
DISK_MIN_BYTES: Final = 100_000_000
FREE_SOME: Final = "free some space: a journal that cannot be written stops all trading"
NEAR_STOP: Final = 2
"""Percent: a strategy whose stops must be nearer than this to make an order large enough is told so."""

ENOUGH: Final = Decimal(50)
"""Percent: no stop is farther away than this, so beyond it nothing is said."""


def unchecked(check: str, why: str, advice: str = "put this right, and run the doctor again") -> DoctorFinding:
    """A check that could not run. It fails: not knowing is not a pass."""
    return fail(check, f"could not be checked: {why}", advice)


def check_environment(environ: Mapping[str, str]) -> list[DoctorFinding]:
    """Settings that the environment changes. A trader that is started in another terminal does not have them."""
    advice = "what is meant to last belongs into the file"
    return [warn("environment", str(each), advice) for each in overrides(environ)]


def check_modes(files: Iterable[Path]) -> list[DoctorFinding]:
    """Which of them others may read; they tell what an account has."""
    found = wide(files)
    if not found:
        return []
    names = ", ".join(path.name for path in found)
    advice = f"let their owner alone read them:  {shlex.join(['chmod', '600', *map(str, found)])}"
    return [warn("private files", f"others on this machine may read {names}", advice)]


def check_clock(offset_ns: int, doubt_ns: int) -> DoctorFinding:
    """offset_ns: how far our clock is behind the venue's; doubt_ns: half of the time that the question took."""
    side = "behind" if offset_ns > 0 else "ahead of"
    found = f"{abs(offset_ns) // MILLISECOND:,} ms {side} the venue (± {doubt_ns // MILLISECOND:,} ms)"
    if abs(offset_ns) - doubt_ns > OFFSET_MAX_NS:
        return fail("clock", found, "the venue refuses orders of a wrong time: let the system set its clock (NTP)")
    if doubt_ns > OFFSET_MAX_NS:
        return fail("clock", f"could not be checked: {found}", "the venue answers too slowly; try again on a better line")
    if abs(offset_ns) + doubt_ns > OFFSET_WARN_NS:
        return warn("clock", found, "let the system set its clock (NTP), before it is a second")
    return ok("clock", found)


def check_promises(promises: VenueFeatures, venue: str) -> list[DoctorFinding]:
    """What a trader cannot do without."""
    pairs = (
        ok("stop and target", f"{venue} holds them as a pair (OCO)")
        if promises.pairs
        else fail(
            "stop and target",
            f"{venue} holds no pair of a stop and a target",
            "take another venue: positions here would be naked",
        )
    )
    finds = (
        ok("order lookup", f"{venue} finds orders by our ids")
        if promises.finds_by_client_id
        else fail(
            "order lookup", f"{venue} finds no order by our id", "take another venue: a lost answer could become a second order"
        )
    )
    return [pairs, finds]


def check_symbol(symbol: str, instrument: Instrument | None, worth: Amount | None, rules: RiskRules) -> DoctorFinding:
    """A symbol exists, trades, and the account is large enough for its least order. worth: what it has of the quote asset."""
    check = f"symbol {symbol}"
    if instrument is None:
        return fail(check, "the venue does not have it", "correct the key symbols in the configuration")
    if not instrument.is_trading:
        return fail(check, "the venue does not trade it at present", "wait, or take it out of the key symbols")
    if worth is None:
        return unchecked(check, "the balances are not known")
    return _smallest_order(check, instrument, worth, rules)


def _smallest_order(check: str, instrument: Instrument, worth: Amount, rules: RiskRules) -> DoctorFinding:
    """By risk an order is worth `worth x share at risk / distance of the stop`, and never more than one entry may take."""
    least = instrument.quoted(instrument.notional_min)
    largest = rules.entry_max.part_of(worth)
    grid = f"trades; tick {text_of(instrument.tick)}, lot {text_of(instrument.lot)}, least order {least}"
    if not worth:
        return fail(check, f"{grid}; the account holds no {worth.asset}", f"deposit {worth.asset}, or take another quote asset")
    if largest < least:
        return fail(
            check,
            f"{grid}; the largest position would be {largest}",
            "raise the balance, or take a profile that allows more: no order can be placed",
        )
    stop = (rules.per_trade * rules.size).part_of(worth).value / least.value * 100 if least else ENOUGH
    if stop >= ENOUGH:
        return ok(check, grid)
    found = f"{grid}; stops up to {stop:.1f} % away"
    if stop < NEAR_STOP:
        return warn(
            check, found, "a farther stop makes every order too small: take a profile that risks more, or raise the balance"
        )
    return ok(check, found)


def check_secrets(settings: Settings) -> list[DoctorFinding]:
    """Key and secret are there, and only their owner can read them."""
    found = (("key", settings.venue.key), ("secret", settings.venue.secret))
    consequence = "without it nothing can be asked of the venue"
    of_venue = [_secret(f"venue.{name}", name, secret, consequence) for name, secret in found if secret is not None]
    return [*of_venue, *_secrets_of_channels(settings)]


def _secrets_of_channels(settings: Settings) -> Iterator[DoctorFinding]:
    for channel in settings.notify.channels:
        for name in type(channel.own).model_fields:
            secret = getattr(channel.own, name)
            if isinstance(secret, SecretReference):
                consequence = f"without it the channel {channel.name} sends nothing"
                yield _secret(f"channel {channel.name}.{name}", name, secret, consequence)


def _secret(check: str, name: str, secret: SecretReference, consequence: str) -> DoctorFinding:
    try:
        secret.reveal()
    except SecretMissing as error:
        return fail(check, str(error), consequence)
    if secret.is_in_clear:
        return warn(
            check,
            "stands in the configuration",
            f"write {name}: env:NAME or {name}: file:PATH, and make a new one",
        )
    if secret.file is not None and secret.file.stat().st_mode & 0o077:
        return warn(check, f"others may read {secret.file}", f"chmod 600 {secret.file}")
    return ok(check, f"comes from {secret}")


def check_plugins(broken: Iterable[UnusablePlugin]) -> list[DoctorFinding]:
    """Plug-ins of other packages that cannot be used. What names one is refused with the same reason."""
    return [
        warn(
            f"{each.kind} {each.name}",
            str(each),
            f"repair or remove that package; a configuration, plan or command that names this {each.kind} is refused meanwhile",
        )
        for each in broken
    ]


def check_latch(kills: Sequence[Killed], option: str = "") -> list[DoctorFinding]:
    """A killed bot opens nothing: that is no mistake, and it explains why the bot does not trade."""
    advice = f'when its cause is gone: fairway resume{option} --reason "what it was"'
    return [warn("kill latch", f"{killed.symbol or killed.scope.value} is killed: {killed.reason}", advice) for killed in kills]


def check_journal(settings: Settings) -> DoctorFinding:
    """The journal is new, or ours and whole."""
    where = name_of(settings.journal)
    try:
        with open_reader(settings.journal) as journal:
            stamp, flaw, last = (journal.mode, journal.trader), verify(journal.read()), journal.last()
    except JournalMissing as error:
        if isinstance(settings.journal, Path) and settings.journal.exists():
            return fail("journal", str(error), "name another file in the key journal")
        if isinstance(settings.journal, Path) and not settings.journal.parent.is_dir():
            folder = settings.journal.parent
            return fail("journal", f"there is no directory {folder}", f"mkdir {folder}, or correct the key journal")
        return ok("journal", f"new: {where}")
    except JournalError as error:
        return fail("journal", str(error), "name another file in the key journal, or restore a backup")
    if stamp not in (("", ""), (settings.mode, settings.account)):
        found = f"{where} is of mode {stamp[0]} and account {stamp[1]}"
        return fail("journal", found, f"give mode {settings.mode} and account {settings.account} a journal of its own")
    if flaw is not None:
        return fail("journal", f"{where} is broken at {flaw}", "keep it, and restore a backup")
    return ok("journal", f"whole: {last.seq if last else 0:,} records in {where}")


def check_disk(folder: Path, free_bytes: int | None, why_not: OSError | None = None) -> DoctorFinding:
    """A directory takes files, and there is room. why_not: what the system said when a file was tried there; None: it took it."""
    check = f"disk: {folder.name or folder}"  # the whole path stands where there is room for it
    if why_not is not None:
        is_full = why_not.errno in (errno.ENOSPC, errno.EDQUOT)
        what_to_do = FREE_SOME if is_full else "make the directory, or correct its owner and rights"
        return fail(check, f"no file can be written in {folder}: {why_not.strerror or why_not}", what_to_do)
    if free_bytes is None:
        return unchecked(check, f"the free space in {folder} is not told")
    found = f"{free_bytes / 1e9:,.1f} GB free in {folder}, which is writable"
    if free_bytes < DISK_MIN_BYTES:
        return fail(check, found, FREE_SOME)
    if free_bytes < DISK_WARN_BYTES:
        return warn(check, found, "free some space before it runs out")
    return ok(check, found)
