"""Bots of known quality, and what a plan should do with each. How good they are is known here alone: the gates must find out."""

from dataclasses import dataclass, replace
from typing import Final

from fairway.world.clock import DAY


@dataclass(frozen=True, slots=True)
class SimulatedBot:
    """should: what a plan should do with it. is_good: whether it should get through.

    success: the true share of its orders that come to the end they are meant for. edge: the true mean of a round trip, in R net
    of fees. lucky_trips: so many of its first signals bring half an R on average, whatever its edge. ack_s: the median time to
    the venue's word; answered_s: to its own answer of a request. leak_an_hour: growth of memory, as a share. The others
    are events a day. turns_at: when it becomes another bot (ns from the beginning); None for never.
    """

    name: str
    should: str
    is_good: bool = False
    success: float = 0.995
    edge: float = 0.08
    lucky_trips: int = 0
    ack_s: float = 0.12
    answered_s: float = 0.05
    leak_an_hour: float = 0.0
    naked_a_day: float = 0.0
    runaway_a_day: float = 0.0
    deaths_a_day: float = 0.02
    dead_s: int = 90
    turns_at: int | None = None
    into: "SimulatedBot | None" = None

    def at(self, ns: int) -> "SimulatedBot":
        """As it is so long after the beginning."""
        return self.into if self.into is not None and self.turns_at is not None and ns >= self.turns_at else self


GOOD: Final = SimulatedBot("good", "gets through", is_good=True)
LOSING: Final = SimulatedBot(
    "losing", "is taken back where results count; what it loses stays within each stage's bound", edge=-0.35
)

BOTS: Final = (
    GOOD,
    SimulatedBot("lucky", "may get through: no edge is no harm; its first wins must not speed it up", edge=0.0, lucky_trips=40),
    SimulatedBot("losing slowly", "may pass a line of -0.2 R; guards and stage bounds keep its loss small", edge=-0.15),
    LOSING,
    replace(LOSING, name="losing fast", edge=-0.6),
    SimulatedBot("orders fail 6 %", "is close to the bound of 95 %, and must not be proven above it", success=0.94),
    SimulatedBot("orders fail 10 %", "never passes a gate that proves 95 %", success=0.90),
    SimulatedBot("slow", "is stopped by a bound on latency, twice over it; a plan without one lets it pass", ack_s=0.95),
    SimulatedBot("leaks memory", "is held by its own guard, 5 % an hour, and by a trend", leak_an_hour=0.05),
    SimulatedBot("unprotected", "is stopped by the invariant of stops, one bad minute a day", naked_a_day=1.0),
    SimulatedBot("runaway", "is stopped by its own guard, and taken back", runaway_a_day=0.5),
    SimulatedBot("dies", "is blind for minutes every few hours, and late", deaths_a_day=6.0, dead_s=600),
    SimulatedBot(
        "good then bad",
        "is taken back after it has turned, however well it did",
        turns_at=5 * DAY,
        into=replace(LOSING, name="turned", edge=-0.4, success=0.9),
    ),
)
BY_NAME: Final = {bot.name: bot for bot in BOTS}
