"""The probe: what a trader measures of itself, gathered for a minute and then told as one event."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from fairway.journal.kinds import ProcessMeasured
from fairway.trading.account_state import AccountState
from fairway.trading.schedule import RECONCILE_NS
from fairway.trading.watchdog import NAKED_MAX_NS
from fairway.venues.calls import calls_of
from fairway.venues.port import Venue
from fairway.world.clock import MICROSECOND, MINUTE
from fairway.world.process_memory import ProcessMemory

EVERY_NS: Final = MINUTE
TIED_MAX_NS: Final = 5 * MINUTE
"""Balances that differ for so long, though the venue answers, are no news on its way any more; or for so long as it takes to ask
twice, where an account's venue is asked more seldom."""
BOUNDS_US: Final = tuple(step * 10**power for power in range(1, 8) for step in (1, 2, 5))
"""From 10 µs to 50 s: a commit counts as the next of these above it, so that what is asked of it is never told too well."""


class SelfMeasurement:
    """began_at: when the trader was made (ns)."""

    def __init__(self, memory: ProcessMemory, began_at: int, reconcile_ns: int = RECONCILE_NS) -> None:
        self._tied_max_ns = max(TIED_MAX_NS, 2 * reconcile_ns)
        self._footprint, self._began_at, self._since = memory, began_at, began_at
        self._lag_ns = self._failed = 0
        self._commits: dict[int, int] = {}
        self._known: dict[object, tuple[int, int]] = {}
        """What was counted of each account, and of each venue, when it was told last."""

    def late(self, by_ns: int) -> None:
        """A tick came so much later than it was to."""
        self._lag_ns = max(self._lag_ns, by_ns)

    def committed(self, took_ns: int) -> None:
        bound = next((bound for bound in BOUNDS_US if took_ns <= bound * MICROSECOND), BOUNDS_US[-1])
        self._commits[bound] = self._commits.get(bound, 0) + 1

    def not_committed(self) -> None:
        self._failed += 1

    def is_due(self, now: int) -> bool:
        """Also where the clock was set back, because the elapsed time is unknown then."""
        return not 0 <= now - self._since < EVERY_NS

    def measured(
        self, states: Sequence[AccountState], venues: Iterable[Venue], data: Mapping[str, int | None], now: int
    ) -> ProcessMeasured:
        """All that was gathered, and what can be seen now; the next minute begins. data: by symbol, the age of its quote (ns)."""
        reconciled = [self._news(state.config.account, state.transient.reconciled, state.transient.differing) for state in states]
        counted = {id(venue): kept for venue in venues if (kept := calls_of(venue)) is not None}
        calls = [self._news(key, each.answered, each.failed) for key, each in counted.items()]
        asked = [state for state in states if state.transient.asked_at and now - state.transient.asked_at <= self._tied_max_ns]
        untied = sum(state.transient.asked_at - state.money.tied_at > self._tied_max_ns for state in asked)
        told = ProcessMeasured(
            since=self._since,
            resident_bytes=self._footprint.resident_bytes(),
            loop_lag_ns=self._lag_ns,
            data_age_ns=max((now - self._began_at if age is None else age for age in data.values()), default=None),
            commits=dict(sorted(self._commits.items())),
            commits_failed=self._failed,
            calls=sum(answered + failed for answered, failed in calls),
            calls_failed=sum(failed for _, failed in calls),
            reconciled=sum(exact for exact, _ in reconciled),
            differing=sum(off for _, off in reconciled),
            tied=len(asked) - untied,
            untied=untied,
            positions=sum(len(state.money.ledger.positions) for state in states),
            unprotected=sum(_unprotected(state, now) for state in states),
        )
        self._since, self._lag_ns, self._failed = now, 0, 0
        self._commits.clear()
        return told

    def _news(self, key: object, good: int, bad: int) -> tuple[int, int]:
        """What was counted since the last time; all of it where the count began again."""
        was_good, was_bad = self._known.get(key, (0, 0))
        self._known[key] = good, bad
        is_anew = good < was_good or bad < was_bad
        return (good, bad) if is_anew else (good - was_good, bad - was_bad)


def _unprotected(state: AccountState, now: int) -> int:
    """Positions without their whole protection for longer than may be; one that a person closes is not watched."""
    return sum(
        now - since > NAKED_MAX_NS and symbol in state.money.ledger.positions and not state.limits.of(symbol).hands_off
        for symbol, since in state.protection.naked_since.items()
    )
