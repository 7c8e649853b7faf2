"""Facts for gates, in one line: so many good and bad observations, or these values, a second apart."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fairway.launch.gates.port import Facts
from fairway.launch.gates.registry import gate
from fairway.launch.gates.verdict import Verdict
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.world.clock import DAY, SECOND

NOW = 100 * DAY


def series(of: str, values: Sequence[float], *, step: int = SECOND, labels: Sequence[str] = (), until: int = NOW) -> Series:
    """Values, the last one at `until`."""
    names = tuple(dict.fromkeys(labels)) or ("",)
    codes = [names.index(label) for label in labels] if labels else [0] * len(values)
    ats = until - np.arange(len(values), dtype=np.int64)[::-1] * step
    return Series(
        BY_NAME[of], ats, np.array(values, dtype=float), np.array(codes, dtype=np.int32), names, watermark=until, beats=until
    )


def facts(*of: Series, since: int = 0, now: int = NOW, **more: Any) -> Facts:
    return Facts(now=now, since=since, release="r", series={each.indicator.name: each for each in of}, **more)


def judged(name: str, seen: Facts, /, **settings: Any) -> Verdict:
    """What the gate of a name says, set as a plan would."""
    found = gate(name)
    return found.judge(found.settings.model_validate({"name": "mine", **settings}), seen)


def captured(series: Series) -> dict[str, Series]:
    """A baseline of one indicator."""
    return {series.indicator.name: series}


def mixed(good: int, bad: int) -> list[float]:
    """The bad ones first."""
    return [0.0] * bad + [1.0] * good
