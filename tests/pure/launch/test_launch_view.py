"""Whoever looks on at a launch reads each record once, and shows no more than its journal says."""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from prometheus_client.core import Metric
from tests.pure.launch.watched_launch import ACCOUNTS, WatchedLaunch, journal_of_launch

from fairway.journal.port import JournalBroken, UnreadableRecord
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import launch_beside
from fairway.launch.control.hold_kinds import (
    BLIND_LEASE,
    HOLD_KINDS,
    KILL_NOT_DONE,
    PERSON,
    HoldKind,
    HoldSource,
    cause_kind,
    gate_kind,
)
from fairway.launch.control.holds import Hold, hold_of
from fairway.launch.control.lifecycle import StageSettled
from fairway.launch.views.exposition import families_of
from fairway.launch.views.launch_view import PAGE, LaunchSnapshot, LaunchView
from fairway.risk.causes import Cause, Effect
from fairway.store.engine import begin_file
from fairway.watch.following import LOOK_S
from fairway.world import loop as simulated
from fairway.world.clock import MINUTE, SECOND


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "a.journal"


@pytest.fixture
def view(place: Path) -> Iterator[LaunchView]:
    with closing(LaunchView(place, trader="main")) as view:
        yield view


def begun() -> WatchedLaunch:
    launch = WatchedLaunch()
    launch.begin()
    launch.watch(MINUTE)
    return launch


def write(launch: WatchedLaunch, place: Path) -> int:
    """How many records were new."""
    before = launch.written
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    return launch.written - before


def families(view: LaunchView) -> dict[str, Metric]:
    return {each.name: each for each in families_of(view)}


def only(view: LaunchView, name: str) -> float | None:
    """Of a family without labels; None where it has no sample."""
    samples = families(view)[name].samples
    assert len(samples) <= 1
    return samples[0].value if samples else None


def test_each_record_is_read_once_however_often_somebody_looks(place: Path, view: LaunchView) -> None:
    launch = begun()
    count = write(launch, place)
    assert 0 < count <= PAGE
    assert [view.step() for _ in range(3)] == [count, 0, 0]
    launch.watch(MINUTE)
    new = write(launch, place)
    assert [view.step() for _ in range(2)] == [new, 0]
    assert len(view.seen.series["http_ok"]) == len(launch.noted("http_ok", "green") + launch.noted("http_ok", "blue"))


def test_a_long_journal_is_read_page_by_page(place: Path, view: LaunchView) -> None:
    launch = begun()
    looks = [launch_events.VenueChecked(account="ann", asked_at=launch.now) for _ in range(PAGE)]
    launch.take(*looks)
    count = write(launch, place)
    assert [view.step() for _ in range(3)] == [PAGE, count - PAGE, 0]


def test_where_no_launch_is_every_family_has_a_name_and_no_sample(view: LaunchView) -> None:
    assert view.step() == 0
    assert view.seen == LaunchSnapshot()
    assert view.trouble == ""
    assert {name: each.samples for name, each in families(view).items() if each.samples} == {}
    assert "fairway_launch_stage" in families(view)


def test_a_lease_that_is_not_given_anew_stays_shown_with_its_end(place: Path, view: LaunchView) -> None:
    """So a pilot that is dead is seen by what it no longer does."""
    launch = begun()
    write(launch, place)
    view.catch_up()
    ends = min(launch.launch.leases[name].until for name in ACCOUNTS)
    assert only(view, "fairway_launch_lease_ends_at_seconds") == ends / SECOND
    assert launch.now < ends <= launch.now + MINUTE
    launch.now += 5 * MINUTE
    launch.take(launch_events.VenueChecked(account="ann", asked_at=launch.now))
    write(launch, place)
    view.catch_up()
    assert only(view, "fairway_launch_lease_ends_at_seconds") == ends / SECOND < launch.now / SECOND
    assert only(view, "fairway_launch_written_at_seconds") == launch.now / SECOND


def test_no_lease_is_waited_for_where_nobody_may_open_anything(place: Path, view: LaunchView) -> None:
    """A hold takes it away, and what a pilot gave that was replaced is not the new one's."""
    launch = begun()
    write(launch, place)
    view.catch_up()
    assert set(view.seen.leases) == set(ACCOUNTS)
    launch.take(launch_events.PilotStarted(epoch=2, version="test"))
    write(launch, place)
    view.catch_up()
    assert only(view, "fairway_launch_lease_ends_at_seconds") is None
    launch.watch(MINUTE)
    launch.hold()
    write(launch, place)
    view.catch_up()
    assert only(view, "fairway_launch_lease_ends_at_seconds") is None
    accounts = {each.labels["stage"]: each.value for each in families(view)["fairway_launch_accounts"].samples}
    assert accounts == {"small": 0, "large": 0}


