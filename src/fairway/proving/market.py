"""The market that a simulated run is given: candle files, or the seeded generator; and how much of it is history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from fairway.exchange.market_data import MarketUpdate
from fairway.exchange.markets import THREE_PAIRS, candle_replay, generated, rules_for
from fairway.exchange.rules import SymbolRules
from fairway.market.files import BadData, CandleFile, read_candles
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, parse_instant

GENERATED_FROM = parse_instant("2026-01-01T00:00:00.000Z")
STEP_S = 15
"""Seconds between two updates of a generated pair."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedMarket:
    """symbols as people write them; updates begin at history_from, and the bot trades from trading_from to ends_at (ns)."""

    symbols: tuple[str, ...]
    rules: tuple[SymbolRules, ...]
    updates: Iterator[MarketUpdate]
    history_from: int
    trading_from: int
    ends_at: int
    quiet_ns: int
    """How long it may ordinarily say nothing."""
    files: tuple[CandleFile, ...] = ()


def choose_market(data: Sequence[Path], *, days: int, history_ns: int, chance: Chance, step_s: int = STEP_S) -> SimulatedMarket:
    """Files where there are any, else the generator. history_ns: what the strategy needs to have seen before it decides.

    Raises BadData where a file cannot be traded on, or holds nothing after the history.
    """
    history_ns = -(-history_ns // HOUR) * HOUR
    return _replayed(data, days, history_ns, chance) if data else _generated(days, history_ns, chance, step_s)


def check_days(market: SimulatedMarket, days: int) -> None:
    """Whether files last as long as was asked for. Raises BadData with how much they have."""
    if market.ends_at - market.trading_from >= days * DAY:
        return
    shortest = min(market.files, key=lambda file: file.candles[-1].close_at - file.candles[0].open_at)
    wanted = f"{days} day{'s' if days != 1 else ''}"
    what = (
        f"it has {_hours(_length(market))} of candles{_in_common(market)}, of which "
        f"the first {_hours(_history(market))} are history that the strategy needs, "
        f"so {_hours(market.ends_at - market.trading_from)} are left to trade and not {wanted}"
    )
    raise BadData(shortest.file, 0, what, "a longer file, or --days left out, which trades all of it up to ten days")


def how_much(market: SimulatedMarket) -> str:
    """What files hold, and how much of that is traded."""
    names = ", ".join(Path(file.file).name for file in market.files)
    traded, history = _hours(market.ends_at - market.trading_from), _hours(_history(market))
    return (
        f"{names}: {_hours(_length(market))} of candles{_in_common(market)}; the first {history} are history; {traded} are traded"
    )


def _length(market: SimulatedMarket) -> int:
    return min(file.candles[-1].close_at for file in market.files) - market.history_from


def _history(market: SimulatedMarket) -> int:
    return market.trading_from - market.history_from


def _in_common(market: SimulatedMarket) -> str:
    return " in common with the other files" if len(market.files) > 1 else ""


def _hours(length_ns: int) -> str:
    """Whole hours, rounded down, so that no more is promised than there is; minutes below one."""
    return f"{length_ns // HOUR} h" if length_ns >= HOUR else f"{length_ns // MINUTE} min"


def _generated(days: int, history_ns: int, chance: Chance, step_s: int) -> SimulatedMarket:
    begin, length = GENERATED_FROM - history_ns, history_ns + days * DAY
    return SimulatedMarket(
        symbols=tuple(f"{it.rules.base}/{it.rules.quote}" for it in THREE_PAIRS),
        rules=tuple(it.rules for it in THREE_PAIRS),
        updates=generated(THREE_PAIRS, chance=chance, start_ns=begin, days=length / DAY, step_s=step_s),
        history_from=begin,
        trading_from=GENERATED_FROM,
        ends_at=GENERATED_FROM + days * DAY,
        quiet_ns=step_s * SECOND,
    )


def _replayed(data: Sequence[Path], days: int, history_ns: int, chance: Chance) -> SimulatedMarket:
    files = tuple(read_candles(path) for path in data)
    begin = max(file.candles[0].open_at for file in files)
    end = min(file.candles[-1].close_at for file in files)
    trading = begin + history_ns
    if end <= trading:
        latest = max(files, key=lambda file: file.candles[0].open_at)
        raise BadData(
            latest.file, 0, f"there are no candles after the first {history_ns // HOUR} hours, which are history", "a longer file"
        )
    ends_at = min(end, trading + days * DAY)
    first = min(file.candles[0].open_at for file in files)
    return SimulatedMarket(
        symbols=tuple(file.symbol for file in files),
        rules=tuple(rules_for(file) for file in files),
        updates=candle_replay(files, chance, days=-(-(ends_at - first) // DAY)),
        history_from=begin,
        trading_from=trading,
        ends_at=ends_at,
        quiet_ns=max(file.interval_ns for file in files),
        files=files,
    )
