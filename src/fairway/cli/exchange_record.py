"""The record of a practice exchange that opens again as it was: `fairway exchange serve --keep FILE`."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fairway.cli.exchange import DEFAULT_ACCOUNT, Options
from fairway.cli.exits import ExitCode, Failure
from fairway.exchange.order_record import Head, OrderRecord, RecordedCall, RecordUnusable, append_to, read_record
from fairway.world.chance import SystemChance
from fairway.world.clock import Instant

SEED_MAX: Final = 2**53
"""Any JSON reader takes a number below it exactly."""


@dataclass(frozen=True, slots=True)
class KeptExchange:
    """What a record holds. It is written to once what it holds was carried out again."""

    path: Path
    head: Head
    record: OrderRecord
    calls: list[RecordedCall]

    def begin(self) -> None:
        """From now on calls are recorded. Raises Failure."""
        with _failures(self.path):
            append_to(self.path, self.head, self.record)


def opened_record(path: Path, options: Options, now: Instant) -> KeptExchange:
    """The record in this file; where there is none, one of the options, which is not written yet. Raises Failure."""
    with _failures(path):
        head, calls = read_record(path) if path.exists() else (_head(options, now), [])
    return KeptExchange(path, head, OrderRecord(), calls)


def kept_options(options: Options, head: Head) -> Options:
    """The options with which the exchange of a record opened; where it listens, and its log, are as they were asked for."""
    return replace(options, seed=head.seed, history=head.history_ns, data=list(map(Path, head.data)), account=list(head.accounts))


@contextmanager
def _failures(path: Path) -> Iterator[None]:
    try:
        yield
    except RecordUnusable as error:
        raise Failure(f"--keep: {error}", ExitCode.DATA) from None
    except OSError as error:
        raise Failure(f"--keep {path} cannot be used: {error.strerror or error}", ExitCode.DATA) from None


def new_seed() -> int:
    """A seed that cannot be guessed, because the keys of accounts are made of it."""
    return SystemChance().seed % SEED_MAX


def _head(options: Options, now: Instant) -> Head:
    return Head(
        opened_at=now,
        seed=options.seed if options.seed is not None else new_seed(),
        history_ns=options.history,
        data=tuple(str(path.absolute()) for path in options.data or ()),
        accounts=tuple(options.account or (DEFAULT_ACCOUNT,)),
    )
