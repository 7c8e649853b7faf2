"""Candles: the newest closed candles of a pair, from the venue itself, for whoever draws them."""

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import OWN_THINGS, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.refusal import Ground, Refusal, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.market.candles import Candle

CANDLES_MAX: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CandlesRequest:
    """symbol: a pair that is traded. interval: such as 1m, "" for the strategy's. limit: so many, the newest."""

    config: Path
    symbol: str
    interval: str = ""
    limit: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class CandlesOutcome(Outcome):
    """Oldest first; the one that is forming is not among them. tick: the grid of the pair's prices."""

    symbol: str
    interval: str
    tick: Decimal
    candles: "tuple[Candle, ...]"


def tell_candles(call: Call[CandlesRequest]) -> CandlesOutcome:
    """Raises Refusal, SettingsError."""
    from fairway.operations.trader.market_connection import market_of
    from fairway.venues.port import VenueError

    asked = call.request
    settings = load(asked.config)
    interval = _checked(settings, asked)
    try:
        instrument, found = market_of(settings).candles(asked.symbol, interval, asked.limit)
    except VenueError as error:
        why = f"the venue does not tell its candles: {error}"
        raise Refusal(f"CANDLES_UNKNOWN: symbol={asked.symbol}", why, Ground.VENUE_UNREACHABLE) from None
    return CandlesOutcome(symbol=asked.symbol, interval=interval, tick=instrument.tick, candles=tuple(found))


def _checked(settings: Settings, asked: CandlesRequest) -> str:
    """The interval that is meant. Raises Refusal."""
    from fairway.market.candles import INTERVALS

    interval = asked.interval or settings.interval
    if not 1 <= asked.limit <= CANDLES_MAX:
        raise wrong_input(
            f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {CANDLES_MAX}", field="limit", example="300"
        )
    if interval not in INTERVALS:
        what = f"{interval!r} is no interval; there are {', '.join(INTERVALS)}"
        raise wrong_input(f"INTERVAL_UNKNOWN: interval={interval}", what, field="interval", example="1m")
    if asked.symbol not in settings.symbols:
        what = f"{asked.symbol!r} is not traded here; there are {', '.join(settings.symbols)}"
        raise wrong_input(f"SYMBOL_UNKNOWN: symbol={asked.symbol}", what, field="symbol", example=settings.symbols[0])
    return interval


CANDLES = Operation(
    name="candles",
    summary="Show the newest candles of a pair, as the venue has them.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=CandlesRequest,
    subject=lambda asked: OWN_THINGS,
    preview=lambda call: Preview(effect="asks the venue for its candles, without a key; nothing is changed"),
    perform=tell_candles,
)
OPERATIONS: Final = (CANDLES,)
