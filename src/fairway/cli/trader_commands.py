"""`fairway pause`, `lift` and `lease`: what a person tells a trader. It hears within a second, and answers in its own journal.

They end with 0 only where the trader has said that it did so.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from fairway.cli.durations import duration
from fairway.cli.exits import Exit, Failure
from fairway.cli.send_command import chosen, given, load_to_lower, option_of, permissions_of, speak, waiting
from fairway.cli.shared_options import USUAL, ByAnyone, Config, Flag, OfSeveral, Why
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions

LEASE_LONGEST: Final = "7d"
"""Leave that nobody renews for longer is no lease."""


def pause(
    config: Config = USUAL,
    /,
    *,
    reason: Why,
    account: OfSeveral = "",
    everyone: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Tell a trader to open nothing. What is held stays, with its stop and target, until a person lifts it.

    Parameters
    ----------
    everyone: bool
        All accounts of the trader: the breaker L3.
    """
    from fairway.journal.commands import Pause, StopEveryone
    from fairway.risk import breakers

    settings, reason = load_to_lower(config), given(reason, "a holiday")
    whose = _whose_to_pause(settings, account, everyone=everyone)
    wish = StopEveryone(reason=reason) if everyone else Pause(reason=reason, account=whose)
    cap, option = (f"'{breakers.EVERYONE}'", " --everyone") if everyone else ("paused", option_of(settings, whose))
    then = f'it opens nothing; to go on: fairway lift {config} {cap}{option} --reason "..."'
    return speak(settings, wish, by, then)


def lift(
    config: Config,
    cap: str,
    /,
    *,
    reason: str,
    account: OfSeveral = "",
    everyone: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Tell a trader that a reason to be careful has gone. `fairway caps` lists them, and who may lift each.

    Parameters
    ----------
    cap: str
        The cap, as `fairway caps` shows it, such as paused.
    reason: str
        Why it may go; it goes into the journal.
    everyone: bool
        In all accounts of the trader.
    """
    from fairway.journal.commands import LiftCap

    settings, reason = load(config), given(reason, "the feed is mended")
    whose = _whose(settings, account, everyone=everyone)
    _check_lift(settings, config, whose, cap)
    return speak(settings, LiftCap(reason=reason, account=whose, cap_id=cap), by, f"what else is in force: fairway caps {config}")


def _check_lift(settings: Settings, config: Path, whose: str, cap_id: str) -> None:
    """What the trader would refuse is told at once; whose: "" where one account that has it is enough. Raises Failure."""
    from fairway.reports.refusals import in_words
    from fairway.risk.caps import Cap
    from fairway.trading.command_handler import why_not_lifted
    from fairway.world.clock import SystemClock

    found: Sequence[dict[str, Cap]] = [
        permissions.caps for name, permissions in permissions_of(settings).items() if whose in ("", name)
    ]
    known = dict.fromkeys([*(each for caps in found for each in caps), *_asked_for(settings)])
    if cap_id == "settings":
        raise Failure(f"'settings' stays: it ends with a change of {config} and a restart", Exit.NO)
    if cap_id not in known:
        there = f"in force are: {', '.join(known)}" if known else "none is in force that could be lifted"
        raise Failure(f"no cap {cap_id!r} is in force for {whose or 'any account'}; {there}", Exit.USAGE)
    refused = [why_not_lifted(caps, cap_id, SystemClock().now()) for caps in found if cap_id in caps]
    if refused and all(refused):
        raise Failure(f"{cap_id!r} stays: {in_words(refused[0])} ({refused[0]})", Exit.NO)


def _asked_for(settings: Settings) -> list[str]:
    """Caps that were asked for while no trader ran: whoever takes a pause back is heard after it."""
    from fairway.journal.commands import Pause, StopEveryone
    from fairway.risk import breakers

    heard = max((permissions.heard for permissions in permissions_of(settings).values()), default=0)
    ids = {Pause: "paused", StopEveryone: breakers.EVERYONE}
    return [ids[type(wish)] for _, _, wish in waiting(settings, heard) if type(wish) in ids]


def lease(
    config: Config = USUAL,
    /,
    *,
    length: Annotated[int, duration("12h", LEASE_LONGEST, names=["--for"])],
    reason: Why,
    account: OfSeveral = "",
    new_epoch: Flag = False,
    by: ByAnyone = "",
) -> int:
    """Issue a trader a lease to open positions for a while, or renew it. When it has run out, the trader opens nothing.

    Parameters
    ----------
    length: int
        For how long from now on, such as 12h; up to 7d. The bot's configuration has the key `lease: true`.
    new_epoch: bool
        Whoever granted the leases before can grant no more, as after a change of who is responsible.
    """
    from fairway.journal.commands import IssueLease
    from fairway.world.clock import SystemClock, text_of

    settings, reason = load(config), given(reason, "I am watching it tonight")
    if not settings.lease:
        raise Failure(f"this bot needs no lease; one that does has the key  lease: true  in {config}", Exit.USAGE)
    whose = chosen(settings, account)
    known = permissions_of(settings)
    last = known[whose].lease
    if not new_epoch:
        _check_no_stage(config, known, SystemClock().now())
    epoch, until = (last.epoch if last else 1) + new_epoch, SystemClock().now() + length
    wish = IssueLease(reason=reason, account=whose, epoch=epoch, until=until)
    return speak(settings, wish, by, f"it may open positions until {text_of(until)}, as far as no other cap forbids it")


def _check_no_stage(config: Path, known: "Mapping[str, AccountPermissions]", now: int) -> None:
    """Whom a stage does not let in is let in by nobody beside it; the trader asks the same of its own account. Raises Failure."""
    if any(permissions.lease and permissions.lease.stage and not permissions.lacks_lease(now) for permissions in known.values()):
        raise Failure(
            f"a launch issues the leases of this trader's accounts; `fairway launch explain {config}` says what it waits for; "
            "with --new-epoch its leases are taken over, and its pilot can issue no more",
            Exit.NO,
        )


def _whose_to_pause(settings: Settings, account: str, *, everyone: bool) -> str:
    """A journal that cannot be read keeps no pause from being written down: the account's name is then taken as it is."""
    from fairway.journal.port import JournalError

    try:
        return _whose(settings, account, everyone=everyone)
    except JournalError:
        if not account:
            raise
        return account


def _whose(settings: Settings, account: str, *, everyone: bool) -> str:
    """The account that is meant, "" for all. Raises Failure."""
    if everyone and account:
        raise Failure("--everyone and --account do not go together; leave one of them out", Exit.USAGE)
    return "" if everyone else chosen(settings, account)
