"""Practice time and practice gap: pause the market of the practice exchange, send it ahead, speed it up, or move its prices."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Length, Operation, Outcome, Preview
from fairway.operations.practice.control_interface import ControlInterface
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.texts.durations import duration_words
from fairway.world.clock import DAY, MINUTE, SECOND

AHEAD_MAX: Final = DAY
ADVANCES_WITHIN_S: Final = 120.0
"""An hour of a market takes about a second."""


class TimeStep(StrEnum):
    """What is done to the market's time."""

    PAUSE = "pause"
    RESUME = "resume"
    SPEED = "speed"
    JUMP = "jump"


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRequest:
    """times: how fast it runs then, for speed. ahead: how far it goes (ns), for jump."""

    config: Path
    step: TimeStep
    times: int = 10
    ahead: Length = MINUTE


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRequest:
    """symbol: such as BTC/USDT. percent: how far its prices go at once, such as -5."""

    config: Path
    symbol: str
    percent: str


def move_time(call: Call[TimeRequest]) -> Outcome:
    """Raises Refusal, SettingsError."""
    asked, exchange = call.request, ControlInterface(call.request.config)
    path, body = _sent(asked)
    within_s = ADVANCES_WITHIN_S if asked.step is TimeStep.JUMP else 5.0
    exchange.ask("POST", path, body, within_s=within_s)
    return Outcome(lines=(_said(asked),))


def _sent(asked: TimeRequest) -> tuple[str, Any]:
    """Raises Refusal."""
    match asked.step:
        case TimeStep.PAUSE | TimeStep.RESUME:
            return f"/{asked.step.value}", None
        case TimeStep.SPEED:
            return "/speed", {"times": asked.times}
        case TimeStep.JUMP:
            if not SECOND <= asked.ahead <= AHEAD_MAX:
                what = f"is {duration_words(asked.ahead)}; the market is sent ahead by 1s to 24h"
                raise wrong_input("AHEAD_WRONG: field=ahead", what, field="ahead", example="1m")
            return "/advance", {"seconds": asked.ahead / SECOND}


def _said(asked: TimeRequest) -> str:
    match asked.step:
        case TimeStep.PAUSE:
            return "the market stands still; orders still meet its book"
        case TimeStep.RESUME:
            return "the market goes on from where it stood"
        case TimeStep.SPEED:
            return f"the market runs {f'{asked.times} times as fast as' if asked.times > 1 else 'as fast as'} the clock"
        case TimeStep.JUMP:
            return f"the market has gone ahead by {duration_words(asked.ahead)}"


def preview_time(call: Call[TimeRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    ControlInterface(call.request.config)
    _sent(call.request)
    return Preview(effect=_said(call.request))


def open_gap(call: Call[GapRequest]) -> Outcome:
    """Raises Refusal, SettingsError."""
    asked, exchange = call.request, ControlInterface(call.request.config)
    percent = asked.percent.removeprefix("+").removesuffix("%").strip()
    exchange.ask("POST", "/gap", {"symbol": asked.symbol.replace("/", ""), "percent": percent})
    return Outcome(lines=(_gap(asked),))


def _gap(asked: GapRequest) -> str:
    return f"{asked.symbol} trades {asked.percent.removesuffix('%').strip()} % from here, at once"


def preview_gap(call: Call[GapRequest]) -> Preview:
    """Raises Refusal, SettingsError."""
    ControlInterface(call.request.config)
    return Preview(effect=f"{_gap(call.request)}; stops that it passes are sold at what the book then offers")


PRACTICE_TIME = Operation(
    name="practice time",
    summary="Pause the market of the practice exchange, let it go on, speed it up, or send it ahead.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=TimeRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_time,
    perform=move_time,
)
PRACTICE_GAP = Operation(
    name="practice gap",
    summary="Move the prices of a symbol of the practice exchange at once, without a price between.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=GapRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_gap,
    perform=open_gap,
)
OPERATIONS: Final = (PRACTICE_TIME, PRACTICE_GAP)
