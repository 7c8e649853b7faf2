"""Exit codes, and which error ends with which. Errors are named by text, so that naming them imports nothing.

docs/reference/exit-codes.md is this table in words; a test keeps the two equal.
"""

import errno
from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from fairway.operations.refusal import Refusal


class Exit(IntEnum):
    """What a command tells the shell. Each member's meaning stands in MEANINGS."""

    OK = 0
    NO = 1
    USAGE = 2
    SETTINGS = 3
    DATA = 4
    JOURNAL_MISSING = 5
    JOURNAL_BROKEN = 6
    JOURNAL_IN_USE = 7
    JOURNAL_FOREIGN = 8
    VENUE_UNREACHABLE = 9
    KEY_REFUSED = 10
    VENUE_REFUSED = 11
    PORT_IN_USE = 12
    DISK_FULL = 13
    FORBIDDEN = 14
    VAULT = 15
    FENCED = 16
    STRATEGY = 17
    BUG = 70
    HUNG_UP = 129
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


MEANINGS: Final[dict[Exit, str]] = {
    Exit.OK: "done",
    Exit.NO: "the command did its work, and its answer is no: `doctor` found a FAIL, a rule about users or accounts forbids it",
    Exit.USAGE: "the command line is wrong: an unknown command or option, a missing argument, a file that would be overwritten",
    Exit.SETTINGS: "the configuration or plan is missing or has mistakes, or a secret that it names is not there",
    Exit.DATA: "a data file is missing or broken",
    Exit.JOURNAL_MISSING: "there is no such journal or registry, or the file is none",
    Exit.JOURNAL_BROKEN: "the journal or registry was changed, cut or damaged, or holds a record that this release cannot read",
    Exit.JOURNAL_IN_USE: "another trader or pilot writes or has taken the journal, or another program locks it or the registry",
    Exit.JOURNAL_FOREIGN: "the journal or registry belongs to another mode, trader or newer release",
    Exit.VENUE_UNREACHABLE: "the venue cannot be reached, or does not answer",
    Exit.KEY_REFUSED: "the venue refuses the key: wrong, expired, without the right, or used from another address",
    Exit.VENUE_REFUSED: "the venue said no, or does not offer what is configured",
    Exit.PORT_IN_USE: "another program uses the network port",
    Exit.DISK_FULL: "no space is left on the disk",
    Exit.FORBIDDEN: "the system does not let this user read or write a file, or a database does not answer",
    Exit.VAULT: "keys in the vault do not open: another master key, or they were changed or moved",
    Exit.FENCED: "a later start of the same run has taken over the account, so this one sent nothing more",
    Exit.STRATEGY: "the strategy's own code failed; the message names its file and line",
    Exit.BUG: "a mistake in Fairway itself; details are in the crash file that the message names",
    Exit.HUNG_UP: "stopped because its terminal was closed (SIGHUP)",
    Exit.INTERRUPTED: "stopped by Ctrl-C",
    Exit.READER_GONE: "the program that read the output ended first, as `head` does",
    Exit.TERMINATED: "stopped by SIGTERM",
}

ERRORS: Final[dict[str, Exit]] = {
    "fairway.texts.problems.FileError": Exit.SETTINGS,
    "fairway.launch.evidence.importers.port.ImportFailed": Exit.DATA,
    "fairway.launch.evidence.importers.port.UnknownImporter": Exit.USAGE,
    "fairway.launch.evidence.importers.port.BrokenImporter": Exit.USAGE,
    "fairway.settings.secret.SecretMissing": Exit.SETTINGS,
    "fairway.strategies.api.UnknownStrategy": Exit.SETTINGS,
    "fairway.strategies.api.BrokenStrategy": Exit.SETTINGS,
    "fairway.risk.guards.registry.BrokenGuard": Exit.SETTINGS,
    "fairway.strategies.api.StrategyFailed": Exit.STRATEGY,
    "fairway.market.files.problems.BadData": Exit.DATA,
    "fairway.journal.port.JournalMissing": Exit.JOURNAL_MISSING,
    "fairway.journal.port.JournalBroken": Exit.JOURNAL_BROKEN,
    "fairway.journal.port.JournalLocked": Exit.JOURNAL_IN_USE,
    "fairway.journal.port.JournalFenced": Exit.JOURNAL_IN_USE,
    "fairway.journal.port.JournalForeign": Exit.JOURNAL_FOREIGN,
    "fairway.journal.port.JournalFull": Exit.DISK_FULL,
    "fairway.journal.port.JournalUnwritable": Exit.FORBIDDEN,
    "fairway.store.failures.StoreMissing": Exit.JOURNAL_MISSING,
    "fairway.store.failures.StoreBroken": Exit.JOURNAL_BROKEN,
    "fairway.store.failures.StoreLocked": Exit.JOURNAL_IN_USE,
    "fairway.store.failures.StoreForeign": Exit.JOURNAL_FOREIGN,
    "fairway.store.failures.StoreFull": Exit.DISK_FULL,
    "fairway.store.failures.StoreUnwritable": Exit.FORBIDDEN,
    "fairway.venues.port.KeyRefused": Exit.KEY_REFUSED,
    "fairway.venues.port.Rejected": Exit.VENUE_REFUSED,
    "fairway.venues.port.Unreachable": Exit.VENUE_UNREACHABLE,
    "fairway.venues.port.Ambiguous": Exit.VENUE_UNREACHABLE,
    "fairway.assembly.opening.CannotTrade": Exit.VENUE_REFUSED,
    "fairway.trading.other_writers.Fenced": Exit.FENCED,
    "fairway.launch.control.pilot.Fenced": Exit.FENCED,
    "fairway.assembly.tower.NotBegun": Exit.NO,
    "fairway.assembly.launched_accounts.AccountTaken": Exit.NO,
    "fairway.launch.observation.probing.TokenMissing": Exit.SETTINGS,
    "fairway.launch.evidence.survey.SurveyError": Exit.DATA,
    "fairway.launch.control.decision.NoSuchDecision": Exit.USAGE,
    "fairway.people.problems.ChangeRefused": Exit.NO,
    "fairway.people.problems.SecretUnusable": Exit.SETTINGS,
    "fairway.people.problems.VaultError": Exit.VAULT,
}
"""By the error's full name; a subclass ends like the nearest ancestor that is listed."""

