"""Measures the error rates of gates: how often bots of known quality pass or fail, evaluated after every order."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np

from fairway.launch.gates.dependent_streams import ZERO, LatencyStream, OrderStream, normal
from fairway.launch.gates.kinds.proportion import ProportionSettings
from fairway.launch.gates.kinds.trend import PIECES, SPANS, fit_trend
from fairway.launch.gates.port import Facts
from fairway.launch.gates.statistics.autocorrelation import autocorrelation_time
from fairway.launch.gates.statistics.betting import ENOUGH
from fairway.launch.gates.statistics.bursts import look_before, size_of
from fairway.launch.gates.statistics.failure_counts import SUCCESS, Criterion, at_most, count_bursts
from fairway.launch.gates.statistics.proportion_test import (
    EffectUntil,
    ShareClaim,
    StrengthSettings,
    assess_share,
    evidence_against,
    independent,
)
from fairway.launch.gates.statistics.series_gate import Assessment, Window
from fairway.launch.gates.verdict import Result
from fairway.watch.series import Series
from fairway.world.chance import Chance, Stream

AT_LEAST: Final = 0.95
SHARES: Final = (0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995)
"""How often an order of a bot comes to its end, in truth."""
RAW_FROM: Final = 30
"""From so many orders on the raw ratio is believed: good / all ≥ 95 %."""
SEED: Final = 2
SPANS_OF_A_TREND: Final = 10
WINDOW: Final = 280
"""Orders in a window that slides."""
BETWEEN: Final = WINDOW // 4
"""After each of so many orders it is asked there; …"""
SLIDES: Final = 30
"""… and so many windows there are in a launch."""
TRIES: Final = 3
QUANTILE_95: Final = 1.6448536269514722
"""Of normal values."""

SETTINGS: Final = ProportionSettings.model_validate({"name": "boundary", "of": "order_success", "at_least": "95 %"})


@dataclass(frozen=True, slots=True)
class QualityErrorRates:
    """Of all runs with bots of one quality: how many the gate let through, and stopped, and after how many orders in the median.

    raw: how many a raw ratio would have let through. None for a median of nothing.
    """

    share: float
    runs: int
    promoted: int
    promoted_after: float | None
    stopped: int
    stopped_after: float | None
    raw: int


def quality_error_rates(runs: int, orders: int, shares: Sequence[float] = SHARES) -> list[QualityErrorRates]:
    return [_row(share, runs, orders) for share in shares]


def _row(share: float, runs: int, orders: int) -> QualityErrorRates:
    chance = Chance(SEED).stream(f"boundary {share}")
    lives = list(_lives(chance, share, runs, orders))
    promoted = [after for after, _, _ in lives if after is not None]
    stopped = [after for _, after, _ in lives if after is not None]
    raw = sum(is_let for _, _, is_let in lives)
    return QualityErrorRates(share, runs, len(promoted), _median(promoted), len(stopped), _median(stopped), raw)


def _lives(chance: Stream, share: float, runs: int, orders: int) -> Iterator[tuple[int | None, int | None, bool]]:
    """Of each run: after how many orders it passed and failed, None for never, and whether a raw ratio let it through."""
    n = np.arange(1, orders + 1)
    for _ in range(runs):
        made = OrderStream(1 - share).made(chance, orders)
        good = np.cumsum(made.values)
        raw = bool((good[RAW_FROM - 1 :] >= AT_LEAST * n[RAW_FROM - 1 :]).any())
        yield _passes(made, _SHARE), _stops(made), raw


def _stops(made: Series) -> int | None:
    """After how many orders it fails for the first time, which can only be at a bad one; None for never."""
    for at in np.flatnonzero(made.values == 0):
        if evidence_against(count_bursts(Window(made, 0, int(made.ats[at])), SUCCESS, AT_LEAST), AT_LEAST) >= ENOUGH:
            return int(at) + 1
    return None


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is asked of a stream, and of the how manieth try."""

    criterion: Criterion
    alike: EffectUntil = independent
    settings: StrengthSettings = SETTINGS
    tries: int = 1


_SHARE: Final = _Asked(SUCCESS)
_QUANTILE: Final = _Asked(at_most(ZERO), autocorrelation_time)


def _said(made: Series, asked: _Asked, n: int) -> Assessment:
    """What the gate says after so many observations."""
    facts = Facts(now=int(made.ats[n - 1]), since=0, tries=asked.tries)
    window = Window(made, max(0, facts.now - asked.settings.over) if asked.settings.over else 0, facts.now)
    return assess_share(asked.settings, facts, window, ShareClaim(AT_LEAST, asked.criterion, "SHARE"), {}, asked.alike)


