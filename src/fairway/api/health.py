"""Says how each part of a system is, from what the parts write: journals, their locks, and the supervisor's status."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import BaseModel

import fairway
from fairway.assembly.system_status import WELL, ChildState, SystemStatus, place_of, read_status
from fairway.journal.port import JournalError, JournalMissing
from fairway.journal.sql import open_reader
from fairway.journal.writer_lock import trouble_of
from fairway.launch.control.command_inbox import launch_beside
from fairway.launch.control.leases import SILENT_AFTER_NS
from fairway.operations.held_processes import PILOT
from fairway.settings import Settings
from fairway.store.place import Place
from fairway.texts.durations import duration_words
from fairway.world.clock import MILLISECOND, Clock, text_of


class Health(StrEnum):
    OK = "ok"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It cannot be seen from here, which is no good sign."""


class ComponentHealth(BaseModel):
    """One part of the system. latency_ms: how long the question took. why: "" where it is ok."""

    status: Health
    latency_ms: float
    why: str = ""


class SystemHealth(BaseModel):
    """All parts. status: `healthy` where each is ok, else `unhealthy`. timestamp: an instant in UTC."""

    status: str
    timestamp: str
    version: str
    components: dict[str, ComponentHealth]

    @property
    def is_well(self) -> bool:
        return self.status == HEALTHY


HEALTHY: Final = "healthy"
UNHEALTHY: Final = "unhealthy"
Check = Callable[[], tuple[Health, str]]


def health_of(settings: Settings, clock: Clock) -> SystemHealth:
    """Asks each part; none of it is remembered, and nothing is written. Raises nothing that a part does wrong."""
    found = {name: _asked(check, clock) for name, check in checks(settings, clock).items()}
    is_well = all(each.status is Health.OK for each in found.values())
    return SystemHealth(
        status=HEALTHY if is_well else UNHEALTHY,
        timestamp=text_of(clock.now()),
        version=fairway.__version__,
        components=found,
    )


def checks(settings: Settings, clock: Clock) -> Mapping[str, Check]:
    """By the part's name; a part that this configuration does not have is not among them."""
    return dict(_checks(settings, clock))


def _checks(settings: Settings, clock: Clock) -> Iterator[tuple[str, Check]]:
    yield "journal", lambda: _journal(settings)
    yield "trader", lambda: _trader(settings, clock)
    status = read_status(place_of(settings))
    if settings.up.plan and not _has_idle_pilot(status):
        yield "pilot", lambda: pilot_health(settings)
    if status is not None:
        yield "processes", lambda: _processes(status)


def pilot_health(settings: Settings) -> tuple[Health, str]:
    """Of the pilot beside a trader's journal, also where it was started by hand."""
    return _writes(launch_beside(settings.journal), "no pilot runs; start it with: fairway launch start")


def _asked(check: Check, clock: Clock) -> ComponentHealth:
    began = clock.monotonic()
    try:
        status, why = check()
    except (JournalError, OSError) as error:
        status, why = Health.FAILED, str(error)
    return ComponentHealth(status=status, why=why, latency_ms=round((clock.monotonic() - began) / MILLISECOND, 3))


def _journal(settings: Settings) -> tuple[Health, str]:
    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            journal.last()
    except JournalMissing:
        return Health.UNKNOWN, "no journal exists yet: the trader was never started"
    return Health.OK, ""


def _trader(settings: Settings, clock: Clock) -> tuple[Health, str]:
    """Running, able to write, and not silent: a running trader writes at least once a minute."""
    status, why = _writes(settings.journal, "no trader runs; start it with: fairway run")
    if status is not Health.OK:
        return status, why
    with open_reader(settings.journal, trader=settings.account) as journal:
        last = journal.last()
    silent_ns = clock.now() - last.at if last is not None else 0
    if silent_ns > SILENT_AFTER_NS:
        return Health.FAILED, f"the trader has been silent for {duration_words(silent_ns)}"
    return Health.OK, ""


def _writes(journal: Place, missing: str) -> tuple[Health, str]:
    if not isinstance(journal, Path):
        return Health.OK, ""
    trouble = trouble_of(journal)
    if trouble is None:
        return Health.FAILED, missing
    return (Health.FAILED, trouble) if trouble else (Health.OK, "")


def _has_idle_pilot(status: SystemStatus | None) -> bool:
    """Whether no launch was begun yet: then nothing is wrong."""
    return status is not None and any(each.name == PILOT and each.state is ChildState.IDLE for each in status.children)


def _processes(status: SystemStatus) -> tuple[Health, str]:
    if status.safe_mode:
        return Health.FAILED, f"safe mode: {status.safe_mode}"
    down = [f"{each.name} is {each.state}" for each in status.children if each.state not in WELL]
    return (Health.FAILED, "; ".join(down)) if down else (Health.OK, "")
