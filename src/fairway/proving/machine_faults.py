"""Faults of the trader's machine: the process, the network, the clock, the disk and the journal on it."""

from collections.abc import Callable, Mapping
from typing import Final

from fairway.proving.fault import Acts, InjectedFault, add
from fairway.proving.harness import HOST, TRADER, Harness
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.links import jittered
from fairway.world.loop import running

NOTICED_WITHIN_S: Final = 32
"""A stream of an account may say nothing for thirty seconds by right; only then it is asked whether it lives."""


def _kill_nine(fault: InjectedFault, acts: Acts) -> None:
    add(acts, fault.since, lambda stage: _if_alive(stage.kill_trader))
    add(acts, fault.until, _come_back)


def _if_alive(act: Callable[[], object]) -> None:
    if TRADER in running().alive():
        act()


def _come_back(stage: Harness) -> None:
    if TRADER not in running().alive():
        stage.come_back()


def _cut(fault: InjectedFault, acts: Acts) -> None:
    add(acts, fault.since, lambda _: running().network.partition(TRADER, HOST))
    add(acts, fault.until, lambda _: running().network.heal(TRADER, HOST))


def _reset(fault: InjectedFault, acts: Acts) -> None:
    add(acts, fault.since, lambda _: running().network.cut(TRADER, HOST))


def _half_open(fault: InjectedFault, acts: Acts) -> None:
    """Neither end is told: only the deadline of a request, or the silence of a stream, shows it."""

    def fall_silent(stage: Harness) -> None:
        running().network.half_open(TRADER, HOST)
        stage.expect_little(NOTICED_WITHIN_S, "connections have fallen silent")

    add(acts, fault.since, fall_silent)


def _slow(fault: InjectedFault, acts: Acts) -> None:
    mean_ns = int(str(fault.options["mean_ms"])) * MILLISECOND

    def slow(stage: Harness) -> None:
        stage.expect_little(fault.until - fault.since + mean_ns / SECOND, "the network is slow")
        chance = running().chance.stream(f"slow from {fault.since}")
        running().network.shape(TRADER, HOST, latency=jittered(MILLISECOND, mean_ns, chance))

    add(acts, fault.since, slow)
    add(acts, fault.until, lambda _: running().network.shape(TRADER, HOST, latency=MILLISECOND))


def _clock_jumps(fault: InjectedFault, acts: Acts) -> None:
    """And is set right again at the end. It excuses nothing."""
    by_ns = int(str(fault.options["by_ms"])) * MILLISECOND
    add(acts, fault.since, lambda stage: stage.trader_clock.jump(by_ns))
    add(acts, fault.until, lambda stage: stage.trader_clock.jump(-by_ns))


def _disk_full(fault: InjectedFault, acts: Acts) -> None:
    def fill(stage: Harness) -> None:
        stage.file.records_max = len(stage.file.records)

    def make_room(stage: Harness) -> None:
        stage.file.records_max = None

    add(acts, fault.since, fill)
    add(acts, fault.until, make_room)


def _journal_locked(fault: InjectedFault, acts: Acts) -> None:
    """Another program takes the journal while the trader is dead; it comes back at once, and waits for it."""

    def lock(stage: Harness) -> None:
        if TRADER in running().alive():
            stage.kill_trader()
            stage.file.is_locked = True
            stage.start_again()

    def unlock(stage: Harness) -> None:
        stage.file.is_locked = False

    add(acts, fault.since, lock)
    add(acts, fault.until, unlock)


def _journal_lost(fault: InjectedFault, acts: Acts) -> None:
    """The trader dies, and its journal is not what it was when it comes back: gone, or without its newest records.

    `left` is the share of its records that are still there: none, as of a file that was deleted, some, as of an older copy that
    was put back; or all but so many, as of a log that was not written out.
    """
    less = str(fault.options["less"])

    def lose(stage: Harness) -> None:
        if TRADER not in running().alive():
            return
        stage.kill_trader()
        records = len(stage.file.records)
        stage.lose_journal(0 if less == "all" else records // 2 if less == "half" else max(0, records - int(less)))

    add(acts, fault.since, lose)
    add(acts, fault.until, _come_back)


MACHINE_FAULTS: Final[Mapping[str, Callable[[InjectedFault, Acts], None]]] = {
    "kill -9": _kill_nine,
    "network cut": _cut,
    "network reset": _reset,
    "network half open": _half_open,
    "network slow": _slow,
    "clock jumps": _clock_jumps,
    "disk full": _disk_full,
    "journal locked": _journal_locked,
    "journal lost": _journal_lost,
}
