"""Worth: what the accounts that one may see were worth together over time, from the journal."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Length, Operation, Outcome, Preview, account_or_own
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.stories import StoriesRequest, tell_stories
from fairway.people.roles import UserAct
from fairway.world.clock import DAY

if TYPE_CHECKING:
    from fairway.reports.worth_curve import WorthCurve

POINTS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthRequest:
    """account: this one only, "" for all that the actor may read. length: so far back (ns). points: so many at most."""

    config: Path
    account: str = ""
    length: Length = 7 * DAY
    points: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthOutcome(Outcome):
    """now: the instant (ns) until which it is told."""

    now: int
    curve: "WorthCurve"


def tell_worth(call: Call[WorthRequest]) -> WorthOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.reports.worth_curve import worth_curve
    from fairway.world.clock import SystemClock

    asked, now = call.request, SystemClock().now()
    if not 1 <= asked.points <= POINTS_MAX:
        raise wrong_input(
            f"POINTS_WRONG: points={asked.points}", f"is not between 1 and {POINTS_MAX}", field="points", example="300"
        )
    stories = tell_stories(Call(actor=call.actor, request=StoriesRequest(config=asked.config, account=asked.account))).stories
    curve = worth_curve(stories.values(), since=now - asked.length, points_max=asked.points)
    return WorthOutcome(now=now, curve=curve)


WORTH = Operation(
    name="worth",
    summary="Show what the accounts were worth over time, and how far below the highest point they are.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=WorthRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=tell_worth,
)
OPERATIONS: Final = (WORTH,)
