"""A night of a launch with six faults, in simulated time: what people, users and the status page were told is what happened.

The alerting service, its channels, the trader and the pilot are the real ones; the servers that receive speak SMTP and the
protocols of Slack and Telegram. FAIRWAY_PROVE=whole lets the night last until six in the morning, and lives the planted bugs.
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed
from tests.prove.size import IS_WHOLE
from tests.scenes.night_reading import record_of, told
from tests.scenes.night_services import CHANNELS, NightServices

from fairway.assembly.alerting_process import OpenAlerting
from fairway.incidents.status_page import PublicIncident, PublicUpdate
from fairway.money.amount import use_exact_decimals
from fairway.notify.message import Message
from fairway.proving.night import NightSimulation
from fairway.proving.night_faults import FAULTS, HOURS, Disturbance, FaultPlayer
from fairway.proving.night_launch import WHOLE_HOURS, Night, lived
from fairway.proving.night_people import NightPeople, Response
from fairway.proving.night_record import Delivery, NightRecord
from fairway.proving.night_story import CHECKS, violations
from fairway.world.clock import MINUTE, SECOND

GOLDEN = Path(__file__).parent / "night_with_six_faults.txt"
ASLEEP = frozenset({"trader"})
RESPONSES = {"trader": Response(by="ben", acknowledges_after=11 * MINUTE, impact="Orders are not placed at the moment")}


@dataclass
class LivedNight:
    simulation: NightSimulation
    record: NightRecord
    text: str


def live(
    folder: Path,
    player: FaultPlayer,
    hours: float,
    change: Callable[[OpenAlerting], None] = lambda alerting: None,
    changes: str = "",
) -> LivedNight:
    use_exact_decimals()
    services, people = NightServices(), NightPeople(RESPONSES)

    async def play(simulation: NightSimulation) -> None:
        await asyncio.gather(people.play(simulation), player.play(simulation))

    what = Night(
        folder=folder,
        channels=CHANNELS,
        services=services.nodes,
        play=play,
        hours=hours,
        change=change,
        changes=changes,
    )
    simulation, _ = lived(what)
    record = record_of(simulation, services, player, ASLEEP)
    return LivedNight(simulation, record, told(record, player))


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> LivedNight:
    return live(tmp_path_factory.mktemp("night"), FaultPlayer(), WHOLE_HOURS if IS_WHOLE else HOURS)


def test_what_people_users_and_the_status_page_were_told_is_what_happened(night: LivedNight) -> None:
    assert violations(night.record) == []


@pytest.mark.skipif(IS_WHOLE, reason="the golden text is of the short night")
def test_the_same_seed_gives_the_same_night_to_the_byte(night: LivedNight) -> None:
    if os.environ.get("FAIRWAY_GOLDEN") == "write":
        GOLDEN.write_text(night.text)
    assert night.text == GOLDEN.read_text()
