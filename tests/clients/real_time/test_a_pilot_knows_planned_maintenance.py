"""A pilot's uptime leaves planned maintenance out, as `fairway watch` does: its configuration says when that is."""

from pathlib import Path

import pytest
from tests.clients.real_time.test_a_launch_beside_a_trader import PLAN
from tests.golden.test_watch_commands import CONFIG
from tests.pure.cli.programs import read_until, started, stopped
from tests.pure.watch.journals import START, busy

from fairway.assembly.tower import launch_status
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.sql import open_journal
from fairway.launch.views.status_text import status
from fairway.settings import load
from fairway.world.clock import HOUR, MINUTE, SystemClock, text_of

SPELL = START + 10 * MINUTE, START + 20 * MINUTE


def spell_text(begins: int, ends: int) -> str:
    return f"{text_of(begins)[:16]}Z to {text_of(ends)[:16]}Z"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trader that was up for forty minutes, and has maintenance behind it and ahead."""
    now = SystemClock().now()
    spells = ", ".join((spell_text(*SPELL), spell_text(now + HOUR, now + 2 * HOUR)))
    (tmp_path / "bot.yaml").write_text(f"{CONFIG}lease: true\nmaintenance: [{spells}]\n")
    (tmp_path / "plan.yaml").write_text(PLAN)
    journal = open_journal(tmp_path / "fairway.journal", Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    for event, account, at in busy(40):
        journal.append([event], account=account, author="trader", at=at)
    journal.close()
    return tmp_path


def test_minutes_of_planned_maintenance_are_not_due_in_a_pilot_either(folder: Path) -> None:
    env = {"KEY": "k", "SECRET": "s"}
    pilot = started("launch", "start", folder / "bot.yaml", folder / "plan.yaml", "--at", "2026-01-01", "--by", "ann", env=env)
    read_until(pilot, "the pilot has started (epoch 1)")
    stopped(pilot)
    told = launch_status(load(folder / "bot.yaml"))
    uptime = told.observation.series["uptime"]
    assert uptime.within(SPELL[0] + MINUTE, SPELL[1]).count == 0
    assert uptime.coverage(START, START + 40 * MINUTE) == 1.0
    assert any(line.startswith("planned maintenance: from ") for line in status(told))
