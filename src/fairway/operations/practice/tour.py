"""A tour of five faults in three minutes: what to switch on, what to watch, and what Fairway does about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.practice.fault import FaultRequest, switch_on
from fairway.operations.practice.market import GapRequest, open_gap
from fairway.operations.practice.show import PracticeOutcome, PracticeShowRequest, show_practice
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.world.clock import SECOND, Duration

STEP_NS: Final[Duration] = 30 * SECOND
BEYOND, JUMP_MAX = Decimal("0.1"), Decimal(20)
"""Percent: so far beyond the targets prices go, and so far at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TourStep:
    """One fault. options: as `practice fault` takes them. fills: whether prices then jump beyond the targets that rest.

    watch: where it is seen, in one sentence. fairway: what it does.
    """

    title: str
    fault: str
    options: tuple[str, ...] = ()
    watch: str
    fairway: str
    lasts: Duration = STEP_NS
    fills: bool = False


TOUR: Final = (
    TourStep(
        title="A fill is never reported",
        fault="missing_events",
        options=("executions=TRADE",),
        fills=True,
        watch="Targets are filled, and the trader does not hear of it: both sides differ, for seconds at most.",
        fairway="As soon as events contradict each other, and every 30 s anyway, it asks for the whole account.",
    ),
    TourStep(
        title="An order succeeds, and the answer is an error",
        fault="error_after",
        options=("status=503",),
        fills=True,
        watch="Targets are filled, so new orders follow. Each is unknown to the trader, and the exchange has it.",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TourRequest:
    """step: its number, from 1."""

    config: Path
    step: int


def take_step(call: Call[TourRequest]) -> Outcome:
    """Switches the step's fault on. Raises Refusal, SettingsError."""
    step, config = _step(call.request.step), call.request.config
    shown = show_practice(Call(actor=call.actor, request=PracticeShowRequest(config=config)))
    fault = FaultRequest(config=config, name=step.fault, options=step.options, lasts=step.lasts)
    lines = switch_on(Call(actor=call.actor, request=fault)).lines
    for symbol, percent in _jumps(shown) if step.fills else ():
        gap = GapRequest(config=config, symbol=symbol, percent=percent)
        lines += open_gap(Call(actor=call.actor, request=gap)).lines
    return Outcome(lines=lines)


def _step(number: int) -> TourStep:
    """Raises Refusal."""
    if not 1 <= number <= len(TOUR):
        raise wrong_input(f"STEP_UNKNOWN: step={number}", f"is not between 1 and {len(TOUR)}", field="step", example="1")
    return TOUR[number - 1]


def _jumps(shown: PracticeOutcome) -> Iterator[tuple[str, str]]:
    """By pair, by how many percent its price must rise to fill every order that sells above it."""
    for each in shown.symbols:
        resting = [order for account in shown.accounts for order in account.orders if order.symbol == each.symbol]
        targets = [order.price for order in resting if order.side == "sell" and not order.stop_price]
        if each.bid and targets and max(targets) > each.bid:
            beyond = (max(targets) / each.bid - 1) * 100 + BEYOND
            yield each.symbol, str(min(beyond, JUMP_MAX).quantize(BEYOND))


def preview_step(call: Call[TourRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    step = _step(call.request.step)
    shown = show_practice(Call(actor=call.actor, request=PracticeShowRequest(config=call.request.config)))
    jumps = ", ".join(f"{symbol} by {percent} %" for symbol, percent in _jumps(shown)) if step.fills else ""
    jump = f"; prices rise: {jumps}" if jumps else ""
    return Preview(effect=f"the fault {step.fault} is on for {step.lasts // SECOND} s{jump}")


PRACTICE_TOUR = Operation(
    name="practice tour",
    summary="Take one step of the tour of faults at the practice exchange.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=TourRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_step,
    perform=take_step,
)
OPERATIONS: Final = (PRACTICE_TOUR,)
