"""Exit codes: the page says what the code does, and every error that is listed exists."""

import errno
import importlib
from pathlib import Path

from fairway.cli.exits import ERRORS, MEANINGS, ExitCode, Failure, known

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "exit-codes.md"


def test_the_page_lists_every_code_in_the_same_words() -> None:
    """Each code once, with its meaning; a code without one fails here."""
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert rows == [f"| {code.value} | `{code.name}` | {MEANINGS[code]} |" for code in ExitCode]


def test_every_listed_error_exists_and_ends_as_listed() -> None:
    """A renamed error would end as a bug; this finds it first."""
    for name, code in ERRORS.items():
        module, _, kind = name.rpartition(".")
        error = getattr(importlib.import_module(module), kind)
        assert issubclass(error, Exception), name
        told = known(error.__new__(error))
        assert told is not None, name
        assert told[0] is code, name


def test_a_subclass_ends_like_its_nearest_ancestor() -> None:
    """A venue that says "too many requests" said no; an unreadable record is a broken journal."""
    from fairway.journal.port import UnreadableRecord
    from fairway.venues.port import KeyRefused, Throttled, Unreachable

    assert known(Throttled("wait", retry_at=1)) == (ExitCode.VENUE_REFUSED, "wait")
    look = "check venue.key and venue.secret, and at the venue the key's rights and addresses"
    assert known(KeyRefused("revoked.")) == (ExitCode.KEY_REFUSED, f"revoked; {look}")
    where = "is it running, and are the network and the key venue.url right?"
    assert known(Unreachable("no route")) == (ExitCode.VENUE_UNREACHABLE, f"no route; {where}")
    told = known(UnreadableRecord(7, "Moon", 1, "why"))
    assert told == (ExitCode.JOURNAL_BROKEN, "record 7 (Moon, version 1) cannot be read: why")


def test_errors_of_the_system_are_told_with_their_file() -> None:
    """A full disk, a missing right, a port in use: what happened and what may be done."""
    full = OSError(errno.ENOSPC, "No space left on device", "/data/report.html")
    assert known(full) == (ExitCode.DISK_FULL, "/data/report.html: no space is left on the disk; free some, and start again")
    taken = known(OSError(errno.EADDRINUSE, "address already in use"))
    assert taken == (ExitCode.PORT_IN_USE, "another program uses this port; stop it, or choose another port")
    assert known(OSError(errno.EBADF, "Bad file descriptor")) is None


def test_several_errors_at_once_are_known_only_together() -> None:
    """Tasks that fail together are told by the first; a bug among them stays a bug."""
    no = Failure("no", ExitCode.NO)
    assert known(ExceptionGroup("tasks", [no, OSError(errno.EACCES, "Permission denied")])) == (ExitCode.NO, "no")
    assert known(ExceptionGroup("tasks", [no, ExceptionGroup("more", [ValueError("bug")])])) is None
