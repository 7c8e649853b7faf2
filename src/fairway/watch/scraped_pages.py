"""Keeps what other programs show on their metrics pages: the newest samples, and those of the last hour.

A page is asked for by the prober. Names that are not wanted are not parsed: a page may hold much else.
"""

import math
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from prometheus_client.parser import text_string_to_metric_families

from fairway.watch.answers import LINES_MAX, ProbedPage
from fairway.watch.gauges import Gauges, GaugeSample
from fairway.world.clock import HOUR, MINUTE

KEPT_NS: Final = HOUR + MINUTE
"""Rules look back an hour at most."""
FRESH_NS: Final = 5 * MINUTE
"""Samples that are older are unknown: their program may have died."""
Samples = tuple[GaugeSample, ...]


class SampleHistory:
    """The samples of the last hour by metric name."""

    def __init__(self) -> None:
        self._kept: dict[str, deque[tuple[int, Samples]]] = {}

    def add(self, name: str, at: int, samples: Samples) -> None:
        """at: when they were taken (ns)."""
        kept = self._kept.setdefault(name, deque())
        kept.append((at, samples))
        while kept[0][0] < at - KEPT_NS:
            kept.popleft()

    def all(self) -> Mapping[str, tuple[tuple[int, Samples], ...]]:
        """By name, with their instants (ns), oldest first."""
        return {name: tuple(kept) for name, kept in self._kept.items()}

    def newest(self) -> Iterator[tuple[str, tuple[int, Samples]]]:
        yield from ((name, kept[-1]) for name, kept in self._kept.items())


@dataclass(slots=True)
class ScrapedPages:
    """wanted: names of metrics, without the suffixes that Prometheus adds to a histogram's samples."""

    wanted: Collection[str]
    trouble: dict[str, str] = field(default_factory=dict)
    """By page, why it could not be read the last time; "" where it could."""
    history: "SampleHistory" = field(default_factory=lambda: SampleHistory())
    """Of all pages together."""

    def take(self, name: str, page: ProbedPage) -> None:
        """Adds a page under its name in the configuration."""
        self.trouble[name] = page.silence or ("" if page.status == 200 else f"it is answered with status {page.status}")
        if self.trouble[name]:
            return
        try:
            found = dict(self._samples(page.body.decode()))
        except (ValueError, KeyError, IndexError):
            self.trouble[name] = "its page cannot be read"
            return
        for sample, values in found.items():
            self.history.add(sample, page.at, values)

    def gauges(self, now: int) -> Gauges:
        """The newest samples that are fresh at an instant (ns)."""
        return {name: samples for name, (at, samples) in self.history.newest() if now - at <= FRESH_NS}

    def _samples(self, text: str) -> Iterator[tuple[str, Samples]]:
        lines = [line for line in text.splitlines() if self._is_wanted(line)]
        by_name: dict[str, list[GaugeSample]] = {}
        for family in text_string_to_metric_families("\n".join(lines[:LINES_MAX]) + "\n"):
            for sample in family.samples:
                if math.isfinite(sample.value):
                    by_name.setdefault(sample.name, []).append(GaugeSample(float(sample.value), dict(sample.labels)))
        yield from ((name, tuple(samples)) for name, samples in by_name.items())

    def _is_wanted(self, line: str) -> bool:
        name = line.lstrip().removeprefix("# TYPE ").partition("{")[0].partition(" ")[0]
        return name in self.wanted or any(name.removesuffix(suffix) in self.wanted for suffix in ("_bucket", "_sum", "_count"))
