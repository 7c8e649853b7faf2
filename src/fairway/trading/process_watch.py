"""Measures the trader's process for all of its accounts: memory, the machine's clock, and once a minute the trader's own work."""

from collections.abc import Sequence

from fairway.risk.guards.memory import SAMPLE_NS
from fairway.risk.guards.port import Measured
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.input_queue import InputQueue
from fairway.trading.inputs import ClockCorrected, ClockJumped
from fairway.trading.journal_writer import JournalWriter
from fairway.trading.market_feed import MarketFeed
from fairway.trading.self_measurement import SelfMeasurement
from fairway.world.clock import SECOND, Clock, SteadyClock
from fairway.world.process_memory import ProcessMemory

LEAP_MAX_NS = 10 * SECOND
"""How far the machine's clock may be from the trader's before no position is opened any more. Exchanges refuse requests from a
clock that is further off."""


class ProcessWatch:
    def __init__(self, measurement: SelfMeasurement, memory: ProcessMemory, clock: Clock, inputs: InputQueue) -> None:
        self._measurement, self._memory, self._clock, self._inputs = measurement, memory, clock, inputs
        self._memory_measured_at = 0
        self._clock_has_leapt = False

    def measure_memory(self, now: int) -> None:
        """Reports to every account how many bytes the process that they share holds; at once for the first time."""
        if 0 <= now - self._memory_measured_at < SAMPLE_NS:
            return
        self._memory_measured_at, resident = now, self._memory.resident_bytes()
        if resident is not None:
            self._inputs.put(None, Measured(None, resident, now))

    async def record(self, executors: Sequence[AccountExecutor], feed: MarketFeed, writer: JournalWriter, now: int) -> None:
        """Journals the measurements once a minute; durable at once, because the readers of the journal take silence for death."""
        if self._measurement.is_due(now):
            venues = [feed.venue, *(executor.venue for executor in executors)]
            states = [executor.state for executor in executors]
            writer.note("", [self._measurement.measured(states, venues, feed.quote_ages(), now)], now)
            await writer.commit()

    def check_clock(self) -> None:
        """Reports to every account when the machine's clock was set, and when it was set right again."""
        by_ns = self._clock.leapt() if isinstance(self._clock, SteadyClock) else 0
        has_leapt = abs(by_ns) > LEAP_MAX_NS
        if has_leapt != self._clock_has_leapt:
            self._inputs.put(None, ClockJumped(by_ns) if has_leapt else ClockCorrected())
        self._clock_has_leapt = has_leapt
