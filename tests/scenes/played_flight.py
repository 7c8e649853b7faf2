"""A launch in simulated time whose alerting sends to servers of its own: what flights and the drill of pages are played on."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.scenes.night_services import CHANNELS, NightServices

from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.simulation.population import SimulatedUser
from fairway.proving import night
from fairway.proving.evidence_flight import (
    INTERVAL,
    PACE,
    FlightSimulation,
    FlightViewer,
    Showing,
    WaveStrategy,
    journal_in,
    wave_market,
)
from fairway.proving.flight_people import FlightPeople
from fairway.proving.night import InboxOnDisk
from fairway.proving.night_launch import CONFIGURATION
from fairway.proving.night_people import PlannedResponse
from fairway.settings.load import parse
from fairway.world import loop as simulated
from fairway.world.clock import MINUTE
from fairway.world.process_memory import SimProcessMemory


def played(
    plan: CompiledPlan,
    text: str,
    lasts_ns: int,
    users: Sequence[SimulatedUser],
    viewer: FlightViewer,
    showings: Mapping[str, Showing],
    folder: Path,
    **pace: Any,
) -> tuple[FlightSimulation, FlightPeople]:
    """Until the viewer wants an end, or the market ends (ns). text: of the plan; pace: other intervals of the simulation."""
    market, services = wave_market(lasts_ns), NightServices()
    people = FlightPeople({"": PlannedResponse(acknowledges_after=MINUTE)}, showings=showings)
    simulation = FlightSimulation(
        market=market,
        users=users,
        plan=plan,
        text=text,
        strategy=WaveStrategy(),
        interval=INTERVAL,
        journal=journal_in(folder),
        watching=viewer,
        pace=PACE,
        memory=SimProcessMemory(80_000_000),
        command_inbox=InboxOnDisk(journal_in(folder)),
        settings=parse(CONFIGURATION + CHANNELS, name=night.CONFIG, folder=folder),
        services=services.nodes,
        **pace,
    )
    simulated.run(lambda: simulation.live(people.play), seed=7, epoch_ns=market.trading_from)
    return simulation, people
