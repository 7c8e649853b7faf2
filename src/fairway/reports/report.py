"""One report: a run with its story, its tie-out and its figures, put together once for the summary, the page and the terminal."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from fairway.money.amount import Amount
from fairway.reports.event_log import story_of
from fairway.reports.incident_story import IncidentStory, incident_stories
from fairway.reports.run import DemoResult
from fairway.reports.run_metrics import RunMetrics, curve, figures
from fairway.reports.story import Story, WorthPoint
from fairway.reports.tie_out import TieOut, tie_out


@dataclass(frozen=True, slots=True)
class Report:
    """prices by symbol are those that the end is valued at; curve ends with the worth of what the exchange holds."""

    run: DemoResult
    story: Story
    tie: TieOut
    figures: RunMetrics
    prices: Mapping[str, Decimal]
    curve: tuple[WorthPoint, ...]
    incidents: tuple[IncidentStory, ...]

    @property
    def unexplained(self) -> tuple[Amount, ...]:
        """What the exchange holds more (or less: negative) than our trades explain, and the trader has not booked yet.

        The trader books a difference once it has read it twice in a row, so a run may end with one that it is still checking.
        """
        found = self.tie.assets if self.story.is_opened else ()
        return tuple(Amount(each.difference, each.asset) for each in found if each.difference)


def report_of(run: DemoResult) -> Report:
    """Replays the run's journal and works everything out; the same run always gives the same report."""
    story = story_of(run.events, run.instruments)
    prices = {**story.marks, **run.prices}
    tie = tie_out(story, run.exchange_balances, prices, run.quote)
    return Report(
        run=run,
        story=story,
        tie=tie,
        figures=figures(story, tie, prices, run.quote, run.ended_at),
        prices=prices,
        curve=curve(story, tie, run.ended_at),
        incidents=incident_stories(run, story),
    )
