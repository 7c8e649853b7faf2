"""The load scene: twice the busiest minute, as orders that the exchange accepts, by signals that come all the time."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from fairway.journal.commands import ReceiveSignal
from fairway.money.fraction import Fraction
from fairway.orders.external_signal import ExternalSignal, SignalAction
from fairway.proving.chaos.cases import has_filled, keeps_stops, loses_no_fill, signals_strategy
from fairway.proving.chaos.injections import is_not_banned
from fairway.proving.chaos.scene import Act, ChaosScene, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import RULES
from fairway.proving.scenario_script import Path
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

BUSIEST: Final = 100
"""Orders in a minute of the load that document 000 plans for."""
BASIS: Final = "the load test of the planning documents"
TIMES: Final = 2
ORDERS_OF_A_TRADE: Final = 4
"""Entry, stop, target, exit."""
FROM_S: Final = 70.0
FOR_S: Final = 120.0
HELD_S: Final = 30.0
UPDATES_A_SECOND: Final = 4
MINUTE_S: Final = 60


def _signal(number: int, symbol: str, action: SignalAction, at: float) -> Act:
    def act(stage: ChaosHarness) -> None:
        signal = ExternalSignal(
            source="load",
            id=f"{number} {action.value}",
            symbol=symbol,
            action=action,
            sent_at=EPOCH_NS + round(at * SECOND),
            stop=Decimal(95),
            target=Decimal(110),
        )
        stage.tell(ReceiveSignal(reason="load", signal=signal))

    return act


def _acts(symbols: list[str], trades_a_minute: int) -> Mapping[float, Act]:
    """Each symbol is bought, and sold half a minute later, one after the other."""
    acts: dict[float, Act] = {}
    pause_s = MINUTE_S / trades_a_minute
    for number in range(round(FOR_S / pause_s)):
        symbol, at = symbols[number % len(symbols)], FROM_S + number * pause_s
        acts[at] = _signal(number, symbol, SignalAction.BUY, at)
        acts[at + HELD_S + 0.001] = _signal(number, symbol, SignalAction.SELL, at + HELD_S)
    return acts


def stress(busiest: int = BUSIEST, basis: str = BASIS) -> ChaosScene:
    """busiest: orders of the busiest minute; basis: whose minute that was, in words."""
    wanted = TIMES * busiest
    trades = -(-wanted // ORDERS_OF_A_TRADE)
    symbols = [f"C{number:03}/USDT" for number in range(max(2, trades))]
    prices: dict[str, Path] = {symbol: {0: "100"} for symbol in symbols}
    one = Fraction.parse("1 %")
    rules = replace(RULES, positions_max=len(symbols), position_max=one, per_trade=Fraction.parse("0.05 %"))
    return ChaosScene(
        name="stress",
        kind=SceneKind.LOAD,
        source="003 stress, 000 load test",
        shows="twice the orders of the busiest minute are carried, each purchase is under its stop within 5 s",
        injects=f"{trades} trades a minute for two minutes, each of {ORDERS_OF_A_TRADE} orders, in {len(symbols)} symbols",
        assumes=f"the busiest minute had {busiest} orders: {basis}; orders are spread over the minute, one account sends them",
        items=("stress",),
        plays=[
            ScenePlay(
                tells="two minutes of load",
                minutes=(FROM_S + FOR_S + HELD_S + 70) / MINUTE_S,
                make_strategy=signals_strategy,
                prices=prices,
                rules=rules,
                updates_a_second=UPDATES_A_SECOND,
                acts=_acts(symbols, trades),
                checks=[
                    SceneCheck(
                        tells="orders that the exchange accepted within a minute",
                        ask=lambda seen: seen.orders_in_a_minute(),
                        at_least=wanted,
                        unit="orders",
                    ),
                    has_filled(),
                    loses_no_fill(),
                    is_not_banned(),
                    keeps_stops(0, at_most=5),
                    SceneCheck(
                        tells="real seconds that this machine needed for a simulated minute, exchange and trader together",
                        ask=lambda seen: seen.stage.real_s / seen.ended_s * MINUTE_S,
                        at_most=MINUTE_S,
                        unit="s",
                    ),
                ],
            )
        ],
    )
