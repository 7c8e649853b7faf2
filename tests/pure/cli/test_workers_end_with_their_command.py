"""A command that works with several processes: when it is stopped, all of them are gone within two seconds."""

import os
import signal
import sys

import pytest
from tests.pure.cli.families import family
from tests.pure.cli.programs import BOUND_S, FAIRWAY

REHEARSE = (FAIRWAY, "launch", "rehearse", "beta", "--seeds", "40")
PROVE = (sys.executable, "-m", "fairway.proving")
SAID = {signal.SIGINT: (130, "fairway: stopped by Ctrl-C\n"), signal.SIGTERM: (143, "fairway: stopped by SIGTERM\n")}

pytestmark = pytest.mark.skipif((os.cpu_count() or 1) < 2, reason="one core has no crew")


@pytest.mark.parametrize("used_s", [0.0, 0.3, 1.5], ids=["just started", "reading", "playing"])
@pytest.mark.parametrize("by", SAID)
def test_a_rehearsal_that_is_stopped_leaves_nobody_behind(by: signal.Signals, used_s: float) -> None:
    """Whether its workers are just being started, or play; and nothing but a sentence is printed."""
    with family(*REHEARSE) as running:
        running.until_all_work(used_s)
        ended = running.stopped(by)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == SAID[by]


@pytest.mark.parametrize("used_s", [0.0, 1.5], ids=["just started", "playing"])
def test_ctrl_c_of_a_terminal_reaches_the_workers_too(used_s: float) -> None:
    with family(*REHEARSE) as running:
        running.until_all_work(used_s)
        ended = running.stopped(signal.SIGINT, whole=True)
    assert ended.took_s < BOUND_S
    assert (ended.code, ended.err) == SAID[signal.SIGINT]


def test_workers_end_where_their_command_was_killed() -> None:
    """Nobody tells them: they see it."""
    with family(*REHEARSE) as running:
        running.until_all_work(1.5)
        ended = running.stopped(signal.SIGKILL)
    assert ended.took_s < BOUND_S


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_a_proof_that_is_stopped_leaves_nobody_behind(by: signal.Signals, code: int) -> None:
    with family(*PROVE) as running:
        running.until_all_work(1.0)
        ended = running.stopped(by)
    assert ended.took_s < BOUND_S
    assert ended.code == code
    assert "Traceback" not in ended.err
