"""A night of a launch with six faults, in simulated time: what people, users and the status page were told is what happened.

The alerting service, its channels, the trader and the pilot are the real ones; the servers that receive speak SMTP and the
protocols of Slack and Telegram. FAIRWAY_PROVE=whole also lives the night of the planted bugs without them.
"""

import asyncio
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace as changed
from tests.prove.size import IS_WHOLE
from tests.scenes.night_reading import record_of, told
from tests.scenes.night_services import CHANNELS, NightServices

from fairway.assembly.status_page_files import JSON, StatusPageFiles
from fairway.incidents.alerting_state import AlertingState
from fairway.incidents.status_page import PublicUpdate, StatusDocument
from fairway.money.amount import use_exact_decimals
from fairway.notify.message import Message
from fairway.notify.port import Channel
from fairway.notify.sending import sent
from fairway.proving.launched import TRADER
from fairway.proving.night import ALERTING, NightSimulation
from fairway.proving.night_faults import FAULTS, HOURS, Disturbance, FaultPlayer
from fairway.proving.night_launch import Night, lived
from fairway.proving.night_people import NightPeople, PlannedResponse
from fairway.proving.night_record import NightRecord, ReceivedMessage
from fairway.proving.night_story import CHECKS, violations
from fairway.proving.users import TWELVE
from fairway.world.clock import MINUTE, SECOND

GOLDEN = Path(__file__).parent / "night_with_six_faults.txt"
ASLEEP = {"trader": PlannedResponse(by="ben", acknowledges_after=11 * MINUTE, impact="Orders are not placed at the moment")}
"""The incident that the first person on call does not hear of in their sleep."""
DEATH = replace(next(each for each in FAULTS if each.cause == TRADER), after=2 * MINUTE)
RESTART = Disturbance(ALERTING, 4 * MINUTE, 30 * SECOND)


@dataclass
class LivedNight:
    simulation: NightSimulation
    record: NightRecord
    text: str


def live(folder: Path, player: FaultPlayer, responses: Mapping[str, PlannedResponse], hours: float, **more: Any) -> LivedNight:
    use_exact_decimals()
    services, people = NightServices(), NightPeople(responses)

    async def play(simulation: NightSimulation) -> None:
        await asyncio.gather(people.play(simulation), player.play(simulation))

    what = Night(folder=folder, channels=CHANNELS, services=services.nodes, play=play, hours=hours, **more)
    simulation, _ = lived(what)
    record = record_of(simulation, services, player, frozenset(responses))
    return LivedNight(simulation, record, told(record, player))


def half_an_hour(folder: Path, changes: str = "") -> NightRecord:
    """The trader of two users dies, and the alerting service in the middle of it."""
    player = FaultPlayer([DEATH], [RESTART])
    return live(folder, player, {}, 0.25, users=TWELVE[:2], prepared_ns=5 * MINUTE, changes=changes).record


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> LivedNight:
    users = TWELVE if IS_WHOLE else TWELVE[:3]
    return live(tmp_path_factory.mktemp("night"), FaultPlayer(), ASLEEP, HOURS, users=users)


def test_what_people_users_and_the_status_page_were_told_is_what_happened(night: LivedNight) -> None:
    assert violations(night.record) == []


@pytest.mark.skipif(not IS_WHOLE, reason="the text is compared in make prove")
def test_the_same_seed_gives_the_same_night_to_the_byte(night: LivedNight) -> None:
    if os.environ.get("FAIRWAY_GOLDEN") == "write":
        GOLDEN.write_text(night.text)
    assert night.text == GOLDEN.read_text()


# -- each check can fail -----------------------------------------------------------------------------------------------


def mails(record: NightRecord) -> list[ReceivedMessage]:
    return [each for each, _ in record.notices("ops-mail")]


def without(record: NightRecord, lost: Callable[[ReceivedMessage], bool]) -> NightRecord:
    return replace(record, deliveries=[each for each in record.deliveries if not lost(each)])


def each_as(record: NightRecord, what: Callable[[ReceivedMessage], ReceivedMessage]) -> NightRecord:
    return replace(record, deliveries=[what(each) for each in record.deliveries])


def renamed(record: NightRecord, was: str, now: str) -> NightRecord:
    return each_as(record, lambda each: replace(each, title=each.title.replace(was, now)))


