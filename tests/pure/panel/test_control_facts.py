"""What the control center says of processes, and whether they run by the configuration as the file has it."""

from fairway.operations.processes.show import ProcessesOutcome, ProcessState
from fairway.panel.pages.control_facts import _headline, _process, _second
from fairway.panel.state_marks import Mark
from fairway.world.clock import SECOND


def process(name: str = "trader", state: str = "ready", since: int = 10 * SECOND, said: str = "") -> ProcessState:
    return ProcessState(name=name, state=state, since=since, process_id=7, crashes=0, said=said, held="")


def system(*processes: ProcessState, safe_mode: str = "", is_up: bool = True) -> ProcessesOutcome:
    return ProcessesOutcome(is_up=is_up, began_at=SECOND, safe_mode=safe_mode, processes=processes)


def test_the_headline_names_what_is_not_ready() -> None:
    assert _headline(system(process()), runs=True) == ("Every process is ready: trader.", Mark.GOOD)
    assert _headline(system(process(state="ended"), process("pilot")), runs=False) == ("trader is ended.", Mark.BAD)
    assert _headline(system(process(), safe_mode="trader crashed 6 times"), runs=True)[1] is Mark.BAD
    assert _headline(system(is_up=False), runs=False) == ("Nothing runs.", Mark.BAD)


def test_a_pilot_without_a_launch_is_idle_and_nothing_is_wrong() -> None:
    idle = process("pilot", "idle", said="no launch was begun yet")
    told, mark = _headline(system(process(), idle), runs=True)
    assert (told, mark) == ("Every process is ready: trader; pilot is idle: no launch was begun yet.", Mark.GOOD)
    assert not _process(idle, 0).can_start, "a launch is begun, and not its process"


def test_a_process_that_started_before_the_file_changed_runs_by_the_one_before() -> None:
    old, new = process(since=10 * SECOND), process("pilot", since=30 * SECOND)
    assert _process(old, 20 * SECOND).is_older
    assert not _process(new, 20 * SECOND).is_older
    assert "trader still runs by the one before" in _second(system(old, new), 20 * SECOND)
    assert _second(system(new), 20 * SECOND) == "Every process runs by the configuration as the file has it."


def test_the_practice_exchange_reads_no_configuration() -> None:
    assert not _process(process("exchange"), 20 * SECOND).is_older


def test_what_can_be_done_about_a_process_depends_on_its_state() -> None:
    ended = _process(process(state="ended", said="ended with exit code 3"), 0)
    assert (ended.can_start, ended.can_restart, ended.news) == (True, False, "ended with exit code 3")
    assert _process(process(), 0).can_restart
    assert not _process(process("server"), 0).can_restart, "it cannot restart itself"
