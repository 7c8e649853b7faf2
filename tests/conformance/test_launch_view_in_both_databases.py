"""A launch view in either database: it reads a launch on from where it was, and never that of another trader."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.pure.launch.watched_launch import WatchedLaunch, journal_of_launch

from fairway.launch.views.launch_view import LaunchSnapshot, LaunchView
from fairway.store.place import Place
from fairway.world.clock import MINUTE


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path / "a.journal" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


@pytest.fixture
def view(place: Place) -> Iterator[LaunchView]:
    with closing(LaunchView(place, trader="main")) as view:
        yield view


def test_a_launch_that_begins_later_is_read_on_from_where_it_was(place: Place, view: LaunchView) -> None:
    assert (view.step(), view.seen) == (0, LaunchSnapshot())
    launch = WatchedLaunch()
    launch.begin()
    with closing(journal_of_launch(place)) as journal:
        for _ in range(3):
            launch.watch(MINUTE)
            before = launch.written
            launch.write(journal)
            assert [view.step(), view.step()] == [launch.written - before, 0]
            assert view.seen.written_at == launch.now
            assert view.seen.decided == launch.launch.last_decision
            assert dict(view.seen.leases) == launch.launch.leases
    assert view.seen.series["http_ok"].count == len(launch.noted("http_ok", "green") + launch.noted("http_ok", "blue"))


def test_a_launch_of_another_trader_is_not_this_ones(postgres: str) -> None:
    """One database holds many."""
    launch = WatchedLaunch()
    with closing(journal_of_launch(postgres, "other")) as journal:
        launch.write(journal)
    with closing(LaunchView(postgres, trader="main")) as mine, closing(LaunchView(postgres, trader="other")) as others:
        for each in (mine, others):
            each.catch_up()
        assert (mine.seen.began, mine.trouble) == (None, "")
        assert others.seen.began is not None
