"""`fairway status`: what a bot holds, what protects it, what it has earned, whether it may open more, and whether it lives."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.caps import doubt_of
from fairway.cli.shared_options import USUAL, Config
from fairway.operations.trader.accounts_of_trader import chosen_account, lost_streams_of, permissions_of, removed_accounts
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.reports.holdings import Earned, Held, Holdings


@shows
def status(config: Config = USUAL, /, *, account: str = "") -> CommandOutput:
    """Show what is held and protected, what was earned today and in all, and whether the bot lives and may open positions.

    It reads the journal and asks no exchange: a trader writes the account at market once a candle.

    Parameters
    ----------
    account: str
        This account only, where the trader has several.
    """
    from fairway.world.clock import SystemClock

    settings, now = load(config), SystemClock().now()
    only = chosen_account(settings, account) if account else ""
    permissions = permissions_of(settings)
    gone, lost = removed_accounts(settings, permissions), lost_streams_of(settings)
    names = [name for name in permissions if name not in gone and only in ("", name)]
    lines, accounts = list[str](), list[object]()
    for name in names:
        found = _holdings(settings, name, now)
        why_not = _why_not(settings, permissions[name], bool(lost.get(name)), now)
        accounts.append(_value(found, permissions[name], why_not))
        lines += told(found, _stage(permissions[name]), why_not, f"fairway caps {config}", now)
    trader = _trader(settings, now)
    return CommandOutput(value={"accounts": accounts, "trader": trader}, told=[*lines, trader])


def _holdings(settings: Settings, account: str, now: int) -> "Holdings":
    from fairway.assembly import history_of
    from fairway.journal.port import JournalMissing
    from fairway.journal.sql import open_reader
    from fairway.reports.holdings import holdings

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            return holdings(account, history_of(journal, account), now)
    except JournalMissing:
        return holdings(account, (), now)


def _stage(permissions: "AccountPermissions") -> str:
    """Of a launch; "" where no launch issues leases."""
    return permissions.lease.stage.partition(" ")[0] if permissions.lease is not None else ""


def _why_not(settings: Settings, permissions: "AccountPermissions", is_deaf: bool, now: int) -> str:
    """Why it opens nothing, in a few words; "" where it may."""
    from fairway.risk.caps import in_force
    from fairway.risk.limits import TradingState

    if doubt := doubt_of(settings, now):
        return doubt
    if is_deaf:
        return "a stream was lost"
    if settings.lease and permissions.lacks_lease(now):
        return "it has no lease"
    caps = [cap for cap in permissions.caps.values() if not cap.symbol]
    if in_force(caps).state is not TradingState.ACTIVE:
        return "; ".join(cap.reason for cap in caps if cap.limits.state is not TradingState.ACTIVE)
    return ""


def told(found: "Holdings", stage: str, why_not: str, caps: str, now: int) -> Iterator[str]:
    """One account, at most 80 columns a line where names and numbers are of usual length."""
    from fairway.texts.display import NOTHING, amount
    from fairway.texts.durations import duration_words

    mark = f", valued {duration_words(max(0, now - found.marked_at))} ago" if found.marked_at else ""
    yield f"{found.account}{f', stage {stage}' if stage else ''}"
    yield f"  worth      {amount(found.worth, 2) if found.worth else NOTHING}{mark}"
    yield f"  earned     {_earned(found.today)} today"
    yield f"             {_earned(found.in_all)} {_since(found.in_all)}"
    yield f"  holds      {'nothing' if not found.held else ''}".rstrip()
    for held in found.held:
        yield from _held(held, now)
    yield f"  may open   {'yes' if not why_not else f'NO: {why_not};  {caps}'}"


def _earned(earned: "Earned") -> str:
    from fairway.texts.display import NOTHING, count_text, signed

    result = f"{signed(earned.result.value, 2)} {earned.result.asset}" if earned.result is not None else NOTHING
    return f"{result:>16} in {count_text(earned.trades, 'trade')}"


def _since(earned: "Earned") -> str:
    from fairway.texts.display import moment_text

    return f"since {moment_text(earned.since)} UTC" if earned.since else "in all"


def _held(held: "Held", now: int) -> Iterator[str]:
    from fairway.money.amount import text_of
    from fairway.texts.display import NOTHING, number, signed
    from fairway.texts.durations import duration_words

    result = f"{signed(held.result.value, 2)} {held.result.asset}" if held.result is not None else NOTHING
    price = f"now {number(held.mark)}" if held.mark is not None else "without a price"
    yield f"    {held.symbol:<10} {text_of(held.quantity.value)} bought at {number(held.entry, 2)}, {price}: {result}"
    stop = f"stop {text_of(held.stop.value)}" if held.stop is not None else "NO STOP"
    target = f", target {text_of(held.target.value)}" if held.target is not None else ""
    part = "" if held.is_covered or held.stop is None else f" for {text_of(held.covered.value)} of it ONLY"
    yield f"    {'':<10} {stop}{part}{target}; held for {duration_words(max(0, now - held.opened_at))}"


def _trader(settings: Settings, now: int) -> str:
    """Whether a trader runs beside the journal, and when it last wrote."""
    from fairway.journal.port import JournalMissing
    from fairway.journal.sql import open_reader
    from fairway.journal.writer_lock import trouble_of
    from fairway.texts.durations import duration_words

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            last = journal.last()
    except JournalMissing:
        return "It has not been started yet."
    wrote = f"it wrote last {duration_words(max(0, now - last.at))} ago" if last is not None else "it has written nothing"
    if not isinstance(settings.journal, Path):
        return f"Of the trader: {wrote}."
    runs = "runs" if trouble_of(settings.journal) is not None else "does NOT run; its orders stay at the exchange"
    return f"The trader {runs}; {wrote}."


def _value(found: "Holdings", permissions: "AccountPermissions", why_not: str) -> dict[str, object]:
    import msgspec

    return {**msgspec.to_builtins(found), "stage": _stage(permissions), "why_not": why_not}
