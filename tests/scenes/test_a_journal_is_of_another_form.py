"""Releases come and are taken back: a journal of an older form is copied before it changes, one of a newer form is left alone."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.scenes.by_hand import Act, Acts
from tests.scenes.harness import Scene
from tests.scenes.kept_harness import KeptHarness
from tests.scenes.script import enter

from fairway.journal.kinds import TraderStarted
from fairway.store.engine import engine_of
from fairway.store.migrations import FORMS, form_of, migrate

NEWER = "9999"


def become(path: Path, form: str) -> Act:
    """The trader is killed, and a journal of this form is what it finds when it comes back."""

    def act(stage: Scene) -> None:
        stage.kill_trader()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (form,))
        stage.come_back()

    return act


def test_one_of_an_older_release_is_copied_and_traded_on(tmp_path: Path) -> None:
    """Whoever goes back to that release finds the copy as it was."""
    path = tmp_path / "fairway.journal"
    old = engine_of(path)
    migrate(old, "the journal", to=FORMS[0])
    old.dispose()
    stage = KeptHarness(path, enter(0), acts={})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.open_at_exchange()) == 2
    assert form_of(engine_of(path, reads_only=True)) == FORMS[-1]
    [copy] = tmp_path.glob("*.before-*")
    assert form_of(engine_of(copy, reads_only=True)) == FORMS[0]


def test_one_of_a_newer_release_is_neither_read_nor_written_and_the_stops_stay(tmp_path: Path) -> None:
    """After a downgrade: not one request goes out, until the newer release, or a copy of before, is there again."""
    path = tmp_path / "fairway.journal"
    acts: Acts = {100: become(path, NEWER), 200: become(path, FORMS[-1])}
    stage = KeptHarness(path, enter(0), enter(2), acts=acts)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.asked(since=101, until=200) == []
    assert len(stage.events(TraderStarted)) == 2
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2
