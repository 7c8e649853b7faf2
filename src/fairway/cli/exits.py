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


class ExitCode(IntEnum):
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
    INSUFFICIENT = 18
    BUG = 70
    HUNG_UP = 129
    INTERRUPTED = 130
    READER_GONE = 141
    TERMINATED = 143


MEANINGS: Final[dict[ExitCode, str]] = {
    ExitCode.OK: "done",
    ExitCode.NO: (
        "the command did its work, and its answer is no: `doctor` found a FAIL, a rule about users or accounts forbids it"
    ),
    ExitCode.USAGE: (
        "the command line is wrong: an unknown command or option, a missing argument, a file that would be overwritten"
    ),
    ExitCode.SETTINGS: "the configuration or plan is missing or has mistakes, or a secret that it names is not there",
    ExitCode.DATA: "a data file is missing or broken",
    ExitCode.JOURNAL_MISSING: "there is no such journal or registry, or the file is none",
    ExitCode.JOURNAL_BROKEN: (
        "the journal or registry was changed, cut or damaged, or holds a record that this release cannot read"
    ),
    ExitCode.JOURNAL_IN_USE: (
        "another trader or pilot writes or has taken the journal, or another program locks it or the registry"
    ),
    ExitCode.JOURNAL_FOREIGN: "the journal or registry belongs to another mode, trader or newer release",
    ExitCode.VENUE_UNREACHABLE: "the venue cannot be reached, or does not answer",
    ExitCode.KEY_REFUSED: "the venue refuses the key: wrong, expired, without the right, or used from another address",
    ExitCode.VENUE_REFUSED: "the venue said no, or does not offer what is configured",
    ExitCode.PORT_IN_USE: "another program uses the network port",
    ExitCode.DISK_FULL: "no space is left on the disk",
    ExitCode.FORBIDDEN: "the system does not let this user read or write a file, or a database does not answer",
    ExitCode.VAULT: "keys in the vault do not open: another master key, or they were changed or moved",
    ExitCode.FENCED: "a later start of the same run has taken over the account, so this one sent nothing more",
    ExitCode.STRATEGY: "the strategy's own code failed; the message names its file and line",
    ExitCode.INSUFFICIENT: "the command did its work, and what it saw is too little for an answer",
    ExitCode.BUG: "a mistake in Fairway itself; details are in the crash file that the message names",
    ExitCode.HUNG_UP: "stopped because its terminal was closed (SIGHUP)",
    ExitCode.INTERRUPTED: "stopped by Ctrl-C",
    ExitCode.READER_GONE: "the program that read the output ended first, as `head` does",
    ExitCode.TERMINATED: "stopped by SIGTERM",
}

ERRORS: Final[dict[str, ExitCode]] = {
    "fairway.texts.problems.FileError": ExitCode.SETTINGS,
    "fairway.launch.evidence.importers.port.ImportFailed": ExitCode.DATA,
    "fairway.launch.evidence.importers.port.UnknownImporter": ExitCode.USAGE,
    "fairway.launch.evidence.importers.port.BrokenImporter": ExitCode.USAGE,
    "fairway.world.secret.SecretMissing": ExitCode.SETTINGS,
    "fairway.strategies.api.UnknownStrategy": ExitCode.SETTINGS,
    "fairway.strategies.api.BrokenStrategy": ExitCode.SETTINGS,
    "fairway.risk.guards.registry.BrokenGuard": ExitCode.SETTINGS,
    "fairway.strategies.api.StrategyFailed": ExitCode.STRATEGY,
    "fairway.market.files.problems.BadData": ExitCode.DATA,
    "fairway.journal.port.JournalMissing": ExitCode.JOURNAL_MISSING,
    "fairway.journal.port.JournalBroken": ExitCode.JOURNAL_BROKEN,
    "fairway.journal.port.JournalLocked": ExitCode.JOURNAL_IN_USE,
    "fairway.journal.port.JournalBehind": ExitCode.JOURNAL_IN_USE,
    "fairway.journal.port.JournalFenced": ExitCode.JOURNAL_IN_USE,
    "fairway.journal.port.JournalForeign": ExitCode.JOURNAL_FOREIGN,
    "fairway.journal.port.JournalFull": ExitCode.DISK_FULL,
    "fairway.journal.port.JournalUnwritable": ExitCode.FORBIDDEN,
    "fairway.store.failures.StoreMissing": ExitCode.JOURNAL_MISSING,
    "fairway.store.failures.StoreBroken": ExitCode.JOURNAL_BROKEN,
    "fairway.store.failures.StoreLocked": ExitCode.JOURNAL_IN_USE,
    "fairway.store.failures.StoreForeign": ExitCode.JOURNAL_FOREIGN,
    "fairway.store.failures.StoreFull": ExitCode.DISK_FULL,
    "fairway.store.failures.StoreUnwritable": ExitCode.FORBIDDEN,
    "fairway.venues.port.KeyRefused": ExitCode.KEY_REFUSED,
    "fairway.venues.port.Rejected": ExitCode.VENUE_REFUSED,
    "fairway.venues.port.Unreachable": ExitCode.VENUE_UNREACHABLE,
    "fairway.venues.port.Ambiguous": ExitCode.VENUE_UNREACHABLE,
    "fairway.assembly.opening.CannotTrade": ExitCode.VENUE_REFUSED,
    "fairway.trading.other_writers.Fenced": ExitCode.FENCED,
    "fairway.proving.soak.real.NothingRuns": ExitCode.JOURNAL_MISSING,
    "fairway.launch.control.pilot.PilotFenced": ExitCode.FENCED,
    "fairway.assembly.tower.NotBegun": ExitCode.NO,
    "fairway.assembly.launched_accounts.AccountTaken": ExitCode.NO,
    "fairway.launch.observation.probing.TokenMissing": ExitCode.SETTINGS,
    "fairway.launch.evidence.survey.SurveyError": ExitCode.DATA,
    "fairway.launch.control.decision.NoSuchDecision": ExitCode.USAGE,
    "fairway.people.problems.ChangeRefused": ExitCode.NO,
    "fairway.people.problems.SecretUnusable": ExitCode.SETTINGS,
    "fairway.people.problems.VaultError": ExitCode.VAULT,
}
"""By the error's full name; a subclass ends like the nearest ancestor that is listed."""

