"""A tour of five faults in three minutes: what to switch on, what to watch, and what Fairway does about it."""

from dataclasses import dataclass
from typing import Final

from fairway.world.clock import SECOND, Duration

STEP_NS: Final[Duration] = 30 * SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStep:
    """One fault. options: as `practice fault` takes them. watch: where it is seen, in one sentence. fairway: what it does."""

    title: str
    fault: str
    options: tuple[str, ...] = ()
    watch: str
    fairway: str
    lasts: Duration = STEP_NS


TOUR: Final = (
    TourStep(
        title="A fill is never reported",
        fault="missing_events",
        options=("executions=TRADE",),
        watch="Orders fill, and the trader does not hear of it: balances and orders differ for some seconds.",
        fairway="It asks for the whole account every 30 s and whenever events contradict each other, and books what it missed.",
    ),
    TourStep(
        title="An order succeeds, and the answer is an error",
        fault="error_after",
        options=("status=503",),
        watch="The next order is unknown to the trader, and the exchange has it.",
        fairway="It never sends an unknown order again. It asks for the order by its own id until the exchange answers.",
    ),
    TourStep(
        title="The streams fall silent",
        fault="muted_stream",
        watch="The market moves here, and the trader's prices grow old, although each ping is answered.",
        fairway="It opens nothing on an old price, and asks for the account's state by itself.",
    ),
    TourStep(
        title="The key is refused",
        fault="key_revoked",
        watch="Each request of the trader fails. Its stops stay at the exchange, in the column of the exchange.",
        fairway="A stop that rests at the exchange needs no key. A person is alerted once, and nothing is opened.",
    ),
    TourStep(
        title="The exchange closes",
        fault="maintenance",
        watch="Every request gets a 503. When it opens again, both columns agree within seconds.",
        fairway="It waits, asks for everything it missed, and only then trades on.",
    ),
)
