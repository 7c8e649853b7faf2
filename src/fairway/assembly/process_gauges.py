"""Gauges of the running system: which processes are up, how often they crashed, what they use, and how full the disk is."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from fairway.assembly.system_status import ChildState, SystemStatus, place_of, read_status
from fairway.settings import Settings
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.world.clock import SECOND, Clock
from fairway.world.resource_use import ResourceUse

SPAN_NS: Final = 10 * SECOND
"""Over which the use of processors is averaged; a rule says for how long it may be high."""
UP: Final = frozenset({ChildState.READY, ChildState.STARTING})
"""A process that starts is not reported as down: it is restarted within seconds, and crashes are counted by themselves."""


@dataclass(slots=True)
class ProcessGauges:
    """Of one configuration, whose processes `fairway up` supervises."""

    settings: Settings
    clock: Clock
    use: ResourceUse
    _used: dict[int, tuple[int, float]] = field(default_factory=dict)
    """By process id, when its processor time was read (monotonic ns), and what it was (s)."""
    _ratios: dict[int, float] = field(default_factory=dict)

    def gauges(self) -> Gauges:
        """As it is now. Without a supervisor the processes are unknown, and only the disk is known. Raises nothing."""
        found: dict[str, tuple[GaugeSample, ...]] = {}
        status = _status(self.settings)
        if status is not None:
            found |= self._of_processes(status)
        journal = self.settings.journal
        free = self.use.free_share(journal.parent if isinstance(journal, Path) else self.settings.latch_folder)
        if free is not None:
            found["fairway_disk_free_ratio"] = (GaugeSample(free),)
        return found

    def _of_processes(self, status: SystemStatus) -> Gauges:
        children = status.children
        return {
            "fairway_process_up": tuple(
                GaugeSample(float(each.state in UP), {"process": each.name})
                for each in children
                if each.state not in (ChildState.STOPPED, ChildState.IDLE)
            ),
            "fairway_process_ended": tuple(
                GaugeSample(float(each.state is ChildState.ENDED), {"process": each.name}) for each in children
            ),
            "fairway_process_crashes_total": tuple(GaugeSample(float(each.crashes), {"process": each.name}) for each in children),
            "fairway_safe_mode": (GaugeSample(float(bool(status.safe_mode))),),
            "fairway_process_cpu_ratio": tuple(
                GaugeSample(ratio, {"process": each.name})
                for each in children
                if each.process_id and (ratio := self._ratio(each.process_id)) is not None
            ),
        }

    def _ratio(self, process_id: int) -> float | None:
        """Of one core, over the last ten seconds or more; None before that."""
        now, used_s = self.clock.monotonic(), self.use.processor_seconds(process_id)
        if used_s is None:
            return None
        since, before_s = self._used.setdefault(process_id, (now, used_s))
        if now - since >= SPAN_NS:
            self._ratios[process_id] = (used_s - before_s) * SECOND / (now - since)
            self._used[process_id] = (now, used_s)
        return self._ratios.get(process_id)


def _status(settings: Settings) -> SystemStatus | None:
    try:
        return read_status(place_of(settings))
    except OSError:
        return None
