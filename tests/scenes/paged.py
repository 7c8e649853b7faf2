"""The drill of pages in simulated time: alerting pages by its channels, and the person on call acknowledges in its inbox."""

from pathlib import Path

from tests.scenes.flight_evidence import paged
from tests.scenes.night_services import CHANNELS, NightServices

from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.producers import PAGE
from fairway.launch.gates.port import Claim
from fairway.launch.plan import shipped
from fairway.money.amount import use_exact_decimals
from fairway.proving import night
from fairway.proving.evidence_flight import (
    INTERVAL,
    PACE,
    FlightSimulation,
    FlightViewer,
    WaveStrategy,
    compiled,
    journal_in,
    wave_market,
)
from fairway.proving.flight_people import FlightPeople
from fairway.proving.night import InboxOnDisk
from fairway.proving.night_launch import CONFIGURATION
from fairway.proving.night_people import PlannedResponse
from fairway.proving.users import TWELVE
from fairway.settings.load import parse
from fairway.world import loop as simulated
from fairway.world.clock import MINUTE
from fairway.world.process_memory import SimProcessMemory

LASTS_NS = 20 * MINUTE


class UntilShown(FlightViewer):
    """Ends the simulation when the drill is over."""

    show_every_ns = MINUTE
    made: Evidence | None = None

    @property
    def stop_wanted(self) -> bool:
        return self.made is not None


def page_evidence(folder: Path) -> Evidence:
    """What the drill `page` has shown of the alerting service of a small launch and of a person who answers after a minute."""
    use_exact_decimals()
    text, market = shipped.text("preparation"), wave_market(LASTS_NS)
    plan = compiled(text)
    viewer, services = UntilShown(plan), NightServices()

    async def page(simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        viewer.made = await paged(simulation, claim, now)
        return viewer.made

    people = FlightPeople({"": PlannedResponse(acknowledges_after=MINUTE)}, showings={PAGE: page})
    simulation = FlightSimulation(
        market=market,
        users=TWELVE[1:2],
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
    )
    simulated.run(lambda: simulation.live(people.play), seed=7, epoch_ns=market.trading_from)
    assert viewer.made is not None, "the drill is over before the night is"
    return viewer.made
