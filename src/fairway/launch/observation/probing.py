"""Turns the answers to the pilot's probes into events of the launch. It does not wait: the prober sends requests by itself."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, Protocol

from fairway.launch.control.launch_events import SamplesTaken
from fairway.launch.control.state import Launch
from fairway.launch.observation.sample_buffer import SampleBuffer
from fairway.launch.plan.probe import Probe
from fairway.watch.answers import ProbedPage, answered, increase, read
from fairway.watch.observer import Measurement
from fairway.watch.prober import TimedQuestion
from fairway.watch.questions import Metric, ProbeRequest, SelfMeasurementQuestion

COUNTERS: Final = ("llm_cost",)
"""Indicators whose page shows a sum that only grows: an observation is the increase."""


class TokenMissing(Exception):
    """A probe needs a secret that is not in the environment."""


class ProbeRequests(Protocol):
    """Sends the requests of the probes, and keeps their answers."""

    def away(self) -> Sequence[tuple[str, ProbedPage]]:
        """What came back since the last time, by the probe's name, oldest first; it is forgotten there."""
        ...


class Probing:
    """A source of a pilot (see `pilot.Source`): all probes of its plan."""

    def __init__(self, probes: Sequence[Probe], asking: ProbeRequests) -> None:
        self._asking = asking
        self._samples = {each.name: _ProbeSamples(each) for each in probes if each.feeds}
        self._has_begun = False

    async def news(self, launch: Launch, now: int) -> Sequence[SamplesTaken]:
        if not self._has_begun:
            self._has_begun = True
            for each in self._samples.values():
                each.go_on(launch.external.last(source_of(each.probe)), launch.began_at)
        for name, page in self._asking.away():
            self._samples[name].take(page)
        return [noted for each in self._samples.values() if (noted := each.noting.due(now)) is not None]


def inquiries_of(probes: Sequence[Probe], environment: Mapping[str, str]) -> list[TimedQuestion]:
    """What a prober asks for a plan. Raises TokenMissing, which names every variable that is not set."""
    missing = [f"{each.token} (probe {each.name})" for each in probes if each.token and not environment.get(each.token)]
    if missing:
        raise TokenMissing(f"the environment does not hold {', '.join(missing)}; set it where the pilot starts")
    return [
        TimedQuestion(each.name, each.question, each.every, each.within, environment.get(each.token, ""))
        for each in probes
        if not isinstance(each.question, SelfMeasurementQuestion)
    ]


def source_of(probe: Probe) -> str:
    """What a launch calls it."""
    return f"probe {probe.name}"


class _ProbeSamples:
    """One probe, and where it stands."""

    def __init__(self, probe: Probe) -> None:
        self.probe = probe
        self.noting = SampleBuffer(source_of(probe), probe.feeds, is_control=probe.beside)
        self._known_to = 0
        self._reading: Decimal | None = None

    def go_on(self, last: SamplesTaken | None, began_at: int) -> None:
        """From where another pilot has left it, or from the launch's beginning, before which nothing was to be observed."""
        self._known_to = max(last.seen_to, began_at) if last is not None else began_at
        self._reading = last.reading if last is not None else None
        self._stand("")

    def take(self, page: ProbedPage) -> None:
        match self.probe.question:
            case ProbeRequest():
                self._take_answer(page)
            case Metric() as metric:
                found = read(page, metric)
                if found.value is not None:
                    self._known_to = page.at
                    self.noting.add(self._sampled(page.at, found.value))
                self._stand(found.why)

    def _take_answer(self, page: ProbedPage) -> None:
        found, name = answered(page, self.probe.checks, self.probe.within), self.probe.name
        self._known_to = page.at
        self.noting.add([Measurement("http_ok", page.at, float(found.is_good), name)])
        if found.is_good or not self.probe.beside:  # beside an old release that does not answer any new one would look fast
            self.noting.add([Measurement("http_latency", page.at, found.took_s, name)])
        self._stand(found.why)

    def _sampled(self, at: int, value: float) -> Iterator[Measurement]:
        if self.probe.of not in COUNTERS:
            yield Measurement(self.probe.of, at, value, self.probe.name)
            return
        grown = increase(value, None if self._reading is None else float(self._reading))
        self._reading = Decimal(repr(value))
        if grown is not None:
            yield Measurement(self.probe.of, at, grown, self.probe.name)

    def _stand(self, trouble: str) -> None:
        self.noting.stand(self._known_to, self._known_to, trouble, reading=self._reading)