def test_a_hold_that_goes_is_seen_to_go(place: Path, view: LaunchView) -> None:
    launch = begun()
    launch.hold(contains=False)
    write(launch, place)
    view.catch_up()
    assert only(view, "fairway_launch_holds_for_a_person") == 1
    assert only(view, "fairway_launch_holds_containing") == 0
    launch.take(launch_events.HoldLifted(hold_id="person eve", by="eve", why="it was nothing"))
    write(launch, place)
    view.catch_up()
    assert only(view, "fairway_launch_holds_for_a_person") == 0
    assert {each.value for each in families(view)["fairway_launch_holds"].samples} == {0}


@pytest.mark.parametrize(
    ("kind", "scope", "source"),
    [
        *((kind, "", kind.source.value) for kind in HOLD_KINDS),
        (PERSON, "ann main", "person"),
        (KILL_NOT_DONE, "ann", "undone"),
        (cause_kind(Cause(name="alarm lag", what="", effect=Effect.HOLD), Effect.HOLD, ""), "", "cause"),
        (BLIND_LEASE, "", "blind"),
        (gate_kind(Effect.HOLD), "main/person", "gate"),
        (cause_kind(Cause(name="person", what="", effect=Effect.KILL), Effect.KILL, ""), "", "cause"),
    ],
)
def test_metrics_count_a_hold_by_its_source_and_name_no_person(kind: HoldKind, scope: str, source: str) -> None:
    hold = hold_of(kind, "", 0, scope=scope)
    assert hold.kind.source == source
    assert source in {each.value for each in HoldSource}
    assert msgspec.json.decode(msgspec.json.encode(hold), type=Hold) == hold, "the journal keeps the kind whole"


def test_a_record_of_a_newer_release_stops_it_there_and_what_came_before_is_known(place: Path, view: LaunchView) -> None:
    launch = begun()
    write(launch, place)
    with closing(sqlite3.connect(f"{place}.launch")) as connection:
        connection.execute("DROP TRIGGER records_stay")
        connection.execute("UPDATE records SET version = 99 WHERE seq = 12")
        connection.commit()
    for _ in range(2):
        with pytest.raises(UnreadableRecord, match="record 12 "):
            view.step()
    assert view.seen.began is not None
    assert view.seen.written_at == launch.ats[10]


def test_a_move_that_does_not_follow_is_told_with_its_record(place: Path, view: LaunchView) -> None:
    launch = begun()
    write(launch, place)
    with closing(journal_of_launch(place)) as journal:
        journal.append([StageSettled(track="nowhere", by="pilot", why="")], account="", author="pilot", at=launch.now)
        journal.sync()
    with pytest.raises(JournalBroken, match=rf"record {launch.written + 1} of the launch's journal does not follow"):
        view.catch_up()


def test_a_plan_that_cannot_be_read_is_told_and_holds_are_still_seen(place: Path, view: LaunchView) -> None:
    launch = begun()
    launch.hold()
    with closing(journal_of_launch(place)) as journal:
        began = launch_events.LaunchBegan(plan="of tomorrow", text="plan: {", digest="d", release="r", by="ann")
        journal.append([began], account="", author="pilot", at=launch.now)
        launch.written = 1
        launch.write(journal)
    view.catch_up()
    assert view.trouble.startswith("the plan of the launch cannot be read by this release: of tomorrow:")
    assert only(view, "fairway_launch_read_ok") == 0
    assert only(view, "fairway_launch_holds_for_a_person") == 1
    assert families(view)["fairway_launch_stage"].samples == []


def test_a_journal_that_a_pilot_is_only_making_is_none_yet(place: Path, view: LaunchView) -> None:
    """Its file is there before it says what it holds; whoever looks at that instant has nothing to tell."""
    begin_file(Path(launch_beside(place)))
    assert view.step() == 0
    launch = WatchedLaunch()
    with closing(journal_of_launch(place)) as journal:
        launch.write(journal)
    view.catch_up()
    assert view.seen.began is not None


def test_it_follows_a_launch_that_begins_later(place: Path, view: LaunchView) -> None:
    async def followed() -> None:
        troubles: list[str] = []
        following = asyncio.ensure_future(view.run(troubles.append))
        await asyncio.sleep(2 * LOOK_S)
        assert view.seen.began is None
        launch = begun()
        for _ in range(3):
            write(launch, place)
            await asyncio.sleep(2 * LOOK_S)
            assert view.seen.written_at == launch.now
            launch.watch(MINUTE)
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)
        assert troubles == []

    simulated.run(followed)
