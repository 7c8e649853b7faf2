"""What rules are evaluated on: the series of indicators, and gauges under the names by which Prometheus knows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fairway.watch.gauges import GaugeSample as GaugeSample
from fairway.watch.series import Series


@dataclass(frozen=True, slots=True)
class MeasuredNow:
    """Everything measured at an instant (ns).

    series: by indicator, from the trader's journal and the launch's. gauges: the newest samples by metric name; a name that is
    absent is unknown, and a name without samples has nothing to report. history: by metric name, the samples of the last hour
    with their instants (ns), oldest first; for counters and the buckets of histograms, under the names of their samples.
    not_measured: indicators and metrics that nothing measures in this installation, because no launch, probe, supervisor or page
    is configured: rules about them are idle, and not unknown.
    """

    now: int
    series: Mapping[str, Series] = field(default_factory=dict)
    gauges: Mapping[str, tuple[GaugeSample, ...]] = field(default_factory=dict)
    history: Mapping[str, tuple[tuple[int, tuple[GaugeSample, ...]], ...]] = field(default_factory=dict)
    not_measured: frozenset[str] = frozenset()