def on_the_page(record: NightRecord) -> NightRecord:
    """A word that no message to users had."""
    at, page = next((at, page) for at, page in record.pages if page.incidents)
    update = PublicUpdate(at="", text="the venue has lost our orders")
    incident = changed(page.incidents[0], updates=(update,))
    return replace(record, pages=[*record.pages, (at, changed(page, incidents=(incident,)))])


def emptied(page: StatusDocument) -> StatusDocument:
    return changed(page, incidents=(), history=())


SPOILED: dict[str, Callable[[NightRecord], NightRecord]] = {
    "one incident for one fault": lambda record: replace(record, bounds=dict.fromkeys(record.bounds, 0)),
    "no incident without a cause": lambda record: renamed(record, " data: ", " disk: "),
    "severities": lambda record: renamed(record, "[P0", "[P1"),
    "nothing twice": lambda record: replace(record, deliveries=[*record.deliveries, record.deliveries[-1]]),
    "order": lambda record: without(record, lambda each: "[P1 resolved]" in each.title and each.channel == "team-chat"),
    "mail and chat": lambda record: without(record, lambda each: each is mails(record)[3]),
    "the journal": lambda record: without(record, lambda each: each is record.deliveries[-1]),
    "an outage of the mail": lambda record: each_as(record, lambda each: replace(each, at=each.written_at)),
    "people": lambda record: without(record, lambda each: each.channel == "ben-phone"),
    "users": lambda record: without(record, lambda each: each.channel == "users" and each.title.endswith("over")),
    "no more on the status page": on_the_page,
    "each incident on the status page": lambda record: replace(record, pages=[(at, emptied(page)) for at, page in record.pages]),
    "postmortems": lambda record: replace(record, postmortems={}),
}
"""By check, what it must find wrong."""


@pytest.mark.parametrize("name", CHECKS)
def test_each_check_finds_what_it_is_for(name: str, night: LivedNight) -> None:
    assert list(CHECKS[name](SPOILED[name](night.record))) != []


async def sent_twice(channel: Channel, message: Message, timeout_s: float) -> str:
    await sent(channel, message, timeout_s)
    return await sent(channel, message, timeout_s)


def forgotten(entries: Sequence[object]) -> AlertingState:
    return AlertingState()


def found_in(record: NightRecord) -> set[str]:
    """The checks that found something."""
    return {each.partition(":")[0] for each in violations(record)}


@pytest.mark.skipif(not IS_WHOLE, reason="one planted bug is enough here; make prove plants all")
def test_a_message_that_is_sent_twice_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairway.notify.dispatcher.sent", sent_twice)
    assert {"nothing twice", "the journal"} <= found_in(half_an_hour(tmp_path))


@pytest.mark.skipif(not IS_WHOLE, reason="one planted bug is enough here; make prove plants all")
def test_a_service_that_forgets_at_its_restart_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairway.assembly.alerting_process.state_from", forgotten)
    assert {"order"} <= found_in(half_an_hour(tmp_path))


def test_a_rule_that_is_off_is_found(tmp_path: Path) -> None:
    off = half_an_hour(tmp_path, changes="      trader-silent: {enabled: false}\n")
    assert {"one incident for one fault", "no incident without a cause"} <= found_in(off)


@pytest.mark.parametrize("bug", ["no incident is public", "the page is never written again"])
@pytest.mark.skipif(not IS_WHOLE, reason="one planted bug is enough here; make prove plants all")
def test_a_status_page_that_shows_nothing_is_found(bug: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if bug == "no incident is public":
        monkeypatch.setattr("fairway.incidents.status_page.is_public", lambda policy, incident: False)
    else:
        monkeypatch.setattr(StatusPageFiles, "_write", written_once(StatusPageFiles._write))
    assert found_in(half_an_hour(tmp_path)) == {"each incident on the status page"}


def written_once(true: Callable[..., None]) -> Callable[..., None]:
    def write(page: StatusPageFiles, facts: object, now: int) -> None:
        if not (page._folder / JSON).exists():
            true(page, facts, now)

    return write


@pytest.mark.skipif(not IS_WHOLE, reason="the night above shows it too")
def test_without_these_bugs_nothing_is_found(tmp_path: Path) -> None:
    assert violations(half_an_hour(tmp_path)) == []
