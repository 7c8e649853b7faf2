"""What a scene tells; it is told in the same words as the plays of `fairway.proving`."""

from fairway.proving.run_result import decimal
from fairway.proving.scenario_script import (
    BEFORE_S,
    LOT,
    TICK,
    ExchangeFault,
    Path,
    ScriptedSignal,
    ScriptedStrategy,
    enter,
    exchange_fault,
    falls,
    leave,
    market,
    rules_of,
)

__all__ = [
    "BEFORE_S",
    "LOT",
    "TICK",
    "ExchangeFault",
    "Path",
    "ScriptedSignal",
    "ScriptedStrategy",
    "decimal",
    "enter",
    "exchange_fault",
    "falls",
    "leave",
    "market",
    "rules_of",
]
