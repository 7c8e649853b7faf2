"""What happens at each step of an order: the trader is killed after it, or the exchange's answer to it fails."""

from collections.abc import Sequence
from typing import Final

from fairway.proving.chaos.cases import buys_again, has_filled, keeps_stops, loses_no_fill
from fairway.proving.chaos.injections import one_entry_at_most
from fairway.proving.chaos.scene import ChaosScene, Injection, SceneCheck, SceneKind, ScenePlay
from fairway.proving.scenario_script import ExchangeFault, enter, leave

CRASH_AT_EACH_STEP: Final = ChaosScene(
    name="crash-at-each-step",
    kind=SceneKind.INJECTION,
    source="003 error injection",
    shows="killed after each step of an order, the trader doubles no exposure and leaves no order without its purpose",
    injects="kill -9 after each step of the trader at entry, partial fill, protection, stop, target and exit",
    assumes="the trader is started again half a second later, with what its journal had synced",
    items=("crash-mid-order",),
    swept=("entry", "partial fill", "protect", "stop", "target", "exit"),
)
ANSWERS: Final[Sequence[tuple[str, dict[str, object]]]] = (
    ("reset_before", {}),
    ("reset_after", {}),
    ("error_after", {}),
    ("status_unknown", {"carried_out": True}),
    ("status_unknown", {"carried_out": False}),
)
ENTRY, PAIR, CANCEL = "order.place", "orderList.place.oco", "order.cancel"
STEPS: Final = (
    ("the entry", ENTRY, 59, 64),
    ("stop and target", PAIR, 59, 64),
    ("the cancel before an exit", CANCEL, 119, 126),
    ("the exit", ENTRY, 119, 126),
)
EXIT_BAR, AGAIN_BAR, AGAIN_S = 1, 4, 290.0


def _fails(step: str, endpoint: str, since: float, until: float, kind: str, options: dict[str, object]) -> ScenePlay:
    said = " ".join([kind.replace("_", " "), *(f"{name}={value}" for name, value in options.items())])
    return ScenePlay(
        tells=f"{step}: {said}",
        minutes=7,
        signals=[enter(0), leave(EXIT_BAR), enter(AGAIN_BAR, symbol="ETH/USDT")],
        prices={"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}},
        faults=[ExchangeFault(kind, since, until, endpoints=(endpoint,), options={**options, "times": 1})],
        injections=[Injection(tells=f"an answer about {step} fails", since=since, until=until, within_s=60)],
        checks=[
            one_entry_at_most(),
            loses_no_fill(),
            keeps_stops(0, AGAIN_S, at_most=65),
            SceneCheck(
                tells="coins of the first symbol under no order at the end",
                ask=lambda seen: seen.naked_s(AGAIN_S + 20),
                at_most=0,
                unit="s",
            ),
            buys_again(AGAIN_S),
            has_filled(),
        ],
    )


API_FAILURE: Final = ChaosScene(
    name="api-failure-at-each-step",
    kind=SceneKind.INJECTION,
    source="003 error injection",
    shows="an answer that fails at any step of an order leads to no second order, and no coin stays without a stop",
    injects="the connection is cut before or after the request, or the answer is a 5xx, or says that the result is unknown",
    assumes="the exchange's own lag is waited for: an order of unknown fate may take a minute to be given up",
    items=("crash-mid-order",),
    plays=[_fails(*step, kind, options) for step in STEPS for kind, options in ANSWERS],
)
ORDERS: Final = (CRASH_AT_EACH_STEP, API_FAILURE)
