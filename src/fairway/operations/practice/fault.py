"""Practice fault and practice clear: switch faults of the practice exchange on and off."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Length, Operation, Outcome, Preview
from fairway.operations.practice.control_interface import ControlInterface
from fairway.operations.practice.fault_kinds import fault_kinds, options_of
from fairway.people.roles import UserAct
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRequest:
    """name: of a kind of fault. options: texts such as after_ms=500; the others keep their defaults. account, symbol and
    endpoints limit it, "" and () for all. lasts: so long (ns), 0 until it is switched off."""

    config: Path
    name: str
    options: tuple[str, ...] = ()
    account: str = ""
    symbol: str = ""
    endpoints: tuple[str, ...] = ()
    lasts: Length = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultOutcome(Outcome):
    """number: switches it off."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearRequest:
    """number: of the fault that ends, 0 for all."""

    config: Path
    number: int = 0


def switch_on(call: Call[FaultRequest]) -> FaultOutcome:
    """Raises Refusal, SettingsError."""
    asked, exchange = call.request, ControlInterface(call.request.config)
    options = options_of(asked.name, asked.options)
    scope = {"account": asked.account, "symbol": asked.symbol.replace("/", ""), "endpoints": list(asked.endpoints)}
    body = {"name": asked.name, "scope": scope, "options": options, "for_s": asked.lasts / SECOND}
    number = exchange.ask("POST", "/faults", body)["id"]
    return FaultOutcome(number=number, lines=(f"the fault {asked.name} is on, {_lasts(asked)}; its number is {number}",))


def preview_fault(call: Call[FaultRequest]) -> Preview:
    """What would happen, and what the trader should do. Raises Refusal, SettingsError."""
    asked = call.request
    ControlInterface(asked.config)
    options_of(asked.name, asked.options)
    kind = next(each for each in fault_kinds() if each.name == asked.name)
    return Preview(
        effect=f"{kind.what} It lasts {_lasts(asked)}. {kind.trader}", accounts=(asked.account,) if asked.account else ()
    )


def _lasts(asked: FaultRequest) -> str:
    return f"for {duration_words(asked.lasts)}" if asked.lasts else "until it is switched off"


def clear(call: Call[ClearRequest]) -> Outcome:
    """Raises Refusal, SettingsError."""
    number, exchange = call.request.number, ControlInterface(call.request.config)
    exchange.ask("DELETE", f"/faults/{number}" if number else "/faults")
    return Outcome(lines=(f"the fault with the number {number} is off" if number else "all faults are off",))


def preview_clear(call: Call[ClearRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    ControlInterface(call.request.config)
    which = f"the fault with the number {call.request.number} ends" if call.request.number else "all faults end"
    return Preview(effect=f"{which}, and the exchange answers as it should")


PRACTICE_FAULT = Operation(
    name="practice fault",
    summary="Switch a fault of the practice exchange on.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=FaultRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_fault,
    perform=switch_on,
)
PRACTICE_CLEAR = Operation(
    name="practice clear",
    summary="Switch one fault of the practice exchange off, or all of them.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=ClearRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_clear,
    perform=clear,
)
OPERATIONS: Final = (PRACTICE_FAULT, PRACTICE_CLEAR)