ADVICE: Final[dict[ExitCode, str]] = {
    ExitCode.VENUE_UNREACHABLE: "; is it running, and are the network and the key venue.url right?",
    ExitCode.KEY_REFUSED: "; check venue.key and venue.secret, and at the venue the key's rights and addresses",
}
"""What a person may look at where the error itself, in the venue's words, does not say."""

_SYSTEM: Final[dict[int, tuple[ExitCode, str]]] = {
    errno.ENOSPC: (ExitCode.DISK_FULL, "no space is left on the disk; free some, and start again"),
    errno.EDQUOT: (ExitCode.DISK_FULL, "this user's share of the disk is used up; free some, and start again"),
    errno.EFBIG: (ExitCode.DISK_FULL, "the file would be larger than this disk or this user may hold"),
    errno.EACCES: (ExitCode.FORBIDDEN, "the system does not permit it; check the file's owner and rights"),
    errno.EPERM: (ExitCode.FORBIDDEN, "the system does not permit it; check the file's owner and rights"),
    errno.EROFS: (ExitCode.FORBIDDEN, "it is on a disk that is read-only"),
    errno.EADDRINUSE: (ExitCode.PORT_IN_USE, "another program uses this port; stop it, or choose another port"),
    errno.ENOENT: (ExitCode.DATA, "there is no such file"),
    errno.ENOTDIR: (ExitCode.DATA, "a part of this path is no directory"),
    errno.EISDIR: (ExitCode.DATA, "this is a directory; name a file"),
}


_REFUSAL: Final = "fairway.operations.refusal.Refusal"
_GROUNDS: Final[dict[str, ExitCode]] = {
    "input": ExitCode.USAGE,
    "rule": ExitCode.NO,
    "permission": ExitCode.NO,
    "configuration": ExitCode.SETTINGS,
    "in use": ExitCode.JOURNAL_IN_USE,
    "key refused": ExitCode.KEY_REFUSED,
    "venue unreachable": ExitCode.VENUE_UNREACHABLE,
}
"""By the ground of a refusal: how the command ends."""
_GIVEN_UP: Final = "fairway.world.tasks.CrashBudgetSpent"
"""Work that failed again and again; its cause says why."""


class Failure(Exception):
    """A command cannot go on, for a reason that a person understands: one sentence, and how the command ends."""

    def __init__(self, message: str, code: ExitCode) -> None:
        super().__init__(message)
        self.code = code


def known(error: BaseException) -> tuple[ExitCode, str] | None:
    """How a known error ends, and its sentence; None for a bug. Of several at once the first, where all are known."""
    leaves = list(_leaves(error))
    endings = [_known_leaf(leaf) for leaf in leaves]
    return None if None in endings else endings[0]


def _known_leaf(error: BaseException) -> tuple[ExitCode, str] | None:
    if isinstance(error, Failure):
        return error.code, str(error)
    if any(_name(kind) == _REFUSAL for kind in type(error).__mro__):
        return _of_refusal(cast("Refusal", error))
    if isinstance(error, KeyboardInterrupt):
        return ExitCode.INTERRUPTED, MEANINGS[ExitCode.INTERRUPTED]
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


def _of_refusal(refusal: "Refusal") -> tuple[ExitCode, str]:
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
        raise Failure(f"there is no directory {path.parent}; make it first", ExitCode.USAGE)
    if path.exists() and not force:
        raise Failure(f"{path} is already there and was left as it is; give another name, or --force", ExitCode.USAGE)
