"""Faults of the trader's machine: the process, the network, the clock, the disk and the journal on it."""

from collections.abc import Callable, Mapping
from typing import Final

from fairway.exchange.faults.fuzz_rule import FuzzRule
from fairway.proving.harness import HOST, TRADER, Harness
from fairway.proving.injected_fault import HarnessActions, HarnessFault, InjectedFault, add
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.links import jittered
from fairway.world.loop import running

NOTICED_WITHIN_S: Final = 32
"""A stream of an account may say nothing for thirty seconds by right; only then it is asked whether it lives."""


def _kill_nine(fault: InjectedFault, actions: HarnessActions) -> None:
    add(actions, fault.since, lambda stage: _if_alive(stage.kill_trader))
    add(actions, fault.until, _come_back)


def _if_alive(act: Callable[[], object]) -> None:
    if TRADER in running().alive():
        act()


def _come_back(stage: Harness) -> None:
    if TRADER not in running().alive():
        stage.come_back()


def _cut(fault: InjectedFault, actions: HarnessActions) -> None:
    add(actions, fault.since, lambda _: running().network.partition(TRADER, HOST))
    add(actions, fault.until, lambda _: running().network.heal(TRADER, HOST))


def _reset(fault: InjectedFault, actions: HarnessActions) -> None:
    add(actions, fault.since, lambda _: running().network.cut(TRADER, HOST))


def _half_open(fault: InjectedFault, actions: HarnessActions) -> None:
    """Neither end is told: only the deadline of a request, or the silence of a stream, shows it."""

    def fall_silent(stage: Harness) -> None:
        running().network.half_open(TRADER, HOST)
        stage.expect_little(NOTICED_WITHIN_S, "connections have fallen silent")

    add(actions, fault.since, fall_silent)


def _slow(fault: InjectedFault, actions: HarnessActions) -> None:
    mean_ns = int(str(fault.options["mean_ms"])) * MILLISECOND

    def slow(stage: Harness) -> None:
        stage.expect_little(fault.until - fault.since + mean_ns / SECOND, "the network is slow")
        chance = running().chance.stream(f"slow from {fault.since}")
        running().network.shape(TRADER, HOST, latency=jittered(MILLISECOND, mean_ns, chance))

    add(actions, fault.since, slow)
    add(actions, fault.until, lambda _: running().network.shape(TRADER, HOST, latency=MILLISECOND))


def _clock_jumps(fault: InjectedFault, actions: HarnessActions) -> None:
    """And is set right again at the end. It excuses nothing."""
    by_ns = int(str(fault.options["by_ms"])) * MILLISECOND
    add(actions, fault.since, lambda stage: stage.trader_clock.jump(by_ns))
    add(actions, fault.until, lambda stage: stage.trader_clock.jump(-by_ns))


def _disk_full(fault: InjectedFault, actions: HarnessActions) -> None:
    def fill(stage: Harness) -> None:
        stage.file.records_max = len(stage.file.records)

    def make_room(stage: Harness) -> None:
        stage.file.records_max = None

    add(actions, fault.since, fill)
    add(actions, fault.until, make_room)


def _journal_locked(fault: InjectedFault, actions: HarnessActions) -> None:
    """Another program takes the journal while the trader is dead; it comes back at once, and waits for it."""

    def lock(stage: Harness) -> None:
        if TRADER in running().alive():
            stage.kill_trader()
            stage.file.is_locked = True
            stage.start_again()

    def unlock(stage: Harness) -> None:
        stage.file.is_locked = False

    add(actions, fault.since, lock)
    add(actions, fault.until, unlock)


def _journal_lost(fault: InjectedFault, actions: HarnessActions) -> None:
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

    add(actions, fault.since, lose)
    add(actions, fault.until, _come_back)


_JUMPS_MS: Final = (-3_600_000, -90_000, -3_000, -900, 900, 3_000, 90_000, 3_600_000)
MACHINE_FAULTS: Final[Mapping[str, HarnessFault]] = {
    "kill -9": HarnessFault(inject=_kill_nine),
    "network cut": HarnessFault(inject=_cut),
    "network reset": HarnessFault(inject=_reset),
    "network half open": HarnessFault(inject=_half_open),
    "network slow": HarnessFault(inject=_slow, fuzz=FuzzRule(options={"mean_ms": [20, 200, 2_000]})),
    "clock jumps": HarnessFault(inject=_clock_jumps, fuzz=FuzzRule(options={"by_ms": _JUMPS_MS})),
    "disk full": HarnessFault(inject=_disk_full),
    "journal locked": HarnessFault(inject=_journal_locked),
    "journal lost": HarnessFault(
        inject=_journal_lost,
        fuzz=FuzzRule(options={"less": ["all", "half", "20", "5", "1"]}, weight=2),
        leaves_unknown_orders=True,
    ),
}
