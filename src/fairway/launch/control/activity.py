"""Activity: whether a stage's gates need an order of the bot, and the gate that asks for one where they do not.

A bot that places no order breaks nothing. Without an order in a stage nothing is known of it, so the stage is not passed.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from fairway.launch.gates.port import Gate
from fairway.launch.gates.registry import gate
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compiled_plan import CompiledGate, OnFail
from fairway.watch.series import Series

FROM_ORDERS: Final = frozenset(
    (
        "order_success",
        "order_ack",
        "order_confirm",
        "order_paths",
        "slippage_bps",
        "fees",
        "trade_pnl_r",
        "trade_pnl",
        "trade_won",
        "round_trips",
        "live_vs_shadow_bps",
    )
)
"""Indicators of which each observation comes from an order of the bot, …"""
OTHER_PATHS: Final = ("ws_reconnect",)
"""… but for these labels: paths that a connection takes without an order."""
NAME: Final = "activity"


def needs_orders(one: Gate, settings: Any) -> bool:
    """Whether a gate cannot pass before the bot has placed an order: evaluates it on its passing facts without the orders."""
    return _needs_orders(one, settings)


@lru_cache(maxsize=1_000)
def _needs_orders(one: Gate, settings: Any) -> bool:
    names = FROM_ORDERS.intersection(one.indicators(settings))
    if not names:
        return False
    try:
        facts = one.passing_facts(settings)
        series = {name: _without_orders(each) if name in names else each for name, each in facts.series.items()}
        return one.judge(settings, replace(facts, series=series)).result is not Result.PASS
    except Exception:  # the gate may be another package's; one that raises proves no order
        return False


def _without_orders(series: Series) -> Series:
    return series.labelled(OTHER_PATHS if series.indicator.name == "order_paths" else ())


def activity_asked(gates: Sequence[CompiledGate]) -> tuple[CompiledGate, ...]:
    """The gate that asks for one order at the venue; none where a gate of the stage that decides needs an order anyway."""
    if any(each.on_fail is not OnFail.TELL and needs_orders(each.gate, each.settings) for each in gates):
        return ()
    name = NAME if all(each.name != NAME for each in gates) else f"{NAME} of the bot"
    count = gate("count")
    settings = count.settings.model_validate({"name": name, "of": "order_ack", "at_least": "1"})
    return (CompiledGate(name=name, gate=count, settings=settings),)
