"""The plans `preparation` and `beta` are flown to their end on evidence that drills, chaos scenes and people have produced.

The trader, the pilot and the alerting service are the real ones, in simulated time. Stays and windows are cut to hours here; every
gate and every item is judged as the plan says. FAIRWAY_PROVE=whole flies the stays of the plan itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from msgspec.structs import replace as changed
from tests.prove.size import IS_WHOLE
from tests.scenes.flight_evidence import Producers
from tests.scenes.night_services import CHANNELS, NightServices

from fairway.launch.evidence.model import Evidence
from fairway.launch.gates.port import Claim, Facts
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.gates.verdict import Result
from fairway.launch.plan import shipped
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.load import parse as parse_plan
from fairway.money.amount import use_exact_decimals
from fairway.proving import night
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.evidence_flight import (
    INTERVAL,
    PACE,
    FlightSimulation,
    FlightViewer,
    WaveStrategy,
    compiled,
    journal_in,
    shortened,
    wave_market,
)
from fairway.proving.flight_people import FlightPeople
from fairway.proving.night import InboxOnDisk
from fairway.proving.night_launch import CONFIGURATION
from fairway.proving.night_people import PlannedResponse
from fairway.proving.users import TWELVE
from fairway.settings.load import parse
from fairway.world import loop as simulated
from fairway.world.clock import DAY, HOUR, MINUTE
from fairway.world.process_memory import SimProcessMemory

SHORT: Mapping[str, Mapping[str, int]] = {
    "preparation": {"testnet-validation": 12 * HOUR},
    "beta": {},
}
LAST = {"preparation": "decision", "beta": "steady"}
USERS = {"preparation": TWELVE[1:2], "beta": TWELVE[:7]}
LONGEST_NS = {"preparation": 40 * HOUR, "beta": 10 * HOUR}


@dataclass
class Flown:
    simulation: FlightSimulation
    viewer: FlightViewer
    people: FlightPeople
    plan: CompiledPlan
    evidence: list[Evidence]


def flown(name: str, folder: Path) -> Flown:
    use_exact_decimals()
    text = shipped.text(name) if IS_WHOLE else shortened(shipped.text(name), HOUR, SHORT[name])
    plan, market = compiled(text), wave_market(120 * DAY if IS_WHOLE else LONGEST_NS[name])
    services, producers = NightServices(), Producers(folder, text, is_whole=IS_WHOLE)
    people = FlightPeople({"": PlannedResponse(acknowledges_after=MINUTE)}, showings=producers.showings())
    viewer = FlightViewer(plan)
    simulation = FlightSimulation(
        market=market,
        users=USERS[name],
        plan=plan,
        text=text,
        strategy=WaveStrategy(),
        interval=INTERVAL,
        journal=journal_in(folder),
        watching=viewer,
        pace=PACE,
        pilot_tick_s=60,
        venue_check_every_s=600,
        memory=SimProcessMemory(80_000_000),
        command_inbox=InboxOnDisk(journal_in(folder)),
        settings=parse(CONFIGURATION + CHANNELS, name=night.CONFIG, folder=folder),
        services=services.nodes,
    )
    simulated.run(lambda: simulation.live(people.play), seed=7, epoch_ns=market.trading_from)
    launch = simulation.pilot.launch
    evidence = [*launch.evidence, *simulation.projection.observation(market.ends_at).evidence]
    return Flown(simulation, viewer, people, plan, evidence)
