"""How busy the machine is, from what Linux writes, and nothing where it does not."""

from pathlib import Path

from fairway.world.machine import MachineLoad, measure_machine


def test_memory_and_cores_are_told_in_percent(tmp_path: Path) -> None:
    stat, memory = tmp_path / "stat", tmp_path / "meminfo"
    stat.write_text("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 10 0 10 70 10 0 0 0 0 0\nintr 5\n")
    memory.write_text("MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n")
    assert measure_machine(stat, memory) == MachineLoad(cores=(0.0,), memory=75.0), "no tick has passed between the looks"


def test_another_system_says_nothing(tmp_path: Path) -> None:
    assert measure_machine(tmp_path / "stat", tmp_path / "meminfo") == MachineLoad(cores=(), memory=None)


def test_this_machine_is_between_nothing_and_all() -> None:
    found = measure_machine()
    assert all(0 <= each <= 100 for each in found.cores)