ADVICE: Final[dict[Exit, str]] = {
    Exit.VENUE_UNREACHABLE: "; is it running, and are the network and the key venue.url right?",
    Exit.KEY_REFUSED: "; check venue.key and venue.secret, and at the venue the key's rights and addresses",
}
"""What a person may look at where the error itself, in the venue's words, does not say."""

_SYSTEM: Final[dict[int, tuple[Exit, str]]] = {
    errno.ENOSPC: (Exit.DISK_FULL, "no space is left on the disk; free some, and start again"),
    errno.EDQUOT: (Exit.DISK_FULL, "this user's share of the disk is used up; free some, and start again"),
    errno.EFBIG: (Exit.DISK_FULL, "the file would be larger than this disk or this user may hold"),
    errno.EACCES: (Exit.FORBIDDEN, "the system does not permit it; check the file's owner and rights"),
    errno.EPERM: (Exit.FORBIDDEN, "the system does not permit it; check the file's owner and rights"),
    errno.EROFS: (Exit.FORBIDDEN, "it is on a disk that is read-only"),
    errno.EADDRINUSE: (Exit.PORT_IN_USE, "another program uses this port; stop it, or choose another port"),
    errno.ENOENT: (Exit.DATA, "there is no such file"),
    errno.ENOTDIR: (Exit.DATA, "a part of this path is no directory"),
    errno.EISDIR: (Exit.DATA, "this is a directory; name a file"),
}


_REFUSAL: Final = "fairway.operations.refusal.Refusal"
_GROUNDS: Final[dict[str, Exit]] = {
    "input": Exit.USAGE,
    "rule": Exit.NO,
    "permission": Exit.NO,
    "configuration": Exit.SETTINGS,
    "in use": Exit.JOURNAL_IN_USE,
    "key refused": Exit.KEY_REFUSED,
    "venue unreachable": Exit.VENUE_UNREACHABLE,
}
"""By the ground of a refusal: how the command ends."""
_GIVEN_UP: Final = "fairway.world.tasks.CrashBudgetSpent"
"""Work that failed again and again; its cause says why."""


class Failure(Exception):
    """A command cannot go on, for a reason that a person understands: one sentence, and how the command ends."""

    def __init__(self, message: str, code: Exit) -> None:
        super().__init__(message)
        self.code = code


def known(error: BaseException) -> tuple[Exit, str] | None:
    """How a known error ends, and its sentence; None for a bug. Of several at once the first, where all are known."""
    leaves = list(_leaves(error))
    told = [_known_leaf(leaf) for leaf in leaves]
    return None if None in told else told[0]


def _known_leaf(error: BaseException) -> tuple[Exit, str] | None:
    if isinstance(error, Failure):
        return error.code, str(error)
    if any(_name(kind) == _REFUSAL for kind in type(error).__mro__):
        return _of_refusal(cast("Refusal", error))
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED, MEANINGS[Exit.INTERRUPTED]
    if _name(type(error)) == _GIVEN_UP and error.__cause__ is not None:
        return known(error.__cause__)
    for kind in type(error).__mro__:
        code = ERRORS.get(_name(kind))
        if code is not None:
            return code, f"{str(error).removesuffix('.')}{ADVICE.get(code, '')}"
    if isinstance(error, OSError) and error.errno in _SYSTEM:
        code, why = _SYSTEM[error.errno]
        return code, f"{error.filename}: {why}" if error.filename else why
    return None


def _of_refusal(refusal: "Refusal") -> tuple[Exit, str]:
    """A refusal ends as the error that caused it, where there is one. A field of the request is an option here."""
    caused = known(refusal.cause) if refusal.cause is not None else None
    code = caused[0] if caused else _GROUNDS[refusal.ground.value]
    return code, refusal.sentence(f"--{refusal.field.replace('_', '-')}")


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def check_new_file(path: Path, *, force: bool) -> None:
    """A file that a command is to write: nothing is overwritten unasked. Raises Failure."""
    if not path.parent.is_dir():
        raise Failure(f"there is no directory {path.parent}; make it first", Exit.USAGE)
    if path.exists() and not force:
        raise Failure(f"{path} is already there and was left as it is; give another name, or --force", Exit.USAGE)
