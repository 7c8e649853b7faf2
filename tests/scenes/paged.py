"""The drill of pages in simulated time: alerting pages by its channels, and the person on call acknowledges in its inbox."""

from pathlib import Path

from tests.scenes.flight_evidence import paged
from tests.scenes.played_flight import played

from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.producers import PAGE
from fairway.launch.gates.port import Claim
from fairway.launch.plan import shipped
from fairway.money.amount import use_exact_decimals
from fairway.proving.evidence_flight import FlightSimulation, FlightViewer, compiled
from fairway.proving.users import TWELVE
from fairway.world.clock import MINUTE

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
    text = shipped.text("preparation")
    plan = compiled(text)
    viewer = UntilShown(plan)

    async def page(simulation: FlightSimulation, claim: Claim, now: int) -> Evidence | None:
        viewer.made = await paged(simulation, claim, now)
        return viewer.made

    played(plan, text, LASTS_NS, TWELVE[1:2], viewer, {PAGE: page}, folder)
    assert viewer.made is not None, "the drill is over before the night is"
    return viewer.made
