"""What was observed so far, as the series that gates read. What lies ahead is not in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from fairway.launch.simulation.background_series import ANSWERED, BackgroundSeries
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import KEPT, RunningSums, Series
from fairway.watch.series_builder import SeriesBuilder

TRADED: Final = (
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
    "refusals",
    "alerts",
    "incidents",
    "live_vs_shadow_bps",
    "feedback",
)
"""What comes with trading and with users; the rest is the pulse's."""


BESIDE: Final = "beside"


class ObservedSeries:
    """asks: the indicators that are shown; the others are taken, and forgotten. probes: who asks what is answered, in turn.

    beside: what probes of the old release are answered, where the plan has some.
    """

    def __init__(
        self, background: BackgroundSeries, asks: Iterable[str], probes: Sequence[str] = (), beside: Series | None = None
    ) -> None:
        wanted = frozenset(asks)
        self._pulse = background
        self._growing: dict[str, SeriesBuilder] = {name: SeriesBuilder(BY_NAME[name]) for name in TRADED if name in wanted}
        self._whole = {name: series for name, series in background.series.items() if name in wanted}
        if probes and ANSWERED in self._whole:
            self._whole[ANSWERED] = _asked_by(self._whole[ANSWERED], probes)
        self._beside = {} if beside is None else {beside.indicator.name: beside}
        self._kept: dict[str, dict[object, object]] = {name: {} for name in (*self._whole, BESIDE)}

    def note(self, indicator: str, at: int, value: float, label: str = "", count: int = 1) -> None:
        growing = self._growing.get(indicator)
        if growing is not None:
            growing.add(at, value, label, count)

    def series(self, now: int) -> Mapping[str, Series]:
        """As far as the trader has written."""
        written = self._pulse.wrote_at(now)
        found = {name: each.series(watermark=written, beats=written) for name, each in self._growing.items()}
        for name, whole in self._whole.items():
            found[name] = self._until(name, whole, written)
        return found

    def controls(self, now: int) -> Mapping[str, Series]:
        """What runs beside it, as far as the pilot has asked."""
        return {name: self._until(BESIDE, whole, now) for name, whole in self._beside.items()}

    def _until(self, name: str, whole: Series, written: int) -> Series:
        """Views of the rows up to now; what gates remember of them goes on."""
        rows = int(np.searchsorted(whole.ats, written, side="right"))
        part = slice(0, rows)
        return Series(
            whole.indicator,
            whole.ats[part],
            whole.values[part],
            whole.labels[part],
            whole.names,
            excused=whole.excused,
            counts=None if whole.counts is None else whole.counts[part],
            watermark=written,
            beats=written,
            _memo={RunningSums: whole.sums.part(0, rows), KEPT: self._kept[name]},
        )


def _asked_by(series: Series, probes: Sequence[str]) -> Series:
    """The same observations, with the names of those who ask in turn."""
    return replace(series, labels=np.arange(len(series), dtype=np.int32) % np.int32(len(probes)), names=tuple(probes), _memo={})
