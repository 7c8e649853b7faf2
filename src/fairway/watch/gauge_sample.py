"""One value of a gauge or of a counter, with the labels under which it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class GaugeSample:
    """labels: as exposed, and `account` where it is of one account, which no exposition shows."""

    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


Gauges = Mapping[str, tuple[GaugeSample, ...]]
"""By metric name, the newest samples. A name that is absent is unknown; one without samples has nothing to report."""