def _passes(made: Series, asked: _Asked) -> int | None:
    """After how many observations it passes for the first time; None for never."""
    last = look_before(len(made), AT_LEAST)
    for look in range(last + 1) if last is not None else ():
        n, more = size_of(look, AT_LEAST), size_of(look + 1, AT_LEAST)
        said = _said(made, asked, n)
        if said.result is Result.PASS:
            return n
        if said.code == "SHARE_LATELY_LOW":
            later = (at for at in range(n + 1, min(more, len(made))) if _said(made, asked, at).result is Result.PASS)
            if (found := next(later, None)) is not None:
                return found
    return None


def _slides_past(made: Series, asked: _Asked) -> bool:
    """Whether it passes in a window that slides, asked at every few orders."""
    return any(_said(made, asked, n).result is Result.PASS for n in range(WINDOW, len(made), BETWEEN))


# -- streams in which observations depend on each other ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StreamErrorRate:
    """Of all runs of a stream that is exactly at its bound: how many passed."""

    stream: str
    gate: str
    runs: int
    passed: int


Passes = Callable[[Stream, int], bool]
"""Whether one launch of a stream, of so many orders, is let through at any time."""
StreamKind = tuple[str, str, Passes]
"""Its name, the gate that judges it, and whether one launch passes."""


def _orders(**kind: Any) -> Passes:
    made = OrderStream(1 - AT_LEAST, **kind)
    return lambda chance, orders: _passes(made.made(chance, orders), _SHARE) is not None


def _answers(alike: float) -> Passes:
    made = LatencyStream(alike, QUANTILE_95)
    return lambda chance, orders: _passes(made.made(chance, orders), _QUANTILE) is not None


def _slides(chance: Stream, orders: int) -> bool:
    made = OrderStream(1 - AT_LEAST).made(chance, SLIDES * WINDOW)
    over = int(made.ats[WINDOW] - made.ats[0])
    return _slides_past(made, _Asked(SUCCESS, settings=SETTINGS.model_copy(update={"over": over})))


def _tried(chance: Stream, orders: int) -> bool:
    kind = OrderStream(1 - AT_LEAST)
    return any(_passes(kind.made(chance, orders), _Asked(SUCCESS, tries=number)) for number in range(1, TRIES + 1))


def _rises(alike: float) -> Passes:
    """Pieces of some spans, that neither rise nor fall, where they may not rise."""

    def passes(chance: Stream, orders: int) -> bool:
        pieces = np.array(normal(chance, alike, SPANS_OF_A_TREND * PIECES))
        places = np.arange(len(pieces), dtype=np.float64)
        for look in range(1, SPANS_OF_A_TREND + 1):
            part = slice(max(0, look - SPANS) * PIECES, look * PIECES)
            if fit_trend(places[part], pieces[part], look).high <= 0:
                return True
        return False

    return passes


STREAMS: Final[Sequence[StreamKind]] = (
    ("independent orders", "proportion", _orders()),
    *((f"orders that fail in bursts of {length}", "proportion", _orders(burst=length)) for length in (2, 5, 10)),
    *((f"one signal on {accounts} accounts", "proportion", _orders(accounts=accounts)) for accounts in (2, 5, 24)),
    (f"a window of {WINDOW} orders that slides over {SLIDES * WINDOW:,}", "proportion", _slides),
    (f"{TRIES} tries", "proportion", _tried),
    ("5 accounts, signals that fail in bursts of 3", "proportion", _orders(accounts=5, burst=3)),
    ("outages of 20 orders in which every second one fails", "proportion", _orders(outage=20)),
    *((f"answers like those before by {alike:g}", "quantile", _answers(alike)) for alike in (0.5, 0.8, 0.95)),
    *((f"pieces like those before by {alike:g}", "trend", _rises(alike)) for alike in (0.0, 0.9, 0.97)),
)
"""Each is exactly at its bound."""


def stream_error_rates(runs: int, orders: int, streams: Sequence[StreamKind] = STREAMS) -> Iterator[StreamErrorRate]:
    """Streams that are exactly at their bound, one after the other."""
    for name, gate, passes in streams:
        chance = Chance(SEED).stream(f"stream {name}")
        yield StreamErrorRate(name, gate, runs, sum(passes(chance, orders) for _ in range(runs)))


def _median(counts: Sequence[int]) -> float | None:
    return median(counts) if counts else None
